// Keeps one run in the workspace while it goes on: its log, its state to go on from, its record for lists. Saves by
// time, so that a closed tab or a lost device loses at most half a minute; a state and the log up to it go together. What
// was saved stays at hand, so that a storage that loses the run gets all of it again.

import type { ExperimentConfig } from '../experiment/config';
import type { TrainingEvent } from '../experiment/events';
import type { RunState } from '../experiment/run-state';
import { encodeResumeState } from '../storage/resume-state';
import { storageError } from '../storage/storage-error';
import { encodeLog } from '../storage/workspace/run-log';
import { logPrefix, type RunDetail, resumePart } from '../storage/workspace/run-record';
import { patienceMs, watched } from '../storage/workspace/storage-state';
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
	/** Whether what there is to save is saved, at each change of that: null, or why not. */
	onSaving?(problem: UserError | null): void;
	/** What the run said before it is continued here, for a storage that loses it. */
	history?: { events: readonly TrainingEvent[]; state: RunState };
	/** Longest time that training waits for a save; 5 s when not given. */
	patienceMs?: number;
}

/** A state with the number of events before it. */
interface PlacedState {
	state: RunState;
	logEvents: number;
	resumable: RunDetail['resumable'];
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
	private isFailing = false;
	private isStored: boolean;
	/** Makes what the next save takes along. */
	private late: (() => LateContent) | null = null;
	/** The state that is to be saved, and the one that is. */
	private unsavedState: PlacedState | null = null;
	private savedState: PlacedState | null = null;
	/** What the record holds beside its state. */
	private savedLate: (() => LateContent) | null = null;
	private readonly savedPieces = new Map<string, Uint8Array>();
	/** Writes follow each other. */
	private lastWrite: Promise<unknown> = Promise.resolve();
	private writesUnderWay = 0;

	/** `isStored`: there is a record of the run already. */
	constructor(
		private readonly options: RunKeeperOptions,
		isStored: boolean,
	) {
		this.isStored = isStored;
		this.detail = options.detail;
		this.lastSavedMs = options.nowMs();
		const { history, detail } = options;
		if (!history || !detail.resumable) return;
		const { resumable, logEvents } = detail;
		this.savedState = { state: history.state, logEvents, resumable };
		if (history.events.length > 0) this.savedPieces.set(logPieceName(0), encodeLog(history.events, 0));
	}

