// What the page knows of a run while it goes on: the shape of the run's store, its beginning, and what is read off it.

import type { StoreApi } from 'zustand/vanilla';
import type { ExperimentConfig } from '../experiment/config';
import type { Evaluation, StageSummary, TrainingEvent } from '../experiment/events';
import type { PauseReason, RunStatus } from '../experiment/run-status';
import type { BackendRequest, OpenedDevice } from '../wire/devices';
import type { RunRequest } from '../wire/runs';
import type { Problem } from './problem';
import { emptySeries, type StepSeries } from './step-series';

export type RunState =
	| { kind: 'idle' }
	| { kind: 'preparing' }
	| { kind: 'training' }
	/** Held by this page, or by another tab. */
	| { kind: 'paused' }
	/** Paused too, but no page holds it: it is as it was saved (milliseconds since 1970; null: it begins anew) until somebody
	 *  resumes it. */
	| { kind: 'cut-off'; reason: PauseReason; savedAtMs: number | null }
	| { kind: 'stopping' }
	/** Its device was lost: a new one is opened, and the run continues by itself. */
	| { kind: 'recovering' }
	| { kind: 'stopped'; seconds: number }
	| { kind: 'finished'; seconds: number }
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
	/** What each step said. */
	series: StepSeries;
	lastStep: { loss: number; learningRate: number; secondsPerStep: number } | null;
	pace: Pace | null;
	/** Held by the device as it was heard last: parameters, their gradients and the largest step; null before that. */
	memoryBytes: number | null;
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

export type RunStore = StoreApi<RunStoreState>;

/** What a run has said before its first event. */
export const freshRun = {
	preparation: null,
	runId: null,
	entityTypes: [],
	parameterCount: 0,
	trainSentences: 0,
	stages: [],
	series: emptySeries,
	memoryBytes: null,
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
		case 'stopped':
		case 'finished':
		case 'failed':
			return false;
		default:
			return kind satisfies never;
	}
}

/** The word that people and their scripts see for what the page knows of a run. */
export const statusOfKind = {
	idle: 'idle',
	preparing: 'training',
	training: 'training',
	paused: 'paused',
	'cut-off': 'paused',
	recovering: 'training',
	stopping: 'training',
	stopped: 'stopped',
	finished: 'finished',
	failed: 'failed',
} as const satisfies Record<RunState['kind'], RunStatus>;
