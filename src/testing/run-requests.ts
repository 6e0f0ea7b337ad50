// Requests of runs, for tests.

import { noStoredInput } from '../storage/workspace/run-record';
import type { PresetRunRequest, ResumedRunRequest } from '../wire/runs';

/** A new run on a stored corpus, without lexicon and vectors, with preset `smoke`. */
export function presetRun(corpusId: string, change: Partial<PresetRunRequest> = {}): PresetRunRequest {
	const input = { kind: 'stored', stored: { ...noStoredInput, corpusId } } as const;
	return { kind: 'new', input, preset: 'smoke', seed: 1, settings: {}, ...change };
}

/** The run saved last where no id is given. */
export function resumedRun(runId?: string, change: Partial<ResumedRunRequest> = {}): ResumedRunRequest {
	return { kind: 'resumed', runId, files: null, ...change };
}
