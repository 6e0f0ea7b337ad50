import { afterEach, describe, expect, test } from 'vitest';
import type { Batch } from '../../data/batch';
import { drawNumbers, firstDifference, numericGradient, weigh } from '../../testing/numeric-gradient';
import { tinyBatch } from '../../testing/tiny-batch';
import { openWasmBuilds } from '../../testing/wasm-builds';
import type { Matrix, Scores } from '../operations';
import type { WasmDevice } from './device';

const devices = await openWasmBuilds();
afterEach(() => {
	for (const [, device] of devices) device.endStep();
});
const sizes = [
	{ characters: 5, words: 2 },
	{ characters: 1, words: 0 },
	{ characters: 4, words: 0 },
	{ characters: 6, words: 3 },
];

/** Calls a function for each head and pair of rows of each block, with the pair's index in an array of scores. */
function forEachPair(
	batch: Batch,
	heads: number,
	visit: (pair: Record<'head' | 'i' | 'j' | 'pair' | 'sentence', number>) => void,
) {
	batch.blockSize.forEach((size, sentence) => {
		for (let head = 0; head < heads; head++) {
			for (let i = 0; i < size; i++) {
				for (let j = 0; j < size; j++) {
					const pair = heads * batch.pairOffset[sentence] + head * size * size + i * size + j;
					visit({ head, i, j, pair, sentence });
				}
			}
		}
	});
}

interface Inputs {
	contentQuery: ArrayLike<number>;
	key: ArrayLike<number>;
	positionQuery: ArrayLike<number>;
	relative: ArrayLike<number>;
}

function scoresOracle(batch: Batch, heads: number, headSize: number, inputs: Inputs): Float64Array {
	const width = heads * headSize;
	const out = new Float64Array(heads * batch.pairCount);
	forEachPair(batch, heads, ({ head, i, j, pair, sentence }) => {
		const size = batch.blockSize[sentence];
		const query = (batch.rowOffset[sentence] + i) * width + head * headSize;
		const key = (batch.rowOffset[sentence] + j) * width + head * headSize;
		const index = batch.distances.index[batch.pairOffset[sentence] + i * size + j];
		for (let k = 0; k < headSize; k++) {
			out[pair] += inputs.contentQuery[query + k] * inputs.key[key + k];
			out[pair] += inputs.positionQuery[query + k] * inputs.relative[index * width + head * headSize + k];
		}
	});
	return out;
}

/** Softmax of each row over the nodes of its sentence. */
function softmaxOracle(batch: Batch, heads: number, scores: ArrayLike<number>): Float64Array {
	const out = new Float64Array(scores.length);
	const sums = new Map<number, number>();
	const isNode = (j: number, sentence: number) => j < batch.nodeCount[sentence];
	forEachPair(batch, heads, ({ j, pair, sentence }) => {
		if (isNode(j, sentence)) sums.set(pair - j, (sums.get(pair - j) ?? 0) + Math.exp(scores[pair]));
	});
	forEachPair(batch, heads, ({ j, pair, sentence }) => {
		if (isNode(j, sentence)) out[pair] = Math.exp(scores[pair]) / sums.get(pair - j)!;
	});
	return out;
}

function valuesOracle(
	batch: Batch,
	heads: number,
	width: number,
	scores: ArrayLike<number>,
	value: ArrayLike<number>,
): Float64Array {
	const headSize = width / heads;
	const out = new Float64Array(batch.rowCount * width);
	forEachPair(batch, heads, ({ head, i, j, pair, sentence }) => {
		const first = batch.rowOffset[sentence];
		for (let k = head * headSize; k < (head + 1) * headSize; k++) {
			out[(first + i) * width + k] += scores[pair] * value[(first + j) * width + k];
		}
	});
	return out;
}

/** Gradients of sum(gradient * output) of `valuesOracle`, term by term. */
function valuesGradientOracle(
	batch: Batch,
	heads: number,
	width: number,
	{ scores, value, gradient }: Record<'scores' | 'value' | 'gradient', ArrayLike<number>>,
): Record<'scores' | 'value', Float64Array> {
	const headSize = width / heads;
	const out = { scores: new Float64Array(scores.length), value: new Float64Array(value.length) };
	forEachPair(batch, heads, ({ head, i, j, pair, sentence }) => {
		const first = batch.rowOffset[sentence];
		for (let k = head * headSize; k < (head + 1) * headSize; k++) {
			out.scores[pair] += gradient[(first + i) * width + k] * value[(first + j) * width + k];
			out.value[(first + j) * width + k] += gradient[(first + i) * width + k] * scores[pair];
		}
	});
	return out;
}

