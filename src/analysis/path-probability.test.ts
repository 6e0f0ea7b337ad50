import { expect, test } from 'vitest';
import { pathLogProbability } from './path-probability';
import { spanMarginals } from './span-marginals';

const chain = {
	tags: ['O', 'B-PER', 'I-PER'],
	emissions: [0.3, 1.2, -0.4, 0.1, -0.7, 0.9, 0.5, 0.2, 0.2],
	transitions: [0.1, 0.4, -2, -0.3, 0.2, 0.8, 0.6, -0.5, 0.1],
	start: [0.2, -0.1, -1],
	end: [0.3, 0, -0.2],
};

test('the probabilities of all labellings sum to 1', () => {
	const { logPartition } = spanMarginals(chain);
	let sum = 0;
	for (let code = 0; code < 27; code++) {
		const path = [Math.floor(code / 9), Math.floor(code / 3) % 3, code % 3];
		sum += Math.exp(pathLogProbability(chain, path, logPartition));
	}
	expect(sum).toBeCloseTo(1, 12);
});

test('a sentence of one character has the probability of its tag', () => {
	const one = { tags: chain.tags, emissions: [0.3, 1.2, -0.4], transitions: chain.transitions };
	const { logPartition, tagProbability } = spanMarginals(one);
	expect(Math.exp(pathLogProbability(one, [1], logPartition))).toBeCloseTo(tagProbability(0, 1), 12);
});

test('a path of another length is a mistake of the caller', () => {
	expect(() => pathLogProbability(chain, [0, 1], 0)).toThrow('a path of 2 tags');
});
