// A checkpoint as the beginning of another run: its settings with the stage to repeat, its vocabularies and tables, and
// its parameters laid out for data that may have grown the tables.

import type { TrainedTables } from '../data/prepare-continued';
import type { EmbeddingTable, PreparedData } from '../data/prepared';
import type { ExperimentConfig } from '../experiment/config';
import { findParameter } from '../kernels/parameters';
import type { Checkpoint, StoredVocabulary } from '../storage/checkpoint';
import { parametersOfTensors } from '../storage/flat-parameters';
import { invariant } from '../util/errors';
import { bigramTable, latticeTable, layOutNetwork, networkShape } from './shape';

/** The checkpoint's settings with its last CRF stage alone: the encoder and the head together, as finetuning ended. */
export function continuedConfig({ config }: Checkpoint): ExperimentConfig {
	const last = config.stages.findLast(({ objective }) => objective === 'crf');
	return { ...config, stages: last ? [last] : config.stages };
}

/** What the checkpoint knows, for prepareContinued. Throws a UserError for tensors that do not fit its sizes. */
export function trainedTables(checkpoint: Checkpoint): TrainedTables {
	const { network, vocabularies, labels, lexiconWords } = checkpoint;
	const layout = layOutNetwork(network);
	const parameters = parametersOfTensors(layout, checkpoint.parameters);
	const table = (stored: StoredVocabulary, name: string, rowCount: number, dimension: number): EmbeddingTable => {
		const entry = layout.entries.find((other) => other.name === name);
		const values = entry
			? parameters.slice(entry.offset, entry.offset + entry.size)
			: new Float32Array(rowCount * dimension);
		const { words, hasOwnEntry, rowOfId } = stored;
		const own = rowCount - 2;
		return {
			vocabulary: { words, hasOwnEntry },
			rowOfId,
			rowCount,
			dimension,
			values,
			foundCount: own,
			randomCount: 0,
		};
	};
	return {
		labels: { tags: labels },
		lattice: table(vocabularies.lattice, latticeTable, network.latticeRows, network.latticeSize),
		bigram: table(vocabularies.bigram, bigramTable, network.bigramRows, network.bigramSize),
		bert: checkpoint.bert,
		lexiconWords: [...(lexiconWords ?? [])],
		maxCharacters: network.maxDistance,
	};
}

/**
 * The checkpoint's parameters in the layout of a network for this data, which prepareContinued made: tables come from the
 * data, all else as trained. Throws a UserError `checkpoint-tensor-shape` when the settings ask for another network.
 */
export function continuedParameters(
	checkpoint: Checkpoint,
	config: ExperimentConfig,
	data: PreparedData,
): Float32Array {
	const target = layOutNetwork(networkShape(config, data));
	const tables = new Set<string>([latticeTable, bigramTable]);
	const others = { ...target, entries: target.entries.filter(({ name }) => !tables.has(name)) };
	const values = parametersOfTensors(others, checkpoint.parameters);
	const put = (name: string, { values: rows }: EmbeddingTable) => {
		const { offset, size } = findParameter(target, name);
		invariant(rows.length === size, `${rows.length} values for ${name} of ${size}`);
		values.set(rows, offset);
	};
	put(latticeTable, data.lattice);
	if (config.model.bigrams) put(bigramTable, data.bigram);
	return values;
}
