// Runs that can be resumed: finding them, and reading what was saved of one. Files of the user are not kept, only
// their fingerprints, so that a run is resumed with the same ones.

import type { ExperimentConfig } from '../../experiment/config';
import type { TrainingEvent } from '../../experiment/events';
import { decodeResumeState, type ResumeFile } from '../../storage/resume-state';
import { decodeChanges } from '../../storage/workspace/corpus-record';
import type { ItemOf } from '../../storage/workspace/item-kinds';
import { decodeLog, joinLogs } from '../../storage/workspace/run-log';
import { eventsOf, type RunLog } from '../../storage/workspace/run-log-columns';
import { changesInputPart, logPrefix, type RunDetail, resumePart } from '../../storage/workspace/run-record';
import { isResumable, statusOfRun } from '../../storage/workspace/run-state';
import type { Workspace } from '../../storage/workspace/workspace';
import { UserError } from '../../util/errors';
import type { SavedRun } from '../../wire/runs';
import { logPieceName } from './run-record-changes';

/** The run changed last that can be resumed and that no tab trains; null when there is none. */
export async function latestSavedRun(workspace: Workspace, claimed: readonly string[]): Promise<SavedRun | null> {
	for (const listed of await workspace.list('run')) {
		if (!listed.isReadable || listed.item.kind !== 'run' || listed.item.trashedAtMs !== null) continue;
		if (!isResumable(listed.item.detail) || claimed.includes(listed.item.id)) continue;
		const saved = await describeSaved(workspace, listed.item);
		if (saved) return saved;
	}
	return null;
}

/** Null for a state that this version cannot read. */
async function describeSaved(workspace: Workspace, { id, detail }: ItemOf<'run'>): Promise<SavedRun | null> {
	const { config, resumable } = detail;
	const { status, reason } = statusOfRun(detail, false);
	const pauseReason = status === 'paused' ? reason : null;
	if (config && !resumable) {
		return { runId: id, preset: config.preset, pauseReason, stage: config.stages[0].name, epoch: 1, savedAtMs: null };
	}
	if (!resumable) return null;
	if (config) {
		const { stage, epoch, savedAtMs } = resumable;
		return { runId: id, preset: config.preset, pauseReason, stage, epoch, savedAtMs };
	}
	try {
		const resume = await readResume(workspace, id);
		const { stageIndex, progress } = resume.state.position;
		const stage = resume.config.stages[stageIndex];
		const { savedAtMs } = resumable;
		const { preset } = resume.config;
		return stage && { runId: id, preset, stage: stage.name, epoch: progress.epoch, savedAtMs, pauseReason };
	} catch (error) {
		if (error instanceof UserError) return null;
		throw error;
	}
}

/** Null where nothing was saved: the run begins anew then. */
async function readResumeIfThere(workspace: Workspace, { id, detail }: ItemOf<'run'>): Promise<ResumeFile | null> {
	return detail.resumable ? readResume(workspace, id) : null;
}

export async function readResume(workspace: Workspace, runId: string): Promise<ResumeFile> {
	return decodeResumeState(await workspace.readPart('run', runId, resumePart));
}

export interface ReadSavedRun {
	/** Null for a run whose page ended before anything was saved: it begins anew, with the same settings and input. */
	resume: ResumeFile | null;
	config: ExperimentConfig;
	/** Of its input, by role. */
	dataHashes: Record<string, string>;
	/** Changes of its corpus that it began with; undefined where an earlier version did not keep them. */
	pinnedChanges: unknown;
	name: string;
	/** The record's, as it was at the saved state. */
	detail: RunDetail;
	/** What the run said up to the saved state. */
	events: TrainingEvent[];
	/** Pieces of the log that came after it; they are removed when the run is resumed. */
	latePieces: string[];
}

/** Throws a UserError `no-saved-run`, or what reading a damaged one throws. Changes nothing. */
export async function readSavedRun(workspace: Workspace, runId: string): Promise<ReadSavedRun> {
	const item = await workspace.get('run', runId);
	if (!isResumable(item.detail)) throw noSavedRun();
	const resume = await readResumeIfThere(workspace, item);
	const config = resume?.config ?? item.detail.config;
	if (!config) throw noSavedRun();
	const { logEvents } = item.detail.resumable ?? { logEvents: 0 };
	const late = item.parts.filter(({ name }) => name.startsWith(logPrefix) && name >= logPieceName(logEvents));
	const events = eventsOf(await readLog(workspace, item, logEvents));
	const detail: RunDetail = {
		...item.detail,
		config,
		dataHashes: resume?.dataHashes ?? item.detail.dataHashes,
		state: 'running',
		stages: events.flatMap((event) => (event.kind === 'stage-finished' ? [event.summary] : [])),
		epochCount: events.filter((event) => event.kind === 'epoch-finished').length,
		logEvents,
	};
	const { dataHashes } = detail;
	const hasPinned = item.parts.some(({ name }) => name === changesInputPart);
	const pinnedChanges = hasPinned ? decodeChanges(await workspace.readPart('run', runId, changesInputPart)) : undefined;
	// Without a saved state all that an earlier attempt left goes.
	const left = resume ? late : item.parts.filter(({ name }) => /^(log|predictions)\//.test(name));
	const latePieces = left.map(({ name }) => name);
	return { resume, config, dataHashes, pinnedChanges, name: item.name, detail, events, latePieces };
}

/** The log of a run, or its first events. Throws a UserError `storage-…` when it is damaged. */
export async function readLog(
	workspace: Workspace,
	{ id, parts }: ItemOf<'run'>,
	eventCount?: number,
): Promise<RunLog> {
	const names = parts.map(({ name }) => name).filter((name) => name.startsWith(logPrefix));
	const pieces: RunLog[] = [];
	for (const name of names.sort()) pieces.push(decodeLog(await workspace.readPart('run', id, name)));
	return joinLogs(pieces, eventCount);
}

export function noSavedRun(): UserError {
	return new UserError({
		code: 'no-saved-run',
		expected: 'a saved run in this browser',
		found: 'none',
		remedy: 'Start a new run.',
	});
}
