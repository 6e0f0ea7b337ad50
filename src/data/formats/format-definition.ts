// What a corpus format has to bring: a rule by which its files are recognised, a reader, and a writer where it can be
// written. Every format is one such object in the registry.

import type { TagScheme } from '../tag-scheme';
import type { JsonText } from './json-text';
import type { RawCorpus, ReadingContext } from './reading';
import type { RecordPart, RecordTable } from './record-parts';
import type { SentenceToWrite } from './writing';

/** Text that is not JSON. */
export interface LinesFormat {
	kind: 'lines';
	/** Formats are asked in rising order; the first that fits is the one. */
	rank: number;
	/** Whether the first 500 lines that are not blank look like it. */
	looksLike(lines: readonly string[]): boolean;
	/** `beside`: the annotations of a format whose corpus is two files. */
	read(text: string, context: ReadingContext, beside: { file: string; text: string } | null): RawCorpus;
}

export interface JsonRule {
	/** The rule that most of the first records fit decides; of equal ones that of lowest rank. */
	rank: number;
	/** For texts that nobody has labelled: asked only where no rule for labelled ones fits. */
	isBare?: boolean;
	fits(value: unknown, shape: JsonText['shape']): boolean;
}

export interface JsonFormat {
	kind: 'json';
	looksLike: readonly JsonRule[];
	/** `tagNames`: those of integer tags that the file itself holds. */
	read(parts: readonly RecordPart[], context: ReadingContext, tagNames: readonly string[] | null): RawCorpus;
}

/** Bytes that hold a table of such records as a JSON format has. */
export interface TableFormat {
	kind: 'table';
	looksLike(bytes: Uint8Array): boolean;
	read(bytes: Uint8Array, file: string): Promise<RecordTable>;
}

export interface FormatWriter {
	/** The texts of the files, one for each of the extensions listed; the later ones may be missing. */
	write(sentences: readonly SentenceToWrite[]): string[];
	/** The only scheme it has. */
	scheme?: TagScheme;
	/** Refuses sentences without tags, which it cannot tell from sentences without entities. */
	needsTags?: boolean;
	/** Keeps the text alone. */
	losesTags?: boolean;
}

export type FormatDefinition = LinesFormat | JsonFormat | TableFormat;

/** One text of a line for each sentence. */
export const linesWith =
	(write: (sentence: SentenceToWrite, index: number) => string) => (sentences: readonly SentenceToWrite[]) => [
		sentences.map((sentence, index) => `${write(sentence, index)}\n`).join(''),
	];

/** One JSON array with an element for each sentence. */
export const arrayWith =
	(write: (sentence: SentenceToWrite, index: number) => string) => (sentences: readonly SentenceToWrite[]) => [
		`[\n${sentences.map(write).join(',\n')}\n]\n`,
	];
