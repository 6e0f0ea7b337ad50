// Events of a run as training would say them, for tests that are about something else than their figures.

import type { DeviceInfo } from '../experiment/device-info';
import type { FinishReason, TrainingEvent } from '../experiment/events';
import { presetConfig } from '../experiment/presets';

type EventOf<Kind extends TrainingEvent['kind']> = Extract<TrainingEvent, { kind: Kind }>;
type Change<Kind extends TrainingEvent['kind']> = Partial<EventOf<Kind>>;

export const tinyDevice: DeviceInfo = { name: 'wasm', label: 'WASM', isSoftware: false, threads: 1 };

/** Of the preset `smoke`, with 12 parameters and one sentence a split. */
export function runStarted(change: Change<'run-started'> = {}): TrainingEvent {
	const sentences = { train: 1, dev: 1, test: 1 };
	const run = { config: presetConfig('smoke'), device: tinyDevice, parameterCount: 12, sentences, resumed: false };
	return { kind: 'run-started', ...run, ...change };
}

/** Two epochs of two steps. */
export function stageStarted(stage: string, change: Change<'stage-started'> = {}): TrainingEvent {
	return { kind: 'stage-started', stage, index: 0, epochs: 2, stepsPerEpoch: 2, ...change };
}

/** A step of the first epoch, with its number for a loss. */
export function stepDone(stage: string, step: number, change: Change<'step'> = {}): TrainingEvent {
	const figures = { loss: step, learningRate: 1, characters: 1, seconds: 0 };
	return { kind: 'step', stage, epoch: 1, step, ...figures, ...change };
}

/** The first epoch, the best so far, without scores. */
export function epochFinished(stage: string, step: number, change: Change<'epoch-finished'> = {}): TrainingEvent {
	const figures = { trainLoss: 1, learningRate: 1, dev: null, test: null, isBest: true };
	const seconds = { trainSeconds: 1, evaluationSeconds: 1 };
	return { kind: 'epoch-finished', stage, epoch: 1, step, ...figures, ...seconds, ...change };
}

export function runFinished(reason: FinishReason = 'completed', change: Change<'finished'> = {}): TrainingEvent {
	return { kind: 'finished', reason, message: '', stages: [], seconds: 1, ...change };
}
