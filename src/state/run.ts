// The state of the one run of the page: what the user asked, what the worker answered, what the run said so far.
// A vanilla store: no React, no DOM. Words on screen are made in ui/.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ExperimentConfig } from '../experiment/config';
import type { Evaluation, FinishReason, StageSummary, TrainingEvent } from '../experiment/events';
import type { AnyItem, ItemOf } from '../storage/workspace/item-kinds';
import { eventsOf } from '../storage/workspace/run-log';
import { describePlace, UserError } from '../util/errors';
import type { WorkerClient } from '../worker/client';
import { type BackendRequest, type OpenedDevice, preparationTask, type RunRequest } from '../worker/protocol';
import { fromWireError } from '../worker/wire-error';
import { emptySeries, extendSeries, type StepSeries } from './step-series';

/** What went wrong, ready for the page: in parts where the user can mend it. */
export type Problem =
	| { kind: 'user'; code: string; place: string; expected: string; found: string; remedy: string }
	| { kind: 'bug'; message: string }
	/** The run itself went wrong: its loss is no number, or the device was lost. */
	| { kind: 'run-ended'; reason: FinishReason; message: string };

export type RunState =
	| { kind: 'idle' }
	| { kind: 'preparing' }
	| { kind: 'training' }
	| { kind: 'paused' }
	/** Its page was closed: it stands as it was saved (milliseconds since 1970) and goes on when it is resumed. */
	| { kind: 'cut-off'; savedAtMs: number }
	| { kind: 'stopping' }
	/** Its device was lost: a new one is opened, and the run goes on by itself. */
	| { kind: 'recovering' }
	| { kind: 'finished'; reason: 'completed' | 'stopped'; seconds: number }
	| { kind: 'failed' };

export interface StageProgress {
	stage: string;
	epochs: number;
	stepsPerEpoch: number;
	/** Epoch and step within the stage, from 1; 0 before the first step. */
	epoch: number;
	step: number;
	/** First step of the stage over the whole run, from 0. */
	firstStep: number;
	summary: StageSummary | null;
}

export interface EpochRow {
	stage: string;
	epoch: number;
	/** Last step of the epoch over the whole run. */
	step: number;
	trainLoss: number;
	dev: Evaluation | null;
	test: Evaluation | null;
	isBest: boolean;
}

/** Everything that a run says but its steps. */
export interface LogEntry {
	/** Unique and rising. */
	id: number;
	/** When the page heard it, in milliseconds since 1970; null for what was read from storage. */
	atMs: number | null;
	/** Seconds of training and evaluation before it. */
	workSeconds: number;
	event: Exclude<TrainingEvent, { kind: 'step' }>;
}

/** How fast training goes, smoothed over about 20 steps. */
export interface Pace {
	secondsPerStep: number;
	charactersPerSecond: number;
	/** Steps that the figures rest on. */
	steps: number;
}

export interface Warning {
	code: string;
	message: string;
}

/** Where a lost device left the run, and where it went on. */
export interface Recovery {
	/** Steps of the whole run that were done, and after which it goes on. */
	lostStep: number;
	resumedStep: number;
	/** Of the device that it goes on with. */
	deviceLabel: string;
	/** True when it left the lost device for the processor. */
	isMoved: boolean;
}

/** The state that a failed run can go on from. */
export interface LastGood {
	stage: string;
	/** Of the whole run. */
	step: number;
}

