// Results as text that people take elsewhere: a table of all runs, the figures of one experiment, rows for a paper.
// Scores are written in points with two decimals.

import { latexRow, scoresCsv, scoresReport } from '../analysis/score-reports';
import type { ScoringRule } from '../experiment/events';
import { statusOfRun } from '../storage/workspace/run-state';
import { csvText } from '../util/csv';
import { microOf, type ResultRow, type RunItem, seedOf } from './result-rows';

/** What there is to export. */
export interface ShownResults {
	/** As shown. */
	rows: readonly ResultRow[];
	/** The row of the open run. */
	row: ResultRow | undefined;
	run: RunItem | undefined;
	rule: ScoringRule;
	/** Runs that some tab trains. */
	claimed: readonly string[];
	/** The file of a run, with all that is stored of it. */
	wholeRun(id: string): Promise<Blob | null>;
}

interface ResultExport {
	fileName: string | ((run: string) => string);
	type: string;
	/** Null where there is nothing to save. */
	content(shown: ShownResults): string | null | undefined | Promise<Blob | null | undefined>;
	/** What has to be there; nothing by itself. */
	needs?: 'run' | 'types';
}

/** In the order in which they are offered. */
export const resultExports = {
	csv: {
		fileName: 'results.csv',
		type: 'text/csv',
		content: ({ rows, rule, claimed }) => runsCsv(rows, rule, claimed),
	},
	json: { fileName: 'results.json', type: 'application/json', content: ({ rows, claimed }) => runsJson(rows, claimed) },
	/** The open run alone where one is open. */
	latex: { fileName: 'results.tex', type: 'text/plain', content: ({ row, rows }) => runsLatex(row ? [row] : rows) },
	types: {
		fileName: (run) => `${run}.types.csv`,
		type: 'text/plain',
		content: ({ run, rule }) => run && typesText(run, rule, 'csv'),
		needs: 'types',
	},
	report: {
		fileName: (run) => `${run}.report.txt`,
		type: 'text/plain',
		content: ({ run, rule }) => run && typesText(run, rule, 'report'),
		needs: 'types',
	},
	run: {
		fileName: (run) => `${run}.run.json`,
		type: 'application/json',
		content: async ({ run, wholeRun }) => run && wholeRun(run.id),
		needs: 'run',
	},
} as const satisfies Readonly<Record<string, ResultExport>>;

export type ResultExportName = keyof typeof resultExports;
export const resultExportNames = Object.keys(resultExports) as ResultExportName[];

export function canExport(name: ResultExportName, { run }: Pick<ShownResults, 'run'>): boolean {
	const { needs }: ResultExport = resultExports[name];
	if (needs === 'types') return typeof run?.detail.results?.test === 'object' && run.detail.results.test !== null;
	return needs === undefined || run !== undefined;
}

/** The file, or null where there is nothing to save. */
export async function exportResults(
	name: ResultExportName,
	shown: ShownResults,
): Promise<{ name: string; file: Blob } | null> {
	const { fileName, type, content }: ResultExport = resultExports[name];
	const made = await content(shown);
	if (!made) return null;
	const file = typeof made === 'string' ? new Blob([made], { type: `${type};charset=utf-8` }) : made;
	return { name: typeof fileName === 'string' ? fileName : fileName(shown.run?.name ?? 'results'), file };
}

const hundredths = (share: number | null | undefined) => (typeof share === 'number' ? (share * 100).toFixed(2) : '');

const columns = [
	...['run', 'corpus', 'preset', 'seed', 'scorer', 'dev_f1', 'test_precision', 'test_recall', 'test_f1'],
	...['test_f1_without_leaks', 'leaked_sentences', 'state', 'seconds', 'state_reason'],
];

/** One line a run; rows that are no runs of this browser have one with their means. `claimed`: runs that some tab trains. */
export function runsCsv(rows: readonly ResultRow[], rule: ScoringRule, claimed: readonly string[]): string {
	const lines = rows.flatMap((row) =>
		row.runs.length > 0 ? row.runs.map((run) => runLine(row, run, rule, claimed)) : [otherLine(row, rule)],
	);
	return csvText([columns, ...lines]);
}

function runLine(
	{ corpus }: ResultRow,
	run: RunItem,
	rule: ScoringRule,
	claimed: readonly string[],
): (string | number)[] {
	const { config, results, seconds } = run.detail;
	const { status, reason } = statusOfRun(run.detail, claimed.includes(run.id));
	const test = microOf(run, 'test', rule);
	return [
		...[run.name, corpus, config?.preset ?? '', config ? seedOf(run) : '', rule],
		hundredths(microOf(run, 'dev', rule)?.f1),
		...[hundredths(test?.precision), hundredths(test?.recall), hundredths(test?.f1)],
		hundredths(results?.test?.withoutLeaks?.[rule].f1),
		...[results?.test?.withoutLeaks ? results.test.leaked : ''],
		...[status, seconds.toFixed(1), reason ?? ''],
	];
}

function otherLine({ name, corpus, preset, scores, kind }: ResultRow, rule: ScoringRule): (string | number)[] {
	const { devF1, testF1 } = scores;
	const cells = [name, corpus, preset, '', kind === 'published' ? 'published' : rule, hundredths(devF1?.mean)];
	return [...cells, '', '', hundredths(testF1?.mean), '', '', kind, '', ''];
}

/** Everything that the records of these runs say. */
export function runsJson(rows: readonly ResultRow[], claimed: readonly string[]): string {
	const runs = rows.flatMap((row) =>
		row.runs.map(({ id, name, detail }) => {
			const { config, dataHashes, inputNames, versions, deviceName, stages, results, seconds } = detail;
			const { status: state, reason } = statusOfRun(detail, claimed.includes(id));
			const origin = { dataHashes, inputNames, versions, device: deviceName };
			const run = { id, name, corpus: row.corpus, seed: config?.seed, state, stateReason: reason, seconds };
			return { ...run, ...origin, stages, results, config };
		}),
	);
	return `${JSON.stringify({ format: 'nerco-results', version: 2, runs }, null, '\t')}\n`;
}

/** A row a line: name, then P, R and F1 on test with their deviation. */
export function runsLatex(rows: readonly ResultRow[]): string {
	return rows
		.map(({ name, scores }) => `${latexRow(name, [scores.precision, scores.recall, scores.testF1])}\n`)
		.join('');
}

/** Types of one run on test: a table, or a report as seqeval prints it; null where they are not known. */
export function typesText({ detail }: RunItem, rule: ScoringRule, layout: 'csv' | 'report'): string | null {
	const scores = detail.results?.test?.scores[rule];
	if (!scores) return null;
	return layout === 'csv' ? scoresCsv(scores) : scoresReport(scores);
}
