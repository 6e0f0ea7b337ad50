import { expect, test } from 'vitest';
import { Heap } from './heap';

function openHeap(maximum?: number): Heap {
	return new Heap(new WebAssembly.Memory(maximum ? { initial: 1, maximum } : { initial: 1 }), 100);
}

/** Fills a block with one byte, for recognising it. */
function mark(heap: Heap, block: { pointer: number; bytes: number }, byte: number): void {
	heap.bytes.fill(byte, block.pointer, block.pointer + block.bytes);
}

function holds(heap: Heap, block: { pointer: number; bytes: number }, byte: number): boolean {
	return heap.bytes.subarray(block.pointer, block.pointer + block.bytes).every((value) => value === byte);
}

test('blocks begin at multiples of 64 and do not overlap', () => {
	const heap = openHeap();
	const blocks = [1, 64, 65, 0, 7].map((bytes) => heap.takeStep(bytes));
	for (const [index, block] of blocks.entries()) mark(heap, block, index + 1);
	expect(blocks.every(({ pointer }) => pointer % 64 === 0)).toBe(true);
	expect(blocks.map((block, index) => holds(heap, block, index + 1))).toEqual([true, true, true, true, true]);
});

test('the same step again takes the same memory', () => {
	const heap = openHeap();
	const step = () => [3_000_000, 10, 500_000].map((bytes) => heap.takeStep(bytes).pointer);
	const first = step();
	const { byteLength } = heap.memory.buffer;
	heap.endStep();
	expect(step()).toEqual(first);
	expect(heap.memory.buffer.byteLength).toBe(byteLength);
});

test('what lasts keeps its content when it was made in the middle of a step', () => {
	const heap = openHeap();
	const before = heap.takeLasting(100);
	mark(heap, before, 1);
	heap.takeStep(1000);
	const first = heap.takeLasting(300);
	mark(heap, first, 2);
	heap.takeStep(10);
	const second = heap.takeLasting(5000);
	mark(heap, second, 3);
	heap.endStep();
	const later = heap.takeStep(100_000);
	mark(heap, later, 4);
	expect([before, first, second].map((block, index) => holds(heap, block, index + 1))).toEqual([true, true, true]);
});

test('freed room is used again', () => {
	const heap = openHeap();
	const [first, second] = [heap.takeLasting(1000), heap.takeLasting(1000)];
	heap.takeLasting(64);
	heap.free(first);
	heap.free(second);
	expect(heap.takeLasting(1500).pointer).toBe(first.pointer);
});

test('replacing a lasting block in every step does not raise the floor', () => {
	const heap = openHeap();
	let block = heap.takeLasting(4096);
	const pointers = Array.from({ length: 20 }, () => {
		heap.takeStep(64);
		heap.free(block);
		block = heap.takeLasting(4096);
		heap.endStep();
		return heap.takeStep(64).pointer;
	});
	expect(new Set(pointers).size).toBe(1);
});

test('cutting back frees what was taken since the mark', () => {
	const heap = openHeap();
	heap.takeStep(10);
	const height = heap.mark();
	const space = heap.takeStep(1000);
	heap.cutBack(height);
	expect(space.isLive).toBe(false);
	expect(heap.takeStep(10).pointer).toBe(space.pointer);
});

test('views stay good after the memory grows', () => {
	const heap = openHeap();
	const block = heap.takeStep(4);
	heap.floats[block.pointer / 4] = 1.5;
	heap.takeStep(5_000_000);
	expect(heap.floats[block.pointer / 4]).toBe(1.5);
});

test('running out of memory is an error with a remedy', () => {
	const heap = openHeap(32);
	expect(() => heap.takeStep(3_000_000)).toThrow(/expected 3 MiB of memory.*smaller batch size/);
	expect(heap.takeStep(1_000_000).isLive).toBe(true);
});
