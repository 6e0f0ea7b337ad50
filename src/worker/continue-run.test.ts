// Runs that begin from a stored checkpoint: what they take of it, what they refuse, and how they go on.

import { expect, test } from 'vitest';
import type { Corpus } from '../data/corpus';
import { prepareData } from '../data/prepare';
import { presetConfig } from '../experiment/presets';
import { stageStart } from '../experiment/run-state';
import { initialParameters } from '../model/initial-parameters';
import { layOutNetwork, networkShape } from '../model/shape';
import { type Checkpoint, encodeCheckpoint } from '../storage/checkpoint';
import { tensorsOfParameters } from '../storage/flat-parameters';
import { checkpointPart, describeCheckpoint } from '../storage/workspace/checkpoint-record';
import { corpusPart, describeCorpus, encodeCorpus } from '../storage/workspace/corpus-record';
import { encodeWords, wordsPart } from '../storage/workspace/lexicon-record';
import { errorCodeOfAsync } from '../testing/error-code';
import { tinyCorpus } from '../testing/tiny-corpus';
import { connectPerTest } from '../testing/tiny-wire';
import { beginRun } from './begin-run';
import { Forecaster } from './forecast-commands';
import { preparationTask, type RunRequest } from './protocol';

const connect = connectPerTest();

const trained = tinyCorpus({ train: ['[白云]LOC很美', '[李明]PER走了'], dev: ['[白云]LOC'], test: ['走'] });

/** A checkpoint of a network that was drawn for that corpus and never trained. */
function drawnCheckpoint(): { checkpoint: Checkpoint; parameters: Float32Array } {
	const config = { ...presetConfig('smoke'), quirks: { ...presetConfig('smoke').quirks, padTag: false } };
	const split = (sentences: Corpus['splits']['train']) => ({ sentences, notes: [] });
	const { train, dev, test: last } = trained.splits;
	const none = { characterVectors: null, bigramVectors: null, wordVectors: null };
	const corpora = { train: split(train), dev: split(dev), test: split(last) };
	const { data } = prepareData({ ...corpora, ...none, lexiconWords: ['白云'], config, seed: 1 });
	const network = networkShape(config.model, config.quirks, data);
	const layout = layOutNetwork(network);
	const tables = { lattice: data.lattice.values, bigram: data.bigram.values };
	const parameters = initialParameters(network, layout, tables, 1);
	const stored = ({ vocabulary, rowOfId }: typeof data.lattice) => ({ ...vocabulary, rowOfId });
	const checkpoint: Checkpoint = {
		config,
		network,
		labels: data.labels.tags,
		vocabularies: { lattice: stored(data.lattice), bigram: stored(data.bigram) },
		lexiconWords: data.lexiconWords,
		metrics: { dev: null, test: null },
		provenance: { stage: 'full', epoch: 1, dataHashes: {}, versions: {} },
		parameters: tensorsOfParameters(layout, parameters),
	};
	return { checkpoint, parameters };
}

async function withModel(corpus: Corpus) {
	const wire = connect();
	const workspace = await wire.context.workspace();
	const { checkpoint, parameters } = drawnCheckpoint();
	const detail = describeCheckpoint(checkpoint, null);
	const parts = { [checkpointPart]: encodeCheckpoint(checkpoint) };
	await workspace.create({ kind: 'checkpoint', id: 'parent', name: 'parent', detail, parts, nowMs: 1 });
	await workspace.create({
		kind: 'corpus',
		id: 'mine',
		name: 'mine',
		detail: describeCorpus(corpus, [], 0),
		parts: { [corpusPart]: encodeCorpus(corpus) },
		nowMs: 1,
	});
	const words = { [wordsPart]: encodeWords(['很美']) };
	await workspace.create({
		kind: 'lexicon',
		id: 'words',
		name: 'words',
		detail: { wordCount: 1, sources: [] },
		parts: words,
		nowMs: 1,
	});
	const request: RunRequest = {
		files: null,
		stored: {
			corpusId: 'mine',
			lexiconId: 'words',
			characterVectorsId: null,
			bigramVectorsId: null,
			wordVectorsId: null,
		},
		preset: 'smoke',
		seed: null,
		settings: {},
		continuesSaved: false,
		initialCheckpointId: 'parent',
	};
	const begin = (change: Partial<RunRequest> = {}) => beginRun(wire.context, { ...request, ...change }, () => {});
	return { wire, request, workspace, begin, checkpoint, parameters };
}

const mine = tinyCorpus({ train: ['[小白云]LOC很美', '他走了'] });

test('a run from a checkpoint has its tags, its last stage and its parameters, and remembers it', async () => {
	const { workspace, begin, checkpoint, parameters } = await withModel(mine);
	const { run, runId, release, dataHashes } = await begin();
	expect(run.data.labels.tags).toEqual(checkpoint.labels);
	expect(run.config.stages.map(({ name }) => name)).toEqual(['full']);
	expect(run.initialParameters).toEqual(parameters);
	expect(dataHashes.initialCheckpoint).toMatch(/^[0-9a-f]{64}$/);
	expect((await workspace.get('run', runId)).detail.parentCheckpointId).toBe('parent');
	release();
});

