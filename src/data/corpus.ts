// A corpus: sentences of Unicode code points (or of tokens, for languages written with spaces), with the tags they came
// with, and entities as spans. Readers make these; everything below the reader trusts them.

/** Half-open range of characters with an entity type. */
export interface Span {
	start: number;
	end: number;
	type: string;
}

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
