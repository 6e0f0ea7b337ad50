// Reads corpora in CoNLL columns: a character, a separator, its tag; a blank line ends a sentence. Two ways of reading:
// as intended, where anything odd is a named error or a note, and as the published program does it (reference/lattice),
// which loses '#' lines, everything after a malformed line, and all but the first code point of a token.

import type { QuirkConfig } from '../experiment/config';
import { invariant, UserError } from '../util/errors';
import type { ReadingNote, Sentence, Split } from './corpus';
import { detectScheme, illegalTransitions, parseTag, schemeOfPrefixes, toBio } from './tag-scheme';

export interface ConllOptions {
	/** Name of the file, for messages. */
	file: string;
	quirks: Pick<QuirkConfig, 'dropHashLines' | 'stopAtMalformedLine'>;
}

/** A line of two or more columns. */
interface Row {
	token: string;
	tag: string;
	line: number;
	/** Column of the tag in its line, from 1, in code points. */
	column: number;
}

/**
 * The sentences of a file and notes on all that was changed, dropped or odd.
 * Throws UserError: `corpus-empty`, `corpus-missing-column`, `corpus-column-count`, `corpus-unknown-tag`, `corpus-scheme-mix`.
 */
export function readConll(text: string, { file, quirks }: ConllOptions): Split {
	const notes: ReadingNote[] = [];
	const note = (code: string, line: number, message: string) => notes.push({ code, file, line, message });
	const lines = (text.startsWith('\ufeff') ? text.slice(1) : text).split(/\r\n|\r|\n/);
	const kept = quirks.dropHashLines ? dropHashLines(lines, note) : lines;
	const groups = quirks.stopAtMalformedLine ? publishedRows(kept, note) : intendedRows(kept, file, note);
	if (groups.length === 0) throw emptyCorpus(file, notes);
	checkTags(groups, file);
	const sentences = quirks.stopAtMalformedLine
		? groups.map((rows) => toSentence(rows, firstCodePoint))
		: intendedSentences(groups, note);
	if (quirks.stopAtMalformedLine) noteCutTokens(groups, note);
	noteIllegalTransitions(groups, note);
	return { sentences, notes };
}

type Note = (code: string, line: number, message: string) => void;

/** Lines with '#' first (but for line 1) give way to null, which ends no sentence. */
function dropHashLines(lines: string[], note: Note): (string | null)[] {
	return lines.map((line, index) => {
		if (index === 0 || !line.includes('#') || splitUnicode(line)[0]?.startsWith('#') !== true) return line;
		note('corpus-hash-line-lost', index + 1, `Line dropped because it starts with '#': ${shorten(line)}`);
		return null;
	});
}

/** Rows as the published program reads them: white space of any kind between columns, the tag in the second. */
function publishedRows(lines: readonly (string | null)[], note: Note): Row[][] {
	const groups: Row[][] = [];
	let rows: Row[] = [];
	let malformed = 0;
	let lost = 0;
	const endSentence = () => {
		if (rows.length > 0 && malformed === 0) groups.push(rows);
		else if (rows.length > 0) lost++;
		rows = [];
	};
	lines.forEach((content, index) => {
		if (content === null) return;
		const columns = splitUnicode(content);
		if (columns.length === 0) {
			endSentence();
			return;
		}
		if (columns.length < 2) malformed ||= index + 1;
		const column = columnOf(content, content.indexOf(columns[1] ?? '', columns[0].length));
		rows.push({ token: columns[0], tag: columns[1] ?? '', line: index + 1, column });
	});
	endSentence();
	if (malformed > 0) {
		const message = `This line has one column; its sentence and all later ones of the file are lost: ${lost} in all`;
		note('corpus-sentences-lost', malformed, message);
	}
	return groups;
}

/** White space as the published program's Python sees it; \s of JavaScript knows other separators, and the BOM. */
function isUnicodeSpace(code: number): boolean {
	if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
	if (code < 0x1680) return code === 0x85 || code === 0xa0;
	if (code < 0x2000 || code > 0x3000) return code === 0x1680;
	return code <= 0x200a || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f || code === 0x3000;
}

