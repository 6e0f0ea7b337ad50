// CoNLL columns as they are meant: a token, a separator, its tag; a blank line ends a sentence. Of more columns the first
// and the last count, or those that are chosen. Anything odd is a named error or a note.

import { UserError } from '../../util/errors';
import { countCodePoints } from '../code-points';
import { parseTag } from '../tag-scheme';
import { isUnicodeSpace } from '../white-space';
import type { FormatWriter, LinesFormat } from './format-definition';
import { checkSentenceLength } from './limits';
import { type ColumnUse, note, type RawCorpus, type RawSentence, type ReadingContext, shorten } from './reading';
import { unitOfTokens } from './span-records';
import { columnMark, columnsShown, splitColumns, tabbedLines } from './split-columns';
import type { SentenceToWrite } from './writing';

export const conll: LinesFormat & FormatWriter = {
	kind: 'lines',
	rank: 50,
	looksLike: (lines) => columnMark(lines) !== null || columnsShown(lines) !== null,
	read: readColumns,
	write: (sentences) => [sentences.map((sentence) => writeColumns(sentence, 2)).join('')],
	needsTags: true,
};

/** Four columns, or documents marked by lines of their own. */
export const conll2003: LinesFormat & FormatWriter = {
	...conll,
	rank: 40,
	looksLike: (lines) => lines[0]?.startsWith('-DOCSTART-') || columnsShown(lines) === 4,
	write: (sentences) => [`-DOCSTART- -X- O O\n\n${sentences.map((sentence) => writeColumns(sentence, 4)).join('')}`],
};

/** Throws `corpus-missing-column`, `corpus-column-count`, `corpus-empty`, `corpus-sentence-too-long`. */
function readColumns(text: string, context: ReadingContext): RawCorpus {
	return readColumnLines(text.split(/\r\n|\r|\n/), context);
}

/** The same of lines; one that is null is as if it were not there. */
export function readColumnLines(given: readonly (string | null)[], context: ReadingContext): RawCorpus {
	const mark = columnMark(firstFilled(given));
	const lines = mark === null ? given : tabbedLines(given, mark);
	const use = columnUse(lines, mark, context);
	const sentences = rowsOf(lines, use, context);
	if (sentences.length === 0) throw emptyColumns(context.file);
	stripGluedNumbers(sentences, context);
	joinBrokenCharacters(sentences, context);
	return {
		unit: unitOfTokens(sentences.map(({ characters }) => characters)),
		columns: use,
		isFromSpans: false,
		parts: [{ split: null, sentences }],
		tagColumnOf: (line) => columnOf(lines[line - 1] ?? '', use),
	};
}

/** The first 500 lines that hold something. */
function firstFilled(lines: readonly (string | null)[]): string[] {
	const filled: string[] = [];
	for (const line of lines) {
		if (line !== null && !isBlank(line)) filled.push(line.slice(0, 1000));
		if (filled.length === 500) break;
	}
	return filled;
}

function isBlank(line: string): boolean {
	for (let index = 0; index < line.length; index++) if (!isUnicodeSpace(line.charCodeAt(index))) return false;
	return true;
}

const isMark = (content: string, columns: readonly string[]) =>
	content.startsWith('-DOCSTART-') ||
	(content[0] === '#' && (columns.length < 2 || parseTag(columns[columns.length - 1]) === null));

/** Which columns to read: those that are chosen, else the first, and the last that nearly always holds a tag. */
function columnUse(lines: readonly (string | null)[], mark: string | null, { choices }: ReadingContext): ColumnUse {
	const rows: string[][] = [];
	let hasTab = false;
	for (const content of lines) {
		if (content === null || isBlank(content)) continue;
		const columns = splitColumns(content);
		if (isMark(content, columns)) continue;
		hasTab ||= content.includes('\t');
		rows.push(columns);
		if (rows.length === 2000) break;
	}
	const count = rows[0]?.length ?? 0;
	const holdsTags = (column: number) =>
		rows.filter((row) => parseTag(row[column] ?? '') !== null).length > 0.8 * rows.length;
	const candidates = Array.from({ length: count }, (_, index) => count - 1 - index);
	const found = candidates.find(holdsTags) ?? Math.max(1, count - 1);
	const columnOf = (chosen: number) => (chosen < 0 ? count + chosen + 1 : chosen);
	const tag = choices.tagColumn === undefined ? found + 1 : columnOf(choices.tagColumn);
	const token = choices.tokenColumn === undefined ? (tag === 1 ? 2 : 1) : columnOf(choices.tokenColumn);
	return { count, separator: mark ?? (hasTab ? 'tab' : 'space'), token, tag };
}

function rowsOf(lines: readonly (string | null)[], use: ColumnUse, context: ReadingContext): RawSentence[] {
	const { file, choices } = context;
	const sentences: RawSentence[] = [];
	let open: RawSentence & { tags: string[]; tokenLines: number[] } = newSentence();
	let firstLine = 0;
	const endSentence = () => {
		checkSentenceLength(open.characters.length, file, open.line);
		if (open.characters.length > 0) sentences.push(open);
		open = newSentence();
	};
	for (const [index, content] of lines.entries()) {
		if (content === null) continue;
		const line = index + 1;
		if (isBlank(content)) {
			if (/[^ \t]/.test(content))
				note(context, 'corpus-odd-blank-line', line, 'A line with only white space ends the sentence here');
			endSentence();
			continue;
		}
		checkSentenceLength(content.length, file, line);
		const columns = splitColumns(content);
		if (isMark(content, columns)) {
			const isDocument = content.startsWith('-DOCSTART-');
			if (isDocument) endSentence();
			if (isDocument) note(context, 'corpus-document-line', line, 'Document marker skipped');
			else note(context, 'corpus-comment-line', line, `Comment line skipped: ${shorten(content)}`);
			continue;
		}
		firstLine ||= line;
		const fault = faultOf(columns, content, use, firstLine, file, line);
		if (fault && choices.malformed === 'stop') {
			const left = lines.length - open.line + 1;
			note(
				context,
				'corpus-rest-left-out',
				open.line || line,
				`The rest of the file is left out (${left} lines), because line ${line} has ${columns.length} columns`,
			);
			return sentences;
		}
		if (fault && choices.malformed !== 'outside') throw fault;
		const [token, tag] = fault
			? tokenWithoutTag(columns, content, line, context)
			: [columns[use.token - 1], columns[use.tag - 1]];
		open.line ||= line;
		open.characters.push(token);
		open.tags.push(tag);
		open.tokenLines.push(line);
	}
	endSentence();
	return sentences;
}

