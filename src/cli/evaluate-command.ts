// `nerco evaluate`: a trained model against a corpus with tags, under all scoring rules.

import { setImmediate } from 'node:timers/promises';
import type { Sentence, Split } from '../data/corpus';
import { readSplit } from '../data/formats/read-split';
import { requireLengths } from '../data/run-sentences';
import { detectScheme, toBio } from '../data/tag-scheme';
import { type Evaluation, scoringRules, scoringRuleTitles } from '../experiment/events';
import { openNetwork } from '../model/open-network';
import { readFileBytes } from '../storage/node/files';
import { modelOf } from '../training/checkpoint-model';
import { encodeText } from '../training/encode-text';
import { evaluateSplit } from '../training/evaluate';
import { UserError } from '../util/errors';
import { exitCodes, integerOption, readOptions, required } from './command-line';
import { loadModel, modelOptions, modelUsage } from './load-model';
import { openDevice, parseBackend, parseKernels, parseThreads } from './open-device';
import { recordOf, summarizeNotes } from './read-inputs';
import { secondsNow } from './seconds-now';
import { printJson, printLines, printNotes } from './terminal';
import { describeCounts, readTextVectors, vectorOptions, vectorUsage } from './text-vectors';

export const evaluateUsage = `nerco evaluate --model FILE --test FILE
${modelUsage}
  --test FILE            a labelled corpus, in any format that 'nerco corpus inspect' reads
${vectorUsage}
  --batch-size N         batch size (default: 5, as in stage 2 of the published program)
  --backend NAME         auto (default), webgpu, wasm or cpu
  --threads N            wasm threads (default: 1); results do not depend on it
  --kernels NAME         webgpu kernels: fused (default), or composed, which uses TensorFlow.js as a cross-check
  --json                 print one JSON object

Scorers: ${scoringRules.map((rule) => `${rule} (${scoringRuleTitles[rule].en})`).join(', ')}`;

export async function evaluateCommand(args: readonly string[]): Promise<number> {
	const options = readOptions(args, {
		...modelOptions,
		test: { type: 'string' },
		'batch-size': { type: 'string' },
		backend: { type: 'string' },
		kernels: { type: 'string' },
		threads: { type: 'string' },
		json: { type: 'boolean' },
		...vectorOptions,
	});
	const path = required(options.model, 'model', 'the trained model');
	const corpus = required(options.test, 'test', 'the corpus to evaluate on');
	const batchSize = integerOption(options['batch-size'] ?? '5', 'batch-size', 1);
	const backend = parseBackend(options.backend);
	const kernels = parseKernels(options.kernels);
	const threads = parseThreads(options.threads);
	const { checkpoint } = await loadModel(path, options);
	const bytes = await readFileBytes(corpus);
	const record = recordOf(corpus, bytes);
	const split = await readSplit(bytes, { file: corpus, quirks: checkpoint.config.quirks, split: 'test' });
	const sentences = labelledOf(split, corpus);
	requireLengths(sentences, 'in a corpus for evaluation', corpus);
	const tagged = inBio(sentences);
	const left = leftOut(split.sentences.length - sentences.length);
	for (const message of [...summarizeNotes(split), ...left, ...unknownTags(tagged, checkpoint.labels)]) {
		printNotes(`note: ${message}`);
	}
	const { vectors, moreWords } = await readTextVectors(options, sentences);
	const model = modelOf(checkpoint, { moreWords, file: path });
	const encoded = encodeText(model, tagged, vectors);
	const { device } = await openDevice(backend, kernels, threads);
	try {
		const network = await openNetwork(device, { ...encoded, labels: model.labels, bert: model.bert });
		const evaluation = await evaluateSplit(network, model.labels, encoded.sentences, {
			objective: 'crf',
			temperature: 1,
			batchSize,
			clock: secondsNow,
			breathe: () => setImmediate(), // hears a signal
			goldOf: (index) => tagged[index].tags,
		});
		const { counts } = encoded;
		if (options.json) {
			printJson({ model: path, test: record, device: device.info, counts, evaluation });
		} else if (evaluation) {
			printLines(`${corpus}: ${sentences.length} sentences on ${device.info.label}`, describeCounts(counts), '');
			printLines(...evaluationTable(evaluation));
		}
	} finally {
		device.dispose();
	}
	return exitCodes.done;
}

/** A sentence that nobody has labelled says nothing about a model. */
function labelledOf({ sentences }: Split, file: string): Sentence[] {
	const labelled = sentences.filter(({ characters, tags }) => tags !== null && characters.length > 0);
	if (labelled.length > 0) return labelled;
	throw new UserError({
		code: 'split-without-tags',
		location: { file },
		expected: 'labelled sentences to evaluate on',
		found: `${sentences.length} sentences, none of them labelled`,
		remedy: 'Use a labelled corpus, or label this one with `nerco tag`.',
	});
}

function leftOut(count: number): string[] {
	return count > 0 ? [`Unlabelled sentences left out: ${count}`] : [];
}

function inBio(sentences: readonly Sentence[]): { characters: string[]; tags: string[] }[] {
	const scheme = detectScheme(sentences.map((sentence) => sentence.tags ?? [])) ?? 'BIO';
	return sentences.map(({ characters, tags }) => ({ characters, tags: toBio(tags ?? [], scheme) }));
}

/** What to say when the corpus has tags that the model was not trained with. */
function unknownTags(sentences: readonly { tags: string[] }[], labels: readonly string[]): string[] {
	const tags = new Set(sentences.flatMap((sentence) => sentence.tags));
	const unknown = [...tags].filter((tag) => !labels.includes(tag));
	if (unknown.length === 0) return [];
	return [
		`The model has no tag ${unknown.join(', ')}: it cannot find such entities, so they count as missed and the loss is not comparable`,
	];
}

function evaluationTable({ loss, scores, tokenAccuracy, sentencesPerSecond }: Evaluation): string[] {
	if (!scores) return [];
	const row = (name: string, cells: readonly string[]) =>
		`${name.padEnd(20)}${cells.map((cell) => cell.padStart(10)).join('')}`;
	const share = (value: number) => value.toFixed(4);
	const lines = [row('', ['precision', 'recall', 'F1', 'support'])];
	for (const rule of scoringRules) {
		for (const kind of ['micro', 'macro'] as const) {
			const { precision, recall, f1 } = scores[rule][kind];
			lines.push(row(`${rule} ${kind}`, [...[precision, recall, f1].map(share), String(scores[rule].support)]));
		}
	}
	lines.push('');
	for (const [type, { precision, recall, f1, support }] of Object.entries(scores.published.perType)) {
		lines.push(row(`  ${type}`, [...[precision, recall, f1].map(share), String(support)]));
	}
	lines.push(
		'',
		`token accuracy ${share(tokenAccuracy ?? 0)}, loss ${loss.toFixed(4)}, ${(sentencesPerSecond ?? 0).toFixed(1)} sentences per second`,
	);
	return lines;
}
