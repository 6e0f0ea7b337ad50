import { expect, test } from 'vitest';
import { suspiciousMentions } from './suspicious-labels';
import type { MentionDynamics } from './training-dynamics';

const mentions = [
	{ sentence: 0, start: 0, end: 1, type: 'PER', points: [0] },
	{ sentence: 0, start: 2, end: 4, type: 'PER', points: [1, 2] },
];
const dynamicsWith = (confidence: number): MentionDynamics => ({
	confidence,
	variability: 0,
	forgetting: 0,
	correctness: 1,
	wasLearned: true,
	epochs: 3,
});

const input = {
	mentions,
	types: [0, 0, 0, 1, 1, -1],
	entityTypes: ['PER', 'LOC'],
	neighbours: 2,
	neighbourIds: Int32Array.from([1, 2, 3, 4, 0, 5, 4, 1, 3, 1, 0, 1]),
	dynamicsOf: (): MentionDynamics | null => null,
	predictedIn: () => [
		{ start: 1, end: 3, type: 'LOC' },
		{ start: 5, end: 6, type: 'PER' },
	],
};

test('mentions are ranked by the neighbours that are not of their type', () => {
	const [first, second] = suspiciousMentions(input);
	expect(first).toMatchObject({ start: 2, disagreement: 3 / 4, score: 3 / 4, neighbourType: 'LOC' });
	expect(first.predicted).toEqual([{ start: 1, end: 3, type: 'LOC' }]);
	expect(second).toMatchObject({ start: 0, disagreement: 0, score: 0, neighbourType: null, predicted: [] });
});

test('where training has met them, its doubt counts as much as that of the neighbours', () => {
	const ranked = suspiciousMentions({ ...input, dynamicsOf: (mention) => dynamicsWith(mention === 0 ? 0.1 : 1) });
	expect(ranked.map(({ start, score }) => [start, Number(score.toFixed(3))])).toEqual([
		[0, 0.45],
		[2, 0.375],
	]);
});
