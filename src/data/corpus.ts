// A corpus: sentences of Unicode code points (or of tokens, for languages written with spaces), with the tags they came
// with, and entities as spans. Readers make these; everything below the reader trusts them.

import type { TagScheme } from './tag-scheme';

/** What one unit of a sentence is: a code point (Chinese) or a word (languages written with spaces). */
export type TextUnit = 'character' | 'word';

export interface Sentence {
	/** One code point each in Chinese corpora; a whole token elsewhere. */
	characters: string[];
	/** The tags as they stand in the file, one a character; null for plain text. */
	tags: string[] | null;
	/** Line of the first character in its file, from 1; 0 when there is no file. */
	line: number;
}

export type SplitName = 'train' | 'dev' | 'test';
export const splitNames: readonly SplitName[] = ['train', 'dev', 'test'];

/** Something that a reader changed, dropped or found odd. Never silent: it is counted, listed and shown. */
export interface ReadingNote {
	code: string;
	file: string;
	/** From 1. */
	line: number;
	message: string;
}

export interface Split {
	sentences: Sentence[];
	notes: ReadingNote[];
}

/** A corpus as it was imported. What is done to it later is a list of changes beside it; this stays as it came. */
export interface Corpus {
	/** For people; unique in a workspace. */
	name: string;
	unit: TextUnit;
	/** The scheme of all its tags. */
	scheme: TagScheme;
	splits: Record<SplitName, Sentence[]>;
}

/** A sentence of a corpus by its position in the corpus as imported: it keeps its name through all changes. */
export interface SentenceRef {
	split: SplitName;
	/** From 0. */
	index: number;
}
