// `nerco vectors train`: vectors of characters, bigrams or lexicon words from raw text.

import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { buildLexicon } from '../data/lexicon';
import { visitRawText } from '../data/vectors/raw-text';
import { type SkipGramProgress, skipGramDefaults, type TrainedVectors } from '../data/vectors/skip-gram';
import { UnitTextBuilder, type VectorUnits, vectorUnits } from '../data/vectors/unit-text';
import { formatVectors } from '../data/vectors/vector-text';
import { checkTraining, defaultTraining, trainVectors } from '../data/vectors/vector-training';
import { openHashedStream } from '../storage/node/files';
import { holdFile } from '../storage/node/held-output';
import { requireOutputs, writeOutput } from '../storage/node/output-files';
import { integerOption, readFilesAndOptions, required, UsageError } from './command-line';
import { lockOptions } from './lock-options';
import { formatSeconds } from './progress';
import { readLexicon } from './read-inputs';
import { secondsNow } from './seconds-now';
import { continueUnread, printLines, printNotes } from './terminal';

export const vectorsTrainUsage = `nerco vectors train --text FILE... --out FILE.vec   train vectors on raw text (skip-gram with negative sampling)
  --text FILE...         raw text, one sentence or paragraph per line, in any common encoding, compressed or not
  --units KIND           characters (default), bigrams (as the lattice uses them) or words (needs --lexicon)
  --lexicon FILE         the words: one per line, or in the format of a jieba dictionary
  --dimension N          vector dimension (default: 50)
  --epochs N             epochs (default: enough to see five million characters, from 3 to 20)
  --min-count N          minimum count: rarer units get no vector (default: 1; bigrams 2)
  --window N             maximum context on each side (default: 5)
  --negatives N          negative samples per context (default: 5)
  --seed N               random seed (default: 1); the same seed, text and settings give the same file
  --out FILE             text with a header line; compressed with gzip if the name ends in .gz
  --force                overwrite --out, but never an input file`;

const optionTable = {
	text: { type: 'string', multiple: true },
	units: { type: 'string', default: 'characters' },
	lexicon: { type: 'string' },
	dimension: { type: 'string', default: String(skipGramDefaults.dimension) },
	epochs: { type: 'string' },
	'min-count': { type: 'string' },
	window: { type: 'string', default: String(skipGramDefaults.window) },
	negatives: { type: 'string', default: String(skipGramDefaults.negatives) },
	seed: { type: 'string', default: '1' },
	out: { type: 'string' },
	force: { type: 'boolean', default: false },
} as const;

export async function vectorsTrain(args: readonly string[]): Promise<boolean> {
	const { options, files } = readFilesAndOptions(args, optionTable);
	const out = required(options.out, 'out', 'the output file');
	const texts = [...(options.text ?? []), ...files];
	if (texts.length === 0) throw new UsageError('--text is required: one or more files of raw text');
	const units = unitsOption(options.units);
	if ((units === 'words') !== (options.lexicon !== undefined)) {
		throw new UsageError('--units words and --lexicon FILE must be used together');
	}
	const usual = defaultTraining(units);
	const training = {
		units,
		dimension: integerOption(options.dimension, 'dimension', 1),
		window: integerOption(options.window, 'window', 1),
		negatives: integerOption(options.negatives, 'negatives', 1),
		epochs: options.epochs === undefined ? usual.epochs : integerOption(options.epochs, 'epochs', 1),
		minCount: integerOption(options['min-count'] ?? String(usual.minCount), 'min-count', 1),
		seed: integerOption(options.seed, 'seed', 0),
	};
	checkTraining(training);
	const inputs = options.lexicon === undefined ? texts : [...texts, options.lexicon];
	await requireOutputs({ outputs: [out], inputs, force: options.force });
	continueUnread();
	const held = await holdFile(out, lockOptions);
	try {
		const words = await readLexicon(options.lexicon);
		const builder = new UnitTextBuilder(units, words && buildLexicon(words));
		for (const path of texts) await visitRawText((await openHashedStream(path)).chunks, { file: path }, builder.add);
		const text = builder.finish(training.minCount);
		const characters = text.pieceStart[text.pieceStart.length - 1];
		printNotes(`${characters} characters of text; training vectors for ${text.words.length} ${units}`);
		const vectors = await runToEnd(trainVectors(text, training));
		const content = [...formatVectors(vectors)].join('');
		held.requireHeld();
		await writeOutput(out, out.endsWith('.gz') ? gzipSync(content) : content, options.force);
		printLines(`${vectors.words.length} vectors of ${vectors.dimension} dimensions: ${out}`);
		return true;
	} finally {
		held.release();
	}
}

function unitsOption(text: string): VectorUnits {
	const units = vectorUnits.find((name) => name === text);
	if (units === undefined) throw new UsageError(`--units must be one of ${vectorUnits.join(', ')}, not '${text}'`);
	return units;
}

const secondsBetweenLines = 5;
const secondsBetweenBreaths = 0.1;

async function runToEnd(training: Generator<SkipGramProgress, TrainedVectors>): Promise<TrainedVectors> {
	const startedAt = secondsNow();
	let shownAt = startedAt;
	let breathedAt = startedAt;
	while (true) {
		const { done, value } = training.next();
		if (done) return value;
		const now = secondsNow();
		if (now - breathedAt >= secondsBetweenBreaths) {
			await setImmediate(); // hears a signal
			breathedAt = secondsNow();
		}
		if (now - shownAt < secondsBetweenLines && value.done < value.total) continue;
		shownAt = now;
		const left = ((now - startedAt) * (value.total - value.done)) / value.done;
		const loss = value.loss === null ? '' : `, loss ${value.loss.toFixed(3)}`;
		printNotes(`epoch ${value.epoch}/${value.epochs}${loss}, ${formatSeconds(left)} left`);
	}
}
