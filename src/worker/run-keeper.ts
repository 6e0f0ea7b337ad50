// Keeps one run in the workspace while it trains: its log, its state to resume from, its record for lists. Saves by time,
// so that a closed tab or a lost device loses at most half a minute; a state and the log up to it are saved together.

import type { ExperimentConfig } from '../experiment/config';
import type { TrainingEvent } from '../experiment/events';
import { failureEvent } from '../experiment/run-failure';
import type { RunState } from '../experiment/run-state';
import { minSaveIntervalMs, SaveClock, type SavePoint } from '../experiment/save-clock';
import { encodeResumeState } from '../storage/resume-state';
import { encodeLog } from '../storage/workspace/run-log';
import { logPrefix, modelInputPart, type RunDetail, resumePart } from '../storage/workspace/run-record';
import type { Workspace } from '../storage/workspace/workspace';
import { UserError } from '../util/errors';

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
	private readonly clock: SaveClock;
	private seconds = 0;
	private hasFailed = false;
	private isStored: boolean;
	private hasBegun = false;
	private isTakenOver = false;
	/** Makes what the next save takes along. */
	private late: (() => LateContent) | null = null;

	/** `isStored`: there is a record of the run already. */
	constructor(
		private readonly options: RunKeeperOptions,
		isStored: boolean,
	) {
		this.isStored = isStored;
		this.detail = options.detail;
		this.clock = new SaveClock(options.nowMs);
	}

	/** Makes the record, or takes the old one up without the named parts; either way with the given ones. */
	async begin(latePieces: readonly string[] = [], parts: Record<string, Uint8Array> = {}): Promise<void> {
		await this.write({}, { ...Object.fromEntries(latePieces.map((name) => [name, null])), ...parts });
		this.hasBegun = true;
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
	isDue(at: SavePoint): boolean {
		return this.clock.isDue(at);
	}

	/** Saves the state with the log up to it, unless the last save is so fresh that it would only cost time; `isLast`
	 *  always saves. */
	async save(state: RunState, { isLast }: { isLast: boolean }): Promise<void> {
		this.seconds = state.position.seconds;
		if (!isLast && this.clock.sinceMs < minSaveIntervalMs) return;
		this.clock.saved();
		const nowMs = this.options.nowMs();
		const { config } = this.options;
		const { stageIndex, progress, seconds } = state.position;
		const stage = config.stages[stageIndex]?.name;
		const logEvents = this.detail.logEvents + this.waiting.length;
		const resumable = stage ? { stage, epoch: progress.epoch, savedAtMs: nowMs, logEvents } : null;
		const bytes = encodeResumeState({ config, dataHashes: this.detail.dataHashes, notes: {}, state });
		await this.write({ resumable, seconds }, { [resumePart]: bytes });
	}

	/** Notes in the record that the user has paused or resumed the run: nobody can tell once its page is closed. */
	async mark(state: 'paused' | 'running'): Promise<void> {
		if (this.detail.state === 'paused' || this.detail.state === 'running') await this.write({ state }, {});
	}

	/** Notes that an error ended the run, as its last event. */
	fail(error: unknown): void {
		this.add(failureEvent(error, { stages: this.detail.stages, seconds: Math.max(this.seconds, this.detail.seconds) }));
	}

	/** Writes what is left of the log. A run that has completed is not resumed. */
	async finish(): Promise<void> {
		const isOver = this.detail.state === 'completed';
		const gone = { [resumePart]: null, [modelInputPart]: null };
		await this.write(isOver ? { resumable: null } : {}, isOver ? gone : {});
	}

	private async write(change: Partial<RunDetail>, parts: Record<string, Uint8Array | null>): Promise<void> {
		if (this.isTakenOver) return;
		const count = this.waiting.length;
		const first = this.detail.logEvents;
		const piece = count > 0 ? { [logPieceName(first)]: encodeLog(this.waiting, first) } : {};
		const { late } = this;
		const content = late?.() ?? { parts: {}, change: {} };
		const whole = { saveFailure: null, ...change, ...content.change, logEvents: first + count };
		const detail = { ...this.detail, ...whole };
		const failure = await this.attempt(() => this.put(detail, { ...parts, ...content.parts, ...piece }));
		if (failure) return this.noteFailure(failure);
		if (this.late === late) this.late = null;
		this.waiting.splice(0, count);
		this.detail = { ...this.detail, ...whole };
	}

	private async put(detail: RunDetail, parts: Record<string, Uint8Array | null>): Promise<void> {
		const { workspace, runId, name, nowMs } = this.options;
		if (this.isStored) {
			if (this.hasBegun) await this.requireOwn();
			await workspace.update('run', runId, { revision: 'any', nowMs: nowMs(), detail, parts });
			return;
		}
		const there = Object.entries(parts).filter((part): part is [string, Uint8Array] => part[1] !== null);
		await workspace.create({ kind: 'run', id: runId, name, detail, parts: Object.fromEntries(there), nowMs: nowMs() });
		this.isStored = true;
	}

	/** Throws a UserError `run-taken-over`. Locks keep tabs from it; a page that came over plain http has none. */
	private async requireOwn(): Promise<void> {
		const { workspace, runId } = this.options;
		const found = (await workspace.find('run', runId))?.detail.writer;
		if (found === undefined || found === this.detail.writer) return;
		this.isTakenOver = true;
		throw new UserError({
			code: 'run-taken-over',
			expected: 'a run that is training only in this tab',
			found: 'a run that was resumed in another tab',
			remedy: 'Follow it in that tab; this tab no longer saves it.',
		});
	}

	/** A full disk may have room for the record alone: a list then says since when nothing was saved. */
	private async noteFailure({ code }: UserError): Promise<void> {
		if (this.detail.saveFailure) return;
		const saveFailure = { code, atMs: this.options.nowMs() };
		if (!this.isStored) return;
		const stored = await this.attempt(() => this.put({ ...this.detail, saveFailure }, {}));
		if (!stored) this.detail = { ...this.detail, saveFailure };
	}

	/** Null when it went well, else why not; the first failure that the user can mend is told. */
	async attempt(work: () => Promise<void>): Promise<UserError | null> {
		try {
			await work();
			return null;
		} catch (error) {
			if (!(error instanceof UserError) || error.code === 'run-taken-over') throw error;
			if (!this.hasFailed) this.options.onFailure(error);
			this.hasFailed = true;
			return error;
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