export interface RunStoreState {
	run: RunState;
	/** How far reading the input is, while the run is prepared; null before the first word of it. */
	preparation: { share: number; secondsLeft: number | null } | null;
	/** In the workspace; null until the worker has taken the run up. */
	runId: string | null;
	device: OpenedDevice | null;
	/** Of the run, in the order of their palette slots. */
	entityTypes: string[];
	parameterCount: number;
	/** That it learns from. */
	trainSentences: number;
	stages: StageProgress[];
	losses: StepSeries;
	lastStep: { loss: number; learningRate: number; secondsPerStep: number } | null;
	pace: Pace | null;
	/** Seconds of training and evaluation so far; pauses are not counted. */
	workSeconds: number;
	/** The settings of the run; null before it starts. */
	config: ExperimentConfig | null;
	/** Latest last; at most `logLimit`. */
	log: LogEntry[];
	epochs: EpochRow[];
	warnings: Warning[];
	problem: Problem | null;
	/** Whether a trained model waits in the worker. */
	canTag: boolean;
	/** Steps of the whole run after which it was taken up again from a saved state. */
	resumedAt: number[];
	/** How often the run has lost its device in this visit, and how it went on. */
	deviceLosses: number;
	recovery: Recovery | null;
	/** Null when the run has not failed, or when nothing was saved before. */
	lastGood: LastGood | null;

	openDevice(backend: BackendRequest, threads?: number): Promise<void>;
	/** Shows the run that a closed page cut off, if there is one, as paused. */
	findCutOff(): Promise<void>;
	start(request: RunRequest | Promise<RunRequest>): Promise<void>;
	/** Goes on with a stored run where it was saved, in the same curves; all learning rates times a factor when given. */
	continueRun(runId: string, learningRateFactor?: number): Promise<void>;
	pause(): Promise<void>;
	resume(): Promise<void>;
	stop(): Promise<void>;
}

/** What a run has said before its first event. */
export const freshRun = {
	preparation: null,
	runId: null,
	entityTypes: [],
	parameterCount: 0,
	trainSentences: 0,
	stages: [],
	losses: emptySeries,
	lastStep: null,
	pace: null,
	workSeconds: 0,
	config: null,
	log: [],
	epochs: [],
	warnings: [],
	problem: null,
	canTag: false,
	resumedAt: [],
	deviceLosses: 0,
	recovery: null,
	lastGood: null,
};

/** Losses of a device after which the run moves to wasm; after one more it has failed. */
const mostDeviceLosses = 3;

export function toProblem(error: unknown): Problem {
	if (error instanceof UserError) {
		const { code, expected, found, remedy } = error;
		return { kind: 'user', code, place: describePlace(error.place), expected, found, remedy };
	}
	return { kind: 'bug', message: error instanceof Error ? error.message : String(error) };
}

export type RunStore = StoreApi<RunStoreState>;

