// The table of results: runs of one experiment over several seeds are one row, models and figures that others measured
// stand beside them. Pure; scores are shares from 0 to 1.

import { type SeedStatistics, seedStatistics } from '../analysis/seed-statistics';
import { cachesFeatures } from '../experiment/config';
import { settingOf } from '../experiment/config-comparison';
import type { PrecisionRecallF1, ScoringRule } from '../experiment/events';
import { fields } from '../experiment/fields';
import { presets } from '../experiment/presets';
import { type PublishedResult, publishedResults } from '../experiment/published-results';
import { hasEnded, type RunStatus } from '../experiment/run-status';
import { settingDifferences } from '../experiment/setting-differences';
import type { ItemOf } from '../storage/workspace/item-kinds';
import { statusOfRun } from '../storage/workspace/run-state';
import { ownValue } from '../util/own-value';
import type { SeedScore, ShippedModel } from '../wire/models';

export type RunItem = ItemOf<'run'>;

export interface RowScores {
	devF1: SeedStatistics | null;
	testF1: SeedStatistics | null;
	precision: SeedStatistics | null;
	recall: SeedStatistics | null;
	/** Test F1 over the sentences that train does not have. */
	cleanF1: SeedStatistics | null;
}

/** What a figure must not be read without. */
export type RowBadge =
	| { kind: 'seeds'; count: number }
	| { kind: 'chosen-on-dev' | 'test-selected' | 'uses-bert' | 'features-cached' | 'continued' }
	| { kind: 'leaked'; count: number }
	/** Settings that differ from the preset's, as `path=value`. */
	| { kind: 'changed'; settings: string[] }
	/** Finished runs carry none. */
	| { kind: 'state'; state: Exclude<RunStatus, 'idle' | 'finished'> };

export interface ResultRow {
	/** Unique: the id of its shown run, or a name of its own. */
	key: string;
	kind: 'runs' | 'shipped' | 'published';
	name: string;
	corpus: string;
	preset: string;
	/** By seed; empty for rows that are no runs of this browser. */
	runs: RunItem[];
	scores: RowScores;
	/** Of all runs together; null where it is not known. */
	seconds: number | null;
	badges: RowBadge[];
	/** Latest change; 0 where it is not known. */
	changedAtMs: number;
	/** What tells it from other rows of the same name: the seed where those differ, else the time; null where no other has it. */
	twin: 'seed' | 'time' | null;
}

export interface RowOptions {
	rule: ScoringRule;
	isGrouped: boolean;
	/** Runs that some tab trains now. */
	claimed: readonly string[];
	/** Names of stored corpora by id. */
	corpusNames: Readonly<Record<string, string>>;
}

/** Runs in the trash are left out. */
export function runRows(items: readonly RunItem[], options: RowOptions): ResultRow[] {
	const groups = new Map<string, RunItem[]>();
	for (const item of items) {
		if (item.trashedAtMs !== null) continue;
		const key = options.isGrouped ? experimentKey(item) : item.id;
		const group = groups.get(key);
		if (group) group.push(item);
		else groups.set(key, [item]);
	}
	return markTwins([...groups.values()].map((runs) => rowOf(runs, options)));
}

function markTwins(rows: readonly ResultRow[]): ResultRow[] {
	const byName = new Map<string, ResultRow[]>();
	for (const row of rows) byName.set(row.name, [...(byName.get(row.name) ?? []), row]);
	return rows.map((row) => {
		const same = byName.get(row.name) ?? [];
		const seeds = new Set(same.map(({ runs }) => (runs.length === 1 ? seedOf(runs[0]) : null)));
		const tells = seeds.size === same.length && !seeds.has(null) ? 'seed' : 'time';
		return { ...row, twin: same.length > 1 ? tells : null };
	});
}

/** The same for runs that differ in nothing but their seed. */
export function experimentKey(run: RunItem): string {
	const { id, detail } = run;
	const { config } = detail;
	if (!config) return id;
	const settings = fields.filter(({ path }) => path !== 'seed').map(({ path }) => settingOf(config, path));
	const hashes = Object.entries(detail.dataHashes).sort(([left], [right]) => (left < right ? -1 : 1));
	return JSON.stringify([settings, hashes, parentOf(run)]);
}

/** The checkpoint that a run went on from; null for one of its own. */
export function parentOf({ detail }: RunItem): string | null {
	const { parentCheckpointId } = detail as { parentCheckpointId?: string | null };
	return parentCheckpointId ?? null;
}

