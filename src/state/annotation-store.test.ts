// The store over the real commands of the worker, with a model that takes every 李 for a person.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectTiny, type TinyWire } from '../testing/tiny-wire';
import { freshIndexedDB } from '../testing/tiny-workspace';
import { UserError } from '../util/errors';
import type { QueueRequest } from '../wire/annotation';
import { annotationHandlers } from '../worker/annotation/annotation-handlers';
import { CorpusCache, corpusHandlers } from '../worker/corpora/corpus-handlers';
import type { LoadedModels } from '../worker/models/loaded-models';
import type { Handlers } from '../worker/serve';
import type { TaggingModel } from '../worker/tagging/tag-handlers';
import { accept, type Editing, openSuggestions, reject, removeLabels, select, setType } from './annotation';
import { type AnnotationStore, createAnnotationStore } from './annotation-store';
import { addChanges } from './corpus-edits';
import { CorpusWriter } from './corpus-writer';
import { createUnsavedWork, type UnsavedWorkStore } from './unsaved-work';

let wire: TinyWire;
let session: AnnotationStore;
let unsaved: UnsavedWorkStore;
let writer: CorpusWriter;
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
	unsaved = createUnsavedWork();
	writer = new CorpusWriter(wire.client, unsaved);
	session = createAnnotationStore(wire.client, writer);
	const labelled = ['李 B-PER', '来 O', '', '好 O', '', '见 O', '李 O', '华 O'].join('\n');
	const files = [
		{ name: 'train.conll', content: new Blob([labelled]) },
		{ name: 'dev.txt', content: new Blob(['没有标注。']) },
	];
	await wire.client.ask('import-corpus', { task: 't', files, name: 'tiny', id: 'a' });
	await session.getState().open('a');
	await session.getState().ask({ id: 'a', order: 'corpus', model: { kind: 'checkpoint', id: 'm' } });
	await vi.waitFor(() => expect(session.getState().suggestion).not.toBeNull());
});
afterEach(() => wire.close());

const state = () => session.getState();
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
	expect(state()).toMatchObject({ isAsking: true, openIndex: 0 });
	await Promise.all(asks);
	expect(state()).toMatchObject({ isAsking: false, openIndex: 2, editingOf: 'train:2' });
	await state().ask({ id: 'a', order: 'corpus', model }, 99);
	expect(state().openIndex).toBe(3);
	await state().ask({ id: 'a', order: 'corpus', model }, { split: 'train', index: 1 });
	expect(state()).toMatchObject({ openIndex: 1, editingOf: 'train:1' });
	await state().ask({ id: 'a', order: 'corpus', model }, { split: 'test', index: 7 });
	expect(state().openIndex).toBe(1);
});

