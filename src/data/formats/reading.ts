// The words of reading a corpus file: the formats, what a user may choose, what a reading gives back, and the log of all
// that was changed, passed over or odd. Every entry of the log has a code; what becomes of it stands in changes.ts.

import type { ReadingNote, Sentence, SplitName, TextUnit } from '../corpus';
import type { TextEncoding } from '../decode-text';
import type { TagScheme } from '../tag-scheme';
import type { CorpusFormat } from './format-list';

/** Answers that a reading takes; a missing one means the first of its values in `choiceValues`, or what the file shows. */
export interface ReadingChoices {
	format?: CorpusFormat;
	encoding?: TextEncoding;
	unit?: TextUnit;
	split?: SplitName;
	/** The scheme that tags are brought into; without it they stay in the scheme of the file. */
	scheme?: TagScheme;
	/** Column of the token or the tag, from 1; negative counts from the last. */
	tokenColumn?: number;
	tagColumn?: number;
	/** Names of the integer tags of Hugging Face rows, in order from 0. */
	tagNames?: readonly string[];
	/** A number that is glued to every token. */
	gluedDigit?: 'strip' | 'keep';
	/** A file of IOB1 tags: written as BIO, or left. */
	iob1?: 'convert' | 'keep';
	/** An inside tag without a beginning: it opens an entity (tags stay as they are), or it becomes O. */
	strays?: 'open' | 'outside';
	/** A line with too few or too many columns. `outside`: a missing tag is O. `stop`: the file ends before its sentence. */
	malformed?: 'refuse' | 'outside' | 'stop';
	overlaps?: 'refuse' | 'longest';
	/** A span that lies outside its text, is empty, or is not where its own text stands. */
	badSpans?: 'refuse' | 'skip';
	/** A brat entity in several pieces. `join`: from its first to its last character. */
	discontinuous?: 'refuse' | 'skip' | 'join';
	/** A record's text is one sentence, or each of its lines is. */
	sentences?: 'records' | 'lines';
	/** How positions in the file count. `detect`: by the texts beside the spans where there are any, else code points. */
	offsets?: 'detect' | 'code-points' | 'utf-16';
	/** Words of a text end at white space only, or at punctuation too. */
	words?: 'spaces' | 'punctuation';
	/** Tokens of several characters stay whole, or each character is one; their tags are spread. */
	tokens?: 'keep' | 'split';
}

/** The values of the choices that are a word from a list; the first is taken when nothing is said. */
export const choiceValues = {
	gluedDigit: ['strip', 'keep'],
	iob1: ['convert', 'keep'],
	strays: ['open', 'outside'],
	malformed: ['refuse', 'outside', 'stop'],
	overlaps: ['refuse', 'longest'],
	badSpans: ['refuse', 'skip'],
	discontinuous: ['refuse', 'skip', 'join'],
	sentences: ['records', 'lines'],
	offsets: ['detect', 'code-points', 'utf-16'],
	words: ['spaces', 'punctuation'],
	tokens: ['keep', 'split'],
} as const;
export type ListedChoice = keyof typeof choiceValues;

/** Which columns of a CoNLL file are read, from 1. */
export interface ColumnUse {
	count: number;
	/** `tab`, `space`, or the character itself. */
	separator: string;
	token: number;
	tag: number;
}

export interface ReadingPart {
	/** From the file's name or its keys; null when neither says. */
	split: SplitName | null;
	sentences: Sentence[];
}

export interface CorpusReading {
	file: string;
	format: CorpusFormat;
	/** Null where the file is no text (Parquet). */
	encoding: TextEncoding | null;
	/** The scheme of all tags given here; null when no sentence has tags. */
	scheme: TagScheme | null;
	/** The scheme that the file itself is written in; null for spans and for plain text. */
	fileScheme: TagScheme | null;
	unit: TextUnit;
	columns: ColumnUse | null;
	parts: ReadingPart[];
	notes: ReadingNote[];
}

/** A sentence as a format's reader gives it, its tags not yet checked. */
export interface RawSentence extends Sentence {
	/** Line of each token where tokens stand on lines of their own. */
	tokenLines?: readonly number[];
}

export interface RawCorpus {
	/** The unit that the file shows; null when only a choice can say. */
	unit: TextUnit;
	columns?: ColumnUse;
	/** True when the tags were made here from spans, in BIO. */
	isFromSpans: boolean;
	parts: { split: SplitName | null; sentences: RawSentence[] }[];
	/** Column of the tag of a token, from 1, for messages. */
	tagColumnOf?: (line: number) => number;
}

export interface SourceBytes {
	/** Name of the file, for messages, for the split, and for pairing files of a corpus. */
	file: string;
	bytes: Uint8Array;
}

/** What a format's reader works with. */
export interface ReadingContext {
	file: string;
	choices: ReadingChoices;
	notes: ReadingNote[];
}

export function note({ notes, file }: ReadingContext, code: string, line: number, message: string): void {
	notes.push({ code, file, line, message });
}

/** At most 40 code points in quotes, for messages. */
export function shorten(text: string): string {
	const start = [...text.slice(0, 100)];
	return `"${start.length > 40 ? `${start.slice(0, 40).join('')}…` : start.join('')}"`;
}
