// One stage of a run, as a recipe: batches, updates, validation, best epoch, early stop. It knows no network and no
// device, only a learner that trains on the n-th batch of an epoch, so its rules can be read and tested alone.
// The rules are those of the published trainer (reference/README, points 7, 12 and 13).

import type { QuirkConfig, StageConfig } from '../experiment/config';
import type { Evaluation, StageSummary, TrainingEvent } from '../experiment/events';
import { type EvaluationProgress, evaluationStart, type StageProgress } from '../experiment/run-state';
import { reasonToEnd } from '../experiment/stage-end';

export interface TrainedBatch {
	loss: number;
	/** True when the contrastive loss was exactly 0: nothing was added to the gradients. */
	isSkipped: boolean;
	characters: number;
}

/** Tag ids of each sentence of a split, in its order. */
export interface DecodedTags {
	dev: Int32Array[];
	test: Int32Array[];
}

export interface Validation {
	/** Null when the split has no sentences. */
	dev: Evaluation | null;
	test: Evaluation | null;
	/** Where they were asked for and the stage decodes. */
	tags?: DecodedTags;
}

export interface StageLearner {
	readonly stepsPerEpoch: number;
	/** Adds the gradient of a batch: `index` from 0 within the epoch; `epoch` and `step` from 1 within the stage. */
	train(batch: { epoch: number; index: number; step: number }): Promise<TrainedBatch>;
	/** Updates the parameters from the gradients and clears them; `count` from 1 within the stage. */
	update(learningRate: number, count: number): void;
	/** Evaluates after an epoch from wherever `progress` is, which is changed in place; null when stopped on the way. */
	validate(progress: EvaluationProgress, epoch: number): Promise<Validation | null>;
	readParameters(): Promise<Float32Array>;
}

export interface StageLoop {
	stage: StageConfig;
	quirks: QuirkConfig;
	learner: StageLearner;
	/** Rate of a step in an epoch, both from 1. */
	learningRate(step: number, epoch: number): number;
	/** Seconds. */
	clock(): number;
	isStopped(): boolean;
	/** Changed in place during the stage. */
	progress: StageProgress;
	/** Parameters of the best epoch so far; changed in place. */
	best: { parameters: Float32Array | null };
	/** How far the evaluation of the current epoch is, null before it; changed in place. */
	evaluation: { progress: EvaluationProgress | null };
	/** Called when an epoch (from 1) is the best so far and its tags are at hand. */
	bestFound?(tags: DecodedTags, epoch: number): void | Promise<void>;
	/** Called after each step whose event was yielded, when `progress` counts it. */
	stepDone?(): Promise<void>;
	/** Called when the steps of an epoch are done and its evaluation is about to begin. */
	stepsDone?(): Promise<void>;
	/** Called after each epoch, when `progress` is at the start of the next one. */
	epochDone(): Promise<void>;
}

export type StageEnd =
	| { kind: 'done'; reason: StageSummary['reason'] }
	| { kind: 'stopped' }
	| { kind: 'not-a-number'; message: string };

