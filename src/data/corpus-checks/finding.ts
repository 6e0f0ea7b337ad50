// What a check says: one finding with its numbers, its sentences and what can be done about it. Words for people are
// made from it in finding-words.ts.

import type { SentenceRef, SplitName } from '../corpus';
import type { CorpusChange } from '../corpus-changes';
import type { Span } from '../span';

export const findingCodes = [
	'duplicates-across',
	'near-duplicates-across',
	'labelled-two-ways',
	'illegal-transitions',
	'few-mentions',
	'several-types',
	'duplicates-inside',
	'near-duplicates-inside',
	'long-sentences',
	'lonely-class',
	'unseen-entities',
	'characters-without-vector',
	'lexicon-coverage',
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** `error`: scores will mislead; `warning`: look at it; `info`: good to know. */
export type Severity = 'error' | 'warning' | 'info';
export const severities: readonly Severity[] = ['error', 'warning', 'info'];

export type ActionCode =
	| 'drop-from-train'
	| 'drop-from-dev'
	| 'drop-from-test'
	| 'drop-copies'
	| 'relabel-later'
	| 'repair-tags'
	| 'merge-types'
	| 'ignore-type'
	| 'clip'
	| 'split-anew';

/** Something to do, as changes that applyChanges takes; undone by leaving them out again. */
export interface FindingAction {
	code: ActionCode;
	changes: CorpusChange[];
}

/** A sentence of a finding, by its place in the corpus as imported. */
export interface FoundSentence {
	ref: SentenceRef;
	/** Where it stands now. */
	split: SplitName;
	/** Line in its file, 0 without one. */
	line: number;
	/** The mentions in question; positions count from the sentence's first character as imported. */
	spans?: Span[];
	/** Characters in question. */
	places?: number[];
	/** Of a sentence that stands elsewhere too: whether it carries other tags there. */
	hasOtherLabels?: boolean;
	/** Index in the finding's groups. */
	group?: number;
}

/** What belongs together in a finding: one text, one surface form, one character or one entity type. */
export interface FindingGroup {
	text: string;
	counts: Record<string, number>;
	actions?: FindingAction[];
}

export interface Finding {
	code: FindingCode;
	severity: Severity;
	/** The split in question and, for what stands in two, the other one. */
	split?: SplitName;
	otherSplit?: SplitName;
	/** The entity type in question. */
	type?: string;
	/** Named numbers; each check says which. */
	counts: Record<string, number>;
	groups: FindingGroup[];
	sentences: FoundSentence[];
	/** What can be done, the mildest first. Empty where a corpus change cannot help. */
	actions: FindingAction[];
}

/** A name that no change is needed for: an action without sentences is none. */
export function actionsOf(...actions: (FindingAction | null)[]): FindingAction[] {
	return actions.filter((action) => action !== null);
}

/** Marks the sentences to be labelled anew; null without any. */
export function relabelLater(sentences: readonly { ref: SentenceRef }[]): FindingAction | null {
	if (sentences.length === 0) return null;
	const refs = distinctRefs(sentences);
	return { code: 'relabel-later', changes: [{ kind: 'mark-for-relabel', sentences: refs }] };
}

/** Each place once, in the order of first appearance. */
export function distinctRefs(sentences: readonly { ref: SentenceRef }[]): SentenceRef[] {
	const seen = new Map(sentences.map(({ ref }) => [`${ref.split}:${ref.index}`, ref]));
	return [...seen.values()];
}

/** A new split in the proportions that the corpus has, with types spread evenly and the same text in one split. */
export function splitAnew(counts: Record<SplitName, number>): FindingAction {
	const ratios: [number, number, number] = [counts.train, counts.dev, counts.test];
	const change: CorpusChange = { kind: 'split-anew', ratios, seed: 1, byType: true, keepDuplicatesTogether: true };
	return { code: 'split-anew', changes: [change] };
}
