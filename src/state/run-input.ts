// Which input of a stored run is no longer stored: without it the run cannot be resumed.

import type { ItemOf } from '../storage/workspace/item-kinds';
import type { ItemList } from '../wire/items';

export type InputSort = 'corpus' | 'lexicon' | 'vectors';

/** Empty for a run on files, which needs the same files again, and while the list is not read. */
export function missingInput(list: ItemList | null, runId: string | null): InputSort[] {
	const run = list?.items.find((item): item is ItemOf<'run'> => item.kind === 'run' && item.id === runId);
	if (!list || !run || run.detail.input.corpusId === null) return [];
	const { corpusId, lexiconId, characterVectorsId, bigramVectorsId, wordVectorsId } = run.detail.input;
	const isGone = (kind: InputSort, id: string | null) =>
		id !== null && !list.items.some((item) => item.kind === kind && item.id === id);
	const vectors = [characterVectorsId, bigramVectorsId, wordVectorsId];
	return [
		...(isGone('corpus', corpusId) ? (['corpus'] as const) : []),
		...(isGone('lexicon', lexiconId) ? (['lexicon'] as const) : []),
		...(vectors.some((id) => isGone('vectors', id)) ? (['vectors'] as const) : []),
	];
}
