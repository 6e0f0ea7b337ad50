// A run that is ready to start: all input read, all settings checked.

import type { ExperimentConfig } from '../experiment/config';
import type { RunState } from '../experiment/run-state';
import { parseBackend, parseKernels, parseThreads } from './open-device';
import {
	type Corpora,
	type InputPaths,
	inputRoles,
	type PreparedInputs,
	prepareInputs,
	readCorpora,
} from './read-inputs';
import { configOf, inputPaths, type RunOptions } from './run-options';

export interface ReadyRun {
	config: ExperimentConfig;
	paths: InputPaths;
	prepared: PreparedInputs;
	resumeFrom: RunState | undefined;
	backend: ReturnType<typeof parseBackend>;
	kernels: ReturnType<typeof parseKernels>;
	threads: number;
}

/** `isExpected` is asked once the settings are known, before large files are read; it throws where they are not. */
export async function readyToStart(
	options: RunOptions,
	isExpected: (config: ExperimentConfig) => void = () => {},
): Promise<ReadyRun> {
	const paths = inputPaths(options);
	const backend = parseBackend(options.backend);
	const kernels = parseKernels(options.kernels);
	const threads = parseThreads(options.threads);
	const corpora = await readCorpora(paths, configOf(options));
	const config = fittedConfig(options, corpora);
	isExpected(config);
	const prepared = await prepareInputs(paths, corpora, config);
	return { config, paths, prepared, resumeFrom: undefined, backend, kernels, threads };
}

/** The settings once the number of training sentences is known. */
export function fittedConfig(options: RunOptions, { sentences }: Corpora): ExperimentConfig {
	return configOf(options, sentences.trainCount);
}

export function hashesOf(prepared: PreparedInputs): Record<string, string> {
	return Object.fromEntries(
		inputRoles.flatMap((role) => (prepared.inputs[role] ? [[role, prepared.inputs[role].sha256]] : [])),
	);
}
