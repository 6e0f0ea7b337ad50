// Two runs' settings side by side: one row a setting, its values in the stages joined, so that runs with different
// stages can be read against each other.

import type { ExperimentConfig } from './config';
import { fields, type Words } from './fields';
import { settingAt, settingText } from './setting-differences';

export interface ComparedSetting {
	/** As in fields.ts, with `*` for the stage. */
	path: string;
	label: Words;
	/** Values of both, `20 / 10` where stages differ; a dash where there is none. */
	left: string;
	right: string;
}

/** The settings that differ, in the order of the table; the preset's name is left out. */
export function compareConfigs(left: ExperimentConfig, right: ExperimentConfig): ComparedSetting[] {
	return fields
		.filter(({ path }) => path !== 'preset')
		.map(({ path, label }) => ({ path, label, left: settingOf(left, path), right: settingOf(right, path) }))
		.filter((setting) => setting.left !== setting.right);
}

/** Values in all stages joined, as in `ComparedSetting`. */
export function settingOf(config: ExperimentConfig, path: string): string {
	if (!path.includes('*')) return settingText(settingAt(config, path));
	const values = config.stages.map((_, index) => settingText(settingAt(config, path.replace('*', String(index)))));
	return values.every((value) => value === values[0]) ? (values[0] ?? '—') : values.join(' / ');
}
