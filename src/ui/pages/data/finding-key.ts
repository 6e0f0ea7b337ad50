// A finding's name in the address, and the sentences that are shown for it.

import type { SentenceRef } from '../../../data/corpus';
import { distinctRefs, type Finding } from '../../../data/corpus-checks/finding';

/** Sentences of one finding that are shown at most. */
export const maxShown = 1000;

export function findingKey({ code, split, otherSplit, type }: Finding): string {
	return [code, split, otherSplit, type].filter((part) => part !== undefined).join('.');
}

export function refsOf(finding: Finding): SentenceRef[] {
	return distinctRefs(finding.sentences).slice(0, maxShown);
}
