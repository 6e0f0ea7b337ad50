// Runs that can go on: finding them, and taking one up again where it was saved. Files of the user are not kept, only
// their fingerprints, so that a run goes on with the same ones.

import type { TrainingEvent } from '../experiment/events';
import { decodeResumeState, type ResumeFile } from '../storage/resume-state';
import type { ItemOf } from '../storage/workspace/item-kinds';
import { decodeLog, eventsOf, joinLogs, type RunLog } from '../storage/workspace/run-log';
import { logPrefix, type RunDetail, resumePart } from '../storage/workspace/run-record';
import type { Workspace } from '../storage/workspace/workspace';
import { UserError } from '../util/errors';
import type { SavedRun } from './protocol';
import { logPieceName } from './run-keeper';

/** The run saved last that can go on and that no tab trains; null when there is none. */
export async function latestSavedRun(workspace: Workspace, claimed: readonly string[]): Promise<SavedRun | null> {
	for (const listed of await workspace.list('run')) {
		if (!listed.isReadable || listed.item.kind !== 'run' || listed.item.trashedAtMs !== null) continue;
		if (!listed.item.detail.resumable || claimed.includes(listed.item.id)) continue;
		const saved = await describeSaved(workspace, listed.item);
		if (saved) return saved;
	}
	return null;
}

/** Null for a state that this version cannot read. */
async function describeSaved(workspace: Workspace, { id, detail }: ItemOf<'run'>): Promise<SavedRun | null> {
	const { config, resumable } = detail;
	if (!resumable) return null;
	const isCutOff = detail.state === 'running';
	if (config) return { runId: id, preset: config.preset, isCutOff, ...resumable };
	try {
		const resume = await readResume(workspace, id);
		const { stageIndex, progress } = resume.state.position;
		const stage = resume.config.stages[stageIndex];
		const { savedAtMs } = resumable;
		const { preset } = resume.config;
		return stage && { runId: id, preset, stage: stage.name, epoch: progress.epoch, savedAtMs, isCutOff };
	} catch (error) {
		if (error instanceof UserError) return null;
		throw error;
	}
}

async function readResume(workspace: Workspace, runId: string): Promise<ResumeFile> {
	return decodeResumeState(await workspace.readPart('run', runId, resumePart));
}

export interface ReadSavedRun {
	resume: ResumeFile;
	name: string;
	/** The record's, as it stood at the saved state. */
	detail: RunDetail;
	/** What the run said up to the saved state. */
	events: TrainingEvent[];
	/** Pieces of the log that came after it; they go when the run goes on. */
	latePieces: string[];
}

/** Throws a UserError `no-saved-run`, or what reading a damaged one throws. Changes nothing. */
export async function readSavedRun(workspace: Workspace, runId: string): Promise<ReadSavedRun> {
	const item = await workspace.get('run', runId);
	if (!item.detail.resumable) throw noSavedRun();
	const resume = await readResume(workspace, runId);
	const { logEvents } = item.detail.resumable;
	const late = item.parts.filter(({ name }) => name.startsWith(logPrefix) && name >= logPieceName(logEvents));
	const events = eventsOf(await readLog(workspace, item, logEvents));
	const detail: RunDetail = {
		...item.detail,
		config: resume.config,
		dataHashes: resume.dataHashes,
		state: 'running',
		stages: events.flatMap((event) => (event.kind === 'stage-finished' ? [event.summary] : [])),
		epochCount: events.filter((event) => event.kind === 'epoch-finished').length,
		logEvents,
	};
	return { resume, name: item.name, detail, events, latePieces: late.map(({ name }) => name) };
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