test('known characters keep their rows, unseen ones are read as unknown, words of both lexicons are matched', async () => {
	const { begin, checkpoint } = await withModel(mine);
	const { run, release } = await begin();
	const rowOf = new Map(
		checkpoint.vocabularies.lattice.words.map((word, id) => [word, checkpoint.vocabularies.lattice.rowOfId[id]]),
	);
	const [first] = run.data.splits.train;
	expect([...first.characterRows]).toEqual([1, ...['白', '云', '很', '美'].map((word) => rowOf.get(word))]);
	expect([...first.wordStart]).toEqual([1, 3]);
	expect(run.lexiconWords).toEqual(['白云', '很美']);
	release();
});

test('settings of the request change those of the checkpoint', async () => {
	const { begin } = await withModel(mine);
	const { run, release } = await begin({ seed: 9, settings: { 'stages.0.epochs': '3' } });
	expect(run.config.seed).toBe(9);
	expect(run.config.stages[0].epochs).toBe(3);
	release();
});

test('a type that the model has no labels for is refused with its name', async () => {
	const { workspace, begin } = await withModel(tinyCorpus({ train: ['[长江]RIVER很长', '[白云]LOC'] }));
	expect(await errorCodeOfAsync(() => begin())).toBe('labels-unknown-to-model');
	await expect(begin()).rejects.toMatchObject({ found: 'RIVER in 1 sentence' });
	expect(await workspace.list('run')).toEqual([]);
});

test('sentences without labels are left out, and a corpus without any is refused', async () => {
	const plain = { characters: [...'没有标注'], tags: null, line: 1 };
	const half = { ...mine, splits: { ...mine.splits, train: [...mine.splits.train, plain] } };
	const { begin } = await withModel(half);
	const { run, release } = await begin();
	expect(run.data.splits.train).toHaveLength(2);
	expect(run.warnings).toContainEqual({
		kind: 'warning',
		code: 'unlabelled-left-out',
		message: 'Unlabelled sentences left out: 1',
	});
	release();
});

test('a corpus without any label is refused', async () => {
	const plain = { characters: [...'没有标注'], tags: null, line: 1 };
	const { begin } = await withModel({ ...mine, splits: { train: [plain], dev: [], test: [] } });
	expect(await errorCodeOfAsync(() => begin())).toBe('split-without-tags');
});

test('settings that ask for another network are refused', async () => {
	const { begin } = await withModel(mine);
	expect(await errorCodeOfAsync(() => begin({ settings: { 'model.heads': '3' } }))).toBe('checkpoint-tensor-shape');
});

test('what a run from a checkpoint would cost is measured on its one stage', async () => {
	const { wire, request } = await withModel(mine);
	let stages: string[] = [];
	const forecaster = new Forecaster(wire.context, {
		measure: async (config) => {
			stages = config.stages.map(({ name, epochs }) => `${name} ${epochs}`);
			return { forecast: { stages: [], seconds: 1, bytesPeak: 1 }, parameterCount: 1 };
		},
	});
	const settings = { 'stages.0.epochs': '7' };
	const estimate = await forecaster.handlers()['forecast-run']({ task: 't', request: { ...request, settings } });
	expect([stages, estimate.sentences.train]).toEqual([['full 7'], 2]);
});

test('the reading of a run tells how far it is; called off, it keeps nothing and lets go of its run', async () => {
	const { wire, workspace, begin } = await withModel(mine);
	const told = new Promise<number>((resolve) => {
		wire.client.on('task-progress', ({ task, progress }) => task === preparationTask && resolve(progress.done));
	});
	const { release } = await begin();
	release();
	expect(await told).toBe(0);
	const code = errorCodeOfAsync(() => begin());
	for (let turn = 0; !wire.context.tasks.cancel(preparationTask) && turn < 1000; turn++)
		await new Promise((resolve) => setTimeout(resolve, 0));
	expect(await code).toBe('task-cancelled');
	expect((await workspace.list('run')).length).toBe(1);
});

test('a saved run whose corpus was deleted says so by name, and can go on once it is there again', async () => {
	const { workspace, begin, parameters } = await withModel(mine);
	const { runId, keeper, release } = await begin();
	const progress = { ...stageStart(), step: 1, stepInEpoch: 1 };
	const position = { stageIndex: 0, progress, stages: [], eventCount: 0, seconds: 1 };
	const first = new Float32Array(parameters.length);
	await keeper.save(
		{ position, parameters, bestParameters: null, optimizer: { first, second: null } },
		{ isLast: true },
	);
	release();
	const corpus = await workspace.get('corpus', 'mine');
	const bytes = await workspace.readPart('corpus', 'mine', corpusPart);
	await workspace.delete('corpus', 'mine');
	const goOn = { stored: undefined, initialCheckpointId: undefined, continuesSaved: true, runId };
	await expect(begin(goOn)).rejects.toMatchObject({
		code: 'run-input-deleted',
		found: expect.stringContaining('“mine”'),
	});
	const { name, detail } = corpus;
	await workspace.create({ kind: 'corpus', id: 'mine', name, detail, parts: { [corpusPart]: bytes }, nowMs: 2 });
	const again = await begin(goOn);
	expect(again.resumeFrom?.position.progress.step).toBe(1);
	again.release();
});
