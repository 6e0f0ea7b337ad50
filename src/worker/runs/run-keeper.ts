// Keeps one run in the workspace while it trains: its log, its state to resume from, its record for lists. Saves by time,
// so that a closed tab or a lost device loses at most half a minute; a state and the log up to it are saved together. What
// was saved stays at hand, so that a storage that loses the run gets all of it again.

import type { ExperimentConfig } from '../../experiment/config';
import type { TrainingEvent } from '../../experiment/events';
import { failureEvent } from '../../experiment/run-failure';
import type { RunState } from '../../experiment/run-state';
import { lossWarning, minSaveIntervalMs, SaveClock, type SavePoint } from '../../experiment/save-clock';
import { encodeResumeState } from '../../storage/resume-state';
import { storageError } from '../../storage/storage-error';
import { encodeLog } from '../../storage/workspace/run-log';
import { modelInputPart, type RunDetail, resumePart } from '../../storage/workspace/run-record';
import { patienceMs, watched } from '../../storage/workspace/storage-state';
import type { Workspace } from '../../storage/workspace/workspace';
import { UserError } from '../../util/errors';
import { changeBy, logPieceName } from './run-record-changes';

export interface RunKeeperOptions {
	workspace: Workspace;
	runId: string;
	/** For people. */
	name: string;
	config: ExperimentConfig;
	/** As it is in the record, or as it is to begin. */
	detail: RunDetail;
	/** Milliseconds since 1970. */
	nowMs(): number;
	/** The first failure to save; later ones are not reported. The run itself continues, and saving is tried again. */
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

type Kept = 'record' | 'model';

/** Of the record, which this program names; null for one that it must not have. */
type Parts = Record<string, Uint8Array>;
type ChangedParts = Record<string, Uint8Array | null>;

/** Parts of the record and what the record says of them. */
export interface LateContent {
	parts: Parts;
	change: Partial<RunDetail>;
}

export class RunKeeper {
	private detail: RunDetail;
	/** Events since the last piece of the log. */
	private waiting: TrainingEvent[] = [];
	private readonly clock: SaveClock;
	private seconds = 0;
	private hasFailed = false;
	/** Why what there is to save is not saved: of its record, of its model. */
	private readonly problems = new Map<Kept, UserError>();
	private isStored: boolean;
	private hasBegun = false;
	private isTakenOver = false;
	/** Makes what the next save takes along. */
	private late: (() => LateContent) | null = null;
	/** The state that is to be saved, and the one that is. */
	private unsavedState: PlacedState | null = null;
	private savedState: PlacedState | null = null;
	/** What the record holds beside its state. */
	private savedLate: (() => LateContent) | null = null;
	private readonly savedPieces = new Map<string, Uint8Array>();
	/** Parts that the run was begun with, and those that its record must not have any more. */
	private begunParts: Parts = {};
	private goneParts: ChangedParts = {};
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
		this.clock = new SaveClock(options.nowMs);
		const { history, detail } = options;
		if (!history || !detail.resumable) return;
		const { resumable, logEvents } = detail;
		this.savedState = { state: history.state, logEvents, resumable };
		if (history.events.length > 0) this.savedPieces.set(logPieceName(0), encodeLog(history.events, 0));
	}