/** Scores of random queries, keys and relative vectors. */
function uploadScores(device: WasmDevice, batch: Batch, heads: number, seed: number, scale = 1): Scores {
	const width = heads * 3;
	const draw = (rows: number, offset: number) =>
		device.upload(drawNumbers(seed + offset, rows * width, scale), rows, width);
	const { rowCount, distances } = batch;
	return device.relativeScores(
		draw(rowCount, 0),
		draw(rowCount, 1),
		draw(rowCount, 2),
		draw(distances.count, 3),
		heads,
	);
}

describe.each(devices)('%s', (_, device) => {
	describe.each(['ragged', 'padded'] as const)('%s rows', (layout) => {
		const batch = tinyBatch(sizes, { layout });

		// Heads of 20 and 8 have their own loops; 3, 10 and 29 leave remainders.
		test.each([
			[2, 20],
			[3, 8],
			[2, 3],
			[1, 29],
			[2, 10],
		])('scores of %i heads of %i, and their gradients', async (heads, headSize) => {
			const width = heads * headSize;
			const rows = (seed: number) => drawNumbers(seed, batch.rowCount * width, 0.5);
			const relative = drawNumbers(4, batch.distances.count * width, 0.5);
			const inputs: Inputs = { contentQuery: rows(1), key: rows(2), positionQuery: rows(3), relative };
			device.beginStep(batch);
			const upload = (values: ArrayLike<number>) =>
				device.upload(Float32Array.from(values), values.length / width, width);
			const matrices = [inputs.contentQuery, inputs.key, inputs.positionQuery, inputs.relative].map(upload);
			const [contentQuery, key, positionQuery, relativeMatrix] = matrices;
			const scores = device.relativeScores(contentQuery, key, positionQuery, relativeMatrix, heads);
			const expected = scoresOracle(batch, heads, headSize, inputs);
			expect(firstDifference(await device.readScores(scores), expected, 3e-6)).toBe(null);

			// The scores themselves serve as the gradient: any numbers of that shape do.
			const given = device.relativeScoresBackward(contentQuery, key, positionQuery, relativeMatrix, scores);
			const weights = await device.readScores(scores);
			const expectedGradients = scoresGradientOracle(batch, heads, headSize, inputs, weights);
			for (const name of ['contentQuery', 'key', 'positionQuery', 'relative'] as const) {
				expect(firstDifference(await device.read(given[name]), expectedGradients[name], 3e-5), name).toBe(null);
			}
			device.endStep();
		});

		test('softmax over the nodes of each sentence, 0 elsewhere, and its gradient', async () => {
			const heads = 2;
			device.beginStep(batch);
			const scores = uploadScores(device, batch, heads, 1);
			const gradient = uploadScores(device, batch, heads, 9);
			const values = await device.readScores(scores);
			const weights = await device.readScores(gradient);
			const probabilities = device.maskedSoftmax(scores);
			const actual = await device.readScores(probabilities);
			expect(firstDifference(actual, softmaxOracle(batch, heads, values), 5e-7)).toBe(null);
			const given = await device.readScores(device.maskedSoftmaxBackward(probabilities, gradient));
			const expected = numericGradient((point) => weigh(softmaxOracle(batch, heads, point), weights), values);
			expect(firstDifference(given, expected, 3e-6)).toBe(null);
			device.endStep();
		});

		test.each([
			[2, 20],
			[1, 3],
			[3, 5],
		])('values weighted by %i heads of %i, and their gradients', async (heads, headSize) => {
			const width = heads * headSize;
			device.beginStep(batch);
			const scores = device.maskedSoftmax(uploadScores(device, batch, heads, 5));
			const value = drawNumbers(6, batch.rowCount * width);
			const gradient = drawNumbers(7, batch.rowCount * width);
			const matrix = device.upload(value, batch.rowCount, width);
			const weights = await device.readScores(scores);
			const output = await device.read(device.weightedValues(scores, matrix));
			expect(firstDifference(output, valuesOracle(batch, heads, width, weights, value), 2e-6)).toBe(null);
			const outputGradient = device.upload(gradient, batch.rowCount, width);
			const given = device.weightedValuesBackward(scores, matrix, outputGradient);
			const expected = valuesGradientOracle(batch, heads, width, { scores: weights, value, gradient });
			expect(firstDifference(await device.readScores(given.probabilities), expected.scores, 3e-6)).toBe(null);
			expect(firstDifference(await device.read(given.value), expected.value, 3e-6)).toBe(null);
			device.endStep();
		});

		test("queries of the characters alone give the characters' rows of all, and gradients as if words asked nothing", async () => {
			const heads = 2;
			const width = heads * 20;
			device.beginStep(batch);
			const draw = (seed: number, rows: number) => device.upload(drawNumbers(seed, rows * width, 0.3), rows, width);
			const [key, value, all] = [1, 2, 3].map((seed) => draw(seed, batch.rowCount));
			const relative = draw(4, batch.distances.count);
			const characters = device.uploadIndices(batch.characterRow);
			const chosen = device.gatherRows(all, characters); // [C, H]
			const attend = (query: Matrix, outputGradient: Matrix) => {
				const scores = device.maskedSoftmax(device.relativeScores(query, key, query, relative, heads));
				const output = device.weightedValues(scores, value);
				const given = device.weightedValuesBackward(scores, value, outputGradient);
				const scoresGradient = device.maskedSoftmaxBackward(scores, given.probabilities);
				const inputs = device.relativeScoresBackward(query, key, query, relative, scoresGradient);
				return { output, value: given.value, ...inputs };
			};
			const gradient = device.gatherRows(draw(5, batch.rowCount), characters); // [C, H], zeros in padding
			const spread = device.placeRows([{ matrix: gradient, rows: characters }], batch.rowCount); // [R, H]
			const narrow = attend(chosen, gradient);
			const whole = attend(all, spread);
			for (const name of ['output', 'contentQuery', 'positionQuery'] as const) {
				const expected = await device.read(device.gatherRows(whole[name], characters));
				expect(firstDifference(await device.read(narrow[name]), expected, 1e-6), name).toBe(null);
			}
			for (const name of ['value', 'key', 'relative'] as const) {
				const expected = await device.read(whole[name]);
				expect(firstDifference(await device.read(narrow[name]), expected, 1e-6), name).toBe(null);
			}
			device.endStep();
		});
	});

	test('the exponential is exact to 2e-7 over its whole range', async () => {
		const count = 40_000;
		// Two groups: e^x / (e^x + e^0) with x from -80 to 0 gives e^x itself to float32 for small x.
		const x = Float32Array.from({ length: count }, (_, i) => (-80 * (i + 0.5)) / count);
		const rows = Array.from(x, (value) => [value, 0]).flat();
		const output = await device.read(device.softmaxGroups(device.upload(Float32Array.from(rows), count, 2), 2));
		const worst = x.reduce((most, value, i) => {
			const exact = Math.exp(value) / (1 + Math.exp(value));
			return Math.max(most, Math.abs(output[2 * i] - exact) / exact);
		}, 0);
		expect(worst).toBeLessThan(2e-7 + 2 * 2 ** -24); // the sum and the division each round once
		device.endStep();
	});

	test('softmax of large scores stays finite', async () => {
		const batch = tinyBatch([{ characters: 9, words: 0 }]);
		device.beginStep(batch);
		const probabilities = await device.readScores(device.maskedSoftmax(uploadScores(device, batch, 1, 3, 1e15)));
		for (let i = 0; i < 9; i++) {
			const row = probabilities.subarray(i * 9, i * 9 + 9);
			expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
		}
		device.endStep();
	});
});

