// The limit of a submission follows what the GPU was measured to do.

import { describe, expect, test } from 'vitest';
import { maxDispatchWork, SubmitPace } from './submit-pace';

describe('the work of one submission', () => {
	test('falls at once on a GPU that takes too long, to what takes less than 100 ms', () => {
		const pace = new SubmitPace(false);
		pace.note(4e9, 800); // 5e6 a millisecond
		expect(pace.limit).toBe(80 * 5e6);
	});

	test('grows step by step on a fast GPU and settles', () => {
		const pace = new SubmitPace(false);
		const limits = Array.from({ length: 12 }, () => {
			pace.note(1e10, 10); // 1e9 a millisecond
			return pace.limit;
		});
		expect(limits[0]).toBe(1e10);
		expect(limits.at(-1)).toBe(8e10);
	});

	test('stays at one large dispatch on an emulated GPU', () => {
		const pace = new SubmitPace(true);
		expect(pace.isWorthMeasuring(1e12)).toBe(false);
		expect(pace.limit).toBe(maxDispatchWork);
	});

	test('does not learn from small work, which is mostly waiting', () => {
		expect(new SubmitPace(false).isWorthMeasuring(1e7)).toBe(false);
	});
});
