import { expect, test } from 'vitest';
import { RandomStream } from '../util/random';
import type { Affinities } from './affinities';
import { attract, divergenceOf, repelExactly } from './pair-forces';

/** Random symmetric affinities of all pairs. */
function drawAffinities(count: number, random: RandomStream): Affinities {
	const dense = new Float64Array(count * count);
	for (let row = 0; row < count; row++) {
		for (let column = 0; column < row; column++) {
			dense[row * count + column] = dense[column * count + row] = random.uniform();
		}
	}
	const total = dense.reduce((sum, value) => sum + value);
	const others = (row: number) => Array.from({ length: count }, (_, k) => k).filter((k) => k !== row);
	const rows = Array.from({ length: count }, (_, row) => others(row));
	return {
		count,
		rowStarts: Int32Array.from({ length: count + 1 }, (_, row) => row * (count - 1)),
		columns: Int32Array.from(rows.flat()),
		values: Float32Array.from(rows.flatMap((list, row) => list.map((column) => dense[row * count + column] / total))),
	};
}

const count = 9;
const random = new RandomStream(3);
const affinities = drawAffinities(count, random);
const map = Float32Array.from({ length: 2 * count }, () => 4 * random.uniform() - 2);
const unused = new Float32Array(2 * count);

test('the gradient is that of finite differences', () => {
	const attraction = new Float32Array(2 * count);
	const repulsion = new Float32Array(2 * count);
	attract(affinities, map, 0, count, attraction);
	const weightSum = repelExactly(map, 0, count, repulsion);
	const step = 2 ** -8; // exact in float32
	const at = (k: number, change: number) => {
		const moved = map.slice();
		moved[k] += change;
		return divergenceOf(affinities, moved, repelExactly(moved, 0, count, unused));
	};
	for (let k = 0; k < 2 * count; k++) {
		const gradient = 4 * (attraction[k] - repulsion[k] / weightSum);
		const numeric = (at(k, step) - at(k, -step)) / (2 * step);
		expect(gradient).toBeCloseTo(numeric, 5);
	}
});

test('the divergence is that of its definition', () => {
	let weightSum = 0;
	const weight = (a: number, b: number) =>
		1 / (1 + (map[2 * a] - map[2 * b]) ** 2 + (map[2 * a + 1] - map[2 * b + 1]) ** 2);
	for (let a = 0; a < count; a++) for (let b = 0; b < count; b++) if (a !== b) weightSum += weight(a, b);
	let expected = 0;
	for (let a = 0; a < count; a++) {
		for (let entry = affinities.rowStarts[a]; entry < affinities.rowStarts[a + 1]; entry++) {
			const p = affinities.values[entry];
			expected += p * Math.log(p / (weight(a, affinities.columns[entry]) / weightSum));
		}
	}
	expect(repelExactly(map, 0, count, unused)).toBeCloseTo(weightSum, 4);
	expect(divergenceOf(affinities, map, weightSum)).toBeCloseTo(expected, 6);
});

test('ranges of points together give what all points at once give', () => {
	const whole = new Float32Array(2 * count);
	const parts = new Float32Array(2 * count);
	const sum = repelExactly(map, 0, count, whole);
	const partSum = repelExactly(map, 0, 4, parts) + repelExactly(map, 4, count, parts);
	expect(parts).toEqual(whole);
	expect(partSum).toBeCloseTo(sum, 6);
});