/** A store joined to a worker. Actions never reject: what goes wrong becomes `problem`. */
export function createRunStore(client: WorkerClient): RunStore {
	/** As the user asked for it: a lost device is opened again the same way. */
	let asked: { backend: BackendRequest; threads?: number } = { backend: 'auto' };
	let lastRequest: RunRequest | null = null;
	const store = createStore<RunStoreState>((set, get) => ({
		run: { kind: 'idle' },
		device: null,
		...freshRun,

		async openDevice(backend, threads) {
			asked = { backend, threads };
			try {
				set({ device: await client.ask('open-device', asked) });
			} catch (error) {
				set({ problem: toProblem(error) });
			}
		},
		async findCutOff() {
			await attempt(async () => {
				const saved = await client.ask('saved-run', {});
				if (!saved?.isCutOff) return;
				const history = await historyOf(client, saved.runId);
				if (get().run.kind !== 'idle') return;
				set({ ...history, run: { kind: 'cut-off', savedAtMs: saved.savedAtMs } });
			});
		},
		async start(request) {
			if (isActive(get().run)) return;
			set({ ...freshRun, run: { kind: 'preparing' } });
			await begin(request);
		},
		async continueRun(runId, learningRateFactor) {
			if (isActive(get().run)) return;
			set({ ...freshRun, runId, run: { kind: 'preparing' } });
			await begin(continuing(runId, learningRateFactor), () => historyOf(client, runId));
		},
		async pause() {
			if (get().run.kind !== 'training') return;
			await attempt(async () => {
				await client.ask('pause-run', {});
				if (get().run.kind === 'training') set({ run: { kind: 'paused' } });
			});
		},
		async resume() {
			const { run, runId } = get();
			if (run.kind === 'cut-off' && runId) return get().continueRun(runId);
			if (run.kind !== 'paused') return;
			await attempt(async () => {
				set({ run: { kind: 'training' } });
				await client.ask('resume-run', {});
			});
		},
		async stop() {
			const { kind } = get().run;
			if (!isActiveKind(kind)) return;
			await attempt(async () => {
				if (kind === 'preparing') return void (await client.ask('cancel-task', { task: preparationTask }));
				set({ run: { kind: 'stopping' } });
				await client.ask('stop-run', {});
			});
		},
	}));
	const attempt = async (work: () => Promise<void>) => {
		try {
			await work();
		} catch (error) {
			store.setState({ problem: toProblem(error) });
		}
	};
	const begin = async (
		request: RunRequest | Promise<RunRequest>,
		history?: () => Promise<Partial<RunStoreState>>,
	): Promise<void> => {
		try {
			if (history) store.setState(await history());
			lastRequest = await request;
			const { entityTypes, runId } = await client.ask('start-run', lastRequest);
			store.setState({ entityTypes, runId, preparation: null });
		} catch (error) {
			if (error instanceof UserError && error.code === 'task-cancelled') {
				store.setState({ ...freshRun, run: { kind: 'idle' } });
				return void store.getState().findCutOff();
			}
			store.setState({ run: { kind: 'failed' }, problem: toProblem(error) });
		}
	};
	/** After a lost device: a new one, and the run from its last saved state, or from its start when nothing was saved. */
	const recover = async (): Promise<void> => {
		const { runId, deviceLosses, stages } = store.getState();
		const lostStep = stepsOf(stages);
		const isMoved = deviceLosses >= mostDeviceLosses;
		try {
			const device = await reopen(isMoved);
			const history = runId ? await historyOf(client, runId).catch(() => null) : null;
			const resumedStep = history ? stepsOf(history.stages ?? []) : 0;
			const recovery: Recovery = { lostStep, resumedStep, deviceLabel: device.info.label, isMoved };
			const kept = { ...freshRun, ...history, device, deviceLosses, recovery };
			store.setState(kept);
			if (history && runId) await begin(continuing(runId));
			else if (lastRequest) await begin(lastRequest);
		} catch (error) {
			store.setState({ run: { kind: 'failed' }, problem: toProblem(error) });
		}
	};
	const reopen = async (isMoved: boolean): Promise<OpenedDevice> => {
		if (isMoved) return client.ask('open-device', { ...asked, backend: 'wasm' });
		try {
			return await client.ask('open-device', asked);
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			return client.ask('open-device', { ...asked, backend: 'wasm' });
		}
	};
	client.on('training', ({ events }) => {
		const next = applyEvents(store.getState(), events, Date.now());
		const { run, problem, runId, deviceLosses } = { ...store.getState(), ...next };
		const reason = run.kind === 'failed' && problem?.kind === 'run-ended' ? problem.reason : null;
		if (reason === 'device-lost' && deviceLosses < mostDeviceLosses) {
			store.setState({ ...next, run: { kind: 'recovering' }, problem: null, deviceLosses: deviceLosses + 1 });
			void recover();
			return;
		}
		store.setState(next);
		if (reason === null || runId === null) return;
		void lastGoodOf(client, runId).then(
			(lastGood) => store.getState().runId === runId && store.setState({ lastGood }),
			() => undefined,
		);
	});
	client.on('task-progress', ({ task, progress: { done, counts } }) => {
		if (task !== preparationTask || store.getState().run.kind !== 'preparing') return;
		store.setState({ preparation: { share: done, secondsLeft: counts.secondsLeft ?? null } });
	});
	client.on('run-failed', ({ error }) => {
		store.setState({ run: { kind: 'failed' }, problem: toProblem(fromWireError(error)) });
	});
	return store;
}

