// What people decided about a corpus beside its labels: suggestions that they rejected, sentences that they confirmed. Kept beside the
// changes, so that neither the sentences of a run nor their hash follow from it.

import { UserError } from '../util/errors';
import type { Corpus, SentenceRef, SplitName } from './corpus';
import { splitNames } from './corpus';
import type { CorpusChange } from './corpus-changes';
import type { Span } from './span';
import { refKey } from './take-back';

/** A suggestion of this span and type is not shown again, whichever model makes it. */
export interface RejectedSuggestion extends Span {
	sentence: SentenceRef;
}

export interface CorpusReview {
	rejected: readonly RejectedSuggestion[];
	confirmed: readonly SentenceRef[];
}

export type ReviewMark =
	| { kind: 'rejected'; suggestion: RejectedSuggestion }
	| { kind: 'confirmed'; sentence: SentenceRef };

export const emptyReview: CorpusReview = { rejected: [], confirmed: [] };

/** The review itself where nothing is new. */
export function addMarks(review: CorpusReview, marks: readonly ReviewMark[]): CorpusReview {
	const fresh = marks.filter((mark) => !hasMark(review, mark));
	if (fresh.length === 0) return review;
	return {
		rejected: [...review.rejected, ...fresh.flatMap((mark) => (mark.kind === 'rejected' ? [mark.suggestion] : []))],
		confirmed: [...review.confirmed, ...fresh.flatMap((mark) => (mark.kind === 'confirmed' ? [mark.sentence] : []))],
	};
}

/** The review itself where none of them is there. */
export function removeMarks(review: CorpusReview, marks: readonly ReviewMark[]): CorpusReview {
	const keys = new Set(marks.map(markKey));
	const rejected = review.rejected.filter((suggestion) => !keys.has(markKey({ kind: 'rejected', suggestion })));
	const confirmed = review.confirmed.filter((sentence) => !keys.has(markKey({ kind: 'confirmed', sentence })));
	const isSame = rejected.length === review.rejected.length && confirmed.length === review.confirmed.length;
	return isSame ? review : { rejected, confirmed };
}

export function hasMark({ rejected, confirmed }: CorpusReview, mark: ReviewMark): boolean {
	const key = markKey(mark);
	return mark.kind === 'rejected'
		? rejected.some((suggestion) => markKey({ kind: 'rejected', suggestion }) === key)
		: confirmed.some((sentence) => refKey(sentence) === refKey(mark.sentence));
}

export function rejectedIn({ rejected }: CorpusReview, ref: SentenceRef): RejectedSuggestion[] {
	return rejected.filter(({ sentence }) => refKey(sentence) === refKey(ref));
}

function markKey(mark: ReviewMark): string {
	if (mark.kind === 'confirmed') return refKey(mark.sentence);
	const { sentence, start, end, type } = mark.suggestion;
	return `${refKey(sentence)} ${start}-${end} ${type}`;
}

const version = 1;

export function writeReview({ rejected, confirmed }: CorpusReview): unknown {
	return { version, rejected, confirmed };
}

/**
 * A stored review, copied field by field. Undefined for a corpus that was stored before there was one: sentences that were labelled by
 * hand count as confirmed. Throws UserError `review-malformed`, or `review-newer` for a later version.
 */
export function readReview(value: unknown, corpus: Corpus, changes: readonly CorpusChange[]): CorpusReview {
	if (value === undefined) return reviewOfChanges(changes);
	const fields = asRecord(value, 'an object');
	if (typeof fields.version === 'number' && fields.version > version) throw newer(fields.version);
	if (fields.version !== version) throw malformed(`version ${version}`, fields.version);
	return {
		rejected: asList(fields.rejected, 'rejected').map((one) => readRejected(one, corpus)),
		confirmed: asList(fields.confirmed, 'confirmed').map((one) => readSentence(one, corpus)),
	};
}

function reviewOfChanges(changes: readonly CorpusChange[]): CorpusReview {
	const confirmed = changes.flatMap((change): ReviewMark[] =>
		change.kind === 'relabel' ? [{ kind: 'confirmed', sentence: change.sentence }] : [],
	);
	const byKey = new Map(confirmed.map((mark) => [markKey(mark), mark]));
	return addMarks(emptyReview, [...byKey.values()]);
}

function readRejected(value: unknown, corpus: Corpus): RejectedSuggestion {
	const { sentence: ref, start, end, type } = asRecord(value, 'a rejected suggestion');
	const sentence = readSentence(ref, corpus);
	const { length } = corpus.splits[sentence.split][sentence.index].characters;
	if (!isPosition(start) || !isPosition(end) || start >= end || end > length)
		throw malformed(`a span within the ${length} characters of its sentence`, `${String(start)}-${String(end)}`);
	if (typeof type !== 'string' || type === '') throw malformed('the name of a type', type);
	return { sentence, start, end, type };
}

function readSentence(value: unknown, corpus: Corpus): SentenceRef {
	const { split, index } = asRecord(value, 'a sentence');
	const isSplit = (name: unknown): name is SplitName => splitNames.some((known) => known === name);
	if (!isSplit(split)) throw malformed(`one of ${splitNames.join(', ')}`, split);
	if (!isPosition(index) || index >= corpus.splits[split].length)
		throw malformed(`a sentence of the ${corpus.splits[split].length} in ${split}`, index);
	return { split, index };
}

function isPosition(value: unknown): value is number {
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function asRecord(value: unknown, expected: string): Record<string, unknown> {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
	throw malformed(expected, value);
}

function asList(value: unknown, name: string): unknown[] {
	if (Array.isArray(value)) return value;
	throw malformed(`a list at ${name}`, value);
}

const remedy = 'Import the workspace file or the corpus again; the labels are not affected.';

function malformed(expected: string, value: unknown): UserError {
	const found = value === undefined ? 'nothing' : JSON.stringify(value)?.slice(0, 60) || String(value);
	return new UserError({ code: 'review-malformed', expected, found, remedy });
}

function newer(found: number): UserError {
	return new UserError({
		code: 'review-newer',
		expected: `review marks of version ${version}`,
		found: `version ${found}`,
		remedy: 'Open this corpus with the version of the workbench that saved it.',
	});
}