/** What a preset fits to the size of train is left out, as is the seed; nothing for presets of other versions. */
function changedSettings({ detail: { config } }: RunItem): string[] {
	const preset = presets.find(({ name }) => name === config?.preset);
	if (!config || !preset) return [];
	const isFitted = (path: string) => preset.targetSteps !== undefined && /\.(epochs|optimizer\.epochDecay)$/.test(path);
	return settingDifferences(config, preset.config)
		.filter(({ path }) => path !== 'seed' && !isFitted(path))
		.map(({ path, to }) => `${path}=${to}`);
}

/** A run that has come to an end that its figures may be read at. */
export function isOver({ detail }: RunItem): boolean {
	return hasEnded(detail);
}

function rowOf(runs: readonly RunItem[], { rule, claimed, corpusNames }: RowOptions): ResultRow {
	const sorted = [...runs].sort((left, right) => seedOf(left) - seedOf(right) || right.changedAtMs - left.changedAtMs);
	const ended = latestBySeed(sorted.filter(isOver));
	const counted = ended.length > 0 ? ended : sorted;
	const [first] = counted;
	const { config, inputNames, input } = first.detail;
	const corpus =
		(input.corpusId && ownValue(corpusNames, input.corpusId)) || inputNames.corpus || baseName(inputNames.train);
	return {
		key: first.id,
		kind: 'runs',
		name: nameOfGroup(sorted),
		corpus,
		preset: config?.preset ?? '',
		runs: sorted,
		scores: scoresOf(counted, rule),
		seconds: sorted.reduce((sum, { detail }) => sum + detail.seconds, 0),
		badges: badgesOf(counted, sorted, claimed),
		changedAtMs: Math.max(...sorted.map(({ changedAtMs }) => changedAtMs)),
		twin: null,
	};
}

/** The runs are sorted by seed, and the latest first within one. */
function latestBySeed(runs: readonly RunItem[]): RunItem[] {
	return runs.filter((run, index) => index === 0 || seedOf(run) !== seedOf(runs[index - 1]));
}

export function seedOf({ detail }: RunItem): number {
	return detail.config?.seed ?? 0;
}

/** What the names of the runs have in common, without a seed that ends it; else the preset. */
function nameOfGroup(runs: readonly RunItem[]): string {
	const [{ name, detail }] = runs;
	if (runs.length === 1) return name;
	let length = 0;
	while (length < name.length && runs.every((run) => run.name[length] === name[length])) length++;
	const shared = name.slice(0, length).replace(/[\s\p{P}]*((seed|种子)\s*)?\d*[\s\p{P}]*$/u, '');
	return shared || (detail.config?.preset ?? name);
}

function baseName(path: string | undefined): string {
	return path?.split(/[\\/]/).at(-1) ?? '';
}

/** Micro scores of a run under a rule; earlier versions kept F1 by the published rule alone. */
export function microOf(run: RunItem, split: 'dev' | 'test', rule: ScoringRule): Partial<PrecisionRecallF1> | null {
	const known = run.detail.results?.[split];
	if (known) return known.scores[rule].micro;
	const f1 = split === 'dev' ? run.detail.devF1 : run.detail.testF1;
	return rule === 'published' && f1 !== null ? { f1 } : null;
}

function scoresOf(runs: readonly RunItem[], rule: ScoringRule): RowScores {
	const over = (value: (run: RunItem) => number | null | undefined) =>
		seedStatistics(runs.map(value).filter((one): one is number => typeof one === 'number'));
	return {
		devF1: over((run) => microOf(run, 'dev', rule)?.f1),
		testF1: over((run) => microOf(run, 'test', rule)?.f1),
		precision: over((run) => microOf(run, 'test', rule)?.precision),
		recall: over((run) => microOf(run, 'test', rule)?.recall),
		cleanF1: over((run) => run.detail.results?.test?.withoutLeaks?.[rule].f1),
	};
}

/** Whether the test scores were chosen on themselves. */
function isTestSelected({ detail }: RunItem): boolean {
	if (detail.config?.data.devIsTest) return true;
	const { dev, test } = detail.dataHashes;
	return dev !== undefined && dev === test;
}

