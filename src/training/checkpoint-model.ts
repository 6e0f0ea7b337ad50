// A trained model out of a checkpoint: what tagging and measuring need of it.

import type { RowLookup } from '../data/encode-sentence';
import { layOutNetwork } from '../model/shape';
import type { Checkpoint, StoredVocabulary } from '../storage/checkpoint';
import { parametersOfTensors } from '../storage/flat-parameters';
import type { TrainedModel } from './encode-text';

/** What tagging needs of a checkpoint; further lexicon words may be given. */
export function modelOf(checkpoint: Checkpoint, moreWords: Iterable<string> = [], file?: string): TrainedModel {
	const { network: shape, vocabularies, lexiconWords, labels, config, parameters } = checkpoint;
	const words = [...(lexiconWords ?? []), ...moreWords].filter((word) => [...word].length > 1);
	return {
		shape,
		labels: { tags: labels },
		latticeRows: rowsOf(vocabularies.lattice),
		bigramRows: rowsOf(vocabularies.bigram),
		lexiconWords: words.length > 0 ? words : null,
		normalizesEmbeddings: config.data.normalizeEmbeddings,
		parameters: parametersOfTensors(layOutNetwork(shape), parameters, file),
	};
}

function rowsOf({ words, rowOfId }: StoredVocabulary): RowLookup {
	return new Map(words.map((word, id) => [word, rowOfId[id]]));
}
