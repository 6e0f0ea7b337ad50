// Scheduling and placing, proved by carrying out random programs in plain JavaScript: in the order given with all values
// apart, and as scheduled in the shared arena.

import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../util/random';
import type { ArenaRun } from './arena-values';
import { type Job, maxJoined, type ScheduleOptions, scheduleJobs } from './schedule';
import { type ArenaPlan, StepMemory } from './step-memory';

const size = 64;
const pipelines = ['sum', 'double', 'gather'].map((label) => ({ label }) as GPUComputePipeline);

interface Call {
	job: Job;
	inputs: ArenaRun[];
	/** Null for a call that adds to the gradients alone. */
	output: ArenaRun | null;
	gradient: number;
}

/** Calls whose inputs were made by earlier ones; every third or so adds to one of a few gradients instead of writing. */
function randomCalls(seed: number, memory: StepMemory): Call[] {
	const stream = new RandomStream(seed);
	const made = [memory.take(size).run];
	made[0].isUploaded = true;
	return Array.from({ length: 40 }, (_, slot): Call => {
		const inputs = Array.from({ length: 1 + stream.below(2) }, () => made[stream.below(made.length)]);
		const isSink = stream.below(3) === 0;
		const output = isSink ? null : memory.take(size).run;
		const uses = inputs.map((run) => ({ run, isWritten: false }));
		if (output) made.push(output);
		const gradient = stream.below(3);
		const job: Job = {
			pipeline: pipelines[isSink ? 0 : 1 + stream.below(2)],
			...{ isJoinable: true, slot, segment: 0, groups: 1, work: 1, adds: isSink ? [gradient] : [] },
			uses: output ? [...uses, { run: output, isWritten: true }] : uses,
			takeover: output && stream.below(2) === 0 ? { from: inputs[0], to: output } : null,
		};
		return { job, inputs, output, gradient };
	});
}

/** Each call in turn: output = slot + sum of the inputs, or gradient = 3 * gradient + that sum, so that order shows. */
function carryOut(
	calls: readonly Call[],
	read: (run: ArenaRun) => number,
	store: (run: ArenaRun, value: number) => void,
) {
	const gradients = [0, 0, 0];
	for (const { inputs, output, job, gradient } of calls) {
		const value = inputs.reduce((sum, run) => sum + read(run), job.slot) % 10007;
		if (output) store(output, value);
		else gradients[gradient] = (3 * gradients[gradient] + value) % 10007;
	}
	return gradients;
}

function carryOutApart(calls: readonly Call[]) {
	const values = new Map<ArenaRun, number>();
	const gradients = carryOut(
		calls,
		(run) => values.get(run) ?? 1,
		(run, value) => values.set(run, value),
	);
	return { gradients, read: (run: ArenaRun) => values.get(run) ?? 1 };
}

/** In the arena; calls of one dispatch all read before any writes, and must not see each other. */
function carryOutPlanned(calls: readonly Call[], dispatches: readonly (readonly Job[])[], { offsets }: ArenaPlan) {
	const arena = new Map<number, number>([...offsets].filter(([run]) => run.isUploaded).map(([, at]) => [at, 1]));
	const at = (run: ArenaRun) => offsets.get(run) as number;
	const ordered = dispatches.flat().map(({ slot }) => calls[slot]);
	const gradients = carryOut(
		ordered,
		(run) => arena.get(at(run)) as number,
		(run, value) => arena.set(at(run), value),
	);
	return { gradients, read: (run: ArenaRun) => arena.get(at(run)) as number };
}

function arrange(calls: readonly Call[], memory: StepMemory, options: ScheduleOptions, kept: ReadonlySet<ArenaRun>) {
	const dispatches = scheduleJobs(
		calls.map(({ job }) => job),
		options,
	);
	return { dispatches, plan: memory.plan(dispatches, kept) };
}

describe('scheduled and placed calls', () => {
	test.each([false, true])('compute what they compute one by one with values apart (deferring: %s)', (defers) => {
		for (let seed = 1; seed <= 60; seed++) {
			const memory = new StepMemory();
			const calls = randomCalls(seed, memory);
			const outputs = calls.flatMap(({ output }) => output ?? []).slice(-2);
			const { dispatches, plan } = arrange(calls, memory, { defers, maxWork: 100 }, new Set(outputs));
			const [expected, given] = [carryOutApart(calls), carryOutPlanned(calls, dispatches, plan)];
			expect(given.gradients).toEqual(expected.gradients);
			expect(outputs.map(given.read)).toEqual(outputs.map(expected.read));
			expect(dispatches.flat()).toHaveLength(calls.length);
		}
	});

	test('never share elements within a dispatch', () => {
		for (let seed = 1; seed <= 30; seed++) {
			const memory = new StepMemory();
			const calls = randomCalls(seed, memory);
			const { dispatches, plan } = arrange(calls, memory, { defers: true, maxWork: 100 }, new Set());
			for (const jobs of dispatches) {
				const addressesOf = (job: Job, isWritten: boolean) =>
					job.uses.filter((use) => use.isWritten === isWritten).map(({ run }) => plan.offsets.get(run));
				const written = new Set(jobs.flatMap((job) => addressesOf(job, true)));
				expect(written.size).toBe(jobs.flatMap((job) => addressesOf(job, true)).length);
				for (const job of jobs) {
					const others = new Set(jobs.filter((other) => other !== job).flatMap((other) => addressesOf(other, true)));
					expect(addressesOf(job, false).filter((address) => others.has(address))).toEqual([]);
				}
			}
		}
	});

	test('take fewer dispatches and fewer elements', () => {
		const memory = new StepMemory();
		const calls = randomCalls(5, memory);
		const { dispatches, plan } = arrange(calls, memory, { defers: true, maxWork: 100 }, new Set());
		expect(dispatches.length).toBeLessThan(calls.length * 0.7);
		expect(plan.end).toBeLessThan(calls.filter(({ output }) => output).length * size * 0.8);
	});

	test('are joined up to the work and the number that one dispatch may have', () => {
		const calls = Array.from({ length: 20 }, (_, slot): Job => {
			return {
				pipeline: pipelines[0],
				isJoinable: true,
				slot,
				segment: 0,
				groups: 1,
				work: 1,
				uses: [],
				adds: [],
				takeover: null,
			};
		});
		const sizes = (maxWork: number) => scheduleJobs(calls, { defers: false, maxWork }).map((jobs) => jobs.length);
		expect(Math.max(...sizes(100))).toBe(maxJoined);
		expect(sizes(3)).toEqual([3, 3, 3, 3, 3, 3, 2]);
	});
});
