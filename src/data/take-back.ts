// Taking one change of a corpus back wherever it is in the list, so that undo reverts that change and no other; where newer
// changes build on it, which one. Pure.

import type { SentenceRef } from './corpus';
import type { CorpusChange } from './corpus-changes';

export type TakenBack =
	| { kind: 'taken'; changes: readonly CorpusChange[] }
	/** It is not in the list: it was taken back already, here or in another tab. */
	| { kind: 'gone' }
	/** A newer change has touched what it changed. */
	| { kind: 'covered'; by: CorpusChange };

/** Finds the change as the same object; the caller keeps objects over readings (state/corpus-writer.ts). */
export function takeBack(changes: readonly CorpusChange[], change: CorpusChange): TakenBack {
	const at = changes.lastIndexOf(change);
	if (at < 0) return { kind: 'gone' };
	const by = changes.slice(at + 1).find((newer) => buildsOn(newer, change));
	return by ? { kind: 'covered', by } : { kind: 'taken', changes: changes.toSpliced(at, 1) };
}

/** Whether the newer change would mean something else without the earlier one, or hides that it is taken back. */
function buildsOn(newer: CorpusChange, earlier: CorpusChange): boolean {
	if (newer.kind === 'clip' || earlier.kind === 'clip') return newer.kind === earlier.kind;
	if (newer.kind === 'split-anew') return decidesSplit(earlier, newer.byType);
	if (earlier.kind === 'split-anew') return false;
	const types = typesOf(newer);
	const earlierTypes = typesOf(earlier);
	if (types && earlierTypes) return types.some((type) => earlierTypes.includes(type));
	if (types) return labelsOf(earlier).some((type) => types.includes(type));
	// New labels use types as they are called at their position of the list.
	if (earlierTypes) return labelsOf(newer).some((type) => earlierTypes.includes(type));
	const names = new Set(sentencesOf(earlier).map(refKey));
	return sentencesOf(newer).some((ref) => names.has(refKey(ref)));
}

/** Whether sentences would be dealt to the splits differently without the change. */
function decidesSplit({ kind }: CorpusChange, byType: boolean): boolean {
	if (kind === 'drop-sentences' || kind === 'split-anew') return true;
	return byType && kind !== 'mark-for-relabel';
}

/** The sentences that a change names; empty for one that concerns the whole corpus. */
export function sentencesOf(change: CorpusChange): readonly SentenceRef[] {
	switch (change.kind) {
		case 'relabel':
			return [change.sentence];
		case 'relabel-sentences':
			return change.sentences.map(({ sentence }) => sentence);
		case 'drop-sentences':
		case 'mark-for-relabel':
			return change.sentences;
		case 'rename-types':
		case 'ignore-types':
		case 'split-anew':
		case 'clip':
			return [];
		default:
			throw change satisfies never;
	}
}

function labelsOf(change: CorpusChange): string[] {
	if (change.kind === 'relabel') return change.spans.map(({ type }) => type);
	if (change.kind !== 'relabel-sentences') return [];
	return [...new Set(change.sentences.flatMap(({ spans }) => spans.map(({ type }) => type)))];
}

/** The types that a change renames or ignores, with the name that it gives; null for other changes. */
function typesOf(change: CorpusChange): string[] | null {
	if (change.kind === 'rename-types') return [...change.types, change.to];
	return change.kind === 'ignore-types' ? change.types : null;
}

export function refKey({ split, index }: SentenceRef): string {
	return `${split}:${index}`;
}

/**
 * A list that was read again, with the objects of the list that was known wherever they are equal, so that a change is still found by
 * identity.
 */
export function keepObjects(known: readonly CorpusChange[], read: readonly CorpusChange[]): CorpusChange[] {
	const byText = new Map<string, CorpusChange[]>();
	for (const change of known) {
		const text = JSON.stringify(change);
		byText.set(text, [...(byText.get(text) ?? []), change]);
	}
	return read.map((change) => byText.get(JSON.stringify(change))?.shift() ?? change);
}
