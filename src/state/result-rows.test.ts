import { expect, test } from 'vitest';
import { splitResults } from '../analysis/run-results';
import { presetConfig } from '../experiment/presets';
import { freshRunDetail, noStoredInput, type RunDetail } from '../storage/workspace/run-record';
import { filterRows, publishedRows, type RunItem, readOrder, runRows, sortRows, writeOrder } from './result-rows';

let time = 0;
function runOf(name: string, seed: number, change: Partial<RunDetail> = {}, preset = 'smoke'): RunItem {
	const changedAtMs = ++time;
	const config = { ...presetConfig(preset), seed };
	return {
		kind: 'run',
		id: `${name}-${seed}-${changedAtMs}`,
		version: 3,
		revision: 1,
		name,
		createdAtMs: changedAtMs,
		changedAtMs,
		trashedAtMs: null,
		parts: [],
		detail: {
			...freshRunDetail(noStoredInput),
			config,
			state: 'completed',
			dataHashes: { train: 'a', dev: 'b', test: 'c' },
			...change,
		},
	};
}
const options = { rule: 'published' as const, isGrouped: true, claimed: [], corpusNames: {} };

test('runs that differ in their seed alone are one row with mean and sample deviation', () => {
	const items = [runOf('mine, seed 1', 1, { testF1: 0.8 }), runOf('mine, seed 2', 2, { testF1: 0.9 })];
	const [row, ...more] = runRows([...items, runOf('flat', 1, { testF1: 0.5 }, 'flat-weibo')], options);
	expect(more).toHaveLength(1);
	expect(row).toMatchObject({ name: 'mine', key: items[0].id });
	expect(row.scores.testF1?.mean).toBeCloseTo(0.85, 12);
	expect(row.scores.testF1?.deviation).toBeCloseTo(Math.SQRT2 * 0.05, 12);
	expect(row.badges).toContainEqual({ kind: 'seeds', count: 2 });
	expect(runRows(items, { ...options, isGrouped: false })).toHaveLength(2);
});

test('a seed counts once, by its latest run, and runs that go on or went wrong do not count', () => {
	const items = [
		runOf('x', 1, { testF1: 0.1 }),
		runOf('x', 1, { testF1: 0.8 }),
		runOf('x', 2, { testF1: 0.2, state: 'not-a-number' }),
		runOf('x', 3, { testF1: 0.3, state: 'running' }),
	];
	const [row] = runRows(items, { ...options, claimed: [items[3].id] });
	expect(row.scores.testF1).toEqual({ mean: 0.8, deviation: null, count: 1 });
	expect(row.runs).toHaveLength(4);
	expect(row.badges).toEqual([
		{ kind: 'state', state: 'training' },
		{ kind: 'state', state: 'failed' },
		{ kind: 'seeds', count: 1 },
		{ kind: 'chosen-on-dev' },
	]);
});

test('other data, or another corpus for test, is another experiment; dev equal to test is said', () => {
	const items = [runOf('x', 1), runOf('x', 2, { dataHashes: { train: 'a', dev: 'c', test: 'c' } })];
	const rows = runRows(items, options);
	expect(rows).toHaveLength(2);
	expect(rows[1].badges).toContainEqual({ kind: 'test-selected' });
});

test('scores follow the rule, and leaks are counted', () => {
	const sentence = (isInTrain: boolean, predicted: string) => ({
		ref: { split: 'test' as const, index: 0 },
		start: 0,
		characters: ['甲'],
		gold: ['B-PER'],
		predicted: [predicted],
		isInTrain,
	});
	const test = splitResults([sentence(true, 'B-PER'), sentence(false, 'I-PER')]);
	const items = [runOf('x', 1, { results: { stage: 'full', epoch: 1, dev: null, test }, testF1: 0.9 })];
	const [row] = runRows(items, { ...options, rule: 'strict' });
	expect(row.scores.testF1?.mean).toBeCloseTo(2 / 3, 12);
	expect(row.scores.cleanF1?.mean).toBe(0);
	expect(row.badges).toContainEqual({ kind: 'leaked', count: 1 });
});

test('what differs from the preset is said, but for what it fits to the corpus', () => {
	const config = { ...presetConfig('sample', 77), seed: 9 };
	config.model = { ...config.model, heads: 2 };
	const [row] = runRows([runOf('x', 1, { config })], options);
	expect(row.badges).toContainEqual({ kind: 'changed', settings: ['model.heads=2'] });
});

test('rows without a value stand last in either direction', () => {
	const rows = runRows(
		[runOf('a', 1, { testF1: 0.1 }), runOf('b', 1, {}, 'flat-weibo'), runOf('c', 1, { testF1: 0.3 }, 'flat-resume')],
		options,
	);
	const order = (text: string) => sortRows(rows, readOrder(text)).map(({ name }) => name);
	expect(order('testF1')).toEqual(['c', 'a', 'b']);
	expect(order('+testF1')).toEqual(['a', 'c', 'b']);
	expect(order('nonsense')).toEqual(['c', 'b', 'a']);
	expect(writeOrder({ key: 'name', isRising: true })).toBe('+name');
});

test('all words of a filter must be met', () => {
	const rows = publishedRows();
	expect(filterRows(rows, 'nerco weibo').map(({ name }) => name)).toEqual(['NerCo + BERT']);
	expect(filterRows(rows, '')).toHaveLength(rows.length);
});

test('rows of one name are told apart by their seeds where those differ, else by the time', () => {
	const items = [runOf('x', 1, { testF1: 0.1 }), runOf('x', 2, { testF1: 0.2 }), runOf('y', 1, { testF1: 0.3 })];
	const twins = (runs: RunItem[]) => runRows(runs, { ...options, isGrouped: false }).map(({ twin }) => twin);
	expect(twins(items)).toEqual(['seed', 'seed', null]);
	expect(twins([...items, runOf('x', 1, { testF1: 0.4 })])).toEqual(['time', 'time', null, 'time']);
});
