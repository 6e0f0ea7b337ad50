import { expect, test } from 'vitest';
import type { PreparedData } from '../data/prepared';
import type { ModelConfig } from '../experiment/config';
import { presetConfig } from '../experiment/presets';
import { findParameter } from '../kernels/parameters';
import type { Checkpoint } from '../storage/checkpoint';
import { tensorsOfParameters } from '../storage/flat-parameters';
import { errorCodeOf } from '../testing/error-code';
import { tinyData } from '../testing/tiny-data';
import { continuedConfig, continuedParameters, trainedTables } from './continued-model';
import { bigramTable, latticeTable, layOutNetwork, networkShape } from './shape';

const data = tinyData({ train: 2, dev: 1, test: 1 });

/** A checkpoint of a network for `data` whose flat parameters are 1, 2, 3 and so on, with the layout that they are in. */
function trained(model: Partial<ModelConfig> = {}) {
	const smoke = presetConfig('smoke');
	const config = { ...smoke, model: { ...smoke.model, ...model } };
	const network = networkShape(config, data);
	const layout = layOutNetwork(network);
	const values = Float32Array.from({ length: layout.size }, (_, index) => index + 1);
	const stored = ({ vocabulary, rowOfId }: PreparedData['lattice']) => ({ ...vocabulary, rowOfId });
	const checkpoint: Checkpoint = {
		config,
		network,
		labels: data.labels.tags,
		vocabularies: { lattice: stored(data.lattice), bigram: stored(data.bigram) },
		lexiconWords: null,
		bert: null,
		metrics: { dev: null, test: null },
		provenance: { stage: 'full', epoch: 1, dataHashes: {}, versions: {} },
		parameters: tensorsOfParameters(layout, values),
	};
	return { checkpoint, config, layout, values };
}

test('a run from a checkpoint repeats the last CRF stage alone', () => {
	const { checkpoint, config } = trained();
	expect(continuedConfig(checkpoint)).toEqual({ ...config, stages: [config.stages[2]] });
	const stages = config.stages.filter(({ objective }) => objective === 'contrastive');
	expect(continuedConfig({ ...checkpoint, config: { ...config, stages } }).stages).toEqual(stages);
});

test('the tables of a checkpoint are those that it was trained with', () => {
	const { checkpoint, layout, values } = trained();
	const { lattice, bigram, labels, lexiconWords, maxCharacters } = trainedTables(checkpoint);
	const { offset, size } = findParameter(layout, latticeTable);
	expect(lattice.values).toEqual(values.slice(offset, offset + size));
	expect(lattice).toMatchObject({ rowCount: 24, dimension: 8, foundCount: 22, randomCount: 0 });
	expect(bigram.vocabulary.words).toEqual(data.bigram.vocabulary.words);
	expect([labels, lexiconWords, maxCharacters]).toEqual([data.labels, [], data.maxCharacters]);
	expect(trainedTables({ ...checkpoint, lexiconWords: ['北京'] }).lexiconWords).toEqual(['北京']);
});

test('a checkpoint without bigrams has a bigram table of zeros, and its parameters need none', () => {
	const { checkpoint, config, layout } = trained({ bigrams: false });
	const { bigram } = trainedTables(checkpoint);
	expect(bigram.values).toEqual(new Float32Array(bigram.rowCount * bigram.dimension));
	expect(continuedParameters(checkpoint, config, data)).toHaveLength(layout.size);
});

test('tables come from the data, which may have grown them, and all other parameters from the checkpoint', () => {
	const { checkpoint, config, layout, values } = trained();
	const { rowCount, dimension } = data.lattice;
	const grown = {
		...data.lattice,
		rowCount: rowCount + 1,
		values: new Float32Array((rowCount + 1) * dimension).fill(5),
	};
	const larger = { ...data, lattice: grown };
	const given = continuedParameters(checkpoint, config, larger);
	const target = layOutNetwork(networkShape(config, larger));
	for (const { name, offset, size } of target.entries) {
		const part = given.slice(offset, offset + size);
		const old = findParameter(layout, name);
		if (name === latticeTable) expect(part, name).toEqual(grown.values);
		else if (name === bigramTable) expect(part, name).toEqual(data.bigram.values);
		else expect(part, name).toEqual(values.slice(old.offset, old.offset + old.size));
	}
});

test('settings that ask for another network are refused', () => {
	const { checkpoint, config } = trained();
	const wider = { ...config, model: { ...config.model, headSize: config.model.headSize + 2 } };
	expect(errorCodeOf(() => continuedParameters(checkpoint, wider, data))).toBe('checkpoint-tensor-shape');
});
