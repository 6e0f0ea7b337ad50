// Options that say what a run is, of every command that prepares one: its inputs and its settings.

import { resolve } from 'node:path';
import { checkConfig, withSetting } from '../experiment/check-config';
import type { ExperimentConfig } from '../experiment/config';
import { currentPath, upgradedSettings } from '../experiment/config-versions';
import { findPreset, presetConfig } from '../experiment/presets';
import { integerOption, type readOptions, required, UsageError } from './command-line';
import type { InputPaths } from './read-inputs';

/** The lines of `runOptions`. */
export const runUsage = `  --preset NAME          settings to start from (default: sample); 'nerco info' lists them
  --train, --dev, --test FILE
                         corpora: CoNLL columns (a character, its tag) or any format that 'nerco corpus inspect' reads
  --char-vectors FILE    character vectors (.vec or .vec.gz)
  --bigram-vectors FILE  character bigram vectors
  --word-vectors FILE    word vectors; their words are the lexicon unless --lexicon is given
  --lexicon FILE         lexicon, one word per line
  --bert FOLDER          a BERT model: config.json, vocab.txt or tokenizer.json, and model.safetensors or pytorch_model.bin
  --limit-train N        use only the first N training sentences
  --epochs N,N,...       maximum epochs of each stage; also sets the length of the warm-up
  --stop-after N         end each stage after N epochs, keeping its learning rate schedule; or a list, one per stage
  --seed N               random seed
  --backend NAME         auto (default), webgpu, wasm or cpu
  --threads N            wasm threads (default: 1); results do not depend on it
  --kernels NAME         webgpu kernels: fused (default), or composed, which uses TensorFlow.js as a cross-check
  --set PATH=VALUE       change any setting, e.g. --set stages.0.optimizer.learningRate=1e-3; repeatable
  --settings-version N   settings version that this command was written for; recorded commands include it`;

export const runOptions = {
	preset: { type: 'string' },
	train: { type: 'string' },
	dev: { type: 'string' },
	test: { type: 'string' },
	'char-vectors': { type: 'string' },
	'bigram-vectors': { type: 'string' },
	'word-vectors': { type: 'string' },
	lexicon: { type: 'string' },
	bert: { type: 'string' },
	'limit-train': { type: 'string' },
	epochs: { type: 'string' },
	'stop-after': { type: 'string' },
	seed: { type: 'string' },
	backend: { type: 'string' },
	threads: { type: 'string' },
	kernels: { type: 'string' },
	set: { type: 'string', multiple: true },
	'settings-version': { type: 'string' },
} as const;

export type RunOptions = ReturnType<typeof readOptions<typeof runOptions>>;

/** Absolute paths of the inputs that are named: whoever resumes the run later may be in another folder. */
export function namedPaths(options: RunOptions): Partial<InputPaths> {
	const paths: Partial<InputPaths> = {
		train: options.train,
		dev: options.dev,
		test: options.test,
		characterVectors: options['char-vectors'],
		bigramVectors: options['bigram-vectors'],
		wordVectors: options['word-vectors'],
		lexicon: options.lexicon,
		bert: options.bert,
	};
	const named = Object.entries(paths).filter(([, path]) => path !== undefined);
	return Object.fromEntries(named.map(([role, path]) => [role, resolve(path)]));
}

export function inputPaths(options: RunOptions): InputPaths {
	return { ...namedPaths(options), train: resolve(required(options.train, 'train', 'the training corpus')) };
}

/** The preset with all options of the command line, checked. Presets that fit their epochs do so once the size is known.
 *  With a `base` the options are put on that instead. */
export function configOf(options: RunOptions, trainSentences?: number, base?: ExperimentConfig): ExperimentConfig {
	let config = base ? structuredClone(base) : presetConfig(findPreset(options.preset ?? 'sample').name, trainSentences);
	if (options.seed !== undefined) config = withSetting(config, 'seed', options.seed);
	if (options['limit-train'] !== undefined) config = withSetting(config, 'data.limitTrain', options['limit-train']);
	if (options.epochs !== undefined) {
		const epochs = integerList(options.epochs, 'epochs', 1);
		if (epochs.length !== config.stages.length) throw stageCountError('epochs', config, epochs.length);
		for (const [index, count] of epochs.entries()) config.stages[index].epochs = count;
	}
	if (options['stop-after'] !== undefined) {
		const counts = integerList(options['stop-after'], 'stop-after', 1);
		if (counts.length !== 1 && counts.length !== config.stages.length) {
			throw stageCountError('stop-after', config, counts.length);
		}
		for (const [index, stage] of config.stages.entries()) stage.stopAfter = counts[index] ?? counts[0];
	}
	for (const [path, value] of settingsOf(options, config)) config = withSetting(config, path, value);
	checkConfig(config);
	return config;
}

/** What `--set` says, as the settings of this version have it. */
function settingsOf(options: RunOptions, { stages }: ExperimentConfig): [path: string, value: string][] {
	const settings = (options.set ?? []).map((assignment): [string, string] => {
		const equals = assignment.indexOf('=');
		if (equals < 1) throw new UsageError(`--set must be PATH=VALUE, not '${assignment}'`);
		return [assignment.slice(0, equals), assignment.slice(equals + 1)];
	});
	const version = options['settings-version'];
	if (version === undefined) return settings.map(([path, value]) => [currentPath(path), value]);
	const written = integerOption(version, 'settings-version', 1);
	return upgradedSettings(settings, { version: written, stageCount: stages.length });
}

function integerList(text: string, option: string, least: number): number[] {
	return text.split(',').map((part) => integerOption(part, option, least));
}

function stageCountError(option: string, config: ExperimentConfig, found: number): UsageError {
	const names = config.stages.map((stage) => stage.name).join(', ');
	return new UsageError(
		`--${option} must have one number for each of the ${config.stages.length} stages of ${config.preset} (${names}), not ${found}`,
	);
}
