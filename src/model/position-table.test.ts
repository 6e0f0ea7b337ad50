import { expect, test } from 'vitest';
import { positionTable } from './position-table';

test('row d holds sines then cosines of d times the frequencies', () => {
	const table = positionTable(3, 6, 0); // frequencies 1, 1/100, 1/10000
	const row = (distance: number) => [...table.subarray((distance + 3) * 6, (distance + 4) * 6)];
	expect(row(0)).toEqual([0, 0, 0, 1, 1, 1]);
	const expected = [Math.sin(-2), Math.sin(-0.02), Math.sin(-0.0002), Math.cos(-2), Math.cos(-0.02), Math.cos(-0.0002)];
	row(-2).forEach((value, column) => {
		expect(value).toBeCloseTo(expected[column], 6);
	});
});

test('a smaller reach is the middle of a larger one', () => {
	expect([...positionTable(2, 4, 0)]).toEqual([...positionTable(5, 4, 0).subarray(3 * 4, 8 * 4)]);
});

test('a shift moves the sinusoids along the distances', () => {
	expect([...positionTable(1, 4, 7).subarray(4, 8)]).toEqual([...positionTable(7, 4, 0).subarray(14 * 4, 15 * 4)]);
});
