// The part of the wire about what the workspace keeps: lists, corpora, imports, runs, checkpoints, the workspace file.
// Long tasks carry a name that the page chooses: progress comes as `task-progress` events, `cancel-task` ends one.

import type { Sentence, SentenceRef, Span, SplitName, TextUnit } from '../data/corpus';
import type { ChangeEffect, CorpusChange } from '../data/corpus-changes';
import type { CorpusReview } from '../data/corpus-review';
import type { TextEncoding } from '../data/decode-text';
import type { DoctorReport } from '../data/doctor/examine';
import type { ReadingChange } from '../data/formats/changes';
import type { CorpusFormat, TextFormat } from '../data/formats/format-list';
import type { ColumnUse, ListedChoice, ReadingChoices } from '../data/formats/reading';
import type { FileSort } from '../data/recognise-file';
import type { RelabelPlan, SentenceTokens } from '../data/relabel-mentions';
import type { TagScheme } from '../data/tag-scheme';
import type { UnitCoverage } from '../data/vectors/unit-coverage';
import type { VectorUnits } from '../data/vectors/unit-text';
import type { VectorFormat } from '../data/vectors/vector-formats';
import type { VectorTraining } from '../data/vectors/vector-training';
import type { StorageStatus } from '../storage/storage-status';
import type { AnyItem, ItemOf } from '../storage/workspace/item-kinds';
import type { ItemKind } from '../storage/workspace/item-record';
import type { RunLog } from '../storage/workspace/run-log-columns';
import type { ItemChange } from '../storage/workspace/workspace';
import type { ImportReport } from '../storage/workspace/workspace-file';
import type { SourceFile } from './protocol';
import type { WireError } from './wire-error';

export interface ItemRef {
	kind: ItemKind;
	id: string;
}

/** A record that this version cannot read: it can be exported as it is, and deleted. */
export interface UnreadableItem {
	kind: string;
	id: string;
	reason: string;
}

export interface ItemList {
	/** Latest change first; those in the trash too. */
	items: AnyItem[];
	unreadable: UnreadableItem[];
	/** Runs that some tab trains now. One whose state is `running` without being here was cut off. */
	claimedRuns: string[];
}

export interface WorkspaceStatus extends StorageStatus {
	/** Why everything goes on in memory only; null when the browser keeps it. */
	whyNotKept: WireError | null;
}

export interface OpenedCorpus {
	item: ItemOf<'corpus'>;
	/** What was done to it since it was imported, in order. */
	changes: CorpusChange[];
	/** Suggestions that were rejected in it, sentences that were confirmed. */
	review: CorpusReview;
	/** What each of the changes did. */
	effects: ChangeEffect[];
	/** Sentences of each split as the changes left them. */
	sentences: Record<SplitName, number>;
	/** Types with their mentions, by falling number. */
	types: { type: string; mentions: number }[];
}

export interface SentenceFilter {
	/** As it is after the changes. */
	split?: SplitName;
	isMarkedForRelabel?: boolean;
	/** Whether somebody has labelled it, if only as without mentions. */
	hasTags?: boolean;
	/** Part of the text; width, letter case and white space do not matter. */
	text?: string;
	/** Only sentences with a mention of this type. */
	entityType?: string;
	/** Only sentences with a mention of at least one of these types. */
	entityTypes?: readonly string[];
	/** This sentence alone, by its number from 1 over all splits. */
	number?: number;
	/** Only these, by their places in the corpus as imported. */
	refs?: readonly SentenceRef[];
}

/** A sentence as the changes left it, or a piece of one that was clipped. */
export interface SentenceRow {
	/** From 1, over all splits as the changes left them. */
	number: number;
	/** Its place in the corpus as imported. */
	ref: SentenceRef;
	/** The split that it is in now. */
	split: SplitName;
	/** Its first character in the sentence as imported. */
	start: number;
	isMarkedForRelabel: boolean;
	/** From 1; 0 when there is no file. */
	line: Sentence['line'];
	characters: string[];
	spans: Span[];
	hasTags: boolean;
}

export interface SentencePage {
	/** Sentences that the filter lets through. */
	total: number;
	rows: SentenceRow[];
	/** Revision of the corpus that was read. */
	revision: number;
}

/** Most rows of one answer: the page asks for what it shows. */
export const mostRows = 1000;

export interface TaskProgress {
	/** Bytes, items or a share of 1, of how many; null when the end is not known. */
	done: number;
	total: number | null;
	unit: 'bytes' | 'items' | 'share';
	/** Further numbers by name: entries, kept, megabytesPerSecond, secondsLeft, epoch, epochs, charactersPerSecond, loss. */
	counts: Record<string, number>;
}

/** A file of a corpus and the user's answers to what reading it asks. Files of brat come as two. */
export interface CorpusSource extends SourceFile {
	choices?: ReadingChoices;
	/** Equal ids are of equal content: what a preview has read is kept under it for the import. Nothing is without one. */
	readingId?: string;
	/** Preview only: a line of the file to show, with the sentences that stand there; its beginning when missing. */
	aroundLine?: number;
}