/** The weightiest first: in a narrow window the last ones find no room. */
function badgesOf(counted: readonly RunItem[], all: readonly RunItem[], claimed: readonly string[]): RowBadge[] {
	const [first] = counted;
	const states = new Set(all.map(({ id, detail }) => statusOfRun(detail, claimed.includes(id)).status));
	const badges: RowBadge[] = (['training', 'paused', 'failed', 'stopped'] as const)
		.filter((state) => states.has(state))
		.map((state) => ({ kind: 'state', state }));
	if (isTestSelected(first)) badges.push({ kind: 'test-selected' });
	const leaked = first.detail.results?.test?.leaked ?? 0;
	if (leaked > 0) badges.push({ kind: 'leaked', count: leaked });
	badges.push({ kind: 'seeds', count: counted.length });
	if ((first.detail.config?.model.encoder ?? 'flat') !== 'flat') badges.push({ kind: 'uses-bert' });
	if (first.detail.config && cachesFeatures(first.detail.config)) badges.push({ kind: 'features-cached' });
	const settings = changedSettings(first);
	if (settings.length > 0) badges.push({ kind: 'changed', settings });
	if (parentOf(first)) badges.push({ kind: 'continued' });
	if (!isTestSelected(first)) badges.push({ kind: 'chosen-on-dev' });
	return badges;
}

const noScores: RowScores = { devF1: null, testF1: null, precision: null, recall: null, cleanF1: null };

/** Models that come with the page, which were measured by the published rule. */
export function shippedRows(models: readonly ShippedModel[], rule: ScoringRule): ResultRow[] {
	const statistics = ({ mean, deviation, seeds }: SeedScore): SeedStatistics => ({ mean, deviation, count: seeds });
	return models.map(({ name, corpus, preset, devF1, testF1 }) => ({
		key: `shipped:${name}`,
		kind: 'shipped',
		name,
		corpus,
		preset,
		runs: [],
		scores: rule === 'published' ? { ...noScores, devF1: statistics(devF1), testF1: statistics(testF1) } : noScores,
		seconds: null,
		badges: [{ kind: 'seeds', count: testF1.seeds }, { kind: 'chosen-on-dev' }],
		changedAtMs: 0,
		twin: null,
	}));
}

/** Figures of the papers. */
export function publishedRows(results: readonly PublishedResult[] = publishedResults): ResultRow[] {
	return results.map(({ method, corpus, testF1, usesBert, preset, devIsTest }) => ({
		key: `published:${method}:${corpus}`,
		kind: 'published',
		name: usesBert ? `${method} + BERT` : method,
		corpus,
		preset,
		runs: [],
		scores: { ...noScores, testF1: { mean: testF1, deviation: null, count: 1 } },
		seconds: null,
		badges: [
			...(devIsTest ? [{ kind: 'test-selected' as const }] : []),
			...(usesBert ? [{ kind: 'uses-bert' as const }] : []),
		],
		changedAtMs: 0,
		twin: null,
	}));
}

export const sortKeys = ['name', 'corpus', 'devF1', 'testF1', 'precision', 'recall', 'cleanF1', 'seconds'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface SortOrder {
	key: SortKey;
	isRising: boolean;
}

/** `testF1` falls, `+testF1` rises; null for anything else. */
export function readOrder(text: string): SortOrder | null {
	const isRising = text.startsWith('+');
	const key = sortKeys.find((name) => name === text.replace(/^\+/, ''));
	return key ? { key, isRising } : null;
}

export const writeOrder = ({ key, isRising }: SortOrder) => `${isRising ? '+' : ''}${key}`;

/** Latest change first without an order; rows without a value last. */
export function sortRows(rows: readonly ResultRow[], order: SortOrder | null): ResultRow[] {
	if (!order) return [...rows].sort((left, right) => right.changedAtMs - left.changedAtMs);
	const sign = order.isRising ? 1 : -1;
	return [...rows].sort((left, right) => {
		const [one, other] = [sortValue(left, order.key), sortValue(right, order.key)];
		if (one === null || other === null) return Number(one === null) - Number(other === null);
		if (typeof one === 'string') return sign * one.localeCompare(String(other));
		return sign * (one - Number(other));
	});
}

function sortValue(row: ResultRow, key: SortKey): string | number | null {
	if (key === 'name' || key === 'corpus' || key === 'seconds') return row[key];
	return row.scores[key]?.mean ?? null;
}

export function filterRows(rows: readonly ResultRow[], text: string): ResultRow[] {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean);
	return rows.filter(({ name, corpus, preset }) => {
		const all = `${name} ${corpus} ${preset}`.toLowerCase();
		return words.every((word) => all.includes(word));
	});
}
