import { expect, test, vi } from 'vitest';
import { connectPerTest } from '../testing/tiny-wire';
import { addTinyCorpus } from '../testing/tiny-workspace';
import { presenceOf } from './presence';
import { createWorkspaceStore } from './workspace';

const connect = connectPerTest();

async function listed() {
	const { client, context } = connect();
	const store = createWorkspaceStore(client);
	const kindOf = (id: string) => presenceOf(store.getState(), 'corpus', id).kind;
	const kinds: string[] = [];
	const workspace = await context.workspace();
	return { client, store, workspace, kindOf, kinds };
}

test('before the list is read nothing is missing', async () => {
	const { store, kindOf } = await listed();
	store.setState({ list: null });
	expect(kindOf('a')).toBe('loading');
	await vi.waitFor(() => expect(kindOf('a')).toBe('absent'));
});

test('a corpus that was just stored is never called missing on its way into the list', async () => {
	const { client, store, workspace, kindOf } = await listed();
	await vi.waitFor(() => expect(kindOf('a')).toBe('absent'));
	const seen: string[] = [];
	client.on('workspace-changed', () => seen.push(kindOf('a')));
	const stop = store.subscribe(() => seen.push(kindOf('a')));
	await addTinyCorpus(workspace);
	await vi.waitFor(() => expect(kindOf('a')).toBe('present'));
	stop();
	expect(new Set(seen)).toEqual(new Set(['loading', 'present']));
});

test('an answer that was asked for before a change does not settle what came with the change', async () => {
	const { client, store, workspace, kindOf } = await listed();
	await vi.waitFor(() => expect(kindOf('a')).toBe('absent'));
	const ask = client.ask.bind(client);
	let answer = () => {};
	client.ask = (async (command: never, request: never) => {
		const reply = await ask(command, request);
		if (command === 'list-items') await new Promise<void>((resolve) => (answer = resolve));
		return reply;
	}) as typeof client.ask;
	const early = store.getState().refresh();
	await vi.waitFor(() => expect(answer).not.toBe(undefined));
	await new Promise((resolve) => setTimeout(resolve, 20));
	const release = answer;
	client.ask = ask as typeof client.ask;
	await addTinyCorpus(workspace);
	await vi.waitFor(() => expect(kindOf('a')).toBe('present'));
	release();
	await early;
	expect(kindOf('a')).toBe('present');
});

test('what is expected is loading until the work is over, kept or not', async () => {
	const { store, workspace, kindOf } = await listed();
	await vi.waitFor(() => expect(kindOf('a')).toBe('absent'));
	let end = () => {};
	const work = new Promise<void>((resolve) => {
		end = resolve;
	});
	const expected = store.getState().expect(['corpus/a', 'corpus/b'], work);
	expect([kindOf('a'), kindOf('b'), kindOf('c')]).toEqual(['loading', 'loading', 'absent']);
	await addTinyCorpus(workspace, 'a');
	end();
	await expected;
	expect([kindOf('a'), kindOf('b')]).toEqual(['present', 'absent']);
});

test('while storage does not answer, and while it is filled again, nothing is missing', async () => {
	const { store, kindOf } = await listed();
	await vi.waitFor(() => expect(kindOf('a')).toBe('absent'));
	store.setState({ isReady: false });
	expect(kindOf('a')).toBe('loading');
});

test('what lies in the trash is absent', async () => {
	const { workspace, kindOf } = await listed();
	await addTinyCorpus(workspace);
	await workspace.setTrashed('corpus', 'a', 5);
	await vi.waitFor(() => expect(kindOf('a')).toBe('absent'));
});
