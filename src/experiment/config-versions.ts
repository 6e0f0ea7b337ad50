// The version of the settings (ExperimentConfig), what each version changed, and the one way in which stored settings are
// read: checkpoints, saved states, run files, records, logs and command lines all come through here. Someone who adds a
// setting to config.ts adds one entry at the end of `configMigrations`.

import { isVersion, type JsonObject, type Migration, migrated, unknownVersion, versionOf } from '../util/migrations';
import { ownValue } from '../util/own-value';
import { checkConfig } from './check-config';
import { type ExperimentConfig, publishedGroups } from './config';
import { findField } from './fields';

export type SettingValue = number | string | boolean;

/** What one version changed. Paths are those of fields.ts, with `*` for the stages. */
export interface ConfigMigration {
	/** New settings, each with the value under which runs of earlier versions behave as they did. */
	added?: Readonly<Record<string, SettingValue>>;
	/** Old path -> new path, both within the same object. */
	renamed?: Readonly<Record<string, string>>;
	/** Settings that no longer exist, by their old paths. */
	removed?: readonly string[];
	/** Values that are written differently now, by their new paths. */
	rewritten?: Readonly<Record<string, (value: unknown) => unknown>>;
}

/** The first makes version 2 of version 1. Version 1 is that of workbench 0.1.0, whose files carry no version. */
export const configMigrations: readonly ConfigMigration[] = [
	// 2: BERT in the network, groups of parameters, and what finetuning usually does. Until then gradients of several batches were
	// summed, which the published program does not do.
	{
		renamed: { 'model.extraFeatureSize': 'model.encoder' },
		rewritten: { 'model.encoder': (features) => (Number(features) > 0 ? 'flat-bert' : 'flat') },
		added: {
			'bert.wordDropout': 0.01,
			'bert.outputDropout': 0,
			'bert.features': 'fresh',
			'bert.recompute': 'auto',
			'data.clipTest': false,
			'stages.*.accumulation': 'sum',
			...Object.fromEntries(
				Object.entries(publishedGroups).flatMap(([name, { rate, firstEpoch }]) => [
					[`stages.*.groups.${name}.rate`, rate],
					[`stages.*.groups.${name}.firstEpoch`, firstEpoch],
				]),
			),
			'stages.*.optimizer.clipNorm': 0,
			'stages.*.optimizer.layerDecay': 1,
			'stages.*.optimizer.decaysBiases': true,
			'stages.*.optimizer.schedule': 'constant',
			'quirks.bareWordPieces': true,
			'quirks.refuseLongSentences': true,
		},
	},
];

export function configVersion(migrations: readonly ConfigMigration[] = configMigrations): number {
	return versionOf(migrations);
}

/**
 * Settings as some version wrote them, in the current version and checked. Throws a UserError `settings-version` for those
 * of a newer version, `unknown-setting` or `setting-out-of-range` for the first setting that is missing, unknown or wrong.
 */
export function readConfig(stored: JsonObject): ExperimentConfig {
	const config = upgradedConfig(stored) as unknown as ExperimentConfig;
	checkConfig(config);
	return config;
}

/** The same without the check of single settings. */
export function upgradedConfig(
	stored: JsonObject,
	migrations: readonly ConfigMigration[] = configMigrations,
): JsonObject {
	const { version: storedVersion = 1, ...settings } = stored;
	const version = requireVersion(storedVersion, migrations);
	const steps = migrations.map(
		(migration): Migration =>
			(config) =>
				applied(migration, config),
	);
	return { version: versionOf(migrations), ...migrated(settings, version, steps) };
}

/**
 * Settings by path as an earlier version recorded them beside a preset (`--set` of a recorded command), for the presets of
 * this version: what was added since has the value of old, whatever the preset says now.
 */
export function upgradedSettings(
	settings: readonly (readonly [path: string, value: string])[],
	{ version, stageCount }: { version: unknown; stageCount: number },
	migrations: readonly ConfigMigration[] = configMigrations,
): [path: string, value: string][] {
	return migrations
		.slice(requireVersion(version, migrations) - 1)
		.reduce((current, migration) => appliedToPaths(migration, current, stageCount), [...settings] as [
			string,
			string,
		][]);
}

