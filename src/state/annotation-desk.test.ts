// The desk over the real commands of the worker, with a model that takes every 李 for a person.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectTiny, type TinyWire } from '../testing/tiny-wire';
import { freshIndexedDB } from '../testing/tiny-workspace';
import { UserError } from '../util/errors';
import { annotationHandlers } from '../worker/annotation-handlers';
import { CorpusCache, corpusHandlers } from '../worker/corpus-commands';
import type { LoadedModels } from '../worker/loaded-models';
import type { Handlers } from '../worker/serve';
import type { TaggingModel } from '../worker/tag-handlers';
import { accept, reject, removeLabels, select, setType } from './annotation';
import { type AnnotationDesk, createAnnotationDesk } from './annotation-desk';

let wire: TinyWire;
let desk: AnnotationDesk;
let isDiskFull = false;

function handlers(context: TinyWire['context']): Partial<Handlers> {
	const corpora = new CorpusCache(context);
	const corpus = corpusHandlers(context, corpora);
	const tag = async (_: TaggingModel, texts: string[][]) => ({
		sentences: texts.map((characters) => ({
			characters,
			spans: characters.flatMap((character, at) =>
				character === '李' ? [{ start: at, end: at + 1, type: 'PER' }] : [],
			),
			probability: 1 / characters.length,
		})),
		characters: { total: 0, lookedUp: 0, unknown: 0 },
	});
	const models = { load: async () => ({ model: { labels: { tags: [] }, lexiconWords: null } }) };
	const tools = {
		corpora,
		models: models as unknown as LoadedModels<TaggingModel>,
		current: () => null,
		clock: () => 0,
		tag,
	};
	return {
		...corpus,
		...annotationHandlers(context, tools),
		'save-corpus-changes': async (request) => {
			if (isDiskFull)
				throw new UserError({ code: 'storage-full', expected: 'space', found: 'none', remedy: 'Free some.' });
			return corpus['save-corpus-changes'](request);
		},
	};
}

beforeEach(async () => {
	freshIndexedDB();
	isDiskFull = false;
	wire = connectTiny(handlers);
	desk = createAnnotationDesk(wire.client);
	const labelled = ['李 B-PER', '来 O', '', '好 O', '', '见 O', '李 O', '华 O'].join('\n');
	const files = [
		{ name: 'train.conll', content: new Blob([labelled]) },
		{ name: 'dev.txt', content: new Blob(['没有标注。']) },
	];
	await wire.client.ask('import-corpus', { task: 't', files, name: 'tiny', id: 'a' });
	await desk.getState().open('a');
	await desk.getState().ask({ id: 'a', order: 'corpus', model: { kind: 'checkpoint', id: 'm' } });
	await vi.waitFor(() => expect(desk.getState().suggestion).not.toBeNull());
});
afterEach(() => wire.close());

const state = () => desk.getState();
const isSaved = () => vi.waitFor(() => expect(state().saving.kind).toBe('saved'));

async function openThird() {
	state().goTo(2);
	await vi.waitFor(() => expect(state().suggestion?.spans).toHaveLength(1));
}

async function storedChanges() {
	return (await wire.client.ask('open-corpus', { id: 'a' })).changes;
}

test('opening shows the first sentence with its labels and asks the model', () => {
	expect(state().editing?.spans).toEqual([{ start: 0, end: 1, type: 'PER' }]);
	expect(state().suggestion?.probability).toBe(0.5);
	expect(state().queue?.indices).toEqual(Int32Array.of(0, 1, 2, 0));
});

test('a queue without the open sentence opens another one, never with the labels of the first', async () => {
	await openThird();
	await state().ask({ id: 'a', order: 'corpus', split: 'dev', model: { kind: 'checkpoint', id: 'm' } });
	expect(state().editing).toMatchObject({ length: 5, spans: [] });
	expect(state().editingOf).toBe('dev:0');
});

test('a linked place counts in the queue that was asked for last, whichever answers come late', async () => {
	const model = { kind: 'checkpoint' as const, id: 'm' };
	const asks = [
		state().ask({ id: 'a', order: 'uncertain', model }),
		state().ask({ id: 'a', order: 'corpus', split: 'train', model }, 2),
	];
	expect(state()).toMatchObject({ isAsking: true, place: 0 });
	await Promise.all(asks);
	expect(state()).toMatchObject({ isAsking: false, place: 2, editingOf: 'train:2' });
	await state().ask({ id: 'a', order: 'corpus', model }, 99);
	expect(state().place).toBe(3);
	await state().ask({ id: 'a', order: 'corpus', model }, { split: 'train', index: 1 });
	expect(state()).toMatchObject({ place: 1, editingOf: 'train:1' });
	await state().ask({ id: 'a', order: 'corpus', model }, { split: 'test', index: 7 });
	expect(state().place).toBe(1);
});