/** Gradients of sum(weights * scores), term by term. */
function scoresGradientOracle(
	batch: Batch,
	heads: number,
	headSize: number,
	inputs: Inputs,
	weights: ArrayLike<number>,
): Record<keyof Inputs, Float64Array> {
	const width = heads * headSize;
	const rows = () => new Float64Array(batch.rowCount * width);
	const relative = new Float64Array(batch.distances.count * width);
	const out = { contentQuery: rows(), key: rows(), positionQuery: rows(), relative };
	forEachPair(batch, heads, ({ head, i, j, pair, sentence }) => {
		const size = batch.blockSize[sentence];
		const query = (batch.rowOffset[sentence] + i) * width + head * headSize;
		const key = (batch.rowOffset[sentence] + j) * width + head * headSize;
		const row = batch.distances.index[batch.pairOffset[sentence] + i * size + j] * width + head * headSize;
		for (let k = 0; k < headSize; k++) {
			out.contentQuery[query + k] += weights[pair] * inputs.key[key + k];
			out.key[key + k] += weights[pair] * inputs.contentQuery[query + k];
			out.positionQuery[query + k] += weights[pair] * inputs.relative[row + k];
			out.relative[row + k] += weights[pair] * inputs.positionQuery[query + k];
		}
	});
	return out;
}
