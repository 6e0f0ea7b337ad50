// Reads corpora in CoNLL columns: a character, a separator, its tag; a blank line ends a sentence. Two ways of reading:
// as intended, where anything odd is a named error or a note, and as the published program does it (reference/lattice),
// which loses '#' lines, everything after a malformed line, and all but the first code point of a token.

import type { QuirkConfig } from '../experiment/config';
import { invariant, UserError } from '../util/errors';
import type { ReadingNote, Split } from './corpus';
import { readColumnLines } from './formats/columns';
import { type RawSentence, shorten } from './formats/reading';
import { checkTags, noteIllegalTransitions } from './formats/settle-tags';
import { detectScheme } from './tag-scheme';
import { splitAtSpace } from './white-space';

export interface ConllOptions {
	/** Name of the file, for messages. */
	file: string;
	quirks: Pick<QuirkConfig, 'dropHashLines' | 'stopAtMalformedLine'>;
}

/** A sentence whose tokens have their lines. */
interface Rows extends RawSentence {
	tags: string[];
	tokenLines: number[];
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
	if (!quirks.stopAtMalformedLine) return readIntended(kept, file, notes);
	const groups = publishedRows(kept, note);
	if (groups.length === 0) throw emptyCorpus(file, notes);
	checkTags(groups, { tagColumnOf: (line) => tagColumnOf(lines[line - 1]) }, file);
	cutTokens(groups, note);
	return finish(groups, file, notes);
}

function readIntended(lines: readonly (string | null)[], file: string, notes: ReadingNote[]): Split {
	const raw = readColumnLines(lines, { file, choices: {}, notes });
	const groups = raw.parts[0].sentences;
	checkTags(groups, raw, file);
	return finish(groups, file, notes);
}

/** The sentences without their lines, and notes on the tags that break their scheme. */
function finish(groups: readonly RawSentence[], file: string, notes: ReadingNote[]): Split {
	const scheme = detectScheme(groups.map(({ tags }) => tags ?? []));
	invariant(scheme, 'tags were checked to be of one scheme');
	noteIllegalTransitions(groups, scheme, { file, notes });
	return { sentences: groups.map(({ characters, tags, line }) => ({ characters, tags, line })), notes };
}

type Note = (code: string, line: number, message: string) => void;

/** Lines with '#' first (but for line 1) give way to null, which ends no sentence. */
function dropHashLines(lines: string[], note: Note): (string | null)[] {
	return lines.map((line, index) => {
		if (index === 0 || !line.includes('#') || splitAtSpace(line)[0]?.startsWith('#') !== true) return line;
		note('corpus-hash-line-lost', index + 1, `Line dropped because it starts with '#': ${shorten(line)}`);
		return null;
	});
}

/** Rows as the published program reads them: white space of any kind between columns, the tag in the second. */
function publishedRows(lines: readonly (string | null)[], note: Note): Rows[] {
	const groups: Rows[] = [];
	const newRows = (): Rows => ({ characters: [], tags: [], line: 0, tokenLines: [] });
	let rows = newRows();
	let malformed = 0;
	let lost = 0;
	const endSentence = () => {
		if (rows.line > 0 && malformed === 0) groups.push(rows);
		else if (rows.line > 0) lost++;
		rows = newRows();
	};
	lines.forEach((content, index) => {
		if (content === null) return;
		const columns = splitAtSpace(content);
		if (columns.length === 0) {
			endSentence();
			return;
		}
		if (columns.length < 2) malformed ||= index + 1;
		rows.line ||= index + 1;
		rows.characters.push(columns[0]);
		rows.tags.push(columns[1] ?? '');
		rows.tokenLines.push(index + 1);
	});
	endSentence();
	if (malformed > 0) {
		const message = `This line has one column; its sentence and the rest of the file are dropped. Sentences dropped: ${lost}`;
		note('corpus-sentences-lost', malformed, message);
	}
	return groups;
}

/** Where the second column begins in its line, from 1, in code points. */
function tagColumnOf(line: string): number {
	const [token = '', tag = ''] = splitAtSpace(line);
	const index = line.indexOf(tag, line.indexOf(token) + token.length);
	return [...line.slice(0, index)].length + 1;
}

/** Of every token only the first code point stays; how many were longer is noted. */
function cutTokens(groups: readonly Rows[], note: Note): void {
	let count = 0;
	let first = { line: 0, token: '' };
	for (const rows of groups) {
		rows.characters.forEach((token, position) => {
			const kept = String.fromCodePoint(token.codePointAt(0) ?? 0);
			if (kept === token) return;
			count++;
			if (count === 1) first = { line: rows.tokenLines[position], token };
			rows.characters[position] = kept;
		});
	}
	if (count === 0) return;
	const message = `Only the first character was kept of ${count} tokens, such as ${shorten(first.token)}`;
	note('corpus-token-cut', first.line, message);
}

function emptyCorpus(file: string, notes: readonly ReadingNote[]): UserError {
	const lost = notes.find((note) => note.code === 'corpus-sentences-lost');
	return new UserError({
		code: 'corpus-empty',
		location: { file, line: lost?.line },
		expected: 'at least one sentence, with a character and its tag on each line',
		found: lost ? 'a malformed line in the first sentence, after which nothing is read' : 'none',
		remedy: lost
			? 'Fix that line, or turn off the quirk "Stop at a malformed line".'
			: 'Choose the file that contains the corpus.',
	});
}