test('while a queue is asked for, moving goes through the one at hand and a followed place waits for it', async () => {
	const dev = { id: 'a', order: 'corpus' as const, model: { kind: 'checkpoint' as const, id: 'm' } };
	const asking = state().ask(dev);
	state().goTo(1);
	expect(state().place).toBe(1);
	state().follow(3);
	expect(state().place).toBe(1);
	await asking;
	expect(state().place).toBe(3);
	state().follow(0);
	expect(state().place).toBe(0);
});

test('another model is asked about the open sentence even if its request overtook one of the first model', async () => {
	const request = { id: 'a', order: 'corpus' as const };
	const other = { kind: 'checkpoint' as const, id: 'other' };
	const first = state().suggestion;
	await Promise.all([
		state().ask({ ...request, model: other }),
		state().ask({ ...request, split: 'train', model: other }),
	]);
	await vi.waitFor(() => expect(state().suggestion).not.toBeNull());
	expect(state().suggestion).not.toBe(first);
});

test('an accepted suggestion is shown and saved at once, and undo takes it back for good', async () => {
	await openThird();
	const { editing } = state();
	expect(state().edit(editing && accept(editing))).toBe(true);
	expect(state().editing?.spans).toEqual([{ start: 1, end: 2, type: 'PER' }]);
	await isSaved();
	expect(await storedChanges()).toHaveLength(1);
	state().undo();
	expect(state().editing?.spans).toEqual([]);
	await isSaved();
	expect(await storedChanges()).toEqual([]);
	state().redo();
	expect(state().editing?.spans).toHaveLength(1);
	await isSaved();
	expect(await storedChanges()).toHaveLength(1);
});

test('a rejected suggestion stays away when the sentence is opened again, and is no change of the corpus', async () => {
	await openThird();
	const { editing } = state();
	state().edit(editing && reject(editing));
	state().goTo(0);
	await openThird();
	expect(state().editing?.rejected.size).toBe(1);
	expect(await storedChanges()).toEqual([]);
	state().undo();
	expect(state().editing?.rejected.size).toBe(0);
});

test('undo goes back to the sentence that it changes', async () => {
	const { editing } = state();
	state().edit(editing && removeLabels(select(editing, 0, 1)));
	state().goTo(1);
	state().undo();
	expect(state().place).toBe(0);
	expect(state().editing?.spans).toHaveLength(1);
});

test('changes while a save is under way are saved behind it, in order', async () => {
	for (const type of ['LOC', 'ORG', 'GPE']) {
		const { editing } = state();
		state().edit(editing && setType(select(editing, 0, 2), type));
	}
	await isSaved();
	const changes = await storedChanges();
	expect(changes.map((change) => change.kind === 'relabel' && change.spans[0].type)).toEqual(['LOC', 'ORG', 'GPE']);
});

test('on a full disk the work stays, and a later save takes all of it', async () => {
	isDiskFull = true;
	const { editing } = state();
	state().edit(editing && setType(select(editing, 1, 2), 'LOC'));
	await vi.waitFor(() => expect(state().saving).toMatchObject({ kind: 'failed', problem: { code: 'storage-full' } }));
	expect(state().editing?.spans).toHaveLength(2);
	isDiskFull = false;
	await state().save();
	expect(state().saving.kind).toBe('saved');
	expect(await storedChanges()).toHaveLength(1);
});

test('a conflict with another tab is shown, and both sides can be kept', async () => {
	const theirs = { kind: 'mark-for-relabel' as const, sentences: [{ split: 'train' as const, index: 1 }] };
	const other = wire.client.ask('save-corpus-changes', { id: 'a', revision: 1, changes: [theirs] });
	const { editing } = state();
	state().edit(editing && setType(select(editing, 1, 2), 'LOC'));
	await other;
	await vi.waitFor(() =>
		expect(state().saving).toMatchObject({ kind: 'failed', problem: { code: 'workspace-conflict' } }),
	);
	await state().settle(true);
	expect((await storedChanges()).map(({ kind }) => kind)).toEqual(['mark-for-relabel', 'relabel']);
	expect(state().saving.kind).toBe('saved');
});

test('text without labels is confirmed to have none, once', async () => {
	state().goTo(3);
	await vi.waitFor(() => expect(state().editing?.length).toBe(5));
	state().confirm();
	state().confirm();
	await isSaved();
	expect(await storedChanges()).toEqual([{ kind: 'relabel', sentence: { split: 'dev', index: 0 }, spans: [] }]);
});

test('after scoring the open sentence stays open while the queue turns round', async () => {
	await openThird();
	await state().ask({ ...(state().request as NonNullable<ReturnType<typeof state>['request']>), order: 'uncertain' });
	await state().score();
	expect([...(state().queue?.probabilities ?? [])].map((value) => value.toFixed(2))).toEqual([
		'0.20',
		'0.33',
		'0.50',
		'1.00',
	]);
	expect(state().place).toBe(1);
	expect(state().scoring).toBeNull();
});
