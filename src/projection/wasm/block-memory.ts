// Hands out blocks of a WebAssembly memory from the bottom up; what is freed is everything above a mark.

import { UserError } from '../../util/errors';

const pageBytes = 65536;
const alignment = 64;
/** Kept free at the bottom for the module's own data. */
const firstByte = 1024;

/** Makes a memory at least so long. UserError `projection-out-of-memory` where the engine gives no more. */
export function growTo(memory: WebAssembly.Memory, bytes: number): void {
	const missing = bytes - memory.buffer.byteLength;
	if (missing <= 0) return;
	try {
		memory.grow(Math.ceil(missing / pageBytes));
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		throw new UserError({
			code: 'projection-out-of-memory',
			expected: `${Math.ceil(bytes / 2 ** 20)} MiB of memory for the map`,
			found: 'less',
			remedy: 'Show fewer points, or close other tabs.',
		});
	}
}

export class BlockMemory {
	private top = firstByte;

	constructor(readonly memory: WebAssembly.Memory) {}

	/** Byte address of `count` 32-bit numbers, not cleared. UserError as `growTo` has it. */
	take(count: number): number {
		const pointer = this.top;
		this.top = (pointer + count * 4 + alignment - 1) & -alignment;
		growTo(this.memory, this.top);
		return pointer;
	}

	mark(): number {
		return this.top;
	}

	freeAbove(mark: number): void {
		this.top = mark;
	}

	/** Views die when memory grows: ask again after `take`. */
	floats(pointer: number, count: number): Float32Array {
		return new Float32Array(this.memory.buffer, pointer, count);
	}

	integers(pointer: number, count: number): Int32Array {
		return new Int32Array(this.memory.buffer, pointer, count);
	}
}