const newSentence = () => ({ characters: [] as string[], tags: [] as string[], line: 0, tokenLines: [] as number[] });

function faultOf(
	columns: readonly string[],
	content: string,
	use: ColumnUse,
	firstLine: number,
	file: string,
	line: number,
): UserError | null {
	if (columns.length === use.count && columns.length >= Math.max(2, use.token, use.tag)) return null;
	if (columns.length < 2) return missingColumn(content, file, line);
	return columnCount(columns.length, Math.max(use.count, use.token, use.tag), firstLine, file, line);
}

/** A line with the wrong columns, where such tokens may be O: its first column, and its last one if it is a tag. A tag
 *  alone behind white space is that of a space. */
function tokenWithoutTag(
	columns: readonly string[],
	content: string,
	line: number,
	context: ReadingContext,
): [string, string] {
	const last = columns[columns.length - 1];
	const isTagged = parseTag(last) !== null && (columns.length > 1 || /^[ \t]/.test(content));
	const [token, tag] = [columns.length > 1 || !isTagged ? columns[0] : ' ', isTagged ? last : 'O'];
	note(context, 'corpus-tag-missing', line, `${columns.length} columns: ${shorten(token)} is read with the tag ${tag}`);
	return [token, tag];
}

/**
 * Weibo's second version glues to every character its position in its word (`科0`, `e12`): the number goes when really every
 * token has one.
 */
function stripGluedNumbers(sentences: readonly RawSentence[], context: ReadingContext): void {
	const isGlued = sentences.every(({ characters }) => characters.every((token) => bareLength(token) < token.length));
	if (!isGlued || context.choices.gluedDigit === 'keep') return;
	const tokens = sentences.reduce((sum, { characters }) => sum + characters.length, 0);
	note(
		context,
		'corpus-glued-digit',
		sentences[0].line,
		`The number at the end of each of the ${tokens} tokens was removed`,
	);
	for (const sentence of sentences)
		sentence.characters = sentence.characters.map((token) => token.slice(0, bareLength(token)));
}

/** Length of a token without the digits at its end; at least one character stays. */
function bareLength(token: string): number {
	let length = token.length;
	while (length > 1 && token[length - 1] >= '0' && token[length - 1] <= '9') length--;
	return length;
}

/** A broken character that was written as several U+FFFD becomes one. */
function joinBrokenCharacters(sentences: readonly RawSentence[], context: ReadingContext): void {
	let count = 0;
	let line = 0;
	for (const sentence of sentences) {
		sentence.characters.forEach((token, position) => {
			if (!token.startsWith('\ufffd\ufffd') || !/^\ufffd{2,}$/u.test(token)) return;
			sentence.characters[position] = '\ufffd';
			count++;
			line ||= sentence.tokenLines?.[position] ?? sentence.line;
		});
	}
	if (count > 0)
		note(
			context,
			'corpus-broken-character',
			line,
			`Characters that were already broken in the file (repeated U+FFFD): ${count}`,
		);
}

/** Where the tag begins in its line, from 1, in code points. */
function columnOf(content: string, use: ColumnUse): number {
	const tag = splitColumns(content)[use.tag - 1] ?? '';
	const index = use.tag < use.token ? content.indexOf(tag) : content.lastIndexOf(tag);
	return countCodePoints(content.slice(0, Math.max(0, index))) + 1;
}

export function emptyColumns(file: string): UserError {
	return new UserError({
		code: 'corpus-empty',
		location: { file },
		expected: 'at least one sentence, with a character and its tag on each line',
		found: 'none',
		remedy: 'Choose the file that contains the corpus.',
	});
}

function missingColumn(content: string, file: string, line: number): UserError {
	return new UserError({
		code: 'corpus-missing-column',
		location: { file, line, column: countCodePoints(content) + 1 },
		expected: 'a character and its tag, separated by a tab or a space',
		found: `one column: ${shorten(content)}`,
		remedy: 'Add the missing column, or make this line empty if a sentence ends here.',
	});
}

function columnCount(found: number, wanted: number, firstLine: number, file: string, line: number): UserError {
	return new UserError({
		code: 'corpus-column-count',
		location: { file, line, column: 1 },
		expected: `${wanted} columns, as in line ${firstLine}`,
		found: `${found}`,
		remedy: 'Use the same columns on every line, with the character first and the tag last.',
	});
}

/** A sentence as lines of a token and its tag; with CoNLL-2003's two empty columns between where these are wanted. */
function writeColumns({ tokens, tags }: SentenceToWrite, columns: 2 | 4): string {
	const gap = columns === 4 ? ' _ _ ' : '\t';
	return `${tokens.map((token, position) => `${token}${gap}${tags?.[position] ?? 'O'}\n`).join('')}\n`;
}
