import { expect, test } from 'vitest';
import { spanAlternatives } from './span-alternatives';
import { spanMarginals } from './span-marginals';

const tags = ['O', 'B-A', 'I-A', 'B-B', 'I-B'];

/** Two characters; the scores say A over both, or B over the first alone. */
const marginals = spanMarginals({
	emissions: [0, 3, -9, 2, -9, 1, -9, 2, -9, -9],
	transitions: new Float64Array(25),
	tags,
});
const request = { span: { start: 0, end: 2, type: 'A' }, length: 2, types: ['A', 'B'] };

test('other readings come best first, without the span itself, each with its exact probability', () => {
	const found = spanAlternatives(marginals, request);
	expect(found.map(({ start, end, type }) => [start, end, type])).toEqual([
		[0, 1, 'B'],
		[0, 1, 'A'],
		[0, 2, null],
	]);
	expect(found[0].probability).toBeCloseTo(marginals.probability(0, 1, 'B'), 12);
	expect(found[2].probability).toBeCloseTo(marginals.outsideProbability(0, 2), 12);
});

test('readings that hardly any sequence has are left out', () => {
	const certain = spanMarginals({
		emissions: [-20, 20, -20, -20, -20, -20, -20, 20, -20, -20],
		transitions: new Float64Array(25),
		tags,
	});
	expect(spanAlternatives(certain, request)).toEqual([]);
});
