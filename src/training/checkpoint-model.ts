// A trained model out of a checkpoint: what tagging and measuring need of it.

import type { RowLookup } from '../data/encode-sentence';
import { type BertFiles, checkpointBert } from '../model/checkpoint-bert';
import { layOutNetwork } from '../model/shape';
import type { Checkpoint, StoredVocabulary } from '../storage/checkpoint';
import { parametersOfTensors } from '../storage/flat-parameters';
import type { TrainedModel } from './encode-text';

export interface ModelSources {
	/** Lexicon words beside its own. */
	moreWords?: Iterable<string>;
	/** The files of its BERT, which it needs when it does not hold the weights itself. */
	bert?: BertFiles | null;
	file?: string;
}

/** What tagging needs of a checkpoint. Throws UserError `bert-missing`, `bert-other` for another BERT than it was trained with. */
export function modelOf(
	checkpoint: Checkpoint,
	{ moreWords = [], bert = null, file }: ModelSources = {},
): TrainedModel {
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
		bert: checkpoint.bert && checkpointBert(checkpoint, bert, file),
	};
}

function rowsOf({ words, rowOfId }: StoredVocabulary): RowLookup {
	return new Map(words.map((word, id) => [word, rowOfId[id]]));
}