/** The path of a setting that some version may have called otherwise; the path itself where it is known now, or never was. */
export function currentPath(path: string, migrations: readonly ConfigMigration[] = configMigrations): string {
	if (findField(path)) return path;
	return migrations.reduce((current, { renamed = {} }) => renamedPath(current, renamed), path);
}

function requireVersion(found: unknown, migrations: readonly ConfigMigration[]): number {
	const current = versionOf(migrations);
	if (isVersion(found) && found <= current) return found;
	throw unknownVersion({ code: 'settings-version', words: 'the settings of a run' }, found, current);
}

function applied({ added = {}, renamed = {}, removed = [], rewritten = {} }: ConfigMigration, from: JsonObject) {
	const config = structuredClone(from);
	for (const [path, to] of Object.entries(renamed)) {
		forEachParent(config, path, (parent, key) => {
			if (!Object.hasOwn(parent, key)) return;
			parent[lastOf(to)] = parent[key];
			delete parent[key];
		});
	}
	for (const path of removed) forEachParent(config, path, (parent, key) => delete parent[key]);
	for (const [path, value] of Object.entries(added)) {
		const set = (parent: JsonObject, key: string) => {
			parent[key] ??= value;
		};
		forEachParent(config, path, set, { makesBranches: true });
	}
	for (const [path, rewrite] of Object.entries(rewritten)) {
		forEachParent(config, path, (parent, key) => {
			if (Object.hasOwn(parent, key)) parent[key] = rewrite(parent[key]);
		});
	}
	return config;
}

/** Calls `change` with the object that holds the setting, once for each stage where the path has `*`. */
function forEachParent(
	config: JsonObject,
	path: string,
	change: (parent: JsonObject, key: string) => void,
	{ makesBranches = false } = {},
): void {
	const keys = path.split('.');
	const key = keys.pop() as string;
	const step = (value: unknown, part: string) => within(value, part, makesBranches);
	const parents = keys.reduce<unknown[]>((values, part) => values.flatMap((value) => step(value, part)), [config]);
	for (const parent of parents) {
		if (typeof parent === 'object' && parent !== null) change(parent as JsonObject, key);
	}
}

function within(value: unknown, part: string, makesBranch: boolean): unknown[] {
	if (part === '*') return Array.isArray(value) ? value : [];
	if (makesBranch && typeof value === 'object' && value !== null && part !== 'stages')
		(value as JsonObject)[part] ??= {};
	return [(value as JsonObject | null | undefined)?.[part]];
}

function appliedToPaths(
	{ added = {}, renamed = {}, removed = [], rewritten = {} }: ConfigMigration,
	settings: readonly [path: string, value: string][],
	stageCount: number,
): [string, string][] {
	const kept = settings
		.map(([path, value]): [string, string] => [renamedPath(path, renamed), value])
		.filter(([path]) => !removed.includes(patternOf(path)))
		.map(([path, value]): [string, string] => {
			const rewrite = ownValue(rewritten, patternOf(path));
			return [path, rewrite ? String(rewrite(value)) : value];
		});
	const there = new Set(kept.map(([path]) => path));
	const fresh = Object.entries(added).flatMap(([pattern, value]) =>
		pathsOf(pattern, stageCount).map((path): [string, string] => [path, String(value)]),
	);
	return [...fresh.filter(([path]) => !there.has(path)), ...kept];
}

function renamedPath(path: string, renamed: Readonly<Record<string, string>>): string {
	const to = ownValue(renamed, patternOf(path));
	return to === undefined ? path : [...path.split('.').slice(0, -1), lastOf(to)].join('.');
}

function pathsOf(pattern: string, stageCount: number): string[] {
	if (!pattern.includes('*')) return [pattern];
	return Array.from({ length: stageCount }, (_, index) => pattern.replace('*', String(index)));
}

function patternOf(path: string): string {
	return path.replace(/^stages\.\d+\./, 'stages.*.');
}

function lastOf(path: string): string {
	return path.slice(path.lastIndexOf('.') + 1);
}
