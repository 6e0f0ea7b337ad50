import { expect, test } from 'vitest';
import { drawClusters, resultOf } from '../testing/labelled-points';
import { conditionalProbabilities, neighbourAffinities } from './affinities';
import { exactNeighbours } from './neighbours';
import { PointProducts } from './point-products';

function perplexityOf(probabilities: Float32Array): number {
	let entropy = 0;
	for (const p of probabilities) if (p > 0) entropy -= p * Math.log(p);
	return Math.exp(entropy);
}

test.each([2, 5, 9.5])('the Gaussian of a point has perplexity %d', (perplexity) => {
	const distances = Float32Array.from({ length: 30 }, (_, k) => 3 + 0.2 * k * k);
	const out = new Float32Array(30);
	conditionalProbabilities(distances, perplexity, out);
	expect(perplexityOf(out)).toBeCloseTo(perplexity, 2);
	expect(out.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
});

test('very near and very far neighbours together still have the perplexity', () => {
	const distances = Float32Array.from([1e-6, 2e-6, 3e-6, 4e-6, 1e3, 2e3, 3e3]);
	const out = new Float32Array(7);
	conditionalProbabilities(distances, 3, out);
	expect(perplexityOf(out)).toBeCloseTo(3, 2);
});

test('neighbours at equal distances share alike', () => {
	const out = new Float32Array(4);
	conditionalProbabilities(new Float32Array(4).fill(2), 3, out);
	expect([...out]).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test('affinities are symmetric, sum to 1, and are the mean of both conditional probabilities', async () => {
	const count = 40;
	const products = await PointProducts.open(drawClusters({ count }));
	const neighbours = resultOf(exactNeighbours(products, 12));
	const { rowStarts, columns, values } = resultOf(neighbourAffinities(neighbours, 4));
	const dense = new Float64Array(count * count);
	for (let row = 0; row < count; row++) {
		for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry++) {
			if (entry > rowStarts[row]) expect(columns[entry]).toBeGreaterThan(columns[entry - 1]);
			dense[row * count + columns[entry]] = values[entry];
		}
	}
	const conditional = new Float64Array(count * count);
	const out = new Float32Array(12);
	for (let row = 0; row < count; row++) {
		conditionalProbabilities(neighbours.distances.subarray(row * 12, (row + 1) * 12), 4, out);
		for (let k = 0; k < 12; k++) conditional[row * count + neighbours.ids[row * 12 + k]] = out[k];
	}
	for (let row = 0; row < count; row++) {
		for (let column = 0; column < count; column++) {
			const expected = (conditional[row * count + column] + conditional[column * count + row]) / (2 * count);
			expect(dense[row * count + column]).toBeCloseTo(expected, 8);
		}
	}
	expect(dense.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
});
