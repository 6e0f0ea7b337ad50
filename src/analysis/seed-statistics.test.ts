import { expect, test } from 'vitest';
import { seedStatistics } from './seed-statistics';

test('the deviation is that of a sample', () => {
	expect(seedStatistics([88, 89, 90])).toEqual({ mean: 89, deviation: 1, count: 3 });
});

test('one seed has no deviation, no seed no mean', () => {
	expect(seedStatistics([88])).toEqual({ mean: 88, deviation: null, count: 1 });
	expect(seedStatistics([])).toBeNull();
});
