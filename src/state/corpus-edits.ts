// Steps that the corpus writer makes (state/corpus-writer.ts): changes added or taken back, marks of the review set or removed.

import type { CorpusChange } from '../data/corpus-changes';
import { addMarks, type ReviewMark, removeMarks } from '../data/corpus-review';
import { sentencesOf, takeBack } from '../data/take-back';
import { UserError } from '../util/errors';
import type { CorpusDraft } from '../wire/annotation';

/** From the state before to the state after; the same object for nothing to do. A UserError that it throws refuses the edit. */
export type EditStep = (draft: CorpusDraft) => CorpusDraft | Promise<CorpusDraft>;

export function addChanges(...changes: readonly CorpusChange[]): EditStep {
	return (draft) => (changes.length === 0 ? draft : { ...draft, changes: [...draft.changes, ...changes] });
}

/**
 * Takes exactly these changes back, the latest first; those that are gone already are passed over. Throws UserError `change-covered` where a
 * newer change builds on one of them.
 */
export function takeBackChanges(...changes: readonly CorpusChange[]): EditStep {
	return (draft) => {
		let left = draft.changes;
		for (const change of changes.toReversed()) {
			const taken = takeBack(left, change);
			if (taken.kind === 'covered') throw coveredError(taken.by);
			if (taken.kind === 'taken') left = taken.changes;
		}
		return left === draft.changes ? draft : { ...draft, changes: left };
	};
}

export function setMarks(...marks: readonly ReviewMark[]): EditStep {
	return (draft) => withReview(draft, addMarks(draft.review, marks));
}

export function clearMarks(...marks: readonly ReviewMark[]): EditStep {
	return (draft) => withReview(draft, removeMarks(draft.review, marks));
}

/** One edit made of several. */
export function allSteps(...steps: readonly EditStep[]): EditStep {
	return async (draft) => {
		let next = draft;
		for (const step of steps) next = await step(next);
		return next;
	};
}

function withReview(draft: CorpusDraft, review: CorpusDraft['review']): CorpusDraft {
	return review === draft.review ? draft : { ...draft, review };
}

function coveredError(by: CorpusChange): UserError {
	const names = sentencesOf(by);
	const first = names[0] && `${names[0].split} ${names[0].index + 1}`;
	return new UserError({
		code: 'change-covered',
		expected: 'no newer changes to the same sentences',
		found: `${by.kind}${first ? ` of ${first}${names.length > 1 ? ` and ${names.length - 1} more` : ''}` : ''}`,
		remedy: 'Undo the newer changes first: open the corpus in Data and use History.',
	});
}

export function changedElsewhere(name: string): UserError {
	return new UserError({
		code: 'workspace-conflict',
		expected: `the labels of '${name}' as they were when you changed them`,
		found: 'other labels of the same sentence',
		remedy: 'Add your changes to theirs, or discard yours.',
	});
}
