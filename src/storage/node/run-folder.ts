// The folder of one run of the headless command: metrics.jsonl grows by one event a line; result.json,
// model.safetensors, resume.safetensors and the predictions are replaced whole.

import { type FileHandle, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvaluatedSplit } from '../../data/predicted-sentence';
import type { TrainingEvent } from '../../experiment/events';
import { UserError } from '../../util/errors';
import { append, exists, makeFolder, openToAppend, readFileBytes, writeFileAtomically } from './files';

const names = {
	metrics: 'metrics.jsonl',
	result: 'result.json',
	model: 'model.safetensors',
	resume: 'resume.safetensors',
	dev: 'predictions-dev.safetensors',
	test: 'predictions-test.safetensors',
} as const;

export class RunFolder {
	private constructor(
		readonly path: string,
		private readonly log: FileHandle,
	) {}

	/** Throws a UserError `run-folder-taken` when the folder holds a run. */
	static async requireFree(path: string): Promise<void> {
		for (const name of Object.values(names)) {
			if (!(await exists(join(path, name)))) continue;
			throw new UserError({
				code: 'run-folder-taken',
				place: { file: path },
				expected: 'a folder without a run',
				found: `the file ${name}`,
				remedy: 'Choose another folder, resume this run (--resume), or delete it.',
			});
		}
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
		await truncate(file, await bytesOfLines(file, eventCount));
		return new RunFolder(path, await openToAppend(file, 'any'));
	}

	/** The saved state of the run in a folder. Throws a UserError `run-folder-no-state` when there is none. */
	static async readResume(path: string): Promise<Uint8Array> {
		if (!(await exists(join(path, names.resume)))) {
			const hasResult = await exists(join(path, names.result));
			throw new UserError({
				code: 'run-folder-no-state',
				place: { file: path },
				expected: `a run that can be resumed (${names.resume})`,
				found: hasResult ? 'a finished run' : 'none',
				remedy: 'Use the folder of a stopped run, or start a new run without --resume.',
			});
		}
		return readFileBytes(join(path, names.resume));
	}

	async appendEvent(event: TrainingEvent): Promise<void> {
		await append(this.log, join(this.path, names.metrics), `${JSON.stringify(event)}\n`);
	}

	async writeResult(result: unknown): Promise<void> {
		await writeFileAtomically(join(this.path, names.result), `${JSON.stringify(result, null, '\t')}\n`);
	}

	async writeModel(checkpoint: Uint8Array): Promise<void> {
		await writeFileAtomically(join(this.path, names.model), checkpoint);
	}

	/** Tags of the best epoch so far (storage/predictions-file.ts). */
	async writePredictions(split: EvaluatedSplit, predictions: Uint8Array): Promise<void> {
		await writeFileAtomically(join(this.path, names[split]), predictions);
	}

	async writeResume(state: Uint8Array): Promise<void> {
		await writeFileAtomically(join(this.path, names.resume), state);
	}

	/** A finished run has nothing to go on with. */
	async removeResume(): Promise<void> {
		await rm(join(this.path, names.resume), { force: true });
	}

	async close(): Promise<void> {
		await this.log.close();
	}
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
				place: { file },
				expected: `a log of at least ${count} lines`,
				found: `${line}`,
				remedy: 'Restore the log file in this folder, or start a new run in another folder.',
			});
		}
		end = next + 1;
	}
	return end;
}
