import { expect, test } from 'vitest';
import { presetConfig } from '../experiment/presets';
import { noStoredInput } from '../storage/workspace/run-record';
import type { ItemList } from '../wire/items';
import { stretchedStage, trainOnRequest, unknownTypes } from './train-on';

const item = (kind: string, id: string, detail: object = {}) => ({
	kind,
	id,
	name: id,
	trashedAtMs: null,
	createdAtMs: 0,
	detail,
});

function listOf(...items: object[]): ItemList {
	return { items, unreadable: [], claimedRuns: [] } as unknown as ItemList;
}

const wanted = { corpusId: 'mine', checkpointId: 'm', preset: 'weibo', name: 'more', config: null, trainSentences: 9 };

test('lexicon and vectors are those of the run that the checkpoint came from, as far as they are here', () => {
	const input = { ...noStoredInput, corpusId: 'old', lexiconId: 'words', characterVectorsId: 'gone' };
	const list = listOf(item('checkpoint', 'm', { runId: 'r' }), item('run', 'r', { input }), item('lexicon', 'words'));
	const { input: read, checkpointId } = trainOnRequest(wanted, list);
	expect(read).toMatchObject({
		stored: { corpusId: 'mine', lexiconId: 'words', characterVectorsId: null, wordVectorsId: null },
	});
	expect(checkpointId).toBe('m');
});

test("a shipped model of the sample reads the sample's vectors, another model without a run reads none", () => {
	const list = listOf(
		item('checkpoint', 'm', { runId: null }),
		item('vectors', 'sample-words'),
		item('lexicon', 'sample'),
	);
	expect(trainOnRequest({ ...wanted, preset: 'sample' }, list).input).toMatchObject({
		stored: { lexiconId: 'sample', wordVectorsId: 'sample-words', bigramVectorsId: null },
	});
	expect(trainOnRequest(wanted, list).input).toMatchObject({ stored: { lexiconId: null, wordVectorsId: null } });
});

test('a few sentences are read more often, with the decay of the rate stretched alike', () => {
	const config = presetConfig('smoke');
	const last = config.stages[config.stages.length - 1];
	last.epochs = 6;
	last.batchSize = 10;
	last.optimizer.epochDecay = 0.5;
	config.data.limitTrain = 0;
	expect(stretchedStage(config, 25)).toEqual({ 'stages.0.epochs': '40', 'stages.0.optimizer.epochDecay': '0.075' });
	expect(stretchedStage(config, 2000)).toEqual({});
	config.data.limitTrain = 25;
	expect(stretchedStage(config, 2000)).toEqual({ 'stages.0.epochs': '40', 'stages.0.optimizer.epochDecay': '0.075' });
	expect(trainOnRequest({ ...wanted, config }, null).settings).toEqual(stretchedStage(config, 9));
});

test('types that the model has no labels for are found, each once', () => {
	expect(unknownTypes([{ type: 'PER' }, { type: 'RIVER' }, { type: 'RIVER' }], ['PER'])).toEqual(['RIVER']);
});