	/** Makes the record, or takes the old one up without the named parts. */
	async begin(latePieces: readonly string[] = []): Promise<void> {
		await this.write(Object.fromEntries(latePieces.map((name) => [name, null])));
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
	 *  always saves. Training waits a few seconds at most for a storage that does not answer. */
	async save(state: RunState, { isLast }: { isLast: boolean }): Promise<void> {
		const nowMs = this.options.nowMs();
		if (!isLast && nowMs - this.lastSavedMs < leastIntervalMs) return;
		this.lastSavedMs = nowMs;
		const { stageIndex, progress, seconds } = state.position;
		const stage = this.options.config.stages[stageIndex]?.name;
		const logEvents = this.detail.logEvents + this.waiting.length;
		const resumable = stage ? { stage, epoch: progress.epoch, savedAtMs: nowMs, logEvents } : null;
		this.detail = { ...this.detail, seconds };
		this.unsavedState = { state, logEvents, resumable };
		// The write under way is followed by one that takes this state along.
		if (this.writesUnderWay < 2) await this.patiently(this.write());
	}

	/** Writes what is left of the log. A run that has completed is not continued. */
	async finish(): Promise<void> {
		const isOver = this.detail.state === 'completed';
		if (isOver) {
			this.unsavedState = null;
			this.savedState = null;
			this.detail = { ...this.detail, resumable: null };
		}
		await this.patiently(this.write(isOver ? { [resumePart]: null } : {}));
	}

	/** Tries again to write what is not saved, and what a storage has lost; whether all is saved then. */
	async saveAgain(): Promise<boolean> {
		await this.write();
		return !this.isFailing;
	}

	/** Writes all that was saved into another workspace, such as one in memory that is exported. */
	async copyTo(workspace: Workspace): Promise<void> {
		const { runId, name, nowMs } = this.options;
		const { detail, parts } = this.nextContent();
		const there = withoutNull({ ...this.heldParts(), ...parts });
		await workspace.create({ kind: 'run', id: runId, name, detail, parts: there, nowMs: nowMs() });
	}

	get runId(): string {
		return this.options.runId;
	}

	get name(): string {
		return this.options.name;
	}

	private write(parts: Record<string, Uint8Array | null> = {}): Promise<void> {
		this.writesUnderWay++;
		const turn = this.lastWrite.then(() => this.writeNow(parts)).finally(() => this.writesUnderWay--);
		this.lastWrite = turn.catch(() => undefined);
		return turn;
	}

	private async writeNow(removed: Record<string, Uint8Array | null>): Promise<void> {
		const content = this.nextContent();
		const { state, late, pieces, count, detail } = content;
		if (!(await this.attempt(() => this.put(detail, { ...removed, ...content.parts })))) return;
		if (this.late === late) this.late = null;
		if (late) this.savedLate = late;
		if (this.unsavedState === state) this.unsavedState = null;
		if (state) this.savedState = state;
		for (const [name, bytes] of Object.entries(pieces)) this.savedPieces.set(name, bytes);
		this.waiting.splice(0, count);
		const { resumable, logEvents } = detail;
		this.detail = { ...this.detail, ...content.change, resumable, logEvents };
	}

	/** What a write now has to write: the log so far, cut where the state stands, and that state. */
	private nextContent() {
		const { late, unsavedState: state } = this;
		const count = this.waiting.length;
		const first = this.detail.logEvents;
		const cut = state ? state.logEvents - first : 0;
		const pieces: Record<string, Uint8Array> = {};
		for (const [start, end] of [
			[0, cut],
			[cut, count],
		]) {
			if (end > start) pieces[logPieceName(first + start)] = encodeLog(this.waiting.slice(start, end), first + start);
		}
		const { parts: lateParts, change } = late?.() ?? { parts: {}, change: {} };
		const resume: Record<string, Uint8Array> = state ? { [resumePart]: this.encodeState(state) } : {};
		const resumable = state ? state.resumable : this.detail.resumable;
		const detail: RunDetail = { ...this.detail, ...change, resumable, logEvents: first + count };
		return { state, late, count, pieces, change, detail, parts: { ...resume, ...lateParts, ...pieces } };
	}

	private encodeState({ state }: PlacedState): Uint8Array {
		const { config } = this.options;
		return encodeResumeState({ config, dataHashes: this.detail.dataHashes, notes: {}, state });
	}

	/** What the record holds as it was saved. */
	private heldParts(): Record<string, Uint8Array> {
		const state = this.savedState;
		return {
			...(state ? { [resumePart]: this.encodeState(state) } : {}),
			...this.savedLate?.().parts,
			...Object.fromEntries(this.savedPieces),
		};
	}

	private async put(detail: RunDetail, parts: Record<string, Uint8Array | null>): Promise<void> {
		const { workspace, runId, name, nowMs } = this.options;
		if (this.isStored) {
			try {
				await workspace.update('run', runId, { revision: 'any', nowMs: nowMs(), detail, parts });
				return;
			} catch (error) {
				// No other tab may delete a run that is claimed: storage has lost it.
				if (!(error instanceof UserError) || error.code !== 'storage-missing') throw error;
			}
		}
		const all = withoutNull({ ...this.heldParts(), ...parts });
		await workspace.create({ kind: 'run', id: runId, name, detail, parts: all, nowMs: nowMs() });
		this.isStored = true;
	}

	/** Waits for a write, but not for ever. */
	private async patiently(write: Promise<void>): Promise<void> {
		const { promise: given, resolve: giveUp } = deferred();
		const onSlow = () => {
			this.fail(storageError('closed', 'no answer', 'storage that answers'));
			giveUp();
		};
		await Promise.race([watched(write, onSlow, this.options.patienceMs ?? patienceMs), given]);
	}

	/** Whether it went well; the first failure that the user can mend is told. */
	async attempt(work: () => Promise<void>): Promise<boolean> {
		try {
			await work();
			if (this.isFailing) this.options.onSaving?.(null);
			this.isFailing = false;
			return true;
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			this.fail(error);
			return false;
		}
	}

	private fail(error: UserError): void {
		if (!this.hasFailed) this.options.onFailure(error);
		this.hasFailed = true;
		this.isFailing = true;
		this.options.onSaving?.(error);
	}
}

function withoutNull(parts: Record<string, Uint8Array | null>): Record<string, Uint8Array> {
	return Object.fromEntries(Object.entries(parts).filter((part): part is [string, Uint8Array] => part[1] !== null));
}

function deferred(): { promise: Promise<void>; resolve(): void } {
	let resolve = () => {};
	const promise = new Promise<void>((done) => {
		resolve = done;
	});
	return { promise, resolve };
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
