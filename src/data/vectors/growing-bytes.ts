// Bytes that are only ever appended, in blocks, so that growing copies nothing.

const blockBytes = 1 << 20;

export class GrowingBytes {
	private readonly full: Uint8Array[] = [];
	private block = new Uint8Array(blockBytes);
	private filled = 0;
	private length = 0;

	/** Appends bytes [start, end) and a line break. */
	appendLine(bytes: Uint8Array, start: number, end: number): void {
		const size = end - start + 1;
		if (this.filled + size > this.block.length) this.openBlock(size);
		if (size < 32) for (let at = start; at < end; at++) this.block[this.filled++] = bytes[at];
		else {
			this.block.set(bytes.subarray(start, end), this.filled);
			this.filled += end - start;
		}
		this.block[this.filled++] = 10;
		this.length += size;
	}

	/** All of them; this is empty afterwards. */
	take(): Uint8Array {
		const all = new Uint8Array(this.length);
		this.full.push(this.block.subarray(0, this.filled));
		this.length = 0;
		this.block = new Uint8Array(0);
		this.filled = 0;
		for (let at = 0; this.full.length > 0; ) {
			const block = this.full.shift() as Uint8Array;
			all.set(block, at);
			at += block.length;
		}
		return all;
	}

	private openBlock(atLeast: number): void {
		this.full.push(this.block.subarray(0, this.filled));
		this.block = new Uint8Array(Math.max(blockBytes, atLeast));
		this.filled = 0;
	}
}
