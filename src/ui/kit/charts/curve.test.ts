import { expect, test } from 'vitest';
import { type Curve, curveRows, curvesCsv, rowKey, thinned, valuesWithin } from './curve';

const curve = (id: string, points: [number, number][], more: Partial<Curve> = {}): Curve => ({
	id,
	name: id,
	color: 'black',
	points: points.map(([x, y]) => ({ x, y })),
	...more,
});

test('curves share rows by x and leave gaps where they have no value', () => {
	expect(
		curveRows([
			curve('a', [[2, 1]]),
			curve('b', [
				[1, 5],
				[2, 6],
			]),
		]),
	).toEqual([
		{ x: 1, 'y b': 5 },
		{ x: 2, 'y a': 1, 'y b': 6 },
	]);
});

test('a curve may have any name', () => {
	const names = ['x', '__proto__', 'constructor'];
	const rows = curveRows(names.map((name, y) => curve(name, [[1, y]])));
	expect(rows[0].x).toBe(1);
	expect(names.map((name) => rows[0][rowKey(name)])).toEqual([0, 1, 2]);
});

test('the table holds what is meant, not the ground, and quotes names', () => {
	const text = curvesCsv([curve('dev, F1', [[1, 90]]), curve('raw', [[1, 2]], { isGround: true })], 'epoch');
	expect(text).toBe('epoch,"dev, F1"\r\n1,90\r\n');
});

test('a long curve is thinned but keeps its last and its marked point', () => {
	const points = Array.from({ length: 1000 }, (_, x) => ({ x, y: x }));
	const thin = thinned(points, 200, 3);
	expect(thin).toHaveLength(201);
	expect(thin.at(-1)?.x).toBe(999);
	expect(thin.some(({ x }) => x === 3)).toBe(true);
	expect(thinned(points.slice(0, 5), 200)).toHaveLength(5);
});

test('a part of the axis has the values of the lines that cross it', () => {
	const { points } = curve('a', [
		[1, 10],
		[2, 20],
		[3, 30],
		[4, 40],
	]);
	expect(valuesWithin(points, [2, 3])).toEqual([20, 30]);
	expect(valuesWithin(points, [2.2, 2.8])).toEqual([20, 30]);
	expect(valuesWithin(points, [3.5, 9])).toEqual([30, 40]);
	expect(valuesWithin(points, [5, 9])).toEqual([]);
	expect(valuesWithin(points, [0, 0.5])).toEqual([]);
});
