// What an operation holds of the arena: runs of elements, addresses in them, and the matrices and scores stored there. Where
// a run starts is decided later (step-memory.ts).

import { invariant } from '../../util/errors';

/** Consecutive elements of the arena that hold one value. */
export class ArenaRun {
	/** First element; -1 until planned. */
	offset = -1;
	/** Whether its elements may already hold something else. */
	isGone = false;
	/** Whether the host fills it before the first dispatch. */
	isUploaded = false;

	constructor(readonly size: number) {}
}

/** An element of a run, `shift` from its first: given to a dispatch instead of a number that is not known yet. */
export class ArenaAddress {
	constructor(
		readonly run: ArenaRun,
		readonly shift = 0,
	) {}

	/** Element of the arena. */
	get offset(): number {
		invariant(this.run.offset >= 0, 'a value of the arena has no address yet');
		return this.run.offset + this.shift;
	}

	plus(elements: number): ArenaAddress {
		return new ArenaAddress(this.run, this.shift + elements);
	}
}

/** A matrix of the step, row-major from `address`. */
export class ArenaMatrix {
	constructor(
		readonly rows: number,
		readonly columns: number,
		readonly address: ArenaAddress,
		/** Number of the step that made it. */
		readonly step: number,
	) {}

	get size(): number {
		return this.rows * this.columns;
	}
}

/** Scores [B, heads, N, N] from `address`. */
export class ArenaScores {
	constructor(
		readonly heads: number,
		readonly size: number,
		readonly address: ArenaAddress,
		readonly step: number,
	) {}
}
