// A run as a line of the headless command: its preset, its files, and every setting in which it differs from the preset.

import type { ExperimentConfig } from './config';
import { presetConfig, presets } from './presets';
import { settingAt, settingDifferences } from './setting-differences';

const fileOptions: readonly [role: string, option: string][] = [
	['train', 'train'],
	['dev', 'dev'],
	['test', 'test'],
	['lexicon', 'lexicon'],
	['characterVectors', 'char-vectors'],
	['bigramVectors', 'bigram-vectors'],
	['wordVectors', 'word-vectors'],
	['bert', 'bert'],
];

/**
 * `names` are those of the run's input by role; a stored corpus stands under `corpus`, and the command takes the files
 * that it is exported to. Null where this version does not know the preset.
 */
export function runCommand(config: ExperimentConfig, names: Readonly<Record<string, string>>): string | null {
	const preset = presets.find(({ name }) => name === config.preset);
	if (!preset) return null;
	const base = presetConfig(preset.name);
	const paths = settingDifferences(config, base).map(({ path }) => path);
	// What such a preset fits to the size of train is written out: the files may be cut differently there.
	const fitted = preset.targetSteps
		? config.stages.flatMap((_, index) => [`stages.${index}.epochs`, `stages.${index}.optimizer.epochDecay`])
		: [];
	const settings = [...new Set([...fitted, ...paths])].filter((path) => path !== 'seed');
	const files = fileOptions.flatMap(([role, option]) => {
		const name = names[role] ?? exportedName(names.corpus, role);
		return name === undefined ? [] : [`--${option} ${quoted(name)}`];
	});
	const parts = [
		'npm run nerco -- train',
		`--preset ${config.preset}`,
		`--seed ${config.seed}`,
		...files,
		`--settings-version ${config.version}`,
		...settings.map((path) => `--set ${quoted(`${path}=${settingAt(config, path)}`)}`),
		`--out ${quoted(`runs/${config.preset}-${config.seed}`)}`,
	];
	return parts.join(' ');
}

/** As exporting a corpus names the file of a split. */
function exportedName(corpus: string | undefined, role: string): string | undefined {
	if (corpus === undefined || !['train', 'dev', 'test'].includes(role)) return undefined;
	return `${corpus}.${role}.conll`;
}

/** For a POSIX shell. */
function quoted(text: string): string {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
