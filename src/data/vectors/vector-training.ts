// What a training of vectors is told, and what comes out of it as a record that stands beside those of vector files. One
// door for the page and the command: the same text, settings and seed give the same bytes.

import { UserError } from '../../util/errors';
import { Sha256 } from '../../util/sha256';
import type { PackedVectors } from './packed-vectors';
import { type SkipGramProgress, skipGramDefaults, type TrainedVectors, trainSkipGram } from './skip-gram';
import type { UnitText, VectorUnits } from './unit-text';

export interface VectorTraining {
	units: VectorUnits;
	/** Numbers of a vector. */
	dimension: number;
	/** Most units to either side that count as context. */
	window: number;
	/** Drawn units that are no context, for each that is. */
	negatives: number;
	/** Passes over the text; null: by the length of the text, 3 to 20. */
	epochs: number | null;
	/** Rarer units get no vector. */
	minCount: number;
	seed: number;
}

export type TrainingNumber = Exclude<keyof VectorTraining, 'units'>;

/** Least and most of each number, both allowed. */
export const trainingRanges: Readonly<Record<TrainingNumber, { least: number; most: number }>> = {
	dimension: { least: 1, most: 1024 },
	window: { least: 1, most: 50 },
	negatives: { least: 1, most: 100 },
	epochs: { least: 1, most: 10_000 },
	minCount: { least: 1, most: 1_000_000 },
	seed: { least: 0, most: 2 ** 32 - 1 },
};

export function defaultTraining(units: VectorUnits): VectorTraining {
	const { dimension, window, negatives, epochs } = skipGramDefaults;
	return { units, dimension, window, negatives, epochs, minCount: units === 'bigrams' ? 2 : 1, seed: 1 };
}

/** Whether a number of the settings is a whole one within its range; of `epochs`, null too. */
export function isTrainingNumber(name: TrainingNumber, value: number | null): boolean {
	const { least, most } = trainingRanges[name];
	return value === null ? name === 'epochs' : Number.isInteger(value) && value >= least && value <= most;
}

/** Throws `vector-training-setting` for the first number out of its range. */
export function checkTraining(training: VectorTraining): void {
	for (const name of Object.keys(trainingRanges) as TrainingNumber[]) {
		if (isTrainingNumber(name, training[name])) continue;
		const { least, most } = trainingRanges[name];
		throw new UserError({
			code: 'vector-training-setting',
			expected: `${name} to be an integer from ${least} to ${most}`,
			found: `${training[name]}`,
			remedy: 'Change this setting.',
		});
	}
}

/** Yields after every slice of the text; returns the vectors. Throws `skip-gram-text-small`. */
export function trainVectors(
	text: UnitText,
	{ dimension, window, negatives, epochs, seed }: VectorTraining,
): Generator<SkipGramProgress, TrainedVectors> {
	return trainSkipGram(text, { ...skipGramDefaults, dimension, window, negatives, epochs }, seed);
}

/** Says which texts were learned from. */
export interface TrainingText {
	name: string;
	sizeBytes: number;
}

/** All rows are at hand and there is no file, so that no corpus ever asks for more of one. */
export function packTrained(trained: TrainedVectors, texts: readonly TrainingText[]): PackedVectors {
	const { words, dimension, values } = trained;
	const fileWords = new TextEncoder().encode(words.map((word) => `${word}\n`).join(''));
	const hash = new Sha256();
	hash.update(fileWords);
	hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
	const identity = {
		name: texts.map(({ name }) => name).join(', '),
		sizeBytes: texts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
		lastModifiedMs: 0,
		sampleHash: 'trained', // no file's: those are hexadecimal
		sha256: hash.digestHex(),
	};
	const counts = { dimension, entryCount: words.length };
	return { version: 1, identity, ...counts, words, values, fileWords, served: [], notes: [] };
}
