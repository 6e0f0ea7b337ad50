// The folder of one run of the headless command: metrics.jsonl grows by one event a line; result.json,
// model.safetensors, resume.safetensors and the predictions are replaced whole.

import { type FileHandle, readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvaluatedSplit } from '../../data/predicted-sentence';
import type { TrainingEvent } from '../../experiment/events';
import { UserError } from '../../util/errors';
import type { JsonObject } from '../../util/migrations';
import {
	append,
	exists,
	flush,
	isPartial,
	makeFolder,
	openToAppend,
	readFileBytes,
	writeFileAtomically,
} from './files';

/** A file's bytes, or its parts as they are made. */
type FileContent = Uint8Array | AsyncIterable<Uint8Array>;

const names = {
	metrics: 'metrics.jsonl',
	result: 'result.json',
	model: 'model.safetensors',
	resume: 'resume.safetensors',
	dev: 'predictions-dev.safetensors',
	test: 'predictions-test.safetensors',
	frames: 'frames.jsonl',
} as const;

/** What a folder holds. `config`: the settings that an unfinished run began with, as its version wrote them; null where it
 *  did not get to say them. */
export type FoundRun =
	| { kind: 'empty'; config: null }
	| { kind: 'finished'; result: unknown }
	| { kind: 'resumable' }
	| { kind: 'unfinished'; config: JsonObject | null };

export class RunFolder {
	private constructor(
		readonly path: string,
		private readonly log: FileHandle,
	) {}

	/** Throws a UserError `run-folder-taken` when the folder holds a run. */
	static async requireFree(path: string): Promise<void> {
		for (const name of Object.values(names)) {
			if (!(await exists(join(path, name)))) continue;
			throw taken(path, name);
		}
	}

	/** Throws a UserError `run-folder-taken` when files of the names of a run are there that no run wrote, or a model whose
	 *  run can neither be told finished nor be continued. */
	static async inspect(path: string): Promise<FoundRun> {
		const result = await readResult(path);
		if (result?.reason === 'completed') return { kind: 'finished', result };
		if (await exists(join(path, names.resume))) return { kind: 'resumable' };
		const isThere = async (name: string) => ((await exists(join(path, name))) ? [name] : []);
		const found = (await Promise.all(Object.values(names).map(isThere))).flat();
		if (found.length === 0) return { kind: 'empty', config: null };
		if (found.includes(names.model) || !found.includes(names.metrics)) throw taken(path, found[0]);
		const log = await readFileBytes(join(path, names.metrics));
		const isOurs =
			log.length === 0 || startsAlike(new TextDecoder().decode(log.subarray(0, runStart.length)), runStart);
		if (!isOurs) throw taken(path, names.metrics);
		return { kind: 'unfinished', config: configOfLog(log) };
	}

	/** Removes what a run left that never saved a state, and nothing else. */
	static async clear(path: string): Promise<void> {
		for (const name of Object.values(names)) await rm(join(path, name), { force: true });
		await removePartials(path);
	}

	/** Of a run that was killed while it cleaned up. */
	static async removeLeftovers(path: string): Promise<void> {
		await rm(join(path, names.resume), { force: true });
		await removePartials(path);
	}

	static noState(path: string, found = 'none'): UserError {
		return new UserError({
			code: 'run-folder-no-state',
			location: { file: path },
			expected: `a run that can be resumed (${names.resume})`,
			found,
			remedy: 'Use the folder of a stopped run, or the full command, which starts the run.',
		});
	}

	/** Begins a run in a folder that holds none; makes the folder. Throws a UserError `run-folder-taken` otherwise. */
	static async begin(path: string): Promise<RunFolder> {
		await RunFolder.requireFree(path);
		await makeFolder(path);
		return new RunFolder(path, await openToAppend(join(path, names.metrics), 'new'));
	}

