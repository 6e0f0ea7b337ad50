// Queues, suggestions and scores over a real wire, with a model that is sure of short sentences and marks every 云.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { corpusPart, describeCorpus, encodeCorpus } from '../../storage/workspace/corpus-record';
import { errorCodeOfAsync } from '../../testing/error-code';
import { tinyCorpus } from '../../testing/tiny-corpus';
import { countedId, freshIndexedDB } from '../../testing/tiny-workspace';
import { WorkerClient } from '../../wire/client';
import type { WirePort } from '../../wire/messages';
import { CorpusCache, corpusHandlers } from '../corpora/corpus-handlers';
import type { LoadedModels } from '../models/loaded-models';
import { emitter, type Handlers, serve } from '../serve';
import type { TaggingModel } from '../tagging/tag-handlers';
import { createContext } from '../worker-context';
import { annotationHandlers } from './annotation-handlers';

const channels: MessageChannel[] = [];
beforeEach(() => freshIndexedDB());
afterEach(() => {
	for (const channel of channels.splice(0)) channel.port1.close();
});

const model = { kind: 'checkpoint', id: 'm' } as const;

async function connect(dev: string[] = ['好的，好']) {
	const channel = new MessageChannel();
	channels.push(channel);
	channel.port1.start();
	channel.port2.start();
	let time = 0;
	const emit = emitter(channel.port2 as WirePort);
	const context = createContext({
		emit,
		locks: undefined,
		newId: countedId,
		nowMs: () => (time += 10),
		databaseName: 'wire',
	});
	const corpora = new CorpusCache(context);
	const tagged: string[] = [];
	let toCancel: string | null = null;
	const tools = {
		corpora,
		models: {
			load: async () => ({ model: { labels: { tags: [] }, lexiconWords: null } }),
		} as unknown as LoadedModels<TaggingModel>,
		current: () => null,
		clock: () => (time += 1),
		tag: async (_: TaggingModel, texts: string[][]) => {
			if (toCancel !== null) context.tasks.cancel(toCancel);
			tagged.push(...texts.map((text) => text.join('')));
			const sentences = texts.map((characters) => ({
				characters,
				spans: characters.flatMap((character, at) =>
					character === '云' ? [{ start: at, end: at + 1, type: 'PER' }] : [],
				),
				words: [],
				probability: 1 / characters.length,
			}));
			return { sentences, characters: { total: 0, lookedUp: 0, unknown: 0 } };
		},
	};
	const handlers = { ...corpusHandlers(context, corpora), ...annotationHandlers(context, tools) };
	serve(channel.port2 as WirePort, handlers as unknown as Handlers);
	const corpus = tinyCorpus({ train: ['[云]PER来了', '去[云]LOC', '[云]PER'], dev });
	await (await context.workspace()).create({
		kind: 'corpus',
		id: 'a',
		name: 'a',
		detail: describeCorpus(corpus, [], 0),
		parts: { [corpusPart]: encodeCorpus(corpus) },
		nowMs: 1,
	});
	const client = new WorkerClient(channel.port1 as WirePort);
	const queue = async (request: object) => {
		const { splits, indices, probabilities } = await client.ask('annotation-queue', {
			id: 'a',
			order: 'corpus',
			model,
			...request,
		});
		return { places: [...splits].map((split, at) => `${split}:${indices[at]}`), probabilities: [...probabilities] };
	};
	return { client, queue, tagged, cancelAfterTagging: (task: string) => void (toCancel = task) };
}

test('a queue has all sentences in corpus order, those of a split, or those that are named', async () => {
	const { queue } = await connect();
	expect((await queue({})).places).toEqual(['0:0', '0:1', '0:2', '1:0']);
	expect((await queue({ split: 'dev' })).places).toEqual(['1:0']);
	const refs = [
		{ split: 'dev', index: 0 },
		{ split: 'train', index: 1 },
	];
	expect((await queue({ refs })).places).toEqual(['0:1', '1:0']);
});

test('after scoring the least sure sentences come first, each asked for once', async () => {
	const { client, queue, tagged } = await connect();
	expect((await queue({ order: 'uncertain' })).probabilities.every(Number.isNaN)).toBe(true);
	await client.ask('score-sentences', { task: 't', id: 'a', model, split: 'train' });
	const { places, probabilities } = await queue({ order: 'uncertain' });
	expect(places).toEqual(['0:0', '0:1', '0:2', '1:0']);
	expect(probabilities.map((probability) => probability.toFixed(2))).toEqual(['0.33', '0.50', '1.00', 'NaN']);
	expect(await client.ask('score-sentences', { task: 't', id: 'a', model })).toEqual({ scored: 1 });
	expect(tagged).toHaveLength(4);
	expect((await queue({ order: 'uncertain' })).places[0]).toBe('1:0');
});

test('scoring that is cancelled keeps what it has', async () => {
	const { client, queue, cancelAfterTagging } = await connect(Array.from({ length: 60 }, () => '好'));
	cancelAfterTagging('t');
	const scoring = client.ask('score-sentences', { task: 't', id: 'a', model });
	expect(await errorCodeOfAsync(() => scoring)).toBe('task-cancelled');
	const { probabilities } = await queue({});
	expect(probabilities.filter((probability) => !Number.isNaN(probability))).toHaveLength(50);
});

test('a suggestion says how often its text was seen as which type in train', async () => {
	const { client } = await connect();
	const { spans, seen, probability } = await client.ask('suggest-labels', {
		task: 's',
		id: 'a',
		ref: { split: 'train', index: 1 },
		model,
	});
	expect(spans).toEqual([{ start: 1, end: 2, type: 'PER' }]);
	expect(probability).toBe(0.5);
	expect(seen).toEqual([
		{
			text: '云',
			counts: [
				{ type: 'PER', count: 2 },
				{ type: 'LOC', count: 1 },
			],
		},
	]);
});

test('rows follow the changes that were saved last, and marks have a queue of their own', async () => {
	const { client, queue } = await connect();
	const sentence = { split: 'train' as const, index: 2 };
	await client.ask('save-corpus-changes', {
		id: 'a',
		revision: 1,
		changes: [
			{ kind: 'relabel', sentence, spans: [{ start: 0, end: 1, type: 'LOC' }] },
			{ kind: 'mark-for-relabel', sentences: [{ split: 'dev', index: 0 }] },
		],
	});
	const { rows } = await client.ask('annotation-rows', { id: 'a', refs: [sentence] });
	expect(rows).toEqual([
		{
			ref: sentence,
			split: 'train',
			isMarkedForRelabel: false,
			characters: ['云'],
			spans: [{ start: 0, end: 1, type: 'LOC' }],
			hasTags: true,
		},
	]);
	expect((await queue({ order: 'marked' })).places).toEqual(['1:0']);
	const { types } = await client.ask('mention-examples', { id: 'a' });
	expect(types[0]).toEqual({ type: 'LOC', mentions: 2, examples: [{ text: '云', count: 2 }] });
});
