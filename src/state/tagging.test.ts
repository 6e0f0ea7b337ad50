import { expect, test } from 'vitest';
import { connectTiny } from '../testing/tiny-wire';
import { freshIndexedDB } from '../testing/tiny-workspace';
import { UserError } from '../util/errors';
import { WorkerClient } from '../wire/client';
import type { WirePort } from '../wire/messages';
import { emitter, type Handlers, serve } from '../worker/serve';
import { tagHandlers } from '../worker/tagging/tag-handlers';
import { runModel } from './models';
import { createTaggingStore } from './tagging';

function connect(handlers: Partial<Handlers>) {
	const { port1, port2 } = new MessageChannel();
	port1.start();
	port2.start();
	serve(port2 as WirePort, handlers as Handlers);
	const store = createTaggingStore(new WorkerClient(port1 as WirePort), '你好。');
	return { store, emit: emitter(port2 as WirePort), close: () => port1.close() };
}

const model = { ...runModel('last', 'run'), key: 'a' };
const counts = { total: 0, lookedUp: 0, unknown: 0 };
const reply = (text: string) => ({ sentences: [{ characters: [...text], spans: [] }], characters: counts });

test('each chosen model tags the text, and its result stands under its key', async () => {
	const { store, close } = connect({ 'tag-text': async ({ text }) => reply(text) });
	await store.getState().tag([model, { ...model, key: 'b' }]);
	expect(Object.keys(store.getState().results)).toEqual(['a', 'b']);
	expect(store.getState()).toMatchObject({ taggedText: '你好。', phase: { kind: 'idle' }, problem: null });
	close();
});

test('of two taggings under way the later one counts', async () => {
	const waits: Record<string, number> = { slow: 30, fast: 0 };
	const { store, close } = connect({
		'tag-text': async ({ text }) => {
			await new Promise((resolve) => setTimeout(resolve, waits[text]));
			return reply(text);
		},
	});
	store.getState().setText('slow');
	const slow = store.getState().tag([model]);
	store.getState().setText('fast');
	await Promise.all([slow, store.getState().tag([model])]);
	expect(store.getState().taggedText).toBe('fast');
	close();
});

test('a word that is switched off goes to the worker, and comes back when pressed again', async () => {
	const asked: (string[] | undefined)[] = [];
	const { store, close } = connect({
		'tag-text': async ({ text, withoutWords }) => {
			asked.push(withoutWords);
			return reply(text);
		},
	});
	await store.getState().toggleWord('大学', [model]);
	await store.getState().toggleWord('大学', [model]);
	expect(asked).toEqual([['大学'], []]);
	close();
});

test('a cancelled file is no problem, another refusal is told', async () => {
	const refusal = (code: string) => new UserError({ code, expected: 'one', found: 'none', remedy: 'Mend it.' });
	let code = 'task-cancelled';
	const { store, close } = connect({
		'tag-file': async () => {
			throw refusal(code);
		},
	});
	await store.getState().tagFile({ name: 'a.txt', content: new Blob([]) }, model);
	expect(store.getState().problem).toBeNull();
	code = 'corpus-too-large';
	await store.getState().tagFile({ name: 'a.txt', content: new Blob([]) }, model);
	expect(store.getState().problem).toMatchObject({ kind: 'user', code });
	close();
});

test('what was tagged is kept as a corpus without tags, once for each result', async () => {
	freshIndexedDB();
	const tools = { models: null as never, current: () => null, clock: () => 0 };
	const wire = connectTiny((context) => ({
		...tagHandlers(context, { ...tools, tag: async () => reply('') }),
		'tag-text': async ({ text }) => reply(text),
	}));
	const store = createTaggingStore(wire.client, '你好。');
	const nameOf = (source: string | null) => source ?? 'Tagged';
	await store.getState().tag([model]);
	const id = await store.getState().keepAsCorpus('a', nameOf);
	expect(await store.getState().keepAsCorpus('a', nameOf)).toBe(id);
	const page = await wire.client.ask('sentences', { id: id ?? '', filter: {}, offset: 0, limit: 5 });
	expect(page.rows).toMatchObject([{ split: 'train', characters: [...'你好。'], spans: [], hasTags: false }]);
	await store.getState().tag([model]);
	const second = await store.getState().keepAsCorpus('a', nameOf);
	const { items } = await wire.client.ask('list-items', { kind: 'corpus' });
	expect(items.find((item) => item.id === second)?.name).toBe('Tagged 2');
	wire.close();
});
