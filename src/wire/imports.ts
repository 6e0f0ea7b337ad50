// The part of the wire about files that become a corpus: what they are, what reading them would give, the import.

import type { SplitName, TextUnit } from '../data/corpus';
import type { CorpusChange } from '../data/corpus-changes';
import type { TextEncoding } from '../data/decode-text';
import type { ReadingChange } from '../data/formats/changes';
import type { CorpusFormat } from '../data/formats/format-list';
import type { ColumnUse, ListedChoice, ReadingChoices } from '../data/formats/reading';
import type { FileSort } from '../data/recognise-file';
import type { Span } from '../data/span';
import type { TagScheme } from '../data/tag-scheme';
import type { ItemOf } from '../storage/workspace/item-kinds';
import type { SourceFile } from './source-file';
import type { WireError } from './wire-error';

/** A file of a corpus and the user's answers to what reading it asks. Files of brat come as two. */
export interface CorpusSource extends SourceFile {
	choices?: ReadingChoices;
	/** Equal ids are of equal content: what a preview has read is kept under it for the import. Nothing is without one. */
	readingId?: string;
	/** Preview only: a line of the file to show, with the sentences found there; its beginning when missing. */
	aroundLine?: number;
}

/** Some lines of a text file, unchanged. */
export interface RawLines {
	/** Number of the first one, from 1. */
	from: number;
	lines: string[];
}

export interface PreviewedPart {
	/** Null when neither the file's name nor its content says; it is train then. */
	split: SplitName | null;
	sentences: number;
	characters: number;
	mentions: number;
	mentionsByType: Record<string, number>;
	/** Characters of the longest sentence. */
	longest: number;
	/** Sentences above the length at which the published program clips. */
	longSentences: number;
}

/** Length at which the published program clips sentences. */
export const defaultClipLength = 200;

/** What importing a file would give, or why it cannot be read and which choices would settle that. */
export type FilePreview =
	| {
			isRead: true;
			file: string;
			format: CorpusFormat;
			encoding: TextEncoding | null;
			/** Of the tags given, and of the file itself. */
			scheme: TagScheme | null;
			fileScheme: TagScheme | null;
			unit: TextUnit;
			columns: ColumnUse | null;
			/** What was packed round it, outermost first: `gzip`, `zip train.txt`. */
			packed: string[];
			parts: PreviewedPart[];
			first: { line: number; characters: string[]; spans: Span[]; hasTags: boolean }[];
			changes: ReadingChange[];
			/** Null where the file is no text. */
			raw: RawLines | null;
	  }
	| {
			isRead: false;
			file: string;
			error: WireError;
			answers: readonly ListedChoice[];
			/** Lines around the location of the error, where it has one. */
			raw: RawLines | null;
	  };

export interface ImportCommands {
	/** Reads files without keeping anything. */
	'preview-corpus': { request: { task: string; files: CorpusSource[] }; reply: { files: FilePreview[] } };
	/** Reads and keeps; parts whose split nobody has said are train. `changes` are the first ones: a split wizard's, say. */
	'import-corpus': {
		request: { task: string; files: CorpusSource[]; name: string; changes?: CorpusChange[]; id?: string };
		reply: ItemOf<'corpus'>;
	};
	/** For files that nobody imports any more: what was kept of their previews goes. */
	'forget-readings': { request: { readingIds: string[] }; reply: { areForgotten: true } };
	/** What sort of file this is, by its first bytes. */
	'recognise-file': { request: { file: SourceFile }; reply: FileSort };
	/** The files of a zip archive, each plain; the file itself when it is none, or holds one file only. */
	'unpack-archive': { request: { task: string; file: SourceFile }; reply: { files: SourceFile[] } };
}
