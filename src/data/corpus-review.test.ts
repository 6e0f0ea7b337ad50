import { expect, test } from 'vitest';
import { errorCodeOf } from '../testing/error-code';
import { tinyCorpus } from '../testing/tiny-corpus';
import type { CorpusChange } from './corpus-changes';
import { addMarks, emptyReview, hasMark, readReview, rejectedIn, removeMarks, writeReview } from './corpus-review';

const corpus = tinyCorpus({ train: ['[云]PER来了', '去[云]LOC'], dev: ['好'] });
const first = { split: 'train' as const, index: 0 };
const second = { split: 'train' as const, index: 1 };
const rejected = {
	kind: 'rejected' as const,
	suggestion: { sentence: first, start: 0, end: 1, type: 'LOC' },
};
const confirmed = { kind: 'confirmed' as const, sentence: second };

test('marks are set once and cleared, and nothing to do gives the same review', () => {
	const review = addMarks(emptyReview, [rejected, confirmed]);
	expect(addMarks(review, [rejected])).toBe(review);
	expect([hasMark(review, rejected), hasMark(review, confirmed)]).toEqual([true, true]);
	expect(rejectedIn(review, first)).toHaveLength(1);
	expect(rejectedIn(review, second)).toEqual([]);
	expect(removeMarks(review, [rejected, confirmed])).toEqual(emptyReview);
	expect(removeMarks(emptyReview, [rejected])).toBe(emptyReview);
});

test('a review is read as it was written', () => {
	const review = addMarks(emptyReview, [rejected, confirmed]);
	expect(readReview(JSON.parse(JSON.stringify(writeReview(review))), corpus, [])).toEqual(review);
});

test('in a corpus that was stored before there were reviews, labelled sentences count as confirmed', () => {
	const changes: CorpusChange[] = [
		{ kind: 'relabel', sentence: second, spans: [] },
		{ kind: 'relabel', sentence: second, spans: [] },
		{ kind: 'mark-for-relabel', sentences: [first] },
	];
	expect(readReview(undefined, corpus, changes)).toEqual({ rejected: [], confirmed: [second] });
});

test.each([
	['review-newer', { version: 2 }],
	['review-malformed', { version: 0, rejected: [], confirmed: [] }],
	['review-malformed', { version: 1, rejected: {}, confirmed: [] }],
	['review-malformed', { version: 1, rejected: [], confirmed: [{ split: 'train', index: 2 }] }],
	['review-malformed', { version: 1, rejected: [], confirmed: [{ split: '__proto__', index: 0 }] }],
	['review-malformed', { version: 1, rejected: [{ ...rejected.suggestion, end: 9 }], confirmed: [] }],
	['review-malformed', { version: 1, rejected: [{ ...rejected.suggestion, type: '' }], confirmed: [] }],
	['review-malformed', null],
])('%s: %j is refused', (code, value) => {
	expect(errorCodeOf(() => readReview(value, corpus, []))).toBe(code);
});