function continuing(runId: string, learningRateFactor?: number): RunRequest {
	return { files: null, preset: '', seed: null, settings: {}, continuesSaved: true, runId, learningRateFactor };
}

/** What a stored run had said when it was saved last. */
async function historyOf(client: WorkerClient, runId: string): Promise<Partial<RunStoreState>> {
	const { item, log } = await client.ask('load-run', { id: runId });
	const { items } = await client.ask('list-items', {});
	const events = eventsOf(log).slice(0, item.detail.resumable?.logEvents ?? 0);
	return { ...stateOfEvents(item, events), entityTypes: entityTypesOf(items, item) };
}

/** Entity types of a stored run in the order of their palette slots: as its model has them, else its corpus. */
export function entityTypesOf(items: readonly AnyItem[], { id, detail }: ItemOf<'run'>): string[] {
	for (const item of items) if (item.kind === 'checkpoint' && item.id === id) return item.detail.entityTypes;
	for (const item of items) {
		if (item.kind === 'corpus' && item.id === detail.input.corpusId) return item.detail.entityTypes;
	}
	return [];
}

async function lastGoodOf(client: WorkerClient, runId: string): Promise<LastGood | null> {
	const { item, log } = await client.ask('load-run', { id: runId });
	const { resumable } = item.detail;
	if (!resumable) return null;
	const { stages = [] } = stateOfEvents(item, eventsOf(log).slice(0, resumable.logEvents));
	return { stage: resumable.stage, step: stepsOf(stages) };
}

/** The state after events that were read from storage. */
export function stateOfEvents(item: ItemOf<'run'>, events: readonly TrainingEvent[]): Partial<RunStoreState> {
	const { config } = item.detail;
	const before = { ...freshRun, config, run: { kind: 'idle' } } as unknown as RunStoreState;
	const { run: _, ...state } = applyEvents(before, events, null);
	return { ...state, runId: item.id };
}

/** Best F1 on dev so far by the published rule, from 0 to 1; null before the first scored epoch. */
export function bestDevF1(epochs: readonly EpochRow[]): number | null {
	const best = epochs.findLast(({ isBest, dev }) => isBest && dev?.scores !== undefined);
	return best?.dev?.scores?.published.micro.f1 ?? null;
}

/** Steps of the whole run so far. */
export function stepsOf(stages: readonly StageProgress[]): number {
	const last = stages.at(-1);
	return last ? last.firstStep + last.step : 0;
}

/** Whether a run is under way, so that no other can start. */
export function isActive({ kind }: RunState): boolean {
	return isActiveKind(kind);
}

export function isActiveKind(kind: RunState['kind']): boolean {
	switch (kind) {
		case 'preparing':
		case 'training':
		case 'paused':
		case 'stopping':
		case 'recovering':
			return true;
		case 'idle':
		case 'cut-off':
		case 'finished':
		case 'failed':
			return false;
		default:
			return kind satisfies never;
	}
}

/** Entries kept of the log. */
export const logLimit = 500;

/** The state after events in their order, heard at a time in milliseconds since 1970, or null when that is not known. Pure. */
export function applyEvents(
	state: RunStoreState,
	events: readonly TrainingEvent[],
	nowMs: number | null,
): Partial<RunStoreState> {
	let next = state;
	for (const event of events) {
		next = { ...next, ...applyEvent(next, event) };
		if (event.kind !== 'step') next = { ...next, log: extendLog(next, event, nowMs) };
	}
	const steps = events.filter((event) => event.kind === 'step');
	const points = steps.map(({ stage, step, loss }) => ({ stage, loss, step: firstStepOf(next.stages, stage) + step }));
	return points.length === 0 ? next : { ...next, losses: extendSeries(next.losses, points) };
}

