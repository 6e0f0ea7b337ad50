// Where the values of one step lie in the arena. A value gets a run of elements without a place at first; when the
// dispatches that use it are known, `plan` gives all new runs their places, and runs that are never needed at the same
// time share elements. Equal steps get equal places.

import { invariant } from '../../../util/errors';

/** Consecutive elements of the arena that hold one value. */
export class ArenaRun {
	/** First element; -1 until planned. */
	offset = -1;
	/** First and last dispatch that use it, by their place in the queue. */
	firstUse = Number.POSITIVE_INFINITY;
	lastUse = -1;
	/** Whether its elements may already hold something else. */
	isGone = false;

	constructor(readonly size: number) {}

	usedAt(dispatch: number): void {
		this.firstUse = Math.min(this.firstUse, dispatch);
		this.lastUse = Math.max(this.lastUse, dispatch);
	}
}

/** An element of a run, `shift` from its first: what a dispatch is told in place of a number that is not known yet. */
export class Place {
	constructor(
		readonly run: ArenaRun,
		readonly shift = 0,
	) {}

	/** Element of the arena. */
	get offset(): number {
		invariant(this.run.offset >= 0, 'a value of the arena is asked for its place before it has one');
		return this.run.offset + this.shift;
	}

	plus(elements: number): Place {
		return new Place(this.run, this.shift + elements);
	}
}

/** A matrix of the step, row-major from `place`. */
export class ArenaMatrix {
	constructor(
		readonly rows: number,
		readonly columns: number,
		readonly place: Place,
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
		readonly place: Place,
		readonly step: number,
	) {}
}

/** Runs begin at multiples of so many elements. */
const alignment = 64;

export class StepMemory {
	/** Elements that hold planned runs. */
	private planned = 0;
	private unplanned: ArenaRun[] = [];
	/** Planned runs that may still be used. */
	private living: ArenaRun[] = [];

	take(elements: number): Place {
		const run = new ArenaRun(Math.ceil(Math.max(1, elements) / alignment) * alignment);
		this.unplanned.push(run);
		return new Place(run);
	}

	/** Elements that the arena must have. */
	get plannedElements(): number {
		return this.planned;
	}

	get isEmpty(): boolean {
		return this.planned === 0 && this.unplanned.length === 0;
	}

	/**
	 * Gives the new runs their places. Those in `kept` (all when null) stay until the end of the step; the others only
	 * until the last dispatch so far that uses them, and may not be used again.
	 */
	plan(kept: ReadonlySet<ArenaRun> | null): void {
		for (const run of this.unplanned) if (kept === null || kept.has(run)) run.lastUse = Number.POSITIVE_INFINITY;
		this.planned = layOutRuns(this.unplanned, this.planned);
		this.living.push(...this.unplanned);
		this.unplanned = [];
		if (kept === null) return;
		for (const run of this.living) run.isGone = !kept.has(run);
		this.living = this.living.filter(({ isGone }) => !isGone);
	}

	reset(): void {
		this.planned = 0;
		this.unplanned = [];
		this.living = [];
	}
}

/**
 * Places runs from element `base` on, the largest first, each in the smallest gap that is free for as long as it lives.
 * Returns the end of the last.
 */
function layOutRuns(runs: readonly ArenaRun[], base: number): number {
	const placed: ArenaRun[] = []; // in rising order of offset
	let top = base;
	for (const run of runs.toSorted((left, right) => right.size - left.size)) {
		run.offset = bestOffset(run, placed, base);
		const next = placed.findIndex(({ offset }) => offset > run.offset);
		placed.splice(next < 0 ? placed.length : next, 0, run);
		top = Math.max(top, run.offset + run.size);
	}
	return top;
}

function bestOffset(run: ArenaRun, placed: readonly ArenaRun[], base: number): number {
	let [end, best, bestGap] = [base, -1, Number.POSITIVE_INFINITY];
	for (const other of placed) {
		if (other.firstUse > run.lastUse || other.lastUse < run.firstUse) continue;
		const gap = other.offset - end;
		if (gap >= run.size && gap < bestGap) [best, bestGap] = [end, gap];
		end = Math.max(end, other.offset + other.size);
	}
	return best >= 0 ? best : end;
}
