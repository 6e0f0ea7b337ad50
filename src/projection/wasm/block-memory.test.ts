import { expect, test } from 'vitest';
import { errorCodeOf } from '../../testing/error-code';
import { BlockMemory } from './block-memory';

test('blocks do not overlap, and what lies above a mark is given again', () => {
	const blocks = new BlockMemory(new WebAssembly.Memory({ initial: 1 }));
	const first = blocks.take(3);
	const mark = blocks.mark();
	const second = blocks.take(50_000);
	expect(second).toBeGreaterThanOrEqual(first + 12);
	blocks.floats(second, 50_000).fill(1);
	expect([...blocks.floats(first, 3)]).toEqual([0, 0, 0]);
	blocks.freeAbove(mark);
	expect(blocks.take(1)).toBe(second);
});

test('a memory that cannot grow is reported as too small', () => {
	const blocks = new BlockMemory(new WebAssembly.Memory({ initial: 1, maximum: 2 }));
	expect(errorCodeOf(() => blocks.take(100_000))).toBe('projection-out-of-memory');
});