function extendLog({ log, workSeconds }: RunStoreState, event: LogEntry['event'], atMs: number | null): LogEntry[] {
	return [...log.slice(1 - logLimit), { id: (log.at(-1)?.id ?? 0) + 1, atMs, workSeconds, event }];
}

/** Weight of the past in the pace. */
const paceWeight = 0.95;

function nextPace(pace: Pace | null, seconds: number, characters: number): Pace {
	// Few steps are averaged plainly, so that the first, slow ones do not linger.
	const weight = Math.min(paceWeight, pace ? pace.steps / (pace.steps + 1) : 0);
	const secondsPerStep = (pace?.secondsPerStep ?? 0) * weight + seconds * (1 - weight);
	const rate = seconds > 0 ? characters / seconds : 0;
	const charactersPerSecond = (pace?.charactersPerSecond ?? 0) * weight + rate * (1 - weight);
	return { secondsPerStep, charactersPerSecond, steps: (pace?.steps ?? 0) + 1 };
}

function firstStepOf(stages: readonly StageProgress[], name: string): number {
	return stages.find((progress) => progress.stage === name)?.firstStep ?? 0;
}

function applyEvent(state: RunStoreState, event: TrainingEvent): Partial<RunStoreState> {
	switch (event.kind) {
		case 'run-started':
			return {
				run: stateWhileRunning(state.run),
				parameterCount: event.parameterCount,
				config: event.config,
				trainSentences: event.sentences.train,
				resumedAt: event.resumed ? [...state.resumedAt, stepsOf(state.stages)] : state.resumedAt,
			};
		case 'stage-started': {
			const last = state.stages.at(-1);
			// A run that goes on inside a stage says it again.
			if (last?.stage === event.stage && last.summary === null) return { pace: null };
			const firstStep = last ? last.firstStep + last.step : 0;
			const { stage, epochs, stepsPerEpoch } = event;
			const started = { stage, epochs, stepsPerEpoch, epoch: 0, step: 0, firstStep, summary: null };
			// Steps of another stage take another time.
			return { stages: [...state.stages, started], pace: null };
		}
		case 'step':
			return {
				stages: withLastStage(state.stages, { epoch: event.epoch, step: event.step }),
				lastStep: { loss: event.loss, learningRate: event.learningRate, secondsPerStep: event.seconds },
				pace: nextPace(state.pace, event.seconds, event.characters),
				workSeconds: state.workSeconds + event.seconds,
			};
		case 'epoch-finished': {
			const { stage, epoch, trainLoss, dev, test, isBest } = event;
			const step = firstStepOf(state.stages, stage) + event.step;
			const workSeconds = state.workSeconds + event.evaluationSeconds;
			return { epochs: [...state.epochs, { stage, epoch, step, trainLoss, dev, test, isBest }], workSeconds };
		}
		case 'stage-finished':
			return { stages: withLastStage(state.stages, { summary: event.summary }) };
		case 'warning':
			// A run that goes on reads its input anew, and says again what it found.
			if (state.warnings.some(({ message }) => message === event.message)) return {};
			return { warnings: [...state.warnings, { code: event.code, message: event.message }] };
		case 'finished': {
			const { reason, message, seconds } = event;
			const canTag = state.epochs.length > 0;
			if (reason === 'completed' || reason === 'stopped') return { run: { kind: 'finished', reason, seconds }, canTag };
			return { run: { kind: 'failed' }, problem: { kind: 'run-ended', reason, message }, canTag };
		}
		default:
			return event satisfies never;
	}
}

function stateWhileRunning(run: RunState): RunState {
	return run.kind === 'paused' || run.kind === 'stopping' ? run : { kind: 'training' };
}

function withLastStage(stages: readonly StageProgress[], change: Partial<StageProgress>): StageProgress[] {
	return stages.map((progress, index) => (index === stages.length - 1 ? { ...progress, ...change } : progress));
}
