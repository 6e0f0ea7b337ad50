// Keeps one run in the workspace while it goes on: its log, its state to go on from, its record for lists. Saves by
// time, so that a closed tab or a lost device loses at most half a minute; a state and the log up to it go together.

import type { ExperimentConfig } from '../experiment/config';
import type { TrainingEvent } from '../experiment/events';
import type { RunState } from '../experiment/run-state';
import { encodeResumeState } from '../storage/resume-state';
import { encodeLog } from '../storage/workspace/run-log';
import { logPrefix, type RunDetail, resumePart } from '../storage/workspace/run-record';
import type { Workspace } from '../storage/workspace/workspace';
import { UserError } from '../util/errors';

/** Together with the longest step or save this stays below half a minute. */
const saveIntervalMs = 20_000;
/** Epochs of a tiny corpus take milliseconds: no more saves than one in this time. */
const leastIntervalMs = 2000;

export interface RunKeeperOptions {
	workspace: Workspace;
	runId: string;
	/** For people. */
	name: string;
	config: ExperimentConfig;
	/** As it stands in the record, or as it is to begin. */
	detail: RunDetail;
	/** Milliseconds since 1970. */
	nowMs(): number;
	/** The first failure to save; later ones are not told. The run itself goes on, and saving is tried again. */
	onFailure(error: UserError): void;
}

/** Parts of the record and what the record says of them. */
export interface LateContent {
	parts: Record<string, Uint8Array>;
	change: Partial<RunDetail>;
}

export class RunKeeper {
	private detail: RunDetail;
	/** Events since the last piece of the log. */
	private waiting: TrainingEvent[] = [];
	private lastSavedMs: number;
	private hasFailed = false;
	private isStored: boolean;
	/** Makes what the next save takes along. */
	private late: (() => LateContent) | null = null;

	/** `isStored`: there is a record of the run already. */
	constructor(
		private readonly options: RunKeeperOptions,
		isStored: boolean,
	) {
		this.isStored = isStored;
		this.detail = options.detail;
		this.lastSavedMs = options.nowMs();
	}

	/** Makes the record, or takes the old one up without the named parts. */
	async begin(latePieces: readonly string[] = []): Promise<void> {
		await this.write({}, Object.fromEntries(latePieces.map((name) => [name, null])));
	}

	/** Notes an event; the last one is to be followed by `finish`. */
	add(event: TrainingEvent): void {
		this.waiting.push(event);
		this.detail = { ...this.detail, ...changeBy(event, this.detail) };
	}

	/** What is given last goes along with the next save: nothing is made of what comes before it. */
	keepWithNext(make: () => LateContent): void {
		this.late = make;
	}

	/** Whether a state is wanted now. */
	isDue(): boolean {
		return this.options.nowMs() - this.lastSavedMs >= saveIntervalMs;
	}

	/** Saves the state with the log up to it, unless the last save is so fresh that it would only cost time; `isLast`
	 *  always saves. */
	async save(state: RunState, { isLast }: { isLast: boolean }): Promise<void> {
		const nowMs = this.options.nowMs();
		if (!isLast && nowMs - this.lastSavedMs < leastIntervalMs) return;
		this.lastSavedMs = nowMs;
		const { config } = this.options;
		const { stageIndex, progress, seconds } = state.position;
		const stage = config.stages[stageIndex]?.name;
		const logEvents = this.detail.logEvents + this.waiting.length;
		const resumable = stage ? { stage, epoch: progress.epoch, savedAtMs: nowMs, logEvents } : null;
		const bytes = encodeResumeState({ config, dataHashes: this.detail.dataHashes, notes: {}, state });
		await this.write({ resumable, seconds }, { [resumePart]: bytes });
	}

	/** Writes what is left of the log. A run that has completed is not continued. */
	async finish(): Promise<void> {
		const isOver = this.detail.state === 'completed';
		await this.write(isOver ? { resumable: null } : {}, isOver ? { [resumePart]: null } : {});
	}

	private async write(change: Partial<RunDetail>, parts: Record<string, Uint8Array | null>): Promise<void> {
		const count = this.waiting.length;
		const first = this.detail.logEvents;
		const piece = count > 0 ? { [logPieceName(first)]: encodeLog(this.waiting, first) } : {};
		const { late } = this;
		const content = late?.() ?? { parts: {}, change: {} };
		const whole = { ...change, ...content.change, logEvents: first + count };
		const detail = { ...this.detail, ...whole };
		if (!(await this.attempt(() => this.put(detail, { ...parts, ...content.parts, ...piece })))) return;
		if (this.late === late) this.late = null;
		this.waiting.splice(0, count);
		this.detail = { ...this.detail, ...whole };
	}

	private async put(detail: RunDetail, parts: Record<string, Uint8Array | null>): Promise<void> {
		const { workspace, runId, name, nowMs } = this.options;
		if (this.isStored) {
			await workspace.update('run', runId, { revision: 'any', nowMs: nowMs(), detail, parts });
			return;
		}
		const there = Object.entries(parts).filter((part): part is [string, Uint8Array] => part[1] !== null);
		await workspace.create({ kind: 'run', id: runId, name, detail, parts: Object.fromEntries(there), nowMs: nowMs() });
		this.isStored = true;
	}

	/** Whether it went well; the first failure that the user can mend is told. */
	async attempt(work: () => Promise<void>): Promise<boolean> {
		try {
			await work();
			return true;
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			if (!this.hasFailed) this.options.onFailure(error);
			this.hasFailed = true;
			return false;
		}
	}
}

/** Pieces sort by name as they follow each other. */
export function logPieceName(firstPlace: number): string {
	return logPrefix + String(firstPlace).padStart(10, '0');
}

function changeBy(event: TrainingEvent, detail: RunDetail): Partial<RunDetail> {
	switch (event.kind) {
		case 'run-started':
			return { state: 'running', deviceName: event.device.label };
		case 'epoch-finished': {
			const scores = event.isBest ? event.dev?.scores : undefined;
			const best = scores
				? { devF1: scores.published.micro.f1, testF1: event.test?.scores?.published.micro.f1 ?? null }
				: {};
			return { epochCount: detail.epochCount + 1, ...best };
		}
		case 'stage-finished':
			return { stages: [...detail.stages, event.summary] };
		case 'finished':
			return { state: event.reason, stages: event.stages, seconds: event.seconds };
		default:
			return {};
	}
}
