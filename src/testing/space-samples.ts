// Points and snapshots of an invented run, small enough to count by hand or as large as a test asks.

import type { SpaceMeasures } from '../analysis/space-measures';
import { defaultPointChoice } from '../experiment/space-snapshot';
import { RandomStream } from '../util/random';
import type { SnapshotData, SpacePoints, SpaceSnapshot } from '../wire/space';

export const sampleTags = ['<pad>', '<unk>', 'O', 'B-PER', 'I-PER', 'B-ORG', 'I-ORG'];
const sampleTypes = ['PER', 'ORG'];

/** Sentences as texts and tags: `['王芳在', 'B-PER I-PER O']`; every token becomes a point. */
export function samplePoints(texts: readonly (readonly [string, string])[], runId = 'run'): SpacePoints {
	const sentences: SpacePoints['sentences'] = [];
	const rows: { sentence: number; character: number; gold: number }[] = [];
	let offset = 0;
	for (const [index, [text, tags]] of texts.entries()) {
		const characters = [...text];
		const names = tags.split(' ');
		sentences.push({ ref: { split: 'dev', index }, start: 0, split: 'dev', characters, offset });
		for (const character of characters.keys()) {
			rows.push({ sentence: index, character, gold: sampleTags.indexOf(names[character]) });
		}
		offset += characters.length;
	}
	const typeOf = (gold: number) => sampleTypes.indexOf(sampleTags[gold].slice(2));
	return {
		runId,
		corpusId: 'corpus',
		unit: 'character',
		count: rows.length,
		entityTypes: sampleTypes,
		tags: sampleTags,
		sentences,
		sentence: Int32Array.from(rows, ({ sentence }) => sentence),
		character: Int32Array.from(rows, ({ character }) => character),
		gold: Uint8Array.from(rows, ({ gold }) => gold),
		type: Int8Array.from(rows, ({ gold }) => typeOf(gold)),
		isBegin: Uint8Array.from(rows, ({ gold }) => Number(sampleTags[gold].startsWith('B-'))),
		goldOfCharacters: Uint8Array.from(rows, ({ gold }) => gold),
		choice: defaultPointChoice,
		chosenFrom: {
			dev: { sentences: texts.length, of: texts.length, mentionTokens: 0, outsideTokens: 0 },
			train: { sentences: 0, of: 0, mentionTokens: 0, outsideTokens: 0 },
		},
	};
}

const byType = (value: number) => ({ overall: value, byType: [value, value] });

export function sampleMeasures(value = 0.5): SpaceMeasures {
	return {
		purity: byType(value),
		silhouette: { ...byType(value), sampled: 100 },
		alignment: byType(value),
		uniformity: { value: -2, pairs: 100 },
		distances: { within: byType(value), between: byType(1), ratio: value },
		segmentation: byType(value),
	};
}

export function sampleSnapshot(stageIndex: number, epoch: number, more: Partial<SpaceSnapshot> = {}): SpaceSnapshot {
	return {
		id: stageIndex * 1000 + epoch,
		stageIndex,
		stage: ['contrastive', 'head', 'full'][stageIndex],
		epoch,
		step: epoch * 10,
		isStageBest: false,
		isLatest: false,
		hasPredictions: stageIndex > 0,
		hasMap: true,
		hasVectors: true,
		measures: { ...sampleMeasures(), purityNeighbours: 10, points: 4, map: null },
		notes: [],
		captureSeconds: 0.1,
		frameSeconds: 0.2,
		...more,
	};
}

/** Positions drawn by a seed; predictions equal gold but for the points in `wrong`, which are O. */
export function sampleSnapshotData(
	points: SpacePoints,
	snapshot: SpaceSnapshot,
	wrong: readonly number[] = [],
): SnapshotData {
	const random = new RandomStream(snapshot.id + 1);
	const outside = points.tags.indexOf('O');
	return {
		snapshot,
		map: new Float32Array(2 * points.count).map(() => random.uniform() * 2 - 1),
		method: 'tsne',
		predicted: points.gold.map((gold, point) => (wrong.includes(point) ? outside : gold)),
		confidence: new Float32Array(points.count).fill(0.95),
		isRight: new Uint8Array(points.count).map((_, point) => (wrong.includes(point) ? 0 : 1)),
	};
}
