// result.json: a run in one file. Scores are shares from 0 to 1, by the published rule where no rule is named.

import type { ExperimentConfig } from '../experiment/config';
import type { DeviceInfo } from '../experiment/device-info';
import type {
	Evaluation,
	FinishReason,
	PrecisionRecallF1,
	SpanScores,
	StageSummary,
	TrainingEvent,
} from '../experiment/events';
import { type RunStatus, recordedStateOf, runStatus } from '../experiment/run-status';
import { resultFormat } from '../storage/run-file';
import { versionOf } from '../util/migrations';

export interface InputRecord {
	/** Absolute where a run reads it; older runs have it as it was given. */
	file: string;
	sha256: string;
	/** Of the file as it is read, before decompression. */
	sizeBytes: number;
}

type SplitScores = Partial<PrecisionRecallF1> & {
	loss: number;
	macro?: PrecisionRecallF1;
	perType?: SpanScores['perType'];
	strict?: PrecisionRecallF1;
	seqeval?: PrecisionRecallF1;
	tokenAccuracy?: number;
};

export interface EpochRecord {
	stage: string;
	epoch: number;
	step: number;
	trainLoss: number;
	learningRate: number;
	/** Null where the epoch was not validated or the split is empty; contrastive stages have a loss only. */
	dev: SplitScores | null;
	test: SplitScores | null;
	isBest: boolean;
	trainSeconds: number;
	evaluationSeconds: number;
}

export interface RunResult {
	format: 'nerco-result';
	/** Of this format (storage/run-file.ts). */
	version: number;
	preset: string;
	seed: number;
	/** As the page calls it (experiment/run-status.ts), and why; `reason` is that of the last event. */
	state: RunStatus;
	stateReason: string | null;
	reason: FinishReason;
	message: string;
	seconds: number;
	/** The last stage that was validated: its best dev epoch, and test at that epoch. */
	best: { stage: string; epoch: number; dev: SplitScores | null; test: SplitScores | null } | null;
	stages: StageSummary[];
	epochs: EpochRecord[];
	config: ExperimentConfig;
	/** Input files by role, with hashes. */
	data: Record<string, InputRecord>;
	/** What preparation counted: sentences, characters, matches, found vectors. */
	preparation: Record<string, unknown>;
	sentences: Record<'train' | 'dev' | 'test', number> | null;
	parameterCount: number | null;
	device: DeviceInfo;
	adapter: DeviceInfo['adapter'] | null;
	versions: Record<string, string>;
	warnings: string[];
}

export interface ResultParts {
	config: ExperimentConfig;
	/** All events of the run, those before a resume included. */
	events: readonly TrainingEvent[];
	data: Record<string, InputRecord>;
	preparation: Record<string, unknown>;
	device: DeviceInfo;
	versions: Record<string, string>;
}

export function composeResult({ config, events, data, preparation, device, versions }: ResultParts): RunResult {
	const epochs = events.flatMap((event) => (event.kind === 'epoch-finished' ? [epochRecord(event)] : []));
	const finished = events.findLast((event) => event.kind === 'finished');
	const started = events.findLast((event) => event.kind === 'run-started');
	const recorded = recordedStateOf(events);
	const { status, reason } = runStatus({ state: recorded }, { isActive: false, isResumable: recorded !== 'completed' });
	return {
		format: 'nerco-result',
		version: versionOf(resultFormat.migrations),
		preset: config.preset,
		seed: config.seed,
		state: status,
		stateReason: reason,
		reason: finished?.reason ?? 'stopped',
		message: finished?.message ?? '',
		seconds: finished?.seconds ?? 0,
		best: bestEpochOf(epochs),
		stages: finished?.stages ?? [],
		epochs,
		config,
		data,
		preparation,
		sentences: started?.sentences ?? null,
		parameterCount: started?.parameterCount ?? null,
		device,
		adapter: device.adapter ?? null,
		versions,
		warnings: [...new Set(events.flatMap((event) => (event.kind === 'warning' ? [event.message] : [])))],
	};
}

function bestEpochOf(epochs: readonly EpochRecord[]): RunResult['best'] {
	const best = epochs.findLast((epoch) => epoch.isBest);
	return best ? { stage: best.stage, epoch: best.epoch, dev: best.dev, test: best.test } : null;
}

function epochRecord(event: Extract<TrainingEvent, { kind: 'epoch-finished' }>): EpochRecord {
	const { kind: _, dev, test, ...rest } = event;
	return { ...rest, dev: splitScores(dev), test: splitScores(test) };
}

/** An evaluation with the published rule's micro scores on top and the other rules beside them. */
function splitScores(evaluation: Evaluation | null): SplitScores | null {
	if (!evaluation) return null;
	const { loss, scores, tokenAccuracy } = evaluation;
	if (!scores) return { loss };
	const { published, strict, seqeval } = scores;
	return {
		...published.micro,
		loss,
		macro: published.macro,
		perType: published.perType,
		strict: strict.micro,
		seqeval: seqeval.micro,
		tokenAccuracy,
	};
}
