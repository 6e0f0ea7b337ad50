// A stored checkpoint: the part `checkpoint` is the file of storage/checkpoint.ts; the record says what lists show.

import type { Checkpoint } from '../checkpoint';
import { elementCount } from '../stored-tensor';
import { hasCounts, isRecord, isTextList } from '../workbench-file';
import type { KindDefinition } from './item-record';

export interface CheckpointDetail {
	/** Run that it comes from; null for an imported file. */
	runId: string | null;
	preset: string;
	/** Stage and epoch of its parameters; empty and 0 when unknown. */
	stage: string;
	epoch: number;
	parameterCount: number;
	entityTypes: string[];
	/** Micro F1 by the published rule, from 0 to 1; null when it was not measured. */
	devF1: number | null;
	testF1: number | null;
}

/** Version 1 knew the run only. */
function fromVersion1({ runId }: Record<string, unknown>): Record<string, unknown> {
	const unknown = { preset: '', stage: '', epoch: 0, parameterCount: 0, entityTypes: [], devF1: null, testF1: null };
	return { runId: runId ?? null, ...unknown };
}

export const checkpointKind: KindDefinition<CheckpointDetail> = {
	migrations: [fromVersion1],
	isValid: (detail): detail is CheckpointDetail =>
		isRecord(detail) &&
		(detail.runId === null || typeof detail.runId === 'string') &&
		[detail.preset, detail.stage].every((text) => typeof text === 'string') &&
		hasCounts(detail, ['epoch', 'parameterCount']) &&
		isTextList(detail.entityTypes) &&
		[detail.devF1, detail.testF1].every((score) => score === null || typeof score === 'number'),
};

export const checkpointPart = 'checkpoint';

export function describeCheckpoint(checkpoint: Checkpoint, runId: string | null): CheckpointDetail {
	const { config, provenance, labels, metrics, parameters } = checkpoint;
	const f1Of = (evaluation: Checkpoint['metrics']['dev']) => evaluation?.scores?.published?.micro?.f1 ?? null;
	const types = new Set(
		labels.filter((label) => label.includes('-')).map((label) => label.slice(label.indexOf('-') + 1)),
	);
	return {
		runId,
		preset: config.preset,
		stage: provenance.stage,
		epoch: provenance.epoch,
		parameterCount: [...parameters.values()].reduce((sum, tensor) => sum + elementCount(tensor.shape), 0),
		entityTypes: [...types],
		devF1: f1Of(metrics.dev),
		testF1: f1Of(metrics.test),
	};
}
