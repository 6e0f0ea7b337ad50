// Points of a made-up run and representations of them drawn by a seed, for tests of snapshots.

import { choosePoints } from '../analysis/space-points';
import type { PreparedData } from '../data/prepared';
import { defaultPointChoice } from '../experiment/space-snapshot';
import type { StoredPoints } from '../storage/workspace/space-record';
import { RandomStream } from '../util/random';
import { describePoints, type RunPlaces } from '../worker/runs/run-places';
import type { CapturedSnapshot } from '../worker/space/snapshot-maker';
import { tinyData } from './tiny-data';

export const spaceDimension = 4;
const tagCount = 5;

/** All tokens of six sentences of train and four of dev. */
export function tinyPoints(): StoredPoints {
	const { data, places } = tinyRun();
	return describePoints(choosePoints(data.splits, data.labels, defaultPointChoice), data, places);
}

export function tinyRun(): { data: PreparedData; places: RunPlaces } {
	const data = tinyData({ train: 6, dev: 4, test: 0 });
	const placed = (split: 'train' | 'dev') =>
		data.splits[split].map(({ characterRows }, index) => ({
			ref: { split, index },
			start: 0,
			characters: Array.from(characterRows, (row) => String.fromCodePoint(0x4e00 + row)),
		}));
	const splits = { train: placed('train'), dev: placed('dev'), test: [] };
	return { data, places: { corpusId: null, unit: 'character', splits } };
}

/** Types lie twice as far apart as their tokens spread; predicted tags are the annotated ones. */
export function capturedOf(points: StoredPoints, seed: number, { isPredicted = false } = {}): CapturedSnapshot {
	const dimension = spaceDimension;
	const random = new RandomStream(seed);
	const vectors = Float32Array.from({ length: points.count * dimension }, (_, k) => {
		return random.uniform() + 2 * points.type[Math.floor(k / dimension)];
	});
	if (!isPredicted) return { vectors, dimension, predictions: null };
	const characters = points.goldOfCharacters.length;
	const emissions = Float32Array.from({ length: characters * tagCount }, () => random.uniform());
	const crf = { transitions: new Float32Array(tagCount * tagCount), tags: points.tags.slice(2) };
	return { vectors, dimension, predictions: { tags: points.goldOfCharacters.slice(), emissions, crf, tagOffset: 2 } };
}
