// What an operation holds of the arena: runs of elements, places in them, and the matrices and scores that lie there. Where
// a run lies is decided later (step-memory.ts).

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

/** An element of a run, `shift` from its first: what a dispatch is told in place of a number that is not known yet. */
export class ArenaAddress {
	constructor(
		readonly run: ArenaRun,
		readonly shift = 0,
	) {}

	/** Element of the arena. */
	get offset(): number {
		invariant(this.run.offset >= 0, 'a value of the arena is asked for its place before it has one');
		return this.run.offset + this.shift;
	}

	plus(elements: number): ArenaAddress {
		return new ArenaAddress(this.run, this.shift + elements);
	}
}

/** A matrix of the step, row-major from `place`. */
export class ArenaMatrix {
	constructor(
		readonly rows: number,
		readonly columns: number,
		readonly place: ArenaAddress,
		/** Number of the step that made it. */
		readonly step: number,
	) {}

	get size(): number {
		return this.rows * this.columns;
	}
}

/** Scores [B, heads, N, N] from `place`. */
export class ArenaScores {
	constructor(
		readonly heads: number,
		readonly size: number,
		readonly place: ArenaAddress,
		readonly step: number,
	) {}
}
