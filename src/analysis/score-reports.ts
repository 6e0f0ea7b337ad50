// Scores as text that people paste elsewhere: CSV, a report laid out as seqeval prints its own, a LaTeX row in booktabs
// style. Scores are given as shares and written in points.

import type { SpanScores, TypeScores } from '../experiment/events';
import { csvText } from '../util/csv';
import { printable } from '../util/printable';
import type { SeedStatistics } from './seed-statistics';

/** One row a type, then micro and macro: type, precision, recall, f1 (points with two decimals), support. */
export function scoresCsv(scores: SpanScores): string {
	const rows = rowsOf(scores).map(([name, row]) => [
		name,
		...[row.precision, row.recall, row.f1].map(hundredths),
		row.support,
	]);
	return csvText([['type', 'precision', 'recall', 'f1', 'support'], ...rows]);
}

/** The layout of seqeval's classification_report with two digits: types, then micro avg and macro avg. */
export function scoresReport(scores: SpanScores): string {
	const rows = rowsOf(scores).map(([name, row]) => [printable(name), row] as const);
	const width = Math.max(9, ...rows.map(([name]) => [...name].length));
	const line = (name: string, cells: readonly string[]) =>
		`${' '.repeat(width - [...name].length)}${name} ${cells.map((cell) => cell.padStart(10)).join('')}`;
	const body = rows.map(([name, { precision, recall, f1, support }]) =>
		line(name, [precision.toFixed(2), recall.toFixed(2), f1.toFixed(2), String(support)]),
	);
	const averages = body.splice(-2);
	return `${[line('', ['precision', 'recall', 'f1-score', 'support']), '', ...body, '', ...averages].join('\n')}\n`;
}

/** `NerCo & 88.21 $\pm$ 0.52 & … \\`; a dash where there is no value, no deviation for one seed. */
export function latexRow(name: string, cells: readonly (SeedStatistics | null)[]): string {
	const texts = cells.map((cell) => {
		if (!cell) return '--';
		const mean = hundredths(cell.mean);
		return cell.deviation === null ? mean : `${mean} $\\pm$ ${hundredths(cell.deviation)}`;
	});
	return `${[latexText(name), ...texts].join(' & ')} \\\\`;
}

function rowsOf({ perType, micro, macro, support }: SpanScores): [string, TypeScores][] {
	return [...Object.entries(perType), ['micro avg', { ...micro, support }], ['macro avg', { ...macro, support }]];
}

function hundredths(share: number): string {
	return (share * 100).toFixed(2);
}

/** On one line. A bracket or star at its beginning would be read as an option of the row before it. */
function latexText(text: string): string {
	return printable(text.replaceAll(/\s+/g, ' '))
		.replaceAll(/[\\&%$#_{}~^<>|"]/g, (character) => latexEscapes[character])
		.replace(/^\s*[[*]/, (start) => `{${start}}`);
}

const latexEscapes: Readonly<Record<string, string>> = {
	'\\': '\\textbackslash{}',
	'&': '\\&',
	'%': '\\%',
	$: '\\$',
	'#': '\\#',
	_: '\\_',
	'{': '\\{',
	'}': '\\}',
	'~': '\\textasciitilde{}',
	'^': '\\textasciicircum{}',
	'<': '\\textless{}',
	'>': '\\textgreater{}',
	'|': '\\textbar{}',
	'"': '\\textquotedbl{}',
};
