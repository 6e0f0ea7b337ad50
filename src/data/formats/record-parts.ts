// Records of JSON by split, and the two ways in which formats turn them into sentences: texts with spans, or tokens with tags.

import type { SplitName } from '../corpus';
import type { JsonRecord } from './json-text';
import type { RawCorpus, RawSentence, ReadingContext } from './reading';
import { corpusOfRecords, type SpanRecord, unitOfTokens } from './span-records';

export interface RecordPart {
	split: SplitName | null;
	records: readonly JsonRecord[];
}

/** Records as a table holds them. */
export interface RecordTable {
	/** Rows, their "line" the number of the row from 1. */
	records: JsonRecord[];
	/** Names of integer tags, where the file holds them. */
	tagNames: string[] | null;
}

/** A reader of parts from one of records with spans. */
export function bySpans(read: (record: JsonRecord, context: ReadingContext) => SpanRecord) {
	return (parts: readonly RecordPart[], context: ReadingContext): RawCorpus =>
		corpusOfRecords(
			parts.map(({ split, records }) => ({ split, records: records.map((record) => read(record, context)) })),
			context,
		);
}

/** A reader of parts from one of records that hold tokens with tags. */
export function byTokens(
	read: (record: JsonRecord, context: ReadingContext, tagNames: readonly string[] | null) => RawSentence[],
) {
	return (
		parts: readonly RecordPart[],
		context: ReadingContext,
		tagNames: readonly string[] | null = null,
	): RawCorpus => {
		const tagged = parts.map(({ split, records }) => ({
			split,
			sentences: records.flatMap((record) => read(record, context, tagNames)),
		}));
		const unit = unitOfTokens(tagged.flatMap(({ sentences }) => sentences.map(({ characters }) => characters)));
		return { unit, isFromSpans: false, parts: tagged };
	};
}