	/** Makes the record, or takes the old one up without the named parts; either way with the given ones. */
	async begin(latePieces: readonly string[] = [], parts: Parts = {}): Promise<void> {
		this.begunParts = parts;
		await this.write({ ...Object.fromEntries(latePieces.map((name) => [name, null])), ...parts });
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
	 *  always saves. Training waits a few seconds at most for a storage that does not answer. */
	async save(state: RunState, { isLast }: { isLast: boolean }): Promise<void> {
		this.seconds = state.position.seconds;
		if (!isLast && (this.clock.sinceMs < minSaveIntervalMs || this.clock.isTooSoon)) return;
		this.clock.saved();
		const nowMs = this.options.nowMs();
		const { stageIndex, progress, seconds } = state.position;
		const stage = this.options.config.stages[stageIndex]?.name;
		const logEvents = this.detail.logEvents + this.waiting.length;
		const resumable = stage ? { stage, epoch: progress.epoch, savedAtMs: nowMs, logEvents } : null;
		this.detail = { ...this.detail, seconds };
		this.unsavedState = { state, logEvents, resumable };
		// The write under way is followed by one that takes this state along.
		if (this.writesUnderWay >= 2) return;
		await this.patiently(this.write());
		this.clock.done();
	}

	/** What is to be said of how often the state is saved. */
	notices(): TrainingEvent[] {
		const minutes = this.clock.minutesToTell();
		return minutes === null ? [] : [lossWarning(minutes)];
	}

	/** Notes in the record that the user has paused or resumed the run: nobody can know once its page is closed. */
	async mark(state: 'paused' | 'running'): Promise<void> {
		if (this.detail.state !== 'paused' && this.detail.state !== 'running') return;
		this.detail = { ...this.detail, state };
		await this.patiently(this.write());
	}

	/** Notes that an error ended the run, as its last event. */
	fail(error: unknown): void {
		this.add(failureEvent(error, { stages: this.detail.stages, seconds: Math.max(this.seconds, this.detail.seconds) }));
	}

	/** Writes what is left of the log. A run that has completed is not resumed. */
	async finish(): Promise<void> {
		if (this.detail.state === 'completed') {
			this.unsavedState = null;
			this.savedState = null;
			const { [modelInputPart]: _, ...kept } = this.begunParts;
			this.begunParts = kept;
			this.goneParts = { [resumePart]: null, [modelInputPart]: null };
			this.detail = { ...this.detail, resumable: null };
		}
		await this.patiently(this.write());
	}

	/** Tries again to write what is not saved, and what a storage has lost; whether all is saved then. */
	async saveAgain(): Promise<boolean> {
		await this.write();
		return !this.problems.has('record');
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

	private write(parts: ChangedParts = {}): Promise<void> {
		this.writesUnderWay++;
		const turn = this.lastWrite.then(() => this.writeNow(parts)).finally(() => this.writesUnderWay--);
		this.lastWrite = turn.catch(() => undefined);
		return turn;
	}

	private async writeNow(more: ChangedParts): Promise<void> {
		if (this.isTakenOver) return;
		const content = this.nextContent();
		const { state, late, pieces, count, detail } = content;
		const parts = { ...more, ...content.parts, ...this.goneParts };
		const problem = await this.attempt(() => this.put(detail, parts));
		if (problem) return this.noteFailure(problem);
		if (this.late === late) this.late = null;
		if (late) this.savedLate = late;
		if (this.unsavedState === state) this.unsavedState = null;
		if (state) this.savedState = state;
		for (const [name, bytes] of Object.entries(pieces)) this.savedPieces.set(name, bytes);
		this.waiting.splice(0, count);
		const { resumable, logEvents } = detail;
		this.detail = { ...this.detail, ...content.change, resumable, logEvents, saveFailure: null };
	}

	/** What a write now has to write: the log so far, cut at the state, and that state. */
	private nextContent() {
		const { late, unsavedState: state } = this;
		const count = this.waiting.length;
		const first = this.detail.logEvents;
		const cut = state ? state.logEvents - first : 0;
		const pieces: Parts = {};
		for (const [start, end] of [
			[0, cut],
			[cut, count],
		]) {
			if (end > start) pieces[logPieceName(first + start)] = encodeLog(this.waiting.slice(start, end), first + start);
		}
		const { parts: lateParts, change } = late?.() ?? { parts: {}, change: {} };
		const resume: Parts = state ? { [resumePart]: this.encodeState(state) } : {};
		const resumable = state ? state.resumable : this.detail.resumable;
		const logEvents = first + count;
		const detail: RunDetail = { ...this.detail, ...change, resumable, logEvents, saveFailure: null };
		return { state, late, count, pieces, change, detail, parts: { ...resume, ...lateParts, ...pieces } };
	}

	private encodeState({ state }: PlacedState): Uint8Array {
		const { config } = this.options;
		return encodeResumeState({ config, dataHashes: this.detail.dataHashes, notes: {}, state });
	}

	/** What the record holds as it was saved. */
	private heldParts(): Parts {
		const state = this.savedState;
		return {
			...this.begunParts,
			...(state ? { [resumePart]: this.encodeState(state) } : {}),
			...this.savedLate?.().parts,
			...Object.fromEntries(this.savedPieces),
		};
	}

	private async put(detail: RunDetail, parts: ChangedParts): Promise<void> {
		const { workspace, runId, name, nowMs } = this.options;
		if (this.isStored) {
			if (this.hasBegun) await this.requireOwn();
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
		if (this.detail.saveFailure || !this.isStored) return;
		const detail = { ...this.detail, saveFailure: { code, atMs: this.options.nowMs() } };
		try {
			await this.put(detail, {});
			this.detail = { ...this.detail, saveFailure: detail.saveFailure };
		} catch (error) {
			if (!isSavingProblem(error)) throw error;
		}
	}

	/** Waits for a write, but not for ever. */
	private async patiently(write: Promise<void>): Promise<void> {
		const { promise: given, resolve: giveUp } = deferred();
		const onSlow = () => {
			this.report('record', storageError('closed', 'no answer', 'storage that answers'));
			giveUp();
		};
		await Promise.race([watched(write, onSlow, this.options.patienceMs ?? patienceMs), given]);
	}

	/** Null when it went well, else why not; the first failure that the user can fix is reported. */
	async attempt(work: () => Promise<void>, kept: Kept = 'record'): Promise<UserError | null> {
		try {
			await work();
			if (this.problems.delete(kept)) this.options.onSaving?.([...this.problems.values()][0] ?? null);
			return null;
		} catch (error) {
			if (!isSavingProblem(error)) throw error;
			this.report(kept, error);
			return error;
		}
	}

	private report(kept: Kept, error: UserError): void {
		if (!this.hasFailed) this.options.onFailure(error);
		this.hasFailed = true;
		this.problems.set(kept, error);
		this.options.onSaving?.(error);
	}
}

function isSavingProblem(error: unknown): error is UserError {
	return error instanceof UserError && error.code !== 'run-taken-over';
}

function withoutNull(parts: ChangedParts): Parts {
	return Object.fromEntries(Object.entries(parts).filter((part): part is [string, Uint8Array] => part[1] !== null));
}

function deferred(): { promise: Promise<void>; resolve(): void } {
	let resolve = () => {};
	const promise = new Promise<void>((done) => {
		resolve = done;
	});
	return { promise, resolve };
}
