// A stored request of a run in today's form, also of an earlier version.

import { isRecord } from '../storage/workbench-file';
import type { CorpusFiles, NewRunRequest, StoredInput, TrainingInput } from '../wire/runs';

/** One form for every kind of run, before version 0.2.0. */
interface EarlierRequest {
	files: CorpusFiles | null;
	stored?: StoredInput;
	name?: string;
	preset: string;
	seed: number | null;
	settings: NewRunRequest['settings'];
	initialCheckpointId?: string;
	mapPoints?: number;
	labels?: { setting: string; count: number };
}

/** Null for what asks for no new run, and for what is damaged. */
export function currentRequest(value: unknown): NewRunRequest | null {
	if (!isRecord(value)) return null;
	if (value.kind === 'new' || value.kind === 'from-checkpoint')
		return isWhole(value) ? (value as unknown as NewRunRequest) : null;
	if (value.kind !== undefined || typeof value.preset !== 'string') return null;
	return fromEarlier(value as unknown as EarlierRequest);
}

function isWhole({ kind, input, preset, settings, checkpointId }: Record<string, unknown>): boolean {
	const hasInput =
		isRecord(input) &&
		((input.kind === 'files' && isRecord(input.files)) || (input.kind === 'stored' && isRecord(input.stored)));
	const hasModel = kind === 'new' || typeof checkpointId === 'string';
	return hasInput && hasModel && typeof preset === 'string' && isRecord(settings);
}

function fromEarlier(earlier: EarlierRequest): NewRunRequest | null {
	const { files, stored, initialCheckpointId: checkpointId, labels, name, mapPoints, preset, seed, settings } = earlier;
	const input: TrainingInput | null = files ? { kind: 'files', files } : stored ? { kind: 'stored', stored } : null;
	if (!input) return null;
	const parts = {
		...{ input, preset, seed, settings },
		...(name === undefined ? {} : { name }),
		...(mapPoints === undefined ? {} : { mapPoints }),
	};
	if (checkpointId === undefined) return { kind: 'new', ...parts };
	return { kind: 'from-checkpoint', checkpointId, ...parts, ...(labels && { labels }) };
}
