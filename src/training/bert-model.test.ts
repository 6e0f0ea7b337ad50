// A corpus, a BERT and a short run: what the model of it needs to tag text, frozen and trained.

import { afterAll, expect, test } from 'vitest';
import { pieceVocabulary } from '../data/bert/piece-vocabulary';
import { cased } from '../data/bert/tokenize';
import { readConll } from '../data/conll';
import { type PrepareInput, prepareData } from '../data/prepare';
import { chooseSentences } from '../data/run-sentences';
import { type BertConfig, bertTensors } from '../experiment/bert-config';
import { asIntended, type ExperimentConfig, publishedGroups } from '../experiment/config';
import { presetConfig } from '../experiment/presets';
import type { RunState } from '../experiment/run-state';
import { createWasmDevice } from '../kernels/wasm/device';
import { type BertFiles, checkpointBert } from '../model/checkpoint-bert';
import { layOutNetwork, networkShape, pieceTableName } from '../model/shape';
import { decodeCheckpoint, encodeCheckpoint } from '../storage/checkpoint';
import { errorCodeOf } from '../testing/error-code';
import { RandomStream } from '../util/random';
import { modelOf } from './checkpoint-model';
import { modelOfRun } from './prepared-model';
import { checkpointOf } from './run-checkpoint';
import { tagText } from './tag-text';
import { bestOf, trainRun } from './train-run';

const device = await createWasmDevice();
afterAll(() => device.dispose());

const pieces = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...'北京上海很大我在', 'a', '##b'];
const shape: BertConfig = {
	family: 'bert',
	...{ layers: 2, width: 8, heads: 2, innerWidth: 12, embeddingWidth: 8, pieces: pieces.length, positions: 8 },
	...{ segmentTypes: 2, layerNormEpsilon: 1e-12, activation: 'gelu', hiddenDropout: 0.1, attentionDropout: 0.1 },
};
const random = new RandomStream(3);
const weights = new Map(
	Array.from(bertTensors(shape), ([name, dimensions]) => {
		const count = dimensions.reduce((product, dimension) => product * dimension, 1);
		return [name, Float32Array.from({ length: count }, () => random.uniform() - 0.5)];
	}),
);
const files: BertFiles = { hash: 'the hash', read: async (name) => weights.get(name)!.slice() };
const text = { config: shape, hash: files.hash, vocabulary: pieceVocabulary(pieces), tokenizer: cased };

const corpus = ['北 B-LOC', '京 I-LOC', '很 O', '大 O', '', '我 O', '在 O', '上 B-LOC', '海 I-LOC', ''].join('\n');
const split = readConll(corpus.repeat(4), { file: 'a.txt', quirks: asIntended });

function configOf(encoder: 'flat-bert' | 'bert', firstEpoch: number, quirks = asIntended): ExperimentConfig {
	const base = presetConfig('smoke');
	const [full] = base.stages.filter(({ name }) => name === 'full');
	const stage = { ...full, epochs: 3, batchSize: 4 };
	return {
		...base,
		model: { ...base.model, encoder, lexicon: false },
		quirks: { ...quirks },
		stages: [{ ...stage, groups: { ...publishedGroups, bert: { rate: 1, firstEpoch } } }],
	};
}

function prepared(config: ExperimentConfig, change: Partial<PrepareInput> = {}) {
	const sentences = chooseSentences({ train: split, dev: split, test: split, data: config.data });
	const none = { characterVectors: null, bigramVectors: null, wordVectors: null, lexiconWords: null };
	return prepareData({ sentences, config, ...none, bert: text, seed: 1, ...change }).data;
}

async function trained(config: ExperimentConfig) {
	const data = prepared(config);
	const bert = data.bert && { prepared: data.bert, weights: files, isTrained: false };
	const events = [];
	let state: RunState | undefined;
	const keepState = (kept: RunState) => {
		state = kept;
	};
	for await (const event of trainRun(config, data, { device, clock: () => 0, bert, keepState })) events.push(event);
	const parts = { config, data, events, dataHashes: {}, versions: {} };
	const checkpoint = decodeCheckpoint(encodeCheckpoint(checkpointOf({ ...parts, state: state! })));
	return { data, events, bert, state: state!, checkpoint };
}