/** The runs between white space of any kind; none for a blank line. */
function splitUnicode(line: string): string[] {
	const columns: string[] = [];
	let start = -1;
	for (let index = 0; index < line.length; index++) {
		const isSpace = isUnicodeSpace(line.charCodeAt(index));
		if (isSpace && start >= 0) columns.push(line.slice(start, index));
		if (isSpace) start = -1;
		else if (start < 0) start = index;
	}
	if (start >= 0) columns.push(line.slice(start));
	return columns;
}

function isBlank(line: string): boolean {
	for (let index = 0; index < line.length; index++) if (!isUnicodeSpace(line.charCodeAt(index))) return false;
	return true;
}

/** Where a column begins in its line, from 1, in code points. */
function columnOf(line: string, index: number): number {
	let column = 1;
	for (let before = 0; before < index; before++) if ((line.charCodeAt(before) & 0xfc00) !== 0xdc00) column++;
	return column;
}

/**
 * Rows as they are meant: columns between tabs where the line has a tab, else between ASCII spaces, so that a space of
 * another kind can be a character; the tag in the last column; the same number of columns in every line.
 */
function intendedRows(lines: readonly (string | null)[], file: string, note: Note): Row[][] {
	const groups: Row[][] = [];
	let rows: Row[] = [];
	let first: { columns: number; line: number } | null = null;
	const endSentence = () => {
		if (rows.length > 0) groups.push(rows);
		rows = [];
	};
	lines.forEach((content, index) => {
		if (content === null) return;
		const line = index + 1;
		if (isBlank(content)) {
			if (/[^ \t]/.test(content))
				note('corpus-odd-blank-line', line, 'A line of white space only ends the sentence here');
			endSentence();
			return;
		}
		const columns = splitColumns(content);
		const tag = columns[columns.length - 1];
		if (content[0] === '#' && (columns.length < 2 || parseTag(tag) === null)) {
			note('corpus-comment-line', line, `Comment line passed over: ${shorten(content)}`);
			return;
		}
		if (columns[0].startsWith('-DOCSTART-')) {
			note('corpus-document-line', line, 'Document mark passed over');
			endSentence();
			return;
		}
		if (columns.length < 2) throw missingColumn(content, file, line);
		first ??= { columns: columns.length, line };
		if (columns.length !== first.columns) throw columnCount(columns.length, first, file, line);
		rows.push({ token: columns[0], tag, line, column: columnOf(content, content.lastIndexOf(tag)) });
	});
	endSentence();
	return groups;
}

function splitColumns(content: string): string[] {
	if (!content.includes('\t')) return content.replace(/^ +| +$/g, '').split(/ +/);
	const columns = content.split('\t').map((column) => column.replace(/^ +| +$/g, ''));
	if (columns[0] === '' && content.startsWith(' ')) columns[0] = ' '; // a space can be the character
	return columns.filter((column) => column !== '');
}

/** Checks every tag's form, and that the letters before the types belong to one scheme. */
function checkTags(groups: readonly Row[][], file: string): void {
	const seen = new Map<string, Row>();
	for (const row of groups.flat()) {
		const parts = parseTag(row.tag);
		if (parts === null) throw unknownTag(row, file);
		if (seen.has(parts.prefix)) continue;
		seen.set(parts.prefix, row);
		if (schemeOfPrefixes(seen.keys()) === null) throw schemeMix(row, seen, file);
	}
}

/**
 * Weibo's second version glues to every character its place in its word (`科0`, `e12`): the number goes when really every
 * token has one. A broken character that was written as several U+FFFD becomes one.
 */
function intendedSentences(groups: readonly Row[][], note: Note): Sentence[] {
	const rows = groups.flat();
	const isGlued = rows.every((row) => gluedNumber.test(row.token));
	const line = rows[0].line;
	if (isGlued)
		note('corpus-glued-digit', line, `The number at the end of each of the ${rows.length} tokens was taken off`);
	const bare = (token: string) => (isGlued ? token.replace(gluedNumber, '$1') : token);
	const broken = rows.filter((row) => brokenCharacter.test(bare(row.token)));
	if (broken.length > 0) {
		note(
			'corpus-broken-character',
			broken[0].line,
			`Characters that were lost before (U+FFFD, twice or more): ${broken.length}`,
		);
	}
	return groups.map((group) => toSentence(group, (token) => bare(token).replace(brokenCharacter, '\ufffd')));
}

