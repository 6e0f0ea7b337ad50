// The one writer of CSV (RFC 4180) and of tab-separated text. A text that a spreadsheet would run as a formula gets an
// apostrophe in front (OWASP, "CSV Injection"); numbers stay numbers, so pass what is a number as one.

export type Cell = string | number | null | undefined;

/** Rows under each other, each line ended; texts are quoted where they must be, null and what is no number are empty. */
export function csvText(rows: Iterable<readonly Cell[]>): string {
	return lines(rows, ',', '\r\n', quoted);
}

/** Tab-separated text knows no quotes: a tab or line break within a text becomes a space. */
export function tabText(rows: Iterable<readonly Cell[]>): string {
	return lines(rows, '\t', '\n', (text) => text.replace(/[\t\r\n]+/g, ' '));
}

/** The same from records: their keys, which all have in common, are the first row. */
export function recordRows(records: readonly Record<string, Cell>[]): Cell[][] {
	return records.length === 0 ? [] : [Object.keys(records[0]), ...records.map((record) => Object.values(record))];
}

function lines(
	rows: Iterable<readonly Cell[]>,
	separator: string,
	lineEnd: string,
	writeText: (text: string) => string,
): string {
	const write = (cell: Cell) => {
		if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
		return writeText(harmless(cell ?? ''));
	};
	let text = '';
	for (const row of rows) text += row.map(write).join(separator) + lineEnd;
	return text;
}

/** Also after white space, and in full width, which Chinese and Japanese spreadsheets take for the same signs. */
const formulaStart = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

function harmless(text: string): string {
	return formulaStart.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
	return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