const texts = [[...'我在北京'], ['a', 'ab', '?', '海'], [...'上海很大上海很大上海很大']];

for (const encoder of ['flat-bert', 'bert'] as const) {
	test(`${encoder}: the model of a run with BERT at rest asks for its files, and tags as the run does`, async () => {
		const config = configOf(encoder, 0);
		const { checkpoint, bert, data, state } = await trained(config);
		expect(checkpoint.parameters.has(pieceTableName)).toBe(false);
		expect(errorCodeOf(() => modelOf(checkpoint))).toBe('bert-missing');
		expect(errorCodeOf(() => modelOf(checkpoint, { bert: { ...files, hash: 'another' } }))).toBe('bert-other');
		const own = modelOfRun({ config, data, lexiconWords: null, bert }, bestOf(state));
		const expected = await tagText(device, own, texts);
		const found = await tagText(device, modelOf(checkpoint, { bert: files }), texts);
		expect(found.sentences).toEqual(expected.sentences);
	});

	test(`${encoder}: the model of a run that trained BERT holds it, and tags without its files`, async () => {
		const config = configOf(encoder, 1);
		const { checkpoint, bert, data, state } = await trained(config);
		const { weights: stored, isTrained } = checkpointBert(checkpoint, null);
		expect(isTrained).toBe(true);
		const moved = await stored.read('encoder.layer.0.output.dense.weight');
		expect(moved).not.toEqual(weights.get('encoder.layer.0.output.dense.weight'));
		const own = modelOfRun({ config, data, lexiconWords: null, bert }, bestOf(state));
		const expected = await tagText(device, own, texts);
		const found = await tagText(device, modelOf(checkpoint), texts);
		expect(found.sentences).toEqual(expected.sentences);
	});
}

test('a model whose best epoch was before BERT was trained has BERT as its files have it', async () => {
	const config = configOf('flat-bert', 3);
	config.stages[0].optimizer.learningRate = 1e-9; // nothing after the first epoch is better
	const { data, events, checkpoint, state } = await trained(config);
	const best = events.flatMap((event) => (event.kind === 'stage-finished' ? [event.summary.bestEpoch] : []));
	expect(best).toEqual([1]);
	expect(checkpoint.parameters.has(pieceTableName)).toBe(false);
	expect(state.parameters).toHaveLength(layOutNetwork(networkShape(config, data)).frozenOffset);
	expect((await tagText(device, modelOf(checkpoint, { bert: files }), texts)).sentences).toHaveLength(3);
});

test('a run says when it ended before a group was ever trained', async () => {
	const { events } = await trained(configOf('flat-bert', 9));
	const warnings = events.filter((event) => event.kind === 'warning' && event.code === 'group-never-trained');
	expect(warnings.map((event) => event.kind === 'warning' && event.message)).toEqual([
		'Stage full ended after epoch 3: bert was to be trained from epoch 9 on, and was not trained.',
	]);
});

test('a stage of the head alone does not say that BERT was to be trained in it', async () => {
	const config = configOf('flat-bert', 9);
	config.stages[0].trains = 'head';
	const { events } = await trained(config);
	expect(events.filter((event) => event.kind === 'warning' && event.code === 'group-never-trained')).toEqual([]);
});

test('as published a sentence over the positions of BERT is refused, as intended it is read in windows', () => {
	const long = readConll(`${[...'北京上海北京上海'].map((character) => `${character} O`).join('\n')}\n`, {
		file: 'long.txt',
		quirks: asIntended,
	});
	const published = configOf('flat-bert', 0);
	published.quirks.refuseLongSentences = true;
	const sentences = chooseSentences({ train: split, dev: long, test: split, data: published.data });
	expect(errorCodeOf(() => prepared(published, { sentences }))).toBe('sentence-over-positions');
	expect(prepared(configOf('flat-bert', 0), { sentences }).splits.dev).toHaveLength(1);
});
