// The device's memory in one WebAssembly.Memory: what lasts (parameters, constants) at the bottom, what a step makes
// above it, taken off the top like a stack and given back all at once. So a step can never fragment it. What is made
// to last while a step's blocks are above it moves down when the step ends. Memory grows when needed and never shrinks.

import { invariant, UserError } from '../../util/errors';

const alignment = 64;
const pageBytes = 65536;
const growthPages = 16;
const mebibyte = 1048576;

/** A run of bytes. `pointer` changes only when a lasting block moves at the end of a step. */
export interface Block {
	pointer: number;
	readonly bytes: number;
	isLive: boolean;
}

export class Heap {
	/** Where lasting blocks end and a step's blocks begin. */
	private floor: number;
	private top: number;
	/** The highest that `top` has been. */
	private peak: number;
	private readonly lasting = new Set<Block>();
	/** Lasting blocks made during a step, lying among the step's own. */
	private pending: Block[] = [];
	private step: Block[] = [];
	/** Runs of free bytes below the floor. */
	private holes: { pointer: number; bytes: number }[] = [];
	private views = viewsOf(new ArrayBuffer(0));

	constructor(
		readonly memory: WebAssembly.Memory,
		start: number,
	) {
		this.floor = align(start);
		this.top = this.floor;
		this.peak = this.top;
		this.reach(this.top);
	}

	/** Most bytes in use at once so far: what the memory would have to hold if it grew by single bytes. */
	get peakBytes(): number {
		return this.peak;
	}

	get floats(): Float32Array {
		return this.current().floats;
	}

	get integers(): Int32Array {
		return this.current().integers;
	}

	get bytes(): Uint8Array {
		return this.current().bytes;
	}

	/** A block that lives until `endStep`. Its content is anything. */
	takeStep(bytes: number): Block {
		const block = this.push(bytes);
		this.step.push(block);
		return block;
	}

	/** A block that lives until `free`. Its content is anything. */
	takeLasting(bytes: number): Block {
		const isAtFloor = this.top === this.floor;
		const hole = this.fill(align(bytes));
		const block = hole === null ? this.push(bytes) : { pointer: hole, bytes, isLive: true };
		if (hole === null && isAtFloor) this.floor = this.top;
		else if (hole === null) this.pending.push(block);
		this.lasting.add(block);
		return block;
	}

	free(block: Block): void {
		invariant(this.lasting.delete(block), 'a block is freed twice');
		block.isLive = false;
		const pendingIndex = this.pending.indexOf(block);
		if (pendingIndex >= 0) this.pending.splice(pendingIndex, 1);
		else this.leaveHole(block.pointer, align(block.bytes));
	}

	/** A height of the stack, for `cutBack`. */
	mark(): number {
		return this.step.length;
	}

	/** Frees the step's blocks made since `mark`. */
	cutBack(mark: number): void {
		if (this.step.length === mark) return;
		const { pointer } = this.step[mark];
		invariant(
			this.pending.every((block) => block.pointer < pointer),
			'working space is freed below a lasting block',
		);
		this.top = pointer;
		for (const block of this.step.splice(mark)) block.isLive = false;
	}

	/** Frees the step's blocks and settles what was made to last meanwhile. */
	endStep(): void {
		for (const block of this.step) block.isLive = false;
		this.step = [];
		// Upwards, so that no move overwrites a block that is still to move.
		for (const block of this.pending) {
			this.bytes.copyWithin(this.floor, block.pointer, block.pointer + block.bytes);
			block.pointer = this.floor;
			this.floor += align(block.bytes);
		}
		this.pending = [];
		this.top = this.floor;
	}

	/** Live blocks and their bytes. */
	count(): { allocations: number; bytes: number } {
		const blocks = [...this.lasting, ...this.step];
		return { allocations: blocks.length, bytes: blocks.reduce((sum, block) => sum + block.bytes, 0) };
	}

	private push(bytes: number): Block {
		const end = this.top + align(bytes);
		this.reach(end);
		const block = { pointer: this.top, bytes, isLive: true };
		this.top = end;
		this.peak = Math.max(this.peak, end);
		return block;
	}

	/** The first hole that fits, or null. */
	private fill(bytes: number): number | null {
		const index = this.holes.findIndex((hole) => hole.bytes >= bytes);
		if (index < 0) return null;
		const hole = this.holes[index];
		const { pointer } = hole;
		hole.pointer += bytes;
		hole.bytes -= bytes;
		if (hole.bytes === 0) this.holes.splice(index, 1);
		return pointer;
	}

	/** Adds a hole, joins neighbours, and lowers the floor when the last hole touches it and no step is open. */
	private leaveHole(pointer: number, bytes: number): void {
		this.holes.push({ pointer, bytes });
		this.holes.sort((left, right) => left.pointer - right.pointer);
		this.holes = this.holes.reduce<typeof this.holes>((joined, hole) => {
			const last = joined.at(-1);
			if (last && last.pointer + last.bytes === hole.pointer) last.bytes += hole.bytes;
			else joined.push({ ...hole });
			return joined;
		}, []);
		const last = this.holes.at(-1);
		if (last && this.top === this.floor && last.pointer + last.bytes === this.floor) {
			this.holes.pop();
			this.floor = last.pointer;
			this.top = last.pointer;
		}
	}

	/** Grows the memory to hold `end` bytes, by whole mebibytes where there is room. */
	private reach(end: number): void {
		const missing = Math.ceil((end - this.memory.buffer.byteLength) / pageBytes);
		if (missing <= 0) return;
		const rounded = Math.ceil(missing / growthPages) * growthPages;
		if (!this.grow(rounded) && !this.grow(missing)) {
			const held = Math.round(this.memory.buffer.byteLength / mebibyte);
			throw new UserError({
				code: 'wasm-out-of-memory',
				expected: `${Math.ceil(end / mebibyte)} MiB of memory`,
				found: `no more than the ${held} MiB already in use`,
				remedy:
					'Use a smaller batch size or model, have BERT recomputed (bert.recompute), shorten long sentences, or close other tabs.',
			});
		}
	}

	private grow(pages: number): boolean {
		try {
			this.memory.grow(pages);
			return true;
		} catch {
			return false; // the only reason to fail is the limit, of the memory or of the machine
		}
	}

	/** The views, made again after each growth, which detaches the old ones. */
	private current(): ReturnType<typeof viewsOf> {
		if (this.views.bytes.buffer !== this.memory.buffer) this.views = viewsOf(this.memory.buffer);
		return this.views;
	}
}

function viewsOf(buffer: ArrayBuffer) {
	return { floats: new Float32Array(buffer), integers: new Int32Array(buffer), bytes: new Uint8Array(buffer) };
}

function align(bytes: number): number {
	return Math.ceil(bytes / alignment) * alignment;
}
