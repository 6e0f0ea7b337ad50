import { expect, test } from 'vitest';
import { sampleFrame, sampleFrameData, samplePoints } from '../testing/space-samples';
import type { SentenceRow } from '../worker/data-commands';
import type { SuspiciousMention } from '../worker/space-commands';
import { byLikeness, compositionOf, likenessOf, refsText, relabelPlan, sentencesOf } from './space-selection';

const points = samplePoints([
	['王芳在', 'B-PER I-PER O'],
	['在武大', 'O B-ORG I-ORG'],
]);
const data = sampleFrameData(points, sampleFrame(2, 1), [1]);

const row = (index: number, spans: SentenceRow['spans'], start = 0): SentenceRow => ({
	number: index + 1,
	ref: { split: 'dev', index },
	split: 'dev',
	start,
	isMarkedForRelabel: false,
	line: 0,
	characters: points.sentences[index].characters,
	spans,
	hasTags: true,
});
const rows = [row(0, [{ start: 0, end: 2, type: 'PER' }]), row(1, [{ start: 1, end: 3, type: 'ORG' }])];

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

test('a mention is relabelled once however many of its tokens are chosen, tokens outside are left', () => {
	expect(relabelPlan(points, [4, 5, 2], rows, 'PER')).toEqual({
		changes: [{ kind: 'relabel', sentence: { split: 'dev', index: 1 }, spans: [{ start: 1, end: 3, type: 'PER' }] }],
		mentions: 1,
		leftOut: 1,
	});
	expect(relabelPlan(points, [0], rows, null).changes).toEqual([
		{ kind: 'relabel', sentence: { split: 'dev', index: 0 }, spans: [] },
	]);
	expect(relabelPlan(points, [0], rows, 'PER')).toEqual({ changes: [], mentions: 0, leftOut: 0 });
});

test('a sentence that is cut into pieces, or gone, is left as it is', () => {
	expect(relabelPlan(points, [0, 4], [row(0, [{ start: 0, end: 2, type: 'PER' }]), row(0, [], 3)], 'ORG')).toEqual({
		changes: [],
		mentions: 0,
		leftOut: 2,
	});
});
