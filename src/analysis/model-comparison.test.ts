import { expect, test } from 'vitest';
import { compareModels, differingCharacters } from './model-comparison';

const first = [
	{ start: 0, end: 4, type: 'ORG' },
	{ start: 6, end: 8, type: 'PER' },
];

test('spans that the first model has too are equal, others wrong, and what is not touched is missing', () => {
	const second = [{ start: 0, end: 2, type: 'GPE' }];
	expect(compareModels([first, second]).map((row) => row.map(({ start, state }) => [start, state]))).toEqual([
		[
			[0, 'equal'],
			[6, 'equal'],
		],
		[
			[0, 'wrong'],
			[6, 'missing'],
		],
	]);
});

test('characters differ where a span is not shared by all models', () => {
	const second = [
		{ start: 0, end: 2, type: 'ORG' },
		{ start: 6, end: 8, type: 'PER' },
	];
	expect([...differingCharacters([first, second])]).toEqual([0, 1, 2, 3]);
	expect(differingCharacters([first, first]).size).toBe(0);
});
