// Lists that follow from a batch, for the operations of the fused device.

import type { InputList, Workspace } from './workspace';

/** B, N, and the index of the sentences' node counts. */
export function sizesOf(space: Workspace): { sentences: number; nodes: number; nodeCount: number } {
	const { batch } = space.facts;
	const nodeCount = space.derived('node counts', ({ facts }) => facts.batch.nodeCount).offset;
	return { sentences: batch.sentenceCount, nodes: batch.blockSize[0], nodeCount };
}

export function tuplesOf(space: Workspace): InputList {
	return space.derived('tuples', ({ facts }) => facts.batch.distances.index);
}

export function pairsOf(space: Workspace): InputList {
	return space.derived('pairs of tuples', ({ facts }) => facts.batch.distances.pairs);
}

/** Index of the first character and number of characters of each sentence. [B, 2] */
export function spansOf(space: Workspace): number {
	return space.derived('spans', ({ facts: { batch } }) => {
		const spans = new Int32Array(2 * batch.sentenceCount);
		for (let sentence = 0; sentence < batch.sentenceCount; sentence++)
			spans.set([batch.characterOffset[sentence], batch.characterCount[sentence]], 2 * sentence);
		return spans;
	}).offset;
}

export function realCharactersOf(space: Workspace): number {
	return space.derived('real characters', ({ facts }) => Int32Array.of(facts.batch.realCharacterCount)).offset;
}
