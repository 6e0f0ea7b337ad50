// Runs that begin from a stored checkpoint: what they take of it, what they refuse, and how they go on.

import { expect, test } from 'vitest';
import { choosePoints } from '../../analysis/space-points';
import type { Corpus } from '../../data/corpus';
import type { CorpusChange } from '../../data/corpus-changes';
import { predictedSentences } from '../../data/predicted-sentence';
import { prepareData } from '../../data/prepare';
import { chooseSentences } from '../../data/run-sentences';
import { presetConfig } from '../../experiment/presets';
import { stageStart } from '../../experiment/run-state';
import { defaultPointChoice } from '../../experiment/space-snapshot';
import { initialParameters } from '../../model/initial-parameters';
import { layOutNetwork, networkShape } from '../../model/shape';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../storage/checkpoint';
import { tensorsOfParameters } from '../../storage/flat-parameters';
import { decodeResumeState, encodeResumeState } from '../../storage/resume-state';
import { checkpointPart, describeCheckpoint } from '../../storage/workspace/checkpoint-record';
import {
	changesPart,
	corpusPart,
	describeCorpus,
	encodeCorpus,
	encodeJson,
} from '../../storage/workspace/corpus-record';
import { readAnyItem } from '../../storage/workspace/item-kinds';
import { encodeWords, wordsPart } from '../../storage/workspace/lexicon-record';
import {
	changesInputPart,
	modelInputPart,
	noStoredInput,
	type RunDetail,
	resumePart,
} from '../../storage/workspace/run-record';
import { errorCodeOfAsync } from '../../testing/error-code';
import { resumedRun } from '../../testing/run-requests';
import { tinyCorpus } from '../../testing/tiny-corpus';
import { connectPerTest } from '../../testing/tiny-wire';
import { modelOf } from '../../training/checkpoint-model';
import { type CheckpointRunRequest, preparationTask, type ResumedRunRequest } from '../../wire/runs';
import { restoreHeld } from '../items/held-work';
import { beginRun, keepLabelCount } from './begin-run';
import { Forecaster } from './forecaster';
import { nextBatch } from './next-batch';
import { changeOfInput } from './run-input';
import { keepSavedModel } from './run-model';
import { describePoints } from './run-places';
import { hashOf } from './run-source';
import { readSavedRun } from './saved-run';

const connect = connectPerTest();

const trained = tinyCorpus({ train: ['[白云]LOC很美', '[李明]PER走了'], dev: ['[白云]LOC'], test: ['走'] });

