// What `nerco train --resume` finds in its folder: a finished run is left alone, one that was cut off is made ready to
// continue, one that never saved a state starts again. The command line must not say another run than the folder's.

import { readConfig } from '../experiment/config-versions';
import { openBertFolder } from '../storage/node/bert-folder';
import { openHashedStream } from '../storage/node/files';
import { RunFolder } from '../storage/node/run-folder';
import { decodeResumeState } from '../storage/resume-state';
import { UserError } from '../util/errors';
import type { JsonObject } from '../util/migrations';
import { parseBackend, parseKernels, parseThreads } from './open-device';
import {
	type Corpora,
	type InputPaths,
	type InputRole,
	inputRoles,
	prepareInputs,
	readCorpora,
	usesInput,
} from './read-inputs';
import { fittedConfig, type ReadyRun, readyToStart } from './ready-run';
import type { InputRecord, RunResult } from './result-file';
import { configOf, namedPaths, type RunOptions } from './run-options';
import { type KnownInput, requireSameInput, requireSameSettings } from './same-run';

/** Throws a UserError `run-folder-other-setting` or `resume-other-input` where the command line says another run. */
export async function readyToRepeat(out: string, options: RunOptions): Promise<ReadyRun | 'finished'> {
	const found = await RunFolder.inspect(out);
	switch (found.kind) {
		case 'finished':
			await requireFinished(out, options, found.result as unknown as RunResult);
			await RunFolder.removeLeftovers(out);
			return 'finished';
		case 'resumable':
			return readyToContinue(out, options);
		case 'empty':
		case 'unfinished': {
			if (options.train === undefined) throw RunFolder.noState(out);
			const begun = found.config && readConfig(found.config);
			const ready = await readyToStart(options, (config) => begun && requireSameSettings(out, begun, config));
			await RunFolder.clear(out);
			return ready;
		}
		default:
			return found satisfies never;
	}
}

/** Whether the options are those of a whole command and not only some that come on top of the folder's. */
function isWhole({ preset, train }: RunOptions): boolean {
	return preset !== undefined || train !== undefined;
}

async function readyToContinue(out: string, options: RunOptions): Promise<ReadyRun> {
	const { config, dataHashes, notes, state } = decodeResumeState(
		await RunFolder.readResume(out),
		`${out}/resume.safetensors`,
	);
	const backend = parseBackend(options.backend ?? notes.backend);
	const kernels = parseKernels(options.kernels ?? notes.kernels);
	const threads = parseThreads(options.threads);
	const before = JSON.parse(notes.paths) as InputPaths;
	const paths = (isWhole(options) ? namedPaths(options) : { ...before, ...namedPaths(options) }) as InputPaths;
	if (!isWhole(options)) requireSameSettings(out, config, configOf(options, undefined, config));
	const requireSame = (roles: readonly InputRole[], inputs: Partial<Record<string, InputRecord>>) => {
		for (const role of roles) {
			const saved = dataHashes[role] === undefined ? null : { file: before[role], sha256: dataHashes[role] };
			requireSameInput(role, saved, inputs[role] ?? null);
		}
	};
	requireNamed(paths, dataHashes, before);
	const corpora = await readCorpora(paths, config);
	requireSame(['train', 'dev', 'test'], corpora.inputs);
	if (isWhole(options)) requireSameSettings(out, config, fittedConfig(options, corpora));
	const prepared = await prepareInputs(paths, corpora, config);
	requireSame(inputRoles, prepared.inputs);
	return { config, paths, prepared, resumeFrom: state, backend, kernels, threads };
}

/** Inputs that the run has read and the command line leaves out. */
function requireNamed(
	paths: Partial<InputPaths>,
	sha256: Partial<Record<string, string>>,
	before: Partial<InputPaths>,
): void {
	for (const role of inputRoles)
		if (sha256[role] !== undefined && paths[role] === undefined)
			requireSameInput(role, { file: before[role], sha256: sha256[role] }, null);
}

/** A finished run needs none of its inputs any more: those that are gone are not asked for. */
async function requireFinished(out: string, options: RunOptions, { config: written, data }: RunResult): Promise<void> {
	const config = readConfig(written as unknown as JsonObject);
	const named = namedPaths(options);
	if (!isWhole(options)) requireSameSettings(out, config, configOf(options, undefined, config));
	else {
		const hashes = Object.fromEntries(Object.entries(data).map(([role, { sha256 }]) => [role, sha256]));
		const files = Object.fromEntries(Object.entries(data).map(([role, { file }]) => [role, file]));
		requireNamed(named, hashes, files);
		const corpora = await unlessGone(() => readCorpora(named as InputPaths, config));
		if (corpora) requireSameSettings(out, config, fittedConfig(options, corpora));
	}
	for (const role of inputRoles) {
		const path = named[role];
		if (path === undefined || !usesInput(role, config)) continue;
		const sha256 = await unlessGone(() => hashOfInput(role, path));
		if (sha256 !== null) requireSameInput(role, (data[role] as KnownInput | undefined) ?? null, { file: path, sha256 });
	}
}

async function hashOfInput(role: InputRole, path: string): Promise<string> {
	if (role === 'bert') return (await openBertFolder(path)).hash;
	return (await openHashedStream(path)).sha256();
}

async function unlessGone<Value extends Corpora | string>(read: () => Promise<Value>): Promise<Value | null> {
	try {
		return await read();
	} catch (error) {
		if (error instanceof UserError && error.code === 'file-unreadable') return null;
		throw error;
	}
}
