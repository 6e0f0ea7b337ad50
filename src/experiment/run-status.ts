// The state of a run in one word, with its reason: read from its record by one function, for the page, its lists, the queue,
// exports and the files of the headless command alike. A run that nobody trains any more is never `training`.

import type { FinishReason, TrainingEvent } from './events';

/** The words that people and their scripts see. */
export const runStatuses = ['idle', 'training', 'paused', 'stopped', 'finished', 'failed'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Why a run is paused. `interrupted`: its page or its process ended while it was training. `taken-over`: for the page that
 *  trained it, when another one resumed it (only where the browser has no locks). */
export const pauseReasons = ['own-pause', 'interrupted', 'storage-full', 'storage-gone', 'taken-over'] as const;
export type PauseReason = (typeof pauseReasons)[number];

/** Why a run is stopped. `interrupted`: as when paused, but nothing is left to resume it from. */
export type StopReason = 'own-stop' | 'interrupted';

/** Why a run has failed. `error`: its data, a setting or a fault of the workbench; the last event of its log says which. */
export const failReasons = ['not-a-number', 'device-lost', 'out-of-memory', 'error'] as const;
export type FailReason = (typeof failReasons)[number];

/** What a record holds: how the run was when it was written last. */
export type RecordedState = 'running' | 'paused' | FinishReason;
export const recordedStates: readonly RecordedState[] = ['running', 'paused', 'completed', 'stopped', ...failReasons];

/** Since when a run that is training could not be saved, and why. */
export interface SaveFailure {
	/** Of the UserError: `storage-full`, `storage-unavailable`, … */
	code: string;
	/** Milliseconds since 1970. */
	atMs: number;
}

export type StatusOfRun =
	| { status: 'training'; reason: null }
	| { status: 'paused'; reason: PauseReason }
	| { status: 'stopped'; reason: StopReason }
	| { status: 'finished'; reason: null }
	| { status: 'failed'; reason: FailReason };

export interface RunFacts {
	/** Some page or process trains the run, or holds it, now. */
	isActive: boolean;
	/** It can be resumed, be it from its beginning. */
	isResumable: boolean;
}

export function runStatus(
	{ state, saveFailure = null }: { state: RecordedState; saveFailure?: SaveFailure | null },
	{ isActive, isResumable }: RunFacts,
): StatusOfRun {
	switch (state) {
		case 'running':
			if (isActive) return { status: 'training', reason: null };
			if (!isResumable) return { status: 'stopped', reason: 'interrupted' };
			return { status: 'paused', reason: interruption(saveFailure) };
		case 'paused':
			if (!isActive && !isResumable) return { status: 'stopped', reason: 'interrupted' };
			return { status: 'paused', reason: 'own-pause' };
		case 'completed':
			return { status: 'finished', reason: null };
		case 'stopped':
			return { status: 'stopped', reason: 'own-stop' };
		case 'not-a-number':
		case 'device-lost':
		case 'out-of-memory':
		case 'error':
			return { status: 'failed', reason: state };
		default:
			return state satisfies never;
	}
}

function interruption(failure: SaveFailure | null): PauseReason {
	if (!failure) return 'interrupted';
	return failure.code === 'storage-full' ? 'storage-full' : 'storage-gone';
}

/** How a log says that its run was last: `running` where it has no end since the run was last begun or resumed. */
export function recordedStateOf(events: readonly TrainingEvent[]): RecordedState {
	const last = events.findLast(({ kind }) => kind === 'finished' || kind === 'run-started');
	return last?.kind === 'finished' ? last.reason : 'running';
}

/** Whether a run has come to an end that its figures may be read at. */
export function hasEnded({ state }: { state: RecordedState }): boolean {
	return state === 'completed' || state === 'stopped';
}
