// How the events of a run change what the page knows of it, be they heard just now or read from a stored log. Pure.

import type { TrainingEvent } from '../experiment/events';
import type { ItemOf } from '../storage/workspace/item-kinds';
import { UserError } from '../util/errors';
import { type Problem, toProblem } from './problem';
import {
	freshRun,
	type LogEntry,
	type Pace,
	type RunState,
	type RunStoreState,
	type StageProgress,
	stepsOf,
} from './run-progress';
import { extendSeries } from './step-series';

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
	const points = steps.map(({ stage, step, loss, learningRate, seconds }) => ({
		stage,
		loss,
		learningRate,
		seconds,
		step: firstStepOf(next.stages, stage) + step,
	}));
	return points.length === 0 ? next : { ...next, series: extendSeries(next.series, points) };
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
			const { reason, seconds } = event;
			const canTag = state.epochs.length > 0;
			if (reason === 'completed') return { run: { kind: 'finished', seconds }, canTag };
			if (reason === 'stopped') return { run: { kind: 'stopped', seconds }, canTag };
			return { run: { kind: 'failed' }, problem: problemOfEnd(event), canTag };
		}
		default:
			return event satisfies never;
	}
}

/** What ended a run badly, as its last event says it. */
export function problemOfEnd({ reason, message, error }: Extract<TrainingEvent, { kind: 'finished' }>): Problem {
	if (error) return toProblem(new UserError(error));
	// An error without parts is a fault of the workbench.
	return reason === 'error' ? { kind: 'bug', message } : { kind: 'run-ended', reason, message };
}

function stateWhileRunning(run: RunState): RunState {
	return run.kind === 'paused' || run.kind === 'stopping' ? run : { kind: 'training' };
}

function withLastStage(stages: readonly StageProgress[], change: Partial<StageProgress>): StageProgress[] {
	return stages.map((progress, index) => (index === stages.length - 1 ? { ...progress, ...change } : progress));
}

/** The state after events that were read from storage. */
export function stateOfEvents(item: ItemOf<'run'>, events: readonly TrainingEvent[]): Partial<RunStoreState> {
	const { config } = item.detail;
	const before = { ...freshRun, config, run: { kind: 'idle' } } as unknown as RunStoreState;
	const { run: _, ...state } = applyEvents(before, events, null);
	return { ...state, runId: item.id };
}