/** Some lines of a text file as they stand. */
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
export const usualClipLength = 200;

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
			/** Lines around the place of the error, where it has one. */
			raw: RawLines | null;
	  };

export interface ProvidedVectors {
	item: ItemOf<'vectors'>;
	/** False when everything wanted was at hand from earlier. */
	hasRead: boolean;
	coverage: UnitCoverage;
}

export interface VectorsPlan {
	/** Words of the file that the corpus wants and that are not at hand: 0 when the file is not needed. */
	missingRows: number;
	coverage: UnitCoverage;
}

export interface DataCommands {
	/** Cheap: no content is read. */
	'list-items': { request: { kind?: ItemKind }; reply: ItemList };
	'rename-item': { request: ItemRef & { name: string }; reply: { revision: number } };
	/** Into the trash, out of which `restore-item` takes it until the trash is emptied. */
	'trash-item': { request: ItemRef; reply: { isTrashed: true } };
	'restore-item': { request: ItemRef; reply: { isTrashed: false } };
	/** For good; also what cannot be read. */
	'delete-item': { request: { kind: string; id: string }; reply: { isDeleted: true } };
	'empty-trash': { request: Record<string, never>; reply: { deleted: number } };
	/** One item, readable or not, as a file that `import-workspace` takes. */
	'export-item': { request: { kind: string; id: string }; reply: { file: Blob } };
	'export-workspace': { request: { task: string }; reply: { file: Blob } };
	'import-workspace': { request: { task: string; file: SourceFile }; reply: ImportReport };
	'workspace-status': { request: Record<string, never>; reply: WorkspaceStatus };
	'cancel-task': { request: { task: string }; reply: { isCancelled: boolean } };

	/** Null when it was never saved. */
	'load-setting': { request: { name: string }; reply: { value: unknown } };
	'save-setting': { request: { name: string; value: unknown }; reply: { isSaved: true } };

	'open-corpus': { request: { id: string }; reply: OpenedCorpus };
	/** Refused (`workspace-conflict`) when the corpus was changed since that revision. */
	'save-corpus-changes': {
		request: { id: string; revision: number; changes: CorpusChange[]; review?: CorpusReview };
		reply: { revision: number };
	};
	/** What giving the mentions of these tokens another type would change, from `changes` on; nothing is stored. */
	'plan-relabel': {
		request: { id: string; changes: CorpusChange[]; tokens: SentenceTokens[]; type: string | null };
		reply: RelabelPlan;
	};
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
	/** The splits as the changes left them, a file each (brat: two). `changes`: in place of those that are saved. */
	'export-corpus': {
		request: { id: string; format: TextFormat; scheme?: TagScheme; withoutTags?: boolean; changes?: CorpusChange[] };
		reply: { files: { name: string; file: Blob }[] };
	};
	'examine-corpus': {
		request: { task: string; id: string; lexiconId: string | null; characterVectorsId: string | null };
		reply: DoctorReport;
	};
	/** A part of the sentences that a filter lets through, in corpus order; at most `mostRows`. */
	sentences: { request: { id: string; filter: SentenceFilter; offset: number; limit: number }; reply: SentencePage };

	/** One word a line, jieba's dictionary, or the words of a vector file. */
	'import-lexicon': {
		request: { task: string; file: SourceFile; name: string; id?: string };
		reply: ItemOf<'lexicon'>;
	};

	/** What a corpus still needs of a vector file that is remembered. */
	'plan-vectors': {
		request: { vectorsId: string; corpusId: string; units: VectorUnits; lexiconId: string | null };
		reply: VectorsPlan;
	};
	/** Takes what a corpus wants out of a vector file; what is remembered of the same file is not read again. */
	'import-vectors': {
		request: {
			task: string;
			file: SourceFile;
			name: string;
			corpusId: string;
			units: VectorUnits;
			lexiconId: string | null;
			id?: string;
		};
		reply: ProvidedVectors;
	};
	/** Learns vectors from raw text and from the train sentences of corpora, by skip-gram, and keeps them. */
	'train-vectors': {
		request: {
			task: string;
			name: string;
			files: SourceFile[];
			corpusIds: string[];
			/** Needed for words, whose list it is. */
			lexiconId: string | null;
			training: VectorTraining;
			/** Whose coverage is told; null for none. */
			coverageCorpusId: string | null;
			id?: string;
		};
		reply: { item: ItemOf<'vectors'>; coverage: UnitCoverage | null };
	};

	/** The rows at hand as other tools read them: `.vec` text with as many digits as bring the same numbers back, or word2vec's
	 *  binary form. */
	'export-vectors': {
		request: { id: string; format: VectorFormat };
		reply: { files: { name: string; file: Blob }[] };
	};

	/** What a run said, and its record. */
	'load-run': { request: { id: string }; reply: { item: ItemOf<'run'>; log: RunLog } };
}

export interface DataEvents {
	/** Something in the workspace changed, in this tab or another: lists are to be read again. */
	'workspace-changed': { change: ItemChange; isHere: boolean };
	'task-progress': { task: string; progress: TaskProgress };
}
