// The order in which a step's dispatches are sent. Those that run the same program and do not need each other are
// joined into one: nothing is computed otherwise, only the number of dispatches falls. What adds to gradients and is not
// read by the step may wait until its end, where most of it can be joined, and so may be joined what lies far apart; that keeps
// values longer, so it is a choice.

import type { ArenaRun } from './arena-values';

/** One call of a program, before it is sent. */
export interface Job {
	pipeline: GPUComputePipeline;
	/** Whether it may share a dispatch with others of its program. */
	isJoinable: boolean;
	/** Index of its number block. */
	slot: number;
	/** Segment of the parameters that it sees. */
	segment: number;
	/** Workgroups. */
	groups: number;
	/** Rough number of multiply-adds. */
	work: number;
	uses: readonly RunUse[];
	/** Elements of the layout to whose gradients it adds. */
	adds: readonly number[];
	/** A run that may take over the elements of another, which this job reads and writes element by element. */
	takeover: { from: ArenaRun; to: ArenaRun } | null;
}

interface RunUse {
	run: ArenaRun;
	isWritten: boolean;
}

/** How far ahead jobs are joined in an order that keeps little: from further on, what a layer computes again in the backward pass
 *  would be there long before it is needed. */
const nearby = 48;

/** Most jobs of one dispatch. */
export const maxJoined = 8;

export interface ScheduleOptions {
	/** Whether jobs that only add to gradients wait until the end, and jobs are joined from anywhere; else only from nearby. */
	defers: boolean;
	/** Most multiply-adds of a joined dispatch. */
	maxWork: number;
}

/** Groups of jobs, each one dispatch, in an order that gives every job what it would have had in the given one. */
export function scheduleJobs(jobs: readonly Job[], { defers, maxWork }: ScheduleOptions): Job[][] {
	const needs = jobs.map((job, index) => neededBefore(jobs, job, index));
	const isDone = jobs.map(() => false);
	const isReady = (index: number) => !isDone[index] && needs[index].every((other) => isDone[other]);
	const groups: Job[][] = [];
	for (let count = 0; count < jobs.length; ) {
		const first = nextJob(jobs, isReady, defers);
		const group = [first];
		let work = jobs[first].work;
		const end = defers ? jobs.length : Math.min(jobs.length, first + nearby);
		for (let index = first + 1; index < end && group.length < maxJoined; index++) {
			const isAlike = jobs[index].pipeline === jobs[first].pipeline && jobs[index].segment === jobs[first].segment;
			const fits = isAlike && work + jobs[index].work <= maxWork;
			if (!fits || !jobs[first].isJoinable || !jobs[index].isJoinable || !isReady(index)) continue;
			group.push(index);
			work += jobs[index].work;
		}
		for (const index of group) isDone[index] = true;
		count += group.length;
		groups.push(group.map((index) => jobs[index]));
	}
	return groups;
}

/** The first job that may run now; of those that may wait, only when there is no other. */
function nextJob(jobs: readonly Job[], isReady: (index: number) => boolean, defers: boolean): number {
	let waiting = -1;
	for (let index = 0; index < jobs.length; index++) {
		if (!isReady(index)) continue;
		if (!defers || jobs[index].uses.some(({ isWritten }) => isWritten)) return index;
		if (waiting < 0) waiting = index;
	}
	return waiting;
}

function neededBefore(jobs: readonly Job[], job: Job, end: number): number[] {
	const needed: number[] = [];
	for (let index = 0; index < end; index++) if (isOrdered(jobs[index], job)) needed.push(index);
	return needed;
}

/** Whether two jobs must keep their order: one writes what the other uses, or both add to the same gradients. */
function isOrdered(left: Job, right: Job): boolean {
	for (const one of left.uses)
		for (const other of right.uses) if (one.run === other.run && (one.isWritten || other.isWritten)) return true;
	return left.adds.some((address) => right.adds.includes(address));
}