	/** Goes on with a run: cuts its log to the `eventCount` lines that the saved state knows of. Throws a UserError
	 *  `run-folder-log` when the log is missing or shorter. */
	static async goOn(path: string, eventCount: number): Promise<RunFolder> {
		const file = join(path, names.metrics);
		await removePartials(path);
		await truncate(file, await bytesOfLines(file, eventCount));
		return new RunFolder(path, await openToAppend(file, 'any'));
	}

	/** The saved state of the run in a folder. Throws a UserError `run-folder-no-state` when there is none. */
	static async readResume(path: string): Promise<Uint8Array> {
		if (!(await exists(join(path, names.resume)))) {
			throw RunFolder.noState(path, (await exists(join(path, names.result))) ? 'a finished run' : 'none');
		}
		return readFileBytes(join(path, names.resume));
	}

	async appendEvent(event: TrainingEvent): Promise<void> {
		await append(this.log, join(this.path, names.metrics), `${JSON.stringify(event)}\n`);
	}

	async writeResult(result: unknown): Promise<void> {
		await writeFileAtomically(join(this.path, names.result), `${JSON.stringify(result, null, '\t')}\n`);
	}

	async writeModel(checkpoint: FileContent): Promise<void> {
		await writeFileAtomically(join(this.path, names.model), checkpoint);
	}

	/** Tags of the best epoch so far (storage/predictions-file.ts). */
	async writePredictions(split: EvaluatedSplit, predictions: Uint8Array): Promise<void> {
		await writeFileAtomically(join(this.path, names[split]), predictions);
	}

	/** The log is on disk before the state that counts its lines. */
	async writeResume(state: FileContent): Promise<void> {
		await flush(this.log, join(this.path, names.metrics));
		await writeFileAtomically(join(this.path, names.resume), state);
	}

	/** A finished run has nothing to resume. */
	async removeResume(): Promise<void> {
		await rm(join(this.path, names.resume), { force: true });
	}

	async close(): Promise<void> {
		await this.log.close();
	}
}

const runStart = '{"kind":"run-started"';

/** One begins with the other: the last line of a log may be cut off. */
function startsAlike(left: string, right: string): boolean {
	return left.startsWith(right) || right.startsWith(left);
}

/** Settings of the first event; null where its line is not whole. */
function configOfLog(log: Uint8Array): JsonObject | null {
	const end = log.indexOf(0x0a);
	if (end < 0) return null;
	try {
		return JSON.parse(new TextDecoder().decode(log.subarray(0, end))).config ?? null;
	} catch {
		return null; // a disk that was full in between
	}
}

/** Null where there is none, or none that a run wrote. */
async function readResult(path: string): Promise<{ reason?: unknown } | null> {
	const file = join(path, names.result);
	if (!(await exists(file))) return null;
	try {
		const result = JSON.parse(new TextDecoder().decode(await readFileBytes(file)));
		return result?.format === 'nerco-result' ? result : null;
	} catch (error) {
		if (error instanceof SyntaxError) return null;
		throw error;
	}
}

/** Temporary files of a process that was killed; the folder's lock says that it writes no more. */
async function removePartials(path: string): Promise<void> {
	const left = (await readdir(path).catch(() => [])).filter((name) => isPartial(name));
	for (const name of left) await rm(join(path, name), { force: true });
}

function taken(path: string, name: string): UserError {
	return new UserError({
		code: 'run-folder-taken',
		location: { file: path },
		expected: 'a folder without a run',
		found: `the file ${name}`,
		remedy: 'Choose another folder, resume this run (--resume), or delete it.',
	});
}

/** Length in bytes of the first `count` lines. */
async function bytesOfLines(file: string, count: number): Promise<number> {
	const bytes = (await exists(file)) ? await readFileBytes(file) : new Uint8Array(0);
	let end = 0;
	for (let line = 0; line < count; line++) {
		const next = bytes.indexOf(0x0a, end);
		if (next < 0) {
			throw new UserError({
				code: 'run-folder-log',
				location: { file },
				expected: `a log of at least ${count} lines`,
				found: `${line}`,
				remedy: 'Restore the log file in this folder, or start a new run in another folder.',
			});
		}
		end = next + 1;
	}
	return end;
}
