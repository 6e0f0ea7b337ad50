// The state of the run that goes on, kept in the browser after every epoch so that it survives a closed page or a lost
// device. One run at a time; the files are not kept, only their fingerprints, so that it goes on with the same ones.

import type { ExperimentConfig } from '../experiment/config';
import type { RunState } from '../experiment/run-state';
import { decodeResumeState, encodeResumeState, type ResumeFile, requireSameInput } from '../storage/resume-state';
import { RunStore } from '../storage/run-store';
import { UserError } from '../util/errors';
import type { CorpusFiles, SavedRun } from './protocol';

const runId = 'latest';
/** Files up to this size are hashed as a whole, larger ones by size, beginning and end. */
const wholeBytes = 64 * 2 ** 20;
const edgeBytes = 2 ** 20;
/** Epochs of a tiny corpus take milliseconds: no more saves than one in this time. */
const leastIntervalMs = 2000;

/** SHA-256 of each file by role; its size where the browser does not hash. */
export async function fingerprints(files: CorpusFiles): Promise<Record<string, string>> {
	const hashes: Record<string, string> = {};
	for (const [role, file] of Object.entries(files)) if (file) hashes[role] = await fingerprint(file.content);
	return hashes;
}

async function fingerprint(content: Blob): Promise<string> {
	const { size } = content;
	if (!crypto.subtle) return `${size} bytes`; // a page that came neither from localhost nor by https may not hash
	const edges = new Blob([`${size} `, content.slice(0, edgeBytes), content.slice(size - edgeBytes)]);
	const bytes = await (size <= wholeBytes ? content : edges).arrayBuffer();
	const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
	return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function withStore<Result>(work: (store: RunStore) => Promise<Result>): Promise<Result> {
	const store = await RunStore.open();
	try {
		return await work(store);
	} finally {
		store.close();
	}
}

/** What can be continued; null too where the browser keeps nothing. */
export async function describeSavedRun(): Promise<SavedRun | null> {
	try {
		const info = await withStore((store) => store.latestResumable());
		const saved = info && (await readSaved());
		if (!saved) return null;
		const { stageIndex, progress } = saved.state.position;
		const stage = saved.config.stages[stageIndex];
		return stage
			? { preset: saved.config.preset, stage: stage.name, epoch: progress.epoch, savedAtMs: info.savedAtMs }
			: null;
	} catch (error) {
		if (error instanceof UserError) return null;
		throw error;
	}
}

async function readSaved(): Promise<ResumeFile | null> {
	const bytes = await withStore((store) => store.loadResume(runId));
	return bytes && decodeResumeState(bytes);
}

/** The saved run; throws a UserError when there is none, or when the files are others than those that it began with. */
export async function loadSavedRun(files: CorpusFiles): Promise<ResumeFile> {
	const saved = await readSaved();
	if (!saved) {
		throw new UserError({
			code: 'no-saved-run',
			expected: 'a saved run in this browser',
			found: 'none',
			remedy: 'Start a new run.',
		});
	}
	requireSameInput(saved.dataHashes, await fingerprints(files));
	return saved;
}

/** Saves states of one run. The first failure is told, later ones are not: the run itself goes on. */
export class RunKeeper {
	private hasFailed = false;
	private lastSavedMs = Number.NEGATIVE_INFINITY;

	constructor(
		private readonly config: ExperimentConfig,
		private readonly dataHashes: Record<string, string>,
		private readonly onFailure: (error: UserError) => void,
	) {}

	/** Saves, unless the last save is so fresh that the new one would only cost time; `isLast` always saves. */
	async save(state: RunState, { nowMs, isLast }: { nowMs: number; isLast: boolean }): Promise<void> {
		if (!isLast && nowMs - this.lastSavedMs < leastIntervalMs) return;
		this.lastSavedMs = nowMs;
		const bytes = encodeResumeState({ config: this.config, dataHashes: this.dataHashes, notes: {}, state });
		await this.attempt((store) => store.saveResume(runId, bytes, nowMs));
	}

	/** A run that has completed is not continued. */
	async forget(): Promise<void> {
		await this.attempt((store) => store.deleteResume(runId));
	}

	private async attempt(work: (store: RunStore) => Promise<void>): Promise<void> {
		if (this.hasFailed) return;
		try {
			await withStore(work);
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			this.hasFailed = true;
			this.onFailure(error);
		}
	}
}
