// Lines cut into columns, and whether lines look like columns: between tabs or spaces, or another character before each tag.

import { parseTag } from '../tag-scheme';

/**
 * The columns of a line: between tabs where it has a tab, else between ASCII spaces, so that a space of another kind can
 * be a character.
 */
export function splitColumns(content: string): string[] {
	const mark = content.includes('\t') ? '\t' : ' ';
	const at = content.indexOf(mark);
	const isPlain = at > 0 && at < content.length - 1 && content.indexOf(mark, at + 1) < 0;
	if (isPlain && (mark === ' ' || !content.includes(' '))) return [content.slice(0, at), content.slice(at + 1)]; // nearly all lines
	if (mark === ' ') return withoutSpaces(content).split(/ +/);
	const columns = content.split('\t').map(withoutSpaces);
	if (columns[0] === '' && content.startsWith(' ')) columns[0] = ' '; // a space can be the character
	return columns.filter((column) => column !== '');
}

/** The text without the ASCII spaces at its ends. By hand: a pattern for it needs quadratic time on many spaces. */
function withoutSpaces(text: string): string {
	let [start, end] = [0, text.length];
	while (start < end && text[start] === ' ') start++;
	while (end > start && text[end - 1] === ' ') end--;
	return text.slice(start, end);
}

/** How many columns, where a fair share of lines has a tag in one column, or where all lines are a character and as much beside it. */
export function columnsShown(lines: readonly string[]): number | null {
	const rows = lines.map((line) => splitColumns(line.slice(0, 1000))).filter((row) => row.length > 1);
	const count = mostFrequent(rows.map((row) => row.length));
	const even = rows.filter((row) => row.length === count);
	const columns = Array.from({ length: Math.min(count, 20) }, (_, column) => column);
	const tagged = columns.map((column) => even.filter((row) => parseTag(row[column]) !== null).length);
	const isTagged = Math.max(0, ...tagged) >= 0.3 * lines.length && even.length >= 0.5 * rows.length;
	const isCharacters =
		even.length > 2 && even.length === lines.length && even.every((row) => [...row[0].slice(0, 4)].length === 1);
	return lines.length === 0 || (!isTagged && !isCharacters) ? null : count;
}

/** What may separate a token from its tag besides tabs and spaces. */
const columnMarks = [';', ',', '|', '/', ':', '\u3000', '\u00a0'];

/** The character that separates the tag from its token on nearly all lines, where it is neither tab nor space. Of fewer
 *  than three lines nobody can say. */
export function columnMark(lines: readonly string[]): string | null {
	if (lines.length < 3) return null;
	const isUsual = (mark: string) => lines.filter((line) => endsInTag(line, mark)).length > 0.8 * lines.length;
	return columnMarks.find(isUsual) ?? null;
}

/** One token, the mark, a tag; several tokens with their tags are a sentence on its line. */
function endsInTag(line: string, mark: string): boolean {
	const at = line.lastIndexOf(mark);
	return at > 0 && parseTag(withoutSpaces(line.slice(at + 1))) !== null && !/[^ \t][ \t]/.test(line.slice(0, at));
}

/** The same lines with tabs for that mark: for all of them where most lines have several, else for the last, since the
 *  mark can be a token. */
export function tabbedLines(lines: readonly (string | null)[], mark: string): (string | null)[] {
	const counts = lines.slice(0, 2000).flatMap((line) => (line?.includes(mark) ? [line.split(mark).length - 1] : []));
	const isMany = mostFrequent(counts) > 1;
	return lines.map((line) => {
		const at = line?.lastIndexOf(mark) ?? -1;
		if (line === null || at < 0) return line;
		return isMany ? line.replaceAll(mark, '\t') : `${line.slice(0, at)}\t${line.slice(at + 1)}`;
	});
}

function mostFrequent(numbers: readonly number[]): number {
	const counts = new Map<number, number>();
	for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
	return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0] ?? 0;
}