const gluedNumber = /^(.+?)[0-9]+$/su;
const brokenCharacter = /^\ufffd{2,}$/u;

function firstCodePoint(token: string): string {
	return String.fromCodePoint(token.codePointAt(0) ?? 0);
}

function noteCutTokens(groups: readonly Row[][], note: Note): void {
	const cut = groups.flat().filter((row) => firstCodePoint(row.token) !== row.token);
	if (cut.length === 0) return;
	const message = `Only the first code point was kept of ${cut.length} tokens, such as ${shorten(cut[0].token)}`;
	note('corpus-token-cut', cut[0].line, message);
}

function toSentence(rows: readonly Row[], characterOf: (token: string) => string): Sentence {
	return {
		characters: rows.map((row) => characterOf(row.token)),
		tags: rows.map((row) => row.tag),
		line: rows[0].line,
	};
}

function noteIllegalTransitions(groups: readonly Row[][], note: Note): void {
	const sequences = groups.map((rows) => rows.map((row) => row.tag));
	const scheme = detectScheme(sequences);
	invariant(scheme, 'tags were checked to be of one scheme');
	sequences.forEach((tags, index) => {
		for (const place of illegalTransitions(tags, scheme)) {
			const before = place === 0 ? 'the start of the sentence' : tags[place - 1];
			const read = toBio(tags, scheme)[place];
			const message = `In ${scheme}, ${tags[place]} may not stand here (after ${before}); it counts as ${read}`;
			note('corpus-illegal-transition', groups[index][place].line, message);
		}
	});
}

function emptyCorpus(file: string, notes: readonly ReadingNote[]): UserError {
	const lost = notes.find((note) => note.code === 'corpus-sentences-lost');
	return new UserError({
		code: 'corpus-empty',
		place: { file, line: lost?.line },
		expected: 'at least one sentence: lines of a character and its tag',
		found: lost ? 'a malformed line in the first sentence, after which all is lost' : 'none',
		remedy: lost ? 'Mend that line, or read the file as intended.' : 'Choose the file that holds the corpus.',
	});
}

function missingColumn(content: string, file: string, line: number): UserError {
	return new UserError({
		code: 'corpus-missing-column',
		place: { file, line, column: [...content].length + 1 },
		expected: 'a character and its tag, with a tab or a space between',
		found: `one column: ${shorten(content)}`,
		remedy: 'Add the missing column, or leave the line empty if a sentence ends here.',
	});
}

function columnCount(found: number, first: { columns: number; line: number }, file: string, line: number): UserError {
	return new UserError({
		code: 'corpus-column-count',
		place: { file, line, column: 1 },
		expected: `${first.columns} columns as in line ${first.line}`,
		found: `${found}`,
		remedy: 'Give every line the same columns, the character first and the tag last.',
	});
}

function unknownTag(row: Row, file: string): UserError {
	return new UserError({
		code: 'corpus-unknown-tag',
		place: { file, line: row.line, column: row.column },
		expected: 'the tag O, or one of B- I- M- E- L- S- U- W- with a type, such as B-PER',
		found: shorten(row.tag),
		remedy: 'Correct the tag, or check that the character is the first column and the tag the last.',
	});
}

function schemeMix(row: Row, seen: ReadonlyMap<string, Row>, file: string): UserError {
	const earlier = [...seen].filter(([prefix, other]) => other !== row && prefix !== 'O');
	const places = earlier.map(([prefix, other]) => `${prefix} (line ${other.line})`).join(', ');
	return new UserError({
		code: 'corpus-scheme-mix',
		place: { file, line: row.line, column: row.column },
		expected: `tags of one scheme, as begun with ${places}`,
		found: shorten(row.tag),
		remedy: 'Bring all tags into one scheme: BIO, IOB1, BIOES, BMES, BILOU or BMEWO.',
	});
}

/** At most 40 code points in quotes, for messages. */
function shorten(text: string): string {
	const start = [...text.slice(0, 100)];
	return `"${start.length > 40 ? `${start.slice(0, 40).join('')}…` : start.join('')}"`;
}
