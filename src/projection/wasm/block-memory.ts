// Hands out blocks of a WebAssembly memory from the bottom up; what is freed is everything above a mark.

const pageBytes = 65536;
const alignment = 64;
/** Kept free at the bottom for the module's own data. */
const firstByte = 1024;

export class BlockMemory {
	private top = firstByte;

	constructor(readonly memory: WebAssembly.Memory) {}

	/** Byte address of `count` 32-bit numbers, not cleared. RangeError where the engine has no more memory. */
	take(count: number): number {
		const pointer = this.top;
		this.top = (pointer + count * 4 + alignment - 1) & -alignment;
		const missing = this.top - this.memory.buffer.byteLength;
		if (missing > 0) this.memory.grow(Math.ceil(missing / pageBytes));
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
