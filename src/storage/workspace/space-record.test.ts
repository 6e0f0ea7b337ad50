import { expect, test } from 'vitest';
import { errorCodeOf } from '../../testing/error-code';
import {
	decodeDynamics,
	decodeMap,
	decodePoints,
	decodeSnapshotList,
	decodeVectorRows,
	encodeDynamics,
	encodeMap,
	encodePoints,
	encodeSnapshotList,
	encodeVectorRows,
	mapPart,
	type StoredPoints,
	type StoredSnapshot,
	snapshotListPart,
	vectorsPartOf,
} from './space-record';

const points: StoredPoints = {
	corpusId: 'c',
	unit: 'character',
	count: 3,
	entityTypes: ['PER', 'LOC'],
	tags: ['<pad>', '<unk>', 'O', 'B-PER', 'I-PER', 'B-LOC'],
	sentences: [{ ref: { split: 'dev', index: 4 }, start: 0, split: 'dev', characters: ['𠮷', '田', '来'], offset: 0 }],
	sentence: Int32Array.of(0, 0, 0),
	character: Int32Array.of(0, 1, 2),
	gold: Uint8Array.of(3, 4, 2),
	type: Int8Array.of(0, 0, -1),
	isBegin: Uint8Array.of(1, 0, 0),
	goldOfCharacters: Uint8Array.of(3, 4, 2),
	choice: { maxPoints: 9, outsideShare: 0.2, maxDevSentences: 5, maxTrainSentences: 5, seed: 1 },
	chosenFrom: {
		dev: { sentences: 1, of: 7, mentionTokens: 2, outsideTokens: 1 },
		train: { sentences: 0, of: 0, mentionTokens: 0, outsideTokens: 0 },
	},
};

const snapshot: StoredSnapshot = {
	id: 3,
	stageIndex: 1,
	stage: 'head',
	epoch: 2,
	step: 40,
	isStageBest: true,
	hasPredictions: true,
	hasMap: true,
	hasVectors: false,
	method: 'tsne',
	measures: { purity: { overall: 0.25, byType: [null, 0.5] } },
	notes: [],
	captureSeconds: 0.1,
	frameSeconds: 2,
};

test('points, snapshots, maps and dynamics come back as they were', () => {
	expect(decodePoints(encodePoints(points))).toEqual(points);
	expect(decodeSnapshotList(encodeSnapshotList([snapshot]))).toEqual([snapshot]);
	const map = {
		map: Float32Array.of(1, -2, 0.1, 4),
		predicted: Uint8Array.of(2, 3),
		confidence: Uint8Array.of(255, 7),
	};
	expect(decodeMap(encodeMap(map))).toEqual(map);
	const plain = { map: map.map, predicted: null, confidence: null };
	expect(decodeMap(encodeMap(plain))).toEqual(plain);
	const dynamics = { snapshots: Int32Array.of(2, 3), gold: Uint8Array.of(9, 8), isRight: Uint8Array.of(0, 1) };
	expect(decodeDynamics(encodeDynamics(dynamics))).toEqual(dynamics);
});

test('vectors keep three digits', () => {
	const vectors = Float32Array.of(0.5, -1.2345, 3.75, 1e-3, 12.34, 0);
	const back = decodeVectorRows(encodeVectorRows(vectors, 3));
	expect(back.dimension).toBe(3);
	for (const [k, value] of back.vectors.entries()) {
		expect(Math.abs(value - vectors[k])).toBeLessThanOrEqual(5e-4 * Math.abs(vectors[k]));
	}
});

test('parts of another kind or with columns of unequal length are refused', () => {
	expect(errorCodeOf(() => decodeMap(encodePoints(points)))).toBe('workbench-file-kind');
	expect(errorCodeOf(() => decodePoints(encodePoints({ ...points, gold: Uint8Array.of(1) })))).toBe(
		'workbench-file-damaged',
	);
	expect(errorCodeOf(() => decodeSnapshotList(encodeSnapshotList([{ ...snapshot, id: -1 }])))).toBe(
		'workbench-file-damaged',
	);
});

test('stored names are those of the first release', () => {
	const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
	const limits = '"choice":{"mostPoints":9,"outsideShare":0.2,"mostDevSentences":5,"mostTrainSentences":5,"seed":1}';
	expect(textOf(encodePoints(points)).replaceAll('\\', '')).toContain(limits);
	const list = textOf(encodeSnapshotList([snapshot])).replaceAll('\\', '');
	for (const name of ['space-frames', '"frames":"[{', '"frameSeconds":2', '"isStageBest":true'])
		expect(list).toContain(name);
	const dynamics = { snapshots: Int32Array.of(2), gold: Uint8Array.of(9), isRight: Uint8Array.of(0) };
	expect(textOf(encodeDynamics(dynamics))).toContain('"frames":{');
	expect([snapshotListPart, mapPart(3), vectorsPartOf(3)]).toEqual([
		'frames/list',
		'frames/map-00003',
		'frames/vectors-00003',
	]);
});
