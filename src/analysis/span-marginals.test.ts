import { expect, test } from 'vitest';
import { RandomStream } from '../util/random';
import { type ChainScores, spanMarginals } from './span-marginals';

const tags = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'];

function randomChain(length: number, seed: number, withEnds: boolean): ChainScores {
	const random = new RandomStream(seed);
	const draw = (count: number) => Float64Array.from({ length: count }, () => random.uniform() * 4 - 2);
	const ends = withEnds ? { start: draw(tags.length), end: draw(tags.length) } : {};
	return { emissions: draw(length * tags.length), transitions: draw(tags.length ** 2), tags, ...ends };
}

/** Every sequence with its probability, by listing them all. */
function allSequences({ emissions, transitions, start, end }: ChainScores): { path: number[]; weight: number }[] {
	const length = emissions.length / tags.length;
	let paths: number[][] = [[]];
	for (let position = 0; position < length; position++)
		paths = paths.flatMap((path) => tags.map((_, tag) => [...path, tag]));
	return paths.map((path) => {
		let score = (start?.[path[0]] ?? 0) + (end?.[path[length - 1]] ?? 0);
		path.forEach((tag, position) => {
			score += emissions[position * tags.length + tag];
			if (position > 0) score += transitions[path[position - 1] * tags.length + tag];
		});
		return { path, weight: Math.exp(score) };
	});
}

for (const withEnds of [false, true]) {
	test(`each span has the share of all sequences that hold exactly it${withEnds ? ', with start and end scores' : ''}`, () => {
		const length = 4;
		const chain = randomChain(length, 3, withEnds);
		const sequences = allSequences(chain);
		const total = sequences.reduce((sum, { weight }) => sum + weight, 0);
		const marginals = spanMarginals(chain);
		expect(marginals.logPartition).toBeCloseTo(Math.log(total), 10);
		for (let start = 0; start < length; start++) {
			for (let end = start + 1; end <= length; end++) {
				for (const type of ['PER', 'LOC']) {
					const [begin, inside] = [tags.indexOf(`B-${type}`), tags.indexOf(`I-${type}`)];
					const holds = (path: number[]) =>
						path[start] === begin && path.slice(start + 1, end).every((tag) => tag === inside) && path[end] !== inside;
					const share =
						sequences.filter(({ path }) => holds(path)).reduce((sum, { weight }) => sum + weight, 0) / total;
					expect(marginals.probability(start, end, type)).toBeCloseTo(share, 10);
				}
			}
		}
	});
}

test('the probability that nothing is there is the share of sequences that are outside all along', () => {
	const chain = randomChain(4, 7, true);
	const sequences = allSequences(chain);
	const weigh = (paths: typeof sequences) => paths.reduce((sum, { weight }) => sum + weight, 0);
	for (const [start, end] of [
		[0, 4],
		[1, 3],
		[3, 4],
	]) {
		const share = weigh(sequences.filter(({ path }) => path.slice(start, end).every((tag) => tag === 0)));
		expect(spanMarginals(chain).outsideProbability(start, end)).toBeCloseTo(share / weigh(sequences), 10);
	}
});

test('the probabilities of all tags at one position sum to one', () => {
	const marginals = spanMarginals(randomChain(6, 5, true));
	const sum = tags.reduce((total, _, tag) => total + marginals.tagProbability(3, tag), 0);
	expect(sum).toBeCloseTo(1, 10);
});

test('a type that the chain does not know has probability 0', () => {
	expect(spanMarginals(randomChain(3, 1, false)).probability(0, 2, 'ORG')).toBe(0);
});
