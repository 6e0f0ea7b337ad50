// Where the values of one step are in the arena. A value gets a run of elements without an offset at first; when the order
// of the dispatches that use it is known, `plan` gives all new runs their offsets, and runs that are never needed at the
// same time share elements. Equal steps get equal offsets.

import { ArenaAddress, ArenaRun } from './arena-values';
import type { Job } from './schedule';

/** Offsets of runs, and the element after the last. */
export interface ArenaPlan {
	offsets: ReadonlyMap<ArenaRun, number>;
	end: number;
}

/** Runs begin at multiples of so many elements. */
const alignment = 64;

export class StepMemory {
	/** Elements that hold planned runs. */
	private planned = 0;
	private unplanned: ArenaRun[] = [];
	/** Planned runs that may still be used. */
	private living: ArenaRun[] = [];

	take(elements: number): ArenaAddress {
		const run = new ArenaRun(Math.ceil(Math.max(1, elements) / alignment) * alignment);
		this.unplanned.push(run);
		return new ArenaAddress(run);
	}

	/** Elements that the arena must have. */
	get plannedElements(): number {
		return this.planned;
	}

	get isEmpty(): boolean {
		return this.planned === 0 && this.unplanned.length === 0;
	}

	/**
	 * Offsets for the new runs when the dispatches come in this order. Runs in `kept` (all when null) stay until the end of
	 * the step; the others only until the last dispatch that uses them.
	 */
	plan(dispatches: readonly (readonly Job[])[], kept: ReadonlySet<ArenaRun> | null): ArenaPlan {
		const lives = livesOf(this.unplanned, dispatches, kept);
		return layOut(kept === null ? lives : withTakeovers(lives, dispatches), this.planned);
	}

	/** Applies a plan: runs that are not in `kept` may not be used again. */
	adopt({ offsets, end }: ArenaPlan, kept: ReadonlySet<ArenaRun> | null): void {
		for (const [run, offset] of offsets) run.offset = offset;
		this.planned = end;
		this.living.push(...this.unplanned);
		this.unplanned = [];
		if (kept === null) return;
		for (const run of this.living) run.isGone = !kept.has(run);
		this.living = this.living.filter(({ isGone }) => !isGone);
	}

	/** Forgets the runs that have no offset yet. */
	dropNew(): void {
		this.unplanned = [];
	}

	reset(): void {
		this.planned = 0;
		this.unplanned = [];
		this.living = [];
	}
}

/** Runs that share their elements one after another, from the first dispatch that uses them to the last. */
interface Life {
	runs: ArenaRun[];
	size: number;
	first: number;
	last: number;
}

function livesOf(
	runs: readonly ArenaRun[],
	dispatches: readonly (readonly Job[])[],
	kept: ReadonlySet<ArenaRun> | null,
): Map<ArenaRun, Life> {
	const lives = new Map<ArenaRun, Life>();
	for (const run of runs) {
		const isKept = kept === null || kept.has(run);
		lives.set(run, {
			runs: [run],
			size: run.size,
			first: run.isUploaded ? -1 : Number.POSITIVE_INFINITY,
			last: isKept ? Number.POSITIVE_INFINITY : -1,
		});
	}
	dispatches.forEach((jobs, dispatch) => {
		for (const { uses } of jobs)
			for (const { run } of uses) {
				const life = lives.get(run);
				if (!life) continue;
				life.first = Math.min(life.first, dispatch);
				life.last = Math.max(life.last, dispatch);
			}
	});
	return lives;
}

/** Joins the life of a value with that of the one which may take over its elements, where nothing else reads it then or later. */
function withTakeovers(
	lives: Map<ArenaRun, Life>,
	dispatches: readonly (readonly Job[])[],
): ReadonlyMap<ArenaRun, Life> {
	dispatches.forEach((jobs, dispatch) => {
		for (const job of jobs) {
			if (!job.takeover) continue;
			const [from, to] = [lives.get(job.takeover.from), lives.get(job.takeover.to)];
			const isAlone = jobs.every((other) => other === job || other.uses.every(({ run }) => run !== job.takeover?.from));
			if (!from || !to || !isAlone || from.size !== to.size) continue;
			if (from.last !== dispatch || to.first !== dispatch) continue;
			from.last = to.last;
			for (const run of to.runs) {
				from.runs.push(run);
				lives.set(run, from);
			}
		}
	});
	return lives;
}

/** Places lives from element `base` on, the largest first, each in the smallest gap that is free for as long as it lasts. */
function layOut(lives: ReadonlyMap<ArenaRun, Life>, base: number): ArenaPlan {
	const offsets = new Map<ArenaRun, number>();
	const placed: { life: Life; offset: number }[] = []; // in rising order of offset
	let end = base;
	for (const life of [...new Set(lives.values())].sort((left, right) => right.size - left.size)) {
		const offset = bestOffset(life, placed, base);
		const next = placed.findIndex((other) => other.offset > offset);
		placed.splice(next < 0 ? placed.length : next, 0, { life, offset });
		for (const run of life.runs) offsets.set(run, offset);
		end = Math.max(end, offset + life.size);
	}
	return { offsets, end };
}

function bestOffset(life: Life, placed: readonly { life: Life; offset: number }[], base: number): number {
	let [end, best, bestGap] = [base, -1, Number.POSITIVE_INFINITY];
	for (const { life: other, offset } of placed) {
		if (other.first > life.last || other.last < life.first) continue;
		const gap = offset - end;
		if (gap >= life.size && gap < bestGap) [best, bestGap] = [end, gap];
		end = Math.max(end, offset + other.size);
	}
	return best >= 0 ? best : end;
}
