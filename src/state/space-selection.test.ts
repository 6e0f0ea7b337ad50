import { expect, test } from 'vitest';
import { samplePoints, sampleSnapshot, sampleSnapshotData } from '../testing/space-samples';
import type { SuspiciousMention } from '../wire/space';
import { byLikeness, compositionOf, likenessOf, refsText, sentencesOf } from './space-selection';

const points = samplePoints([
	['王芳在', 'B-PER I-PER O'],
	['在武大', 'O B-ORG I-ORG'],
]);
const data = sampleSnapshotData(points, sampleSnapshot(2, 1), [1]);

test('chosen points are counted by tag and by wrong predictions', () => {
	expect(compositionOf(points, data, [0, 1, 2, 3])).toEqual({
		tags: [
			{ tag: 'O', type: -1, count: 2 },
			{ tag: 'B-PER', type: 0, count: 1 },
			{ tag: 'I-PER', type: 0, count: 1 },
		],
		wrong: 1,
	});
	expect(compositionOf(points, { ...data, isRight: null }, [0]).wrong).toBe(null);
});

test('tokens whose neighbours disagree come first, tokens outside mentions last', () => {
	const mention = (tokens: number[], disagreement: number) =>
		({ points: tokens, disagreement, neighbourType: 'ORG' }) as unknown as SuspiciousMention;
	const likeness = likenessOf(points.count, [mention([0, 1], 0.2), mention([4, 5], 0.9)]);
	expect(byLikeness([2, 0, 5, 1], likeness)).toEqual([5, 0, 1, 2]);
	expect(likeness[5].share).toBeCloseTo(0.1);
});

test('sentences are named once, as the address of Annotate has them', () => {
	expect(refsText(sentencesOf(points, [4, 0, 5]))).toBe('dev:1,dev:0');
});