test('while a queue is asked for, moving goes through the one at hand and a followed place waits for it', async () => {
	const dev = { id: 'a', order: 'corpus' as const, model: { kind: 'checkpoint' as const, id: 'm' } };
	const asking = state().ask(dev);
	state().goTo(1);
	expect(state().openIndex).toBe(1);
	state().follow(3);
	expect(state().openIndex).toBe(1);
	await asking;
	expect(state().openIndex).toBe(3);
	state().follow(0);
	expect(state().openIndex).toBe(0);
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
	expect(state().openIndex).toBe(0);
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

/** Another tab labels a sentence at the same time: first come, first stored. */
async function labelledElsewhere(index: number) {
	const theirs = { kind: 'mark-for-relabel' as const, sentences: [{ split: 'train' as const, index }] };
	const other = wire.client.ask('save-corpus-changes', { id: 'a', revision: 1, changes: [theirs] });
	const { editing } = state();
	state().edit(editing && setType(select(editing, 1, 2), 'LOC'));
	await other;
}

test('work on different sentences in two tabs is stored together, without a question', async () => {
	await labelledElsewhere(1);
	await vi.waitFor(async () =>
		expect((await storedChanges()).map(({ kind }) => kind)).toEqual(['mark-for-relabel', 'relabel']),
	);
	await isSaved();
	await vi.waitFor(() => expect(state().rows.get('train:1')?.isMarkedForRelabel).toBe(true));
	// The open sentence stays as it is.
	expect(state().editing).toMatchObject({ caret: 2, anchor: 1 });
});

test('where another tab labelled the same sentence the user is asked, and both sides can be kept', async () => {
	await labelledElsewhere(0);
	await vi.waitFor(() =>
		expect(state().saving).toMatchObject({ kind: 'failed', problem: { code: 'workspace-conflict' } }),
	);
	expect(unsaved.getState().works).toHaveLength(1);
	expect(await unsaved.getState().saveAll()).toBe(false);
	await state().settle(true);
	expect((await storedChanges()).map(({ kind }) => kind)).toEqual(['mark-for-relabel', 'relabel']);
	expect(state().saving.kind).toBe('saved');
	expect(unsaved.getState().works).toEqual([]);
});

test('after a conflict the own labels can be given up', async () => {
	await labelledElsewhere(0);
	await vi.waitFor(() => expect(state().saving.kind).toBe('failed'));
	await state().settle(false);
	expect((await storedChanges()).map(({ kind }) => kind)).toEqual(['mark-for-relabel']);
	await vi.waitFor(() => expect(state().editing?.spans).toHaveLength(1));
	expect(unsaved.getState().works).toEqual([]);
});

test('labels that the full disk did not take are there when their corpus is opened again, and are stored with room', async () => {
	const other = [{ name: 'b.txt', content: new Blob(['别的。']) }];
	await wire.client.ask('import-corpus', { task: 't', files: other, name: 'other', id: 'b' });
	isDiskFull = true;
	const { editing, request } = state();
	state().edit(editing && setType(select(editing, 1, 2), 'LOC'));
	await vi.waitFor(() => expect(unsaved.getState().works).toMatchObject([{ name: 'tiny', kind: 'labels' }]));
	await state().open('b');
	expect(unsaved.getState().works).toHaveLength(1);
	await state().open('a');
	await state().ask(request as NonNullable<typeof request>);
	await vi.waitFor(() => expect(state().editing?.spans.map(({ type }) => type)).toEqual(['PER', 'LOC']));
	expect(state().saving.kind).toBe('failed');
	expect(await storedChanges()).toEqual([]);
	await state().open('b');
	isDiskFull = false;
	expect(await unsaved.getState().saveAll()).toBe(true);
	expect(await storedChanges()).toHaveLength(1);
});

test('work on a corpus that is deleted for good is not asked about any longer', async () => {
	isDiskFull = true;
	const { editing } = state();
	state().edit(editing && setType(select(editing, 1, 2), 'LOC'));
	await vi.waitFor(() => expect(unsaved.getState().works).toHaveLength(1));
	await wire.client.ask('delete-item', { kind: 'corpus', id: 'a' });
	await vi.waitFor(() => expect(unsaved.getState().works).toEqual([]));
});

test('unsaved labels can be taken along as files', async () => {
	isDiskFull = true;
	const { editing } = state();
	state().edit(editing && setType(select(editing, 1, 2), 'LOC'));
	await vi.waitFor(() => expect(unsaved.getState().works).toHaveLength(1));
	const files = (await unsaved.getState().works[0].toFiles?.()) ?? [];
	const changes = files.find(({ name }) => name === 'tiny.changes.json');
	expect(JSON.parse((await changes?.file.text()) ?? '{}')).toMatchObject({
		corpus: { id: 'a', name: 'tiny' },
		changes: [{ kind: 'relabel', sentence: { split: 'train', index: 0 } }],
	});
});

test('an undo that newer work of another page covers is refused with the reason, and the labels stay', async () => {
	const { editing } = state();
	state().edit(editing && setType(select(editing, 1, 2), 'LOC'));
	await isSaved();
	const spans = [{ start: 0, end: 2, type: 'ORG' }];
	const sentence = { split: 'train' as const, index: 0 };
	await writer.write('a', addChanges({ kind: 'relabel', sentence, spans }), { by: 'space', waits: false });
	await vi.waitFor(() => expect(state().editing?.spans).toEqual(spans));
	state().undo();
	await vi.waitFor(() => expect(state().problem).toMatchObject({ kind: 'user', code: 'change-covered' }));
	expect(await storedChanges()).toHaveLength(2);
	await vi.waitFor(() => expect(state().editing?.spans).toEqual(spans));
});

/** A later visit: another session over the same corpora. */
async function visitAgain(order: 'corpus' | 'uncertain', modelId = 'm') {
	await state().save();
	const later = createAnnotationStore(wire.client, new CorpusWriter(wire.client, createUnsavedWork()));
	await later.getState().open('a');
	await later.getState().ask({ id: 'a', order, model: { kind: 'checkpoint', id: modelId } });
	await vi.waitFor(() => expect(later.getState().suggestion).not.toBeNull());
	return later.getState;
}

test('a rejected suggestion stays away in later visits, from any model, until it is allowed again', async () => {
	await openThird();
	const { editing } = state();
	state().edit(editing && reject(editing));
	const later = await visitAgain('corpus', 'other model');
	later().goTo(2);
	await vi.waitFor(() => expect(later().suggestion?.spans).toHaveLength(1));
	expect(openSuggestions(later().editing as Editing)).toEqual([]);
	expect(await storedChanges()).toEqual([]);
	later().offerAgain(later().history.review.rejected);
	await vi.waitFor(() => expect(openSuggestions(later().editing as Editing)).toHaveLength(1));
	later().undo();
	await vi.waitFor(() => expect(later().history.review.rejected).toHaveLength(1));
});

test('a sentence that was confirmed is marked in later visits and does not come by uncertainty, unless it is linked', async () => {
	await vi.waitFor(() => expect(state().editing).not.toBeNull());
	state().confirm();
	expect(await storedChanges()).toEqual([]);
	const later = await visitAgain('uncertain');
	expect(later().history.review.confirmed).toEqual([{ split: 'train', index: 0 }]);
	expect([...(later().queue?.indices ?? [])]).toEqual([1, 2, 0]);
	await later().ask({ ...(later().request as QueueRequest) }, { split: 'train', index: 0 });
	expect(later().queue?.indices).toHaveLength(4);
	await vi.waitFor(() => expect(later().editingOf).toBe('train:0'));
});

test('taking a confirmation back brings the sentence into the queue again', async () => {
	state().confirm();
	state().undo();
	const later = await visitAgain('uncertain');
	expect(later().queue?.indices).toHaveLength(4);
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
	expect(state().openIndex).toBe(1);
	expect(state().scoring).toBeNull();
});
