// The part of the wire about tagging: texts and whole files, and what becomes of the tagged sentences.

import type { TaggedSentence } from '../analysis/tagged-sentence';
import type { TextUnit } from '../data/corpus';
import type { TextFormat } from '../data/formats/format-list';
import type { ItemOf } from '../storage/workspace/item-kinds';
import type { ModelRef } from './models';
import type { SourceFile } from './source-file';

export interface TaggedText {
	sentences: TaggedSentence[];
	/** Characters of the text; those with no row in the model but in the run's vector files; those read as unknown. */
	characters: { total: number; lookedUp: number; unknown: number };
	/** What its sentences are lists of; characters when absent. */
	unit?: TextUnit;
	/** In the order of their slots. */
	entityTypes?: string[];
	seconds?: number;
}

/** A file that was tagged; its sentences wait in the worker for `export-tagged`. */
export interface TaggedFile {
	/** The first `firstShown`. */
	first: TaggedSentence[];
	sentences: number;
	mentions: number;
	unit: TextUnit;
	entityTypes: string[];
	seconds: number;
}

/** Sentences of a tagged file that the page gets. */
export const firstShown = 200;

export interface TaggingCommands {
	/** Tags plain text, one sentence a line, with the named model, else with the last run's or the opened checkpoint. With
	 *  a model named, lines are cut at sentence ends, and confidences, alternatives and words are returned too. */
	'tag-text': {
		request: { text: string; task?: string; model?: ModelRef; withoutWords?: string[] };
		reply: TaggedText;
	};
	/** Tags a file of any corpus format; tags that it has are not read. */
	'tag-file': { request: { task: string; model: ModelRef; file: SourceFile }; reply: TaggedFile };
	/** All sentences of the file that was tagged last. */
	'export-tagged': {
		request: { format: TextFormat; sentences: TaggedSentence[] | 'file'; name: string };
		reply: { files: { name: string; file: Blob }[] };
	};
	/** Keeps the text of tagged sentences, without their tags, as a corpus to annotate: all of them are train. */
	'keep-tagged': {
		request: { sentences: Pick<TaggedSentence, 'characters'>[] | 'file'; name: string; source: string };
		reply: ItemOf<'corpus'>;
	};
}