/** A checkpoint of a network that was drawn for that corpus and never trained. */
function drawnCheckpoint(): { checkpoint: Checkpoint; parameters: Float32Array } {
	const config = { ...presetConfig('smoke'), quirks: { ...presetConfig('smoke').quirks, padTag: false } };
	const split = (sentences: Corpus['splits']['train']) => ({ sentences, notes: [] });
	const { train, dev, test: last } = trained.splits;
	const none = { characterVectors: null, bigramVectors: null, wordVectors: null };
	const corpora = { train: split(train), dev: split(dev), test: split(last) };
	const sentences = chooseSentences({ ...corpora, data: config.data });
	const { data } = prepareData({ sentences, ...none, lexiconWords: ['白云'], config, seed: 1 });
	const network = networkShape(config, data);
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
		bert: null,
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
	const request: CheckpointRunRequest = {
		kind: 'from-checkpoint',
		input: { kind: 'stored', stored: { ...noStoredInput, corpusId: 'mine', lexiconId: 'words' } },
		preset: 'smoke',
		seed: null,
		settings: {},
		checkpointId: 'parent',
	};
	const begin = (change: Partial<CheckpointRunRequest> = {}) =>
		beginRun(wire.context, { ...request, ...change }, () => {});
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

test('whichever sentences are unlabelled, places, predictions and batches are those of the labelled ones', async () => {
	const open = (text: string) => ({ characters: [...text], tags: null, line: 1 });
	const { train } = tinyCorpus({ train: ['[李明]PER住在南京。'] }).splits;
	const { dev } = tinyCorpus({ dev: ['[白云]LOC'] }).splits;
	const splits = { train: [open('天气很好。'), ...train, open('走')], dev: [open('他走'), ...dev], test: [open('了')] };
	const { begin, workspace } = await withModel({ ...mine, splits });
	const { run, runId, release } = await begin();
	const { data, places, evaluated } = run;
	const lengthsOf = (split: 'train' | 'dev' | 'test') => data.splits[split].map(({ tags }) => tags.length);
	expect(places.splits.train.map(({ ref, characters }) => [ref.index, characters.join('')])).toEqual([
		[1, '李明住在南京。'],
	]);
	for (const split of ['train', 'dev', 'test'] as const) {
		expect(places.splits[split].map(({ characters }) => characters.length)).toEqual(lengthsOf(split));
	}
	const tags = { dev: data.splits.dev.map((one) => one.tags), test: data.splits.test.map((one) => one.tags) };
	const predicted = predictedSentences(data, evaluated, tags);
	expect(predicted.dev.map(({ ref, characters }) => [ref.index, characters.join('')])).toEqual([[1, '白云']]);
	expect(predicted.test).toEqual([]);
	const chosen = choosePoints(data.splits, data.labels, defaultPointChoice);
	const points = describePoints(chosen, data, places);
	expect(points.sentences.map(({ ref }) => ref)).toContainEqual({ split: 'train', index: 1 });
	const step = { kind: 'step', stage: 'full', epoch: 1, step: 1 } as Parameters<typeof nextBatch>[1];
	expect(nextBatch(run, step)?.map(({ characters }) => characters.join(''))).toEqual(['李明住在南京。']);
	expect((await workspace.get('run', runId)).detail.state).toBe('running');
	release();
});

test('labels count as learned when their run has begun, not before', async () => {
	const { begin, wire, request } = await withModel({ ...mine, splits: { ...mine.splits, train: [] } });
	const labels = { setting: 'annotate-trained mine', count: 3 };
	expect(await errorCodeOfAsync(() => begin({ labels }))).toBe('split-without-tags');
	expect(await wire.client.ask('load-setting', { name: labels.setting })).toEqual({ value: null });
	await keepLabelCount(wire.context, { ...request, labels });
	expect(await wire.client.ask('load-setting', { name: labels.setting })).toEqual({ value: 3 });
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
	const { wire, workspace, begin, parameters } = await withModel(mine);
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
	const resume = () => beginRun(wire.context, resumedRun(runId), () => {});
	await expect(resume()).rejects.toMatchObject({
		code: 'run-input-deleted',
		found: expect.stringContaining('“mine”'),
	});
	const { name, detail } = corpus;
	await workspace.create({ kind: 'corpus', id: 'mine', name, detail, parts: { [corpusPart]: bytes }, nowMs: 2 });
	const again = await resume();
	expect(again.resumeFrom?.position.progress.step).toBe(1);
	again.release();
});

/** A run on `mine` that was trained for one epoch and saved, its page closed; `change`: to the corpus before it began. */
async function withSavedRun(change: CorpusChange[] = []) {
	const texts = { train: ['[小白云]LOC很美', '他走了'], dev: ['[白云]LOC很美'] };
	const corpus = { ...tinyCorpus(texts), name: 'mine' };
	const made = await withModel(corpus);
	const { workspace, begin, parameters, wire } = made;
	const setChanges = (changes: CorpusChange[]) => {
		const parts = { [changesPart]: encodeJson(changes) };
		return workspace.update('corpus', 'mine', { revision: 'any', nowMs: 3, parts });
	};
	if (change.length > 0) await setChanges(change);
	const { runId, keeper, keep, release } = await begin();
	const epoch = { loss: 1, learningRate: 1, characters: 1, seconds: 1 };
	keep({ kind: 'step', stage: 'full', epoch: 1, step: 1, ...epoch });
	keep({
		...{ kind: 'epoch-finished', stage: 'full', epoch: 1, step: 1, trainLoss: 1, learningRate: 1 },
		...{ dev: { loss: 0.5 }, test: null, isBest: true, trainSeconds: 1, evaluationSeconds: 1 },
	});
	const progress = { ...stageStart(), epoch: 2, step: 1, bestEpoch: 1 };
	const position = { stageIndex: 0, progress, stages: [], eventCount: 2, seconds: 1 };
	const optimizer = { first: new Float32Array(parameters.length), second: null };
	const bestParameters = parameters.map((value) => value / 2);
	await keeper.save({ position, parameters, bestParameters, optimizer }, { isLast: true });
	release();
	const resume = (more: Partial<ResumedRunRequest> = {}) => beginRun(wire.context, resumedRun(runId, more), () => {});
	const inputOf = async () => changeOfInput(workspace, await readSavedRun(workspace, runId));
	/** As version 0.1.0 left it. */
	const forget = async (isEmptied = false) => {
		const { detail } = await workspace.get('run', runId);
		const resume = decodeResumeState(await workspace.readPart('run', runId, resumePart));
		const hashes = isEmptied ? { ...resume.dataHashes, changes: await hashOf(encodeJson([])) } : resume.dataHashes;
		await workspace.update('run', runId, {
			...{ revision: 'any', nowMs: 4, detail: { ...detail, dataHashes: hashes } },
			parts: {
				[changesInputPart]: null,
				[modelInputPart]: null,
				[resumePart]: encodeResumeState({ ...resume, dataHashes: hashes }),
			},
		});
	};
	return { ...made, corpus, runId, setChanges, resume, inputOf, forget, context: wire.context, bestParameters };
}

const relabel = (index: number, type: string): CorpusChange => ({
	kind: 'relabel',
	sentence: { split: 'train', index },
	spans: [{ start: 0, end: 1, type }],
});
const tagsOf = ({ run }: Awaited<ReturnType<typeof beginRun>>) =>
	run.data.splits.train.map(({ tags }) => Array.from(tags, (id) => run.data.labels.tags[id]).join(' '));

test('a run is resumed on the labels that it began with, whatever was relabelled since, and says what was', async () => {
	const { setChanges, resume, inputOf } = await withSavedRun([relabel(1, 'PER')]);
	const began = await resume();
	const before = tagsOf(began);
	began.release();
	expect(await inputOf()).toEqual({ kind: 'same' });
	await setChanges([relabel(1, 'PER'), relabel(0, 'PER'), relabel(1, 'LOC')]);
	const again = await resume();
	expect(tagsOf(again)).toEqual(before);
	again.release();
	expect(await inputOf()).toMatchObject({
		...{ kind: 'changed', corpus: 'mine', sentences: 2, isPinned: true },
		first: [
			{ split: 'train', index: 0 },
			{ split: 'train', index: 1 },
		],
	});
});

test.each([
	['added to', [], [relabel(0, 'PER')]],
	['shortened by undoing', [relabel(0, 'PER')], [relabel(0, 'PER'), relabel(1, 'PER')]],
	['emptied by undoing', [], []],
])('a run of version 0.1.0 is resumed after the changes of its corpus were %s', async (_, began, now) => {
	const { setChanges, resume, forget, inputOf } = await withSavedRun(began);
	const first = await resume();
	first.release();
	await forget();
	await setChanges(now);
	const again = await resume();
	expect(tagsOf(again)).toEqual(tagsOf(first));
	again.release();
	expect((await inputOf()).kind).toBe(now.length > began.length ? 'changed' : 'same');
});

test('an emptied list of changes is the same input as none, in either order', async () => {
	const { setChanges, resume, forget } = await withSavedRun();
	await setChanges([]);
	(await resume()).release();
	await forget(true); // version 0.1.0 gave an emptied list a hash of its own
	(await resume()).release();
});

test('a run whose labels are not known any more is refused in words of the page, and its model can be kept', async () => {
	const { setChanges, resume, forget, inputOf, context, runId } = await withSavedRun([relabel(0, 'PER')]);
	await forget();
	await setChanges([relabel(1, 'PER')]);
	const error = await resume().catch((thrown) => thrown);
	expect(error).toMatchObject({ code: 'run-input-changed', found: expect.stringContaining('“mine”') });
	expect(error.message).not.toMatch(/folder|file|SHA/);
	expect(await inputOf()).toMatchObject({ kind: 'changed', isPinned: false });
	expect(await errorCodeOfAsync(() => keepSavedModel(context, runId))).toBe('run-input-changed');
});

test('the best model of a cut-off run is kept without resuming it, also when its corpus and lexicon are gone', async () => {
	const { workspace, context, runId, inputOf, bestParameters, checkpoint } = await withSavedRun();
	await workspace.delete('corpus', 'mine');
	await workspace.delete('lexicon', 'words');
	await workspace.delete('checkpoint', 'parent');
	expect(await inputOf()).toEqual({ kind: 'deleted', corpus: 'mine' });
	const { id, detail } = await keepSavedModel(context, runId);
	expect(detail).toMatchObject({ runId, stage: 'full', epoch: 1, preset: 'smoke' });
	const kept = decodeCheckpoint(await workspace.readPart('checkpoint', id, checkpointPart));
	expect(kept.labels).toEqual(checkpoint.labels);
	expect(kept.metrics.dev).toEqual({ loss: 0.5 });
	const layout = layOutNetwork(kept.network);
	const { parameters } = modelOf(kept);
	const { offset, size } = layout.entries[0];
	const part = (values: ArrayLike<number>) => Array.from(values).slice(offset, offset + size);
	expect(part(parameters)).toEqual(part(bestParameters));
	expect((await workspace.get('run', runId)).detail.state).toBe('running');
});

test('a run of version 0.1.0 gives its model from its corpus as it began', async () => {
	const { workspace, context, runId, forget, setChanges } = await withSavedRun();
	await forget();
	await setChanges([relabel(0, 'PER')]);
	await keepSavedModel(context, runId);
	expect((await workspace.find('checkpoint', runId))?.detail).toMatchObject({ runId, epoch: 1 });
});

test('a run that was never evaluated has no model to keep', async () => {
	const { begin, wire } = await withModel(mine);
	const { runId, release } = await begin();
	release();
	expect(await errorCodeOfAsync(() => keepSavedModel(wire.context, runId))).toBe('run-without-model');
});

test('a run of version 0.1.0 with a limit is resumed on the sentences that it began with', async () => {
	const open = { characters: [...'天气很好。'], tags: null, line: 1 };
	const { train, dev } = tinyCorpus({ train: ['[白云]LOC很美', '他走了'], dev: ['[白云]LOC'] }).splits;
	const splits = { train: [open, ...train], dev, test: [] };
	const { wire, workspace, begin, parameters } = await withModel({ ...mine, splits });
	const { run, runId, keeper, release } = await begin({ settings: { 'data.limitTrain': '2' } });
	expect(run.places.splits.train.map(({ ref }) => ref.index)).toEqual([1, 2]);
	const position = { stageIndex: 0, progress: stageStart(), stages: [], eventCount: 0, seconds: 1 };
	const optimizer = { first: new Float32Array(parameters.length), second: null };
	await keeper.save({ position, parameters, bestParameters: null, optimizer }, { isLast: true });
	release();
	const sentencesOf = async () => {
		const again = await beginRun(wire.context, resumedRun(runId), () => {});
		again.release();
		return again.run.places.splits.train.map(({ ref }) => ref.index);
	};
	expect(await sentencesOf()).toEqual([1, 2]);
	// Version 0.1.0 took the first two sentences, and of these the labelled ones.
	const record = (await workspace.readRecord('run', runId)) as { detail: object };
	const read = readAnyItem({ ...record, version: 3 });
	if (!read.isReadable) throw new Error('not read');
	await workspace.update('run', runId, { revision: 'any', nowMs: 4, detail: read.record.detail as RunDetail });
	expect(await sentencesOf()).toEqual([1]);
	expect(await sentencesOf()).toEqual([1]);
});

test('a run is resumed on its corpus that was renamed, lost and brought back from memory', async () => {
	const { workspace, resume, inputOf } = await withSavedRun();
	await workspace.update('corpus', 'mine', { revision: 'any', nowMs: 5, name: 'renamed' });
	const bytes = await workspace.readPart('corpus', 'mine', corpusPart);
	const { run, release } = await resume();
	release();
	await workspace.delete('corpus', 'mine');
	await restoreHeld(workspace, run.source.held());
	expect(await workspace.get('corpus', 'mine')).toMatchObject({ name: 'renamed' });
	expect(await workspace.readPart('corpus', 'mine', corpusPart)).toEqual(bytes);
	(await resume()).release();
	expect(await inputOf()).toEqual({ kind: 'same' });
});

test('a run is resumed on its corpus that an earlier version brought back under another name, and on no other', async () => {
	const { workspace, resume, corpus } = await withSavedRun();
	const store = (other: Corpus) =>
		workspace.update('corpus', 'mine', { revision: 'any', nowMs: 5, parts: { [corpusPart]: encodeCorpus(other) } });
	await store({ ...corpus, name: 'renamed' });
	(await resume()).release();
	await store({ ...corpus, name: 'renamed', splits: { ...corpus.splits, dev: [] } });
	expect(await errorCodeOfAsync(() => resume())).toBe('run-input-changed');
});
