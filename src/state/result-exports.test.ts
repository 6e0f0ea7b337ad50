import { expect, test } from 'vitest';
import { splitResults } from '../analysis/run-results';
import { presetConfig } from '../experiment/presets';
import { freshRunDetail, noStoredInput } from '../storage/workspace/run-record';
import { canExport, exportResults, resultExportNames, runsCsv, runsJson, runsLatex, typesText } from './result-exports';
import { publishedRows, type RunItem, runRows } from './result-rows';

const sentence = (predicted: string, isInTrain: boolean) => ({
	ref: { split: 'test' as const, index: 0 },
	start: 0,
	characters: ['甲', '乙'],
	gold: ['B-PER', 'O'],
	predicted: [predicted, 'O'],
	isInTrain,
});
const scored = splitResults([sentence('B-PER', true), sentence('O', false), sentence('B-PER', false)]);
const run = (seed: number): RunItem => ({
	...{ kind: 'run', id: `r${seed}`, version: 3, revision: 1, name: '=odd, name' },
	...{ createdAtMs: 1, changedAtMs: 1, trashedAtMs: null, parts: [] },
	detail: {
		...freshRunDetail(noStoredInput),
		config: { ...presetConfig('smoke'), seed },
		state: 'completed',
		results: { stage: 'full', epoch: 1, dev: null, test: scored },
		seconds: 12.34,
	},
});
const options = { rule: 'strict' as const, isGrouped: true, claimed: [], corpusNames: {} };
const rows = runRows([run(1), run(2)], options);

test('CSV has a line for each run, points with two decimals, and no cell that is a formula', () => {
	const lines = runsCsv([...rows, ...publishedRows().slice(0, 1)], 'strict', [])
		.trimEnd()
		.split('\r\n');
	expect(lines).toHaveLength(4);
	expect(lines[1]).toBe(`"'=odd, name",,smoke,1,strict,,100.00,66.67,80.00,66.67,1,finished,12.3,`);
	expect(lines[3]).toBe('NerCo + BERT,Weibo,weibo-bert,,published,,,,72.79,,,published,,');
});

test('a row for a paper has mean and deviation over seeds', () => {
	expect(runsLatex(rows)).toMatch(
		/^\S.* & 100\.00 \$\\pm\$ 0\.00 & 66\.67 \$\\pm\$ 0\.00 & 80\.00 \$\\pm\$ 0\.00 \\\\\n$/,
	);
});

test('JSON carries settings, hashes and scores of each run', () => {
	const { runs } = JSON.parse(runsJson(rows, []));
	expect(runs.map(({ seed }: { seed: number }) => seed)).toEqual([1, 2]);
	expect(runs[0]).toMatchObject({
		state: 'finished',
		stateReason: null,
		config: { preset: 'smoke' },
		results: { test: { leaked: 1 } },
	});
});

test('a run is called in CSV and JSON what it is called on the page, with the reason', () => {
	const cut: RunItem = {
		...run(3),
		detail: { ...run(3).detail, state: 'running', input: { ...noStoredInput, corpusId: 'c' } },
	};
	const failed: RunItem = { ...run(4), detail: { ...run(4).detail, state: 'device-lost' } };
	const some = runRows([cut, failed], { ...options, isGrouped: false });
	const ends = runsCsv(some, 'strict', []).trimEnd().split('\r\n').slice(1);
	expect(ends.map((line) => line.split(',').slice(-3))).toEqual([
		['paused', '12.3', 'interrupted'],
		['failed', '12.3', 'device-lost'],
	]);
	expect(runsCsv(some, 'strict', ['r3'])).toContain(',training,12.3,\r\n');
	const { runs } = JSON.parse(runsJson(some, []));
	expect(runs[0]).toMatchObject({ state: 'paused', stateReason: 'interrupted' });
});

test('types come as a table or as a report', () => {
	expect(typesText(run(1), 'strict', 'csv')).toContain('PER,100.00,66.67,80.00,3');
	expect(typesText(run(1), 'strict', 'report')).toContain('precision');
	const old = run(1);
	expect(typesText({ ...old, detail: { ...old.detail, results: null } }, 'strict', 'csv')).toBeNull();
});

test('every export gives a file of its own name, and those of one run need that run', async () => {
	const wholeRun = async () => new Blob(['{}']);
	const shown = {
		rows,
		row: rows[0],
		run: { ...run(1), name: 'mine' },
		rule: 'strict' as const,
		claimed: [],
		wholeRun,
	};
	const files = await Promise.all(resultExportNames.map((name) => exportResults(name, shown)));
	expect(files.map((exported) => exported?.name)).toEqual([
		...['results.csv', 'results.json', 'results.tex', 'mine.types.csv', 'mine.report.txt', 'mine.run.json'],
	]);
	expect(files.every((exported) => exported !== null && exported.file.size > 0)).toBe(true);
	expect(resultExportNames.filter((name) => canExport(name, { run: undefined }))).toEqual(['csv', 'json', 'latex']);
	expect(resultExportNames.every((name) => canExport(name, shown))).toBe(true);
});
