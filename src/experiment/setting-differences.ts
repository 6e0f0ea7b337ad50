// Which settings of a run differ from those of its preset, in words of the table of fields.

import type { ExperimentConfig } from './config';
import { type Field, fields, type Words } from './fields';

export interface SettingDifference {
	/** Path in ExperimentConfig with the index of the stage, as `stages.0.epochs`. */
	path: string;
	label: Words;
	/** Name of the stage, null for settings of the whole run. */
	stage: string | null;
	/** Value of the preset and of the run as text; a dash where there is none. */
	from: string;
	to: string;
}

/** Differences in the order of the table; stages are compared by their position. The preset's name itself is left out. */
export function settingDifferences(config: ExperimentConfig, base: ExperimentConfig): SettingDifference[] {
	return fields.filter(({ path }) => path !== 'preset').flatMap((field) => differencesOf(field, config, base));
}

function differencesOf(field: Field, config: ExperimentConfig, base: ExperimentConfig): SettingDifference[] {
	const paths = field.path.includes('*')
		? config.stages.map((_, index) => field.path.replace('*', String(index)))
		: [field.path];
	return paths.flatMap((path, index) => {
		const [from, to] = [settingAt(base, path), settingAt(config, path)].map(settingText);
		const stage = field.path.includes('*') ? config.stages[index].name : null;
		return from === to ? [] : [{ path, label: field.label, stage, from, to }];
	});
}

/** The value at a path, undefined where there is none. */
export function settingAt(config: ExperimentConfig, path: string): unknown {
	return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], config);
}

export function settingText(value: unknown): string {
	return value === undefined ? '—' : String(value);
}