/** Runs a stage from wherever `progress` is. Yields `step` and `epoch-finished` events. */
export async function* runStage(loop: StageLoop): AsyncGenerator<TrainingEvent, StageEnd> {
	const { stage, quirks, learner, progress, clock } = loop;
	let pending = await restoreGradients(loop);
	for (;;) {
		const reason = reasonToEnd(stage, progress);
		if (reason) return { kind: 'done', reason };

		while (progress.stepInEpoch < learner.stepsPerEpoch) {
			if (loop.isStopped()) return { kind: 'stopped' };
			const startedAt = clock();
			const { epoch } = progress;
			const step = progress.step + 1;
			const batch = await learner.train({ epoch, index: progress.stepInEpoch, step });
			const learningRate = loop.learningRate(step, epoch);
			if (!Number.isFinite(batch.loss)) return notANumber(`the training loss of step ${step}`, epoch);
			if (!batch.isSkipped) pending++;
			if (step % stage.updateEvery === 0) {
				if (pending > 0) learner.update(learningRate, ++progress.updates);
				pending = 0;
			}
			progress.step = step;
			progress.stepInEpoch++;
			progress.lossSum += batch.loss;
			progress.wasSkipped = batch.isSkipped;
			const seconds = clock() - startedAt;
			progress.trainSeconds += seconds;
			const { loss, characters } = batch;
			yield { kind: 'step', stage: stage.name, epoch, step, loss, learningRate, characters, seconds };
			await loop.stepDone?.();
		}

		const isSilent = progress.wasSkipped && quirks.skipValidationAfterZeroLoss;
		if (!isSilent && !loop.evaluation.progress) await loop.stepsDone?.();
		const evaluation = (loop.evaluation.progress ??= evaluationStart());
		const validation = isSilent ? { dev: null, test: null } : await learner.validate(evaluation, progress.epoch);
		if (validation === null) return { kind: 'stopped' };
		const { dev, test } = validation;
		const { epoch, step } = progress;
		if (dev && !Number.isFinite(dev.loss)) return notANumber('the dev loss', epoch);
		const isBest = dev !== null && isImprovement(stage, dev, progress);
		if (isBest) {
			progress.bestEpoch = epoch;
			progress.bestValue = devValue(stage, dev);
			progress.epochsSinceBest = 0;
			loop.best.parameters = await learner.readParameters();
			if (validation.tags) await loop.bestFound?.(validation.tags, epoch);
		} else if (dev) progress.epochsSinceBest++;
		const finished: TrainingEvent = {
			kind: 'epoch-finished',
			stage: stage.name,
			epoch,
			step,
			trainLoss: progress.lossSum / learner.stepsPerEpoch,
			learningRate: loop.learningRate(step, epoch),
			dev,
			test,
			isBest,
			trainSeconds: progress.trainSeconds,
			evaluationSeconds: evaluation.dev.seconds + evaluation.test.seconds,
		};
		Object.assign(progress, { epoch: epoch + 1, stepInEpoch: 0, lossSum: 0, trainSeconds: 0 });
		loop.evaluation.progress = null;
		yield finished;
		await loop.epochDone();
	}
}

/** Dev value that chooses the best epoch: F1 under the published rule, or the contrastive loss. */
function devValue(stage: StageConfig, dev: Evaluation): number {
	return stage.objective === 'contrastive' ? dev.loss : (dev.scores?.published.micro.f1 ?? 0);
}

/** Strictly better than the best so far. The first validated epoch always is: with F1 0 everywhere it stays the best. */
function isImprovement(stage: StageConfig, dev: Evaluation, progress: StageProgress): boolean {
	const value = devValue(stage, dev);
	if (progress.bestEpoch === 0) return true;
	return stage.objective === 'contrastive' ? value < progress.bestValue : value > progress.bestValue;
}

/** Batches since the last update, trained again: their gradients are not part of a run's state. Returns their number,
 *  skipped ones left out. The parameters have not moved since, so the gradients come out the same. */
async function restoreGradients({ stage, learner, progress }: StageLoop): Promise<number> {
	const open = progress.step % stage.updateEvery;
	let pending = 0;
	for (let step = progress.step - open + 1; step <= progress.step; step++) {
		const index = (step - 1) % learner.stepsPerEpoch;
		const epoch = (step - 1 - index) / learner.stepsPerEpoch + 1;
		const { isSkipped } = await learner.train({ epoch, index, step });
		if (!isSkipped) pending++;
	}
	return pending;
}

function notANumber(what: string, epoch: number): StageEnd {
	const message = `${what} in epoch ${epoch} is not a finite number; lower the learning rate or turn on gradient clipping.`;
	return { kind: 'not-a-number', message: message[0].toUpperCase() + message.slice(1) };
}
