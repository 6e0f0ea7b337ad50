// The last event of a run that an error ended, so that its log, its record and its files say so as they say any other end.

import { UserError } from '../util/errors';
import type { StageSummary, TrainingEvent } from './events';
import type { FailReason } from './run-status';

/** Codes of UserErrors that say that a device's or the machine's memory is full. */
const memoryCodes: ReadonlySet<string> = new Set(['wasm-out-of-memory', 'gpu-out-of-memory']);

/** `stages` and `seconds`: what the run came to. */
export function failureEvent(
	error: unknown,
	{ stages, seconds }: { stages: StageSummary[]; seconds: number },
): TrainingEvent {
	const message = error instanceof Error ? error.message : String(error);
	const end = { kind: 'finished', reason: failReasonOf(error), message, stages, seconds } as const;
	if (!(error instanceof UserError)) return end;
	const { code, location, expected, found, remedy } = error;
	return { ...end, error: { code, location, expected, found, remedy } };
}

export function failReasonOf(error: unknown): FailReason {
	if (error instanceof UserError) return memoryCodes.has(error.code) ? 'out-of-memory' : 'error';
	// What engines throw where an array finds no room; other RangeErrors are bugs.
	return error instanceof RangeError && /alloc|memory|array (buffer|length)/i.test(error.message)
		? 'out-of-memory'
		: 'error';
}
