// A stored run: its record for lists and comparisons. Parts: `resume` (storage/resume-state.ts) while it can be resumed,
// `log/…` (run-log.ts) what it said so far, `predictions/dev` and `predictions/test` (predictions-file.ts) of its best epoch,
// `input/changes` the changes of its corpus that it began with, `input/model` a checkpoint of its model without parameters.

import type { EvaluatedSplit } from '../../data/predicted-sentence';
import type { ExperimentConfig } from '../../experiment/config';
import { readConfig } from '../../experiment/config-versions';
import type { StageSummary } from '../../experiment/events';
import type { RunResults } from '../../experiment/run-results';
import { type RecordedState, recordedStates, type SaveFailure } from '../../experiment/run-status';
import { hasCounts, isRecord, isTextRecord, isTime } from '../workbench-file';
import type { KindDefinition } from './item-record';

export interface RunDetail {
	/** Null for a run that an earlier version kept without its settings. */
	config: ExperimentConfig | null;
	/** As it was written last; what that means now, `runStatus` says. */
	state: RecordedState;
	/** Names who trains it: whoever finds another name has lost the run to another tab. Absent in runs of earlier versions. */
	writer?: string;
	/** Set while it trains and cannot be saved; null otherwise. */
	saveFailure: SaveFailure | null;
	/** The checkpoint that it began from; absent when it began from drawn parameters. */
	parentCheckpointId?: string;
	/** What it was made from. Ids are null where files were given; then only their fingerprints are known. */
	input: RunInput;
	/** True in runs of version 0.1.0: `data.limitTrain` counted unlabelled sentences too. Absent: labelled ones only. */
	isLimitedFirst?: boolean;
	/** SHA-256 of the input by role. */
	dataHashes: Record<string, string>;
	/** What the input was called then, by role: `corpus`, or `train`, `dev`, … where files were given. */
	inputNames: Record<string, string>;
	/** What it ran on: names and versions. */
	versions: Record<string, string>;
	deviceName: string;
	/** Where it is resumed, and how many events of its log come before. Null when it cannot be resumed. */
	resumable: { stage: string; epoch: number; savedAtMs: number; logEvents: number } | null;
	stages: StageSummary[];
	epochCount: number;
	/** Of the best epoch of the last CRF stage, by the published rule, from 0 to 1. */
	devF1: number | null;
	testF1: number | null;
	/** Under all rules; null before the first best epoch of a CRF stage, and in runs of earlier versions. */
	results: RunResults | null;
	seconds: number;
	/** Events in the log. */
	logEvents: number;
}

export interface RunInput {
	corpusId: string | null;
	/** Revision of the corpus when the run began. */
	corpusRevision: number;
	lexiconId: string | null;
	characterVectorsId: string | null;
	bigramVectorsId: string | null;
	wordVectorsId: string | null;
}

export const noStoredInput: RunInput = {
	corpusId: null,
	corpusRevision: 0,
	lexiconId: null,
	characterVectorsId: null,
	bigramVectorsId: null,
	wordVectorsId: null,
};

/** Version 1 knew the saved state of a run and when it was saved, nothing else. */
function fromVersion1(detail: Record<string, unknown>): Record<string, unknown> {
	const savedAtMs = Number(detail.savedAtMs ?? 0);
	const fresh: RunDetail = {
		...freshRunDetail(noStoredInput),
		state: 'stopped',
		resumable: { stage: '', epoch: 0, savedAtMs, logEvents: 0 },
	};
	return { ...fresh };
}

/** Version 2 knew one figure for dev and one for test. */
function fromVersion2(detail: Record<string, unknown>): Record<string, unknown> {
	return { ...detail, inputNames: {}, versions: {}, results: null };
}

/** Version 3 knew neither a pause of the user's own nor failures to save, and chose the first training sentences otherwise. */
function fromVersion3(detail: Record<string, unknown>): Record<string, unknown> {
	return { ...detail, saveFailure: null, isLimitedFirst: true };
}

export function freshRunDetail(input: RunInput): RunDetail {
	return {
		config: null,
		state: 'running',
		saveFailure: null,
		input,
		dataHashes: {},
		inputNames: {},
		versions: {},
		deviceName: '',
		resumable: null,
		stages: [],
		epochCount: 0,
		devF1: null,
		testF1: null,
		results: null,
		seconds: 0,
		logEvents: 0,
	};
}

function isResumePoint(value: unknown): boolean {
	return hasCounts(value, ['epoch', 'logEvents']) && isTime((value as { savedAtMs?: unknown }).savedAtMs);
}

export const runKind: KindDefinition<RunDetail> = {
	migrations: [fromVersion1, fromVersion2, fromVersion3],
	readInner: (detail) => (isRecord(detail.config) ? { ...detail, config: readConfig(detail.config) } : detail),
	isValid: (detail): detail is RunDetail =>
		isRecord(detail) &&
		(detail.config === null || isRecord(detail.config)) &&
		(recordedStates as unknown[]).includes(detail.state) &&
		(detail.saveFailure === null || isSaveFailure(detail.saveFailure)) &&
		(detail.writer === undefined || typeof detail.writer === 'string') &&
		isRecord(detail.input) &&
		isTextRecord(detail.dataHashes) &&
		(detail.parentCheckpointId === undefined || typeof detail.parentCheckpointId === 'string') &&
		(detail.isLimitedFirst === undefined || typeof detail.isLimitedFirst === 'boolean') &&
		isTextRecord(detail.inputNames) &&
		isTextRecord(detail.versions) &&
		(detail.results === null || isRecord(detail.results)) &&
		typeof detail.deviceName === 'string' &&
		(detail.resumable === null || isResumePoint(detail.resumable)) &&
		Array.isArray(detail.stages) &&
		hasCounts(detail, ['epochCount', 'logEvents']) &&
		[detail.devF1, detail.testF1].every((score) => score === null || typeof score === 'number') &&
		typeof detail.seconds === 'number',
};

function isSaveFailure(value: unknown): value is SaveFailure {
	return isRecord(value) && typeof value.code === 'string' && Number.isFinite(value.atMs);
}

export const resumePart = 'resume';
export const changesInputPart = 'input/changes';
export const modelInputPart = 'input/model';
export const logPrefix = 'log/';
export const predictionsPart = (split: EvaluatedSplit) => `predictions/${split}`;
