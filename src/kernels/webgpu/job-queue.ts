// The calls of programs that were asked for and not yet sent, with their number blocks, and their arrangement into
// dispatches.

import { invariant } from '../../util/errors';
import { ArenaAddress } from './arena-values';
import { ParameterAddress } from './parameter-segments';
import { canJoin, defaultGroupSize, headerWords, type ProgramText, slotWords } from './program';
import { type Job, type ScheduleOptions, scheduleJobs } from './schedule';
import { maxDispatchWork } from './submit-pace';

/** One dispatch with everything the host knows about it. */
export interface Command {
	pipeline: GPUComputePipeline;
	/** Index of its number block. */
	slot: number;
	/** Segment of the parameters that it sees. */
	segment: number;
	groupsX: number;
	groupsY: number;
	/** Rough number of multiply-adds. */
	work: number;
}

/** What a program's number may be given as. */
export type Word = number | ArenaAddress | ParameterAddress;

export interface RunCall {
	/** Threads ('elements') or workgroups ('groups'). */
	count: number;
	words: Readonly<Record<string, Word>>;
	/** Rough number of multiply-adds, for cutting long submissions; the count when not given. */
	work?: number;
	/** Segment of the parameters that it is to see, where no word says it. */
	segment?: number;
}

/** A dimension of a dispatch may have 65,535 workgroups; more go into a second dimension. */
const maxGroupsX = 32768;

export class JobQueue {
	private jobs: Job[] = [];
	private block = new Int32Array(128 * slotWords);
	private blockFloats = new Float32Array(this.block.buffer);
	private slots = 0;
	/** Words of the block whose addresses were not known when they were written. */
	private pending: { word: number; address: ArenaAddress }[] = [];

	/** Adds a call to the queue, in parts where it alone would make too long a submission. */
	add(text: ProgramText, pipeline: GPUComputePipeline, { count, words, work = count, segment }: RunCall): void {
		if (count === 0) return;
		const groups = text.threads === 'elements' ? Math.ceil(count / (text.groupSize ?? defaultGroupSize)) : count;
		const parts = Math.min(groups, Math.max(1, Math.ceil(work / maxDispatchWork)));
		const facts = {
			uses: usesOf(text, words),
			adds: addsOf(text, words),
			takeover: takeoverOf(text, words),
			segment: segment ?? segmentOf(text, words),
		};
		const isJoinable = parts === 1 && canJoin(text);
		for (let part = 0; part < parts; part++) {
			const first = Math.floor((part * groups) / parts);
			const end = Math.floor(((part + 1) * groups) / parts);
			const slot = this.fillSlot(text, [0, 1, first, end, count], words);
			this.jobs.push({ pipeline, isJoinable, slot, groups: end - first, work: work / parts, ...facts });
		}
	}

	private fillSlot(text: ProgramText, header: readonly number[], words: RunCall['words']): number {
		const slot = this.slots++;
		if (this.slots * slotWords > this.block.length) {
			const longer = new Int32Array(2 * this.block.length);
			longer.set(this.block);
			this.block = longer;
			this.blockFloats = new Float32Array(longer.buffer);
		}
		const start = slot * slotWords;
		this.block.fill(0, start, start + slotWords);
		this.block.set(header, start);
		text.words.forEach((word, index) => {
			const value = words[word];
			const at = start + headerWords + index;
			if (value instanceof ArenaAddress) {
				this.pending.push({ word: at, address: value });
				return;
			}
			if (value instanceof ParameterAddress) {
				this.block[at] = value.local;
				return;
			}
			invariant(Number.isFinite(value), `program ${text.name}: no number ${word}`);
			if (word.endsWith('Float')) this.blockFloats[at] = value;
			else this.block[at] = value;
		});
		return slot;
	}

	/** The queued calls, joined into dispatches in a good order. */
	schedule(options: Pick<ScheduleOptions, 'defers'>): Job[][] {
		return scheduleJobs(this.jobs, { ...options, maxWork: maxDispatchWork });
	}

	/** Takes the queue as dispatches with their number blocks, to be sent as often as wanted. All addresses are known by now. */
	takeCommands(dispatches: readonly (readonly Job[])[]): { commands: Command[]; block: Int32Array } {
		for (const { word, address } of this.pending) this.block[word] = address.offset;
		const block = new Int32Array(this.slots * slotWords);
		let slot = 0;
		const commands = dispatches.map((jobs): Command => {
			const first = slot;
			let groups = 0;
			for (const job of jobs) {
				const start = slot++ * slotWords;
				block.set(this.block.subarray(job.slot * slotWords, (job.slot + 1) * slotWords), start);
				block[start] = groups;
				groups += job.groups;
			}
			block[first * slotWords + 1] = jobs.length;
			const groupsX = Math.min(groups, maxGroupsX);
			const work = jobs.reduce((sum, job) => sum + job.work, 0);
			const [{ pipeline, segment }] = jobs;
			return { pipeline, slot: first, segment, groupsX, groupsY: Math.ceil(groups / groupsX), work };
		});
		this.dropCommands();
		return { commands, block };
	}

	/** Forgets the queue. */
	dropCommands(): void {
		this.jobs = [];
		this.pending = [];
		this.slots = 0;
	}
}

function usesOf({ words, writes = ['out'] }: ProgramText, values: RunCall['words']): Job['uses'] {
	return words.flatMap((word) => {
		const value = values[word];
		return value instanceof ArenaAddress ? [{ run: value.run, isWritten: writes.includes(word) }] : [];
	});
}

function addsOf({ adds = [] }: ProgramText, values: RunCall['words']): number[] {
	return adds.flatMap((word) => {
		const value = values[word];
		return value instanceof ParameterAddress ? [value.flat] : [];
	});
}

function segmentOf({ name, words }: ProgramText, values: RunCall['words']): number {
	let segment: number | null = null;
	for (const word of words) {
		const value = values[word];
		if (!(value instanceof ParameterAddress)) continue;
		invariant(segment === null || segment === value.segment, `program ${name}: parameters of two segments`);
		segment = value.segment;
	}
	return segment ?? 0;
}

function takeoverOf({ replaces }: ProgramText, values: RunCall['words']): Job['takeover'] {
	const [from, to] = [replaces === undefined ? undefined : values[replaces], values.out];
	const isWhole = from instanceof ArenaAddress && to instanceof ArenaAddress && from.shift === 0 && to.shift === 0;
	return isWhole ? { from: from.run, to: to.run } : null;
}
