// `nerco tag`: text from stdin, one sentence a line, to one JSON object a line with its entities.

import { setImmediate } from 'node:timers/promises';
import type { TaggedSentence } from '../analysis/tagged-sentence';
import type { Sentence } from '../data/corpus';
import { decodeText } from '../data/decode-text';
import { unitOfVocabulary, type WordPosition, wordPositions } from '../data/words-of-text';
import { modelOf } from '../training/checkpoint-model';
import { tagText } from '../training/tag-text';
import { exitCodes, readOptions, required } from './command-line';
import { loadModel, modelOptions, modelUsage } from './load-model';
import { openDevice, parseBackend, parseKernels, parseThreads } from './open-device';
import { secondsNow } from './seconds-now';
import { printNotes, writeJsonLines } from './terminal';
import { describeCounts, readTextVectors, vectorOptions, vectorUsage } from './text-vectors';

export const tagUsage = `nerco tag --model FILE < text > spans.jsonl
${modelUsage}
${vectorUsage}
  --backend NAME         auto (default), webgpu, wasm or cpu
  --threads N            wasm threads (default: 1); results do not depend on it
  --kernels NAME         webgpu kernels: fused (default), or composed, which uses TensorFlow.js as a cross-check
  Each output line is {"text", "spans": [{"start", "end", "type", "text"}]}; positions count code points, end is
  exclusive. A word-based model (English) splits each line into words. Speed, and how much of the text is unknown to the
  model, are printed to stderr.`;

export async function tagCommand(args: readonly string[]): Promise<number> {
	const options = readOptions(args, {
		...modelOptions,
		backend: { type: 'string' },
		kernels: { type: 'string' },
		threads: { type: 'string' },
		...vectorOptions,
	});
	const path = required(options.model, 'model', 'the trained model');
	const backend = parseBackend(options.backend);
	const kernels = parseKernels(options.kernels);
	const threads = parseThreads(options.threads);
	const { checkpoint } = await loadModel(path, options);
	const lines = decodeText(await readStdin(), 'stdin').split(/\r\n|\n/);
	if (lines[lines.length - 1] === '') lines.pop();
	const isOfWords = unitOfVocabulary(checkpoint.vocabularies.lattice.words, checkpoint.lexiconWords) === 'word';
	const positions = lines.map(isOfWords ? wordPositions : characterPositions);
	const texts = positions.map((line) => line.map(({ text }) => text));
	const sentences = texts.map((characters, index): Sentence => ({ characters, tags: null, line: index + 1 }));
	const { vectors, moreWords } = await readTextVectors(options, sentences);
	const { device } = await openDevice(backend, kernels, threads);
	try {
		const startedAt = secondsNow();
		const tagged = await tagText(
			device,
			modelOf(checkpoint, { moreWords, file: path }),
			texts,
			vectors,
			undefined,
			() => setImmediate(), // hears a signal
		);
		const seconds = secondsNow() - startedAt;
		writeJsonLines(tagged.sentences.map((sentence, index) => toRecord(lines[index], positions[index], sentence)));
		const rate = seconds > 0 ? (texts.length / seconds).toFixed(1) : '0';
		printNotes(`${device.info.label}; ${rate} sentences per second; ${describeCounts(tagged.counts)}`);
	} finally {
		device.dispose();
	}
	return exitCodes.done;
}

function toRecord(text: string, positions: readonly WordPosition[], { spans }: TaggedSentence) {
	const characters = [...text];
	return {
		text,
		spans: spans.map((span) => {
			const [start, end] = [positions[span.start].start, positions[span.end - 1].end];
			return { start, end, type: span.type, text: characters.slice(start, end).join('') };
		}),
	};
}

function characterPositions(text: string): WordPosition[] {
	return [...text].map((character, start) => ({ text: character, start, end: start + 1 }));
}

async function readStdin(): Promise<Uint8Array> {
	const parts: Buffer[] = [];
	for await (const part of process.stdin) parts.push(part);
	return Buffer.concat(parts);
}
