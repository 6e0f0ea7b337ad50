import { expect, test } from 'vitest';
import { RandomStream } from '../util/random';
import { type ContrastInput, contrastReport } from './contrast-report';

const names = ['O', 'PER', 'LOC', 'ORG'];

function drawInput(change: Partial<ContrastInput> = {}): ContrastInput {
	const random = new RandomStream(4);
	const classes = Int32Array.from([0, 1, 1, 0, 2, 1, 0, 2, 3, 0, 0, 0]); // one ORG: no signal
	const vectors = Float32Array.from({ length: classes.length * 5 }, () => random.uniform() - 0.5);
	return { vectors, dimension: 5, classes, names, outside: 0, temperature: 0.2, ...change };
}

function cosines({ vectors, dimension, classes }: ContrastInput): number[][] {
	const row = (token: number) => [...vectors.subarray(token * dimension, (token + 1) * dimension)];
	const norm = (values: number[]) => Math.hypot(...values);
	return Array.from(classes, (_, a) =>
		Array.from(classes, (__, b) => row(a).reduce((sum, x, k) => sum + x * row(b)[k], 0) / norm(row(a)) / norm(row(b))),
	);
}

test('each term of the loss is the formula over all pairs', () => {
	const input = drawInput();
	const similarity = cosines(input);
	const { classes, loss } = contrastReport(input);
	const termOf = (type: number) => {
		const own = [...input.classes.keys()].filter((token) => input.classes[token] === type);
		const others = [...input.classes.keys()].filter((token) => input.classes[token] !== type);
		const terms = own.flatMap((i) =>
			own
				.filter((j) => j !== i)
				.map((j) => {
					const positive = Math.exp(similarity[i][j] / input.temperature);
					const negatives = others.reduce((sum, n) => sum + Math.exp(similarity[i][n] / input.temperature), 0);
					return -Math.log(positive / (positive + negatives));
				}),
		);
		return terms.reduce((sum, term) => sum + term, 0) / terms.length;
	};
	expect(classes[1].loss).toBeCloseTo(termOf(1), 5);
	expect(classes[2].loss).toBeCloseTo(termOf(2), 5);
	expect(loss).toBeCloseTo(termOf(1) + termOf(2), 5);
	expect(classes[1].share + classes[2].share).toBeCloseTo(1, 12);
});

test('classes without a signal say why', () => {
	const { classes } = contrastReport(drawInput());
	expect(classes.map(({ silence }) => silence)).toEqual(['outside', null, null, 'single']);
	const alone = contrastReport(drawInput({ classes: new Int32Array(12).fill(1) }));
	expect(alone.classes[1].silence).toBe('alone');
	expect(alone.loss).toBe(0);
});

test('the hardest negatives are the nearest tokens of other classes, with their share of the weight', () => {
	const input = drawInput();
	const similarity = cosines(input);
	const { classes } = contrastReport(input);
	const [first] = classes[1].hardest;
	const pairs = [1, 2, 5].flatMap((i) => [0, 3, 4, 6, 7, 8, 9, 10, 11].map((n) => [similarity[i][n], i, n]));
	const [most, anchor, negative] = pairs.sort((left, right) => right[0] - left[0])[0];
	expect(first).toMatchObject({ anchor, negative });
	expect(first.similarity).toBeCloseTo(most, 5);
	const weights = [0, 3, 4, 6, 7, 8, 9, 10, 11].map((n) => Math.exp(similarity[anchor][n] / input.temperature));
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	expect(first.weight).toBeCloseTo(Math.exp(most / input.temperature) / total, 5);
});

test('a lower temperature puts more weight on fewer negatives', () => {
	const { temperatures } = contrastReport(drawInput());
	expect(temperatures.map(({ temperature }) => temperature)).toEqual([0.02, 0.04, 0.07, 0.1, 0.2, 0.5, 1]);
	for (const [index, effect] of temperatures.entries()) {
		if (index === 0) continue;
		expect(effect.effectiveNegatives).toBeGreaterThan(temperatures[index - 1].effectiveNegatives);
		expect(effect.hardestTenth).toBeLessThan(temperatures[index - 1].hardestTenth);
	}
	expect(temperatures.at(-1)!.effectiveNegatives).toBeLessThanOrEqual(10);
});
