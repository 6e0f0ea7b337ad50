import { expect, test } from 'vitest';
import type { StoredPoints } from '../../storage/workspace/space-record';
import type { SnapshotData } from '../../wire/space';
import { exportMeasures, exportPoints, exportProjector } from './space-export';

const points = {
	count: 2,
	tags: ['O', 'B-=PER'],
	entityTypes: ['=PER'],
	sentences: [{ ref: { split: 'train', index: 0 }, start: 0, characters: ['=', '王', '"', ','] }],
	sentence: [0, 0],
	character: [0, 1],
	gold: [0, 1],
	type: [-1, 0],
} as unknown as StoredPoints;
const data = {
	snapshot: { stage: 'full', epoch: 2, step: 9, isStageBest: true, measures: {} },
	map: Float32Array.of(-1.5, 0.25, Number.NaN, 1),
	method: 'tsne',
	predicted: null,
	confidence: null,
} as unknown as SnapshotData;

test('exported points keep negative coordinates and contain no formula', () => {
	const [{ name, text }] = exportPoints(points, data, 'csv');
	expect(name).toBe('points-full-2.csv');
	expect(text.split('\r\n')).toEqual([
		'x,y,token,tag,type,predicted,confidence,split,sentence,character,text',
		`-1.5,0.25,'=,O,O,,,train,0,0,"'=王"","`,
		`,1,王,B-=PER,'=PER,,,train,0,1,"'=王"","`,
		'',
	]);
});

test('the names of types in measures and labels contain no formula either', () => {
	const measure = { overall: 0.5, byType: [-0.25] };
	const measures = {
		...{ purity: measure, silhouette: measure, alignment: measure, segmentation: measure },
		distances: { within: measure, between: measure },
		uniformity: { value: -2 },
		map: null,
	};
	const snapshot = { ...data.snapshot, measures } as unknown as SnapshotData['snapshot'];
	const [{ text }] = exportMeasures(['=PER'], [snapshot], 'csv');
	expect(text.split('\r\n')[2]).toBe("full,2,9,1,'=PER,-0.25,-0.25,-0.25,,-0.25,-0.25,-0.25,,");
	const [vectors, labels] = exportProjector(points, data, { vectors: Float32Array.of(-1, 2, 0.1, 4), dimension: 2 });
	expect(vectors.text).toBe('-1\t2\n0.1\t4\n');
	expect(labels.text.split('\n')[1]).toBe(`'=\tO\tO\t\t\ttrain\t0\t0\t'=王",`);
});

test('the JSON of exports names snapshots as it always has', () => {
	const [pointFile] = exportPoints(points, data, 'json');
	expect(Object.keys(JSON.parse(pointFile.text))).toEqual(['frame', 'method', 'points']);
	const [measureFile] = exportMeasures(['=PER'], [data.snapshot], 'json');
	expect(Object.keys(JSON.parse(measureFile.text))).toEqual(['entityTypes', 'frames']);
});
