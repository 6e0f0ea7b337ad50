// The state of the one run of the page: what the user asked, what the worker answered, what the run said so far.
// A vanilla store: no React, no DOM. Words on screen are made in ui/.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ExperimentConfig } from '../experiment/config';
import type { Evaluation, FinishReason, StageSummary, TrainingEvent } from '../experiment/events';
import { describePlace, UserError } from '../util/errors';
import type { WorkerClient } from '../worker/client';
import type { BackendRequest, OpenedDevice, RunRequest, SavedRun } from '../worker/protocol';
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
	| { kind: 'stopping' }
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

/** Everything that a run says but its steps, with the time when the page heard it. */
export interface LogEntry {
	/** Unique and rising. */
	id: number;
	/** Milliseconds since 1970. */
	atMs: number;
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

export interface RunStoreState {
	run: RunState;
	device: OpenedDevice | null;
	/** Of the run, in the order of their palette slots. */
	entityTypes: string[];
	parameterCount: number;
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
	/** The run that the browser keeps and that can go on. */
	saved: SavedRun | null;

	openDevice(backend: BackendRequest, threads?: number): Promise<void>;
	findSaved(): Promise<void>;
	start(request: RunRequest | Promise<RunRequest>): Promise<void>;
	pause(): Promise<void>;
	resume(): Promise<void>;
	stop(): Promise<void>;
}

const freshRun = {
	entityTypes: [],
	parameterCount: 0,
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
};

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
	const store = createStore<RunStoreState>((set, get) => ({
		run: { kind: 'idle' },
		device: null,
		saved: null,
		...freshRun,

		async openDevice(backend, threads) {
			try {
				set({ device: await client.ask('open-device', { backend, threads }) });
			} catch (error) {
				set({ problem: toProblem(error) });
			}
		},
		async findSaved() {
			await attempt(async () => set({ saved: await client.ask('saved-run', {}) }));
		},
		async start(request) {
			if (isActive(get().run)) return;
			set({ ...freshRun, run: { kind: 'preparing' } });
			try {
				const { entityTypes } = await client.ask('start-run', await request);
				set({ entityTypes });
			} catch (error) {
				set({ run: { kind: 'failed' }, problem: toProblem(error) });
			}
		},
		async pause() {
			if (get().run.kind !== 'training') return;
			await attempt(async () => {
				await client.ask('pause-run', {});
				if (get().run.kind === 'training') set({ run: { kind: 'paused' } });
			});
		},
		async resume() {
			if (get().run.kind !== 'paused') return;
			await attempt(async () => {
				set({ run: { kind: 'training' } });
				await client.ask('resume-run', {});
			});
		},
		async stop() {
			if (!isActive(get().run)) return;
			await attempt(async () => {
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
	client.on('training', ({ events }) => {
		store.setState((state) => applyEvents(state, events, Date.now()));
		if (events.some((event) => event.kind === 'finished')) void store.getState().findSaved();
	});
	client.on('run-failed', ({ error }) => {
		store.setState({ run: { kind: 'failed' }, problem: toProblem(fromWireError(error)) });
	});
	return store;
}

/** Whether a run is under way, so that no other can start. */
export function isActive(run: RunState): boolean {
	return run.kind === 'preparing' || run.kind === 'training' || run.kind === 'paused' || run.kind === 'stopping';
}

/** Entries kept of the log. */
export const logLimit = 500;

/** The state after a message of events, in order, heard at a time in milliseconds since 1970. Pure. */
export function applyEvents(
	state: RunStoreState,
	events: readonly TrainingEvent[],
	nowMs: number,
): Partial<RunStoreState> {
	let next = state;
	for (const event of events) {
		next = { ...next, ...applyEvent(next, event) };
		if (event.kind !== 'step') next = { ...next, log: extendLog(next.log, event, nowMs) };
	}
	const steps = events.filter((event) => event.kind === 'step');
	const points = steps.map(({ stage, step, loss }) => ({ stage, loss, step: firstStepOf(next.stages, stage) + step }));
	return points.length === 0 ? next : { ...next, losses: extendSeries(next.losses, points) };
}

function extendLog(log: readonly LogEntry[], event: LogEntry['event'], atMs: number): LogEntry[] {
	return [...log.slice(1 - logLimit), { id: (log.at(-1)?.id ?? 0) + 1, atMs, event }];
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
			return { run: stateWhileRunning(state.run), parameterCount: event.parameterCount, config: event.config };
		case 'stage-started': {
			const last = state.stages.at(-1);
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
