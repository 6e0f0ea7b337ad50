import { expect, test } from 'vitest';
import { samplePoints, sampleSnapshot, sampleSnapshotData } from '../testing/space-samples';
import { goldSpans, majorityType, pointFacts } from './space-sentence';

const points = samplePoints([
	['在', 'O'],
	['王芳李明在武大', 'B-PER I-PER B-PER I-PER O B-ORG I-ORG'],
]);

test('annotated spans are read from the tags, and two adjacent mentions stay two', () => {
	expect(goldSpans(points, 1)).toEqual([
		{ start: 0, end: 2, type: 'PER' },
		{ start: 2, end: 4, type: 'PER' },
		{ start: 5, end: 7, type: 'ORG' },
	]);
	expect(goldSpans(points, 0)).toEqual([]);
});

test('a point has its token, tags and confidence', () => {
	const snapshot = sampleSnapshot(2, 1);
	const data = sampleSnapshotData(points, snapshot, [1]);
	expect(pointFacts(points, data, 1)).toMatchObject({
		character: '王',
		gold: 'B-PER',
		predicted: 'O',
		isWrong: true,
		index: 0,
	});
	const bare = { ...data, predicted: null, confidence: null, isRight: null };
	expect(pointFacts(points, bare, 1)).toMatchObject({ predicted: null, confidence: null, isWrong: false });
});

test('the type of most points is found, and outside counts as one', () => {
	expect(majorityType(points, [0, 5, 6])).toEqual({ type: 'O', count: 2 });
	expect(majorityType(points, [1, 2, 7])).toEqual({ type: 'PER', count: 2 });
	expect(majorityType(points, [])).toBe(null);
});
