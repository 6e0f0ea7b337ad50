import { expect, test } from 'vitest';
import { drawClusters, resultOf } from '../testing/labelled-points';
import { PointProducts } from './point-products';
import { leadingEigenvectors, principalComponents, projectOnAxes } from './principal-components';

test('finds the axes and variances of points on a known cross', async () => {
	// Four points at ±3 along (0.6, 0.8, 0), two at ±1 along (0.8, -0.6, 0); variances 4 * 9 / 6 and 2 / 6.
	const along = (factor: number) => [0.6 * factor, 0.8 * factor, 5];
	const across = (factor: number) => [0.8 * factor, -0.6 * factor, 5];
	const rows = [along(3), along(-3), along(3), along(-3), across(1), across(-1)];
	const products = await PointProducts.open({ values: Float32Array.from(rows.flat()), count: 6, dimension: 3 });
	const components = resultOf(principalComponents(products));
	[0.6, 0.8, 0, 0.8, -0.6, 0].forEach((value, k) => {
		expect(components.axes[k]).toBeCloseTo(value, 5);
	});
	expect(components.variances[0]).toBeCloseTo(6, 5);
	expect(components.variances[1]).toBeCloseTo(1 / 3, 5);
	const flat = projectOnAxes(products, components);
	expect(flat[0]).toBeCloseTo(3, 5);
	expect(flat[2 * 5 + 1]).toBeCloseTo(-1, 5);
});

test('leading eigenvectors satisfy their equation and are orthogonal', () => {
	const size = 30;
	const { values } = drawClusters({ count: 40, dimension: size, clusters: 5 });
	const matrix = new Float64Array(size * size);
	for (let row = 0; row < 40; row++) {
		for (let a = 0; a < size; a++) {
			for (let b = 0; b < size; b++) matrix[a * size + b] += values[row * size + a] * values[row * size + b];
		}
	}
	const { axes, variances } = resultOf(leadingEigenvectors(matrix, size, 3));
	for (let axis = 0; axis < 3; axis++) {
		const vector = axes.subarray(axis * size, (axis + 1) * size);
		for (let a = 0; a < size; a++) {
			let image = 0;
			for (let b = 0; b < size; b++) image += matrix[a * size + b] * vector[b];
			expect(Math.abs(image - variances[axis] * vector[a])).toBeLessThan(1e-8 * variances[0]);
		}
		for (let other = 0; other <= axis; other++) {
			let product = 0;
			for (let k = 0; k < size; k++) product += vector[k] * axes[other * size + k];
			expect(product).toBeCloseTo(other === axis ? 1 : 0, 10);
		}
	}
	expect(variances[0]).toBeGreaterThan(variances[1]);
	expect(variances[1]).toBeGreaterThan(variances[2]);
});

test('points on one line have one axis with a spread', async () => {
	const values = Float32Array.from({ length: 20 }, (_, k) => (k % 2 === 0 ? k : -k + 1));
	const products = await PointProducts.open({ values, count: 10, dimension: 2 });
	const { variances, axes } = resultOf(principalComponents(products));
	expect(variances[1]).toBeLessThan(1e-6 * variances[0]);
	expect(axes.every(Number.isFinite)).toBe(true);
});
