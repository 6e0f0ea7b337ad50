// Both ends of the wire over a real MessageChannel.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TrainingEvent } from '../experiment/events';
import { runFinished, stepDone } from '../testing/run-events';
import { UserError } from '../util/errors';
import { WorkerClient } from '../wire/client';
import type { WirePort } from '../wire/messages';
import { emitter, type Handlers, serve } from './serve';

const channels: MessageChannel[] = [];
afterEach(() => {
	for (const channel of channels.splice(0)) channel.port1.close();
});

function connect(handlers: Partial<Handlers>) {
	const channel = new MessageChannel();
	channels.push(channel);
	channel.port1.start();
	channel.port2.start();
	serve(channel.port2 as WirePort, handlers as Handlers);
	const client = new WorkerClient(channel.port1 as WirePort);
	return { client, emit: emitter(channel.port2 as WirePort), channel };
}

test('a command gets the reply of its handler', async () => {
	const { client } = connect({
		'tag-text': async ({ text }) => ({
			sentences: [{ characters: [...text], spans: [{ start: 0, end: 1, type: 'PER' }] }],
			characters: { total: 1, lookedUp: 0, unknown: 0 },
		}),
	});
	const reply = await client.ask('tag-text', { text: '𠮷好' });
	expect(reply.sentences[0].characters).toEqual(['𠮷', '好']);
});

test('replies find their questions whatever their order', async () => {
	const waits: Record<string, number> = { slow: 20, fast: 0 };
	const { client } = connect({
		'tag-text': async ({ text }) => {
			await new Promise((resolve) => setTimeout(resolve, waits[text]));
			return { sentences: [{ characters: [text], spans: [] }], characters: { total: 1, lookedUp: 0, unknown: 0 } };
		},
	});
	const replies = await Promise.all([
		client.ask('tag-text', { text: 'slow' }),
		client.ask('tag-text', { text: 'fast' }),
	]);
	expect(replies.map((reply) => reply.sentences[0].characters[0])).toEqual(['slow', 'fast']);
});

test('an error that the user can mend arrives with all its parts', async () => {
	const parts = {
		code: 'corpus-missing-column',
		location: { file: 'a.conll', line: 3, column: 2 },
		expected: '2 columns',
		found: '1 column',
		remedy: 'Add the tag.',
	};
	const { client } = connect({
		'start-run': async () => {
			throw new UserError(parts);
		},
	});
	const error = await client.ask('start-run', {} as never).catch((caught: unknown) => caught);
	expect(error).toBeInstanceOf(UserError);
	expect(error).toMatchObject(parts);
});

test('a bug arrives as a plain error with its message', async () => {
	const { client } = connect({
		'stop-run': async () => {
			throw new Error('invariant: no parameter x');
		},
	});
	const error = await client.ask('stop-run', {}).catch((caught: unknown) => caught);
	expect(error).not.toBeInstanceOf(UserError);
	expect((error as Error).message).toBe('invariant: no parameter x');
});

/** Of a port, whose next message is one that its end cannot read. */
const missNext = (port: MessagePort) =>
	new Promise<void>((resolve) => {
		const miss = (event: Event) => {
			event.stopImmediatePropagation();
			port.removeEventListener('message', miss);
			port.dispatchEvent(new Event('messageerror'));
			resolve();
		};
		port.addEventListener('message', miss);
	});

test('a question that the worker cannot read is refused, and only that one', async () => {
	const { port1, port2 } = new MessageChannel();
	channels.push({ port1, port2 });
	port1.start();
	const client = new WorkerClient(port1 as WirePort);
	const heard: number[] = [];
	const missed = missNext(port2);
	serve(
		port2 as WirePort,
		{
			'stop-run': async () => {
				heard.push(1);
				return { isStopped: true };
			},
		} as Partial<Handlers> as Handlers,
	);
	port2.start();
	const questions = Promise.allSettled([client.ask('stop-run', {}), client.ask('stop-run', {})]);
	await missed;
	expect((await questions).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
	await expect(questions).resolves.toMatchObject([
		{ reason: { message: expect.stringContaining('could not read') } },
		{},
	]);
	expect(heard).toEqual([1]);
});

test('a reply that the page cannot read rejects what waits; news that it cannot read ends the run on the page', async () => {
	const { client, channel } = connect({ 'stop-run': () => new Promise(() => {}) });
	const failures: string[] = [];
	client.on('run-failed', ({ error }) => failures.push(error.kind === 'bug' ? error.message : error.kind));
	const question = client.ask('stop-run', {});
	channel.port1.dispatchEvent(new Event('messageerror'));
	await expect(question).rejects.toThrow('could not be read');
	expect(failures).toEqual([]);
	channel.port1.dispatchEvent(new Event('messageerror'));
	expect(failures).toEqual([expect.stringContaining('could not be read')]);
});

test('an event reaches its listeners until they leave', async () => {
	const { client, emit } = connect({ 'pause-run': async () => ({ isPaused: true }) });
	const heard: number[] = [];
	const leave = client.on('training', ({ events }) => heard.push(events.length));
	emit('training', { events: [], memoryBytes: 0 });
	await client.ask('pause-run', {});
	leave();
	emit('training', { events: [], memoryBytes: 0 });
	await client.ask('pause-run', {});
	expect(heard).toEqual([0]);
});

test('when the worker dies, everything that waits is rejected and the page hears of it', async () => {
	const { client } = connect({ 'pause-run': () => new Promise(() => {}) });
	const failures: string[] = [];
	client.on('run-failed', ({ error }) => failures.push(error.kind === 'bug' ? error.message : error.parts.code));
	const waiting = client.ask('pause-run', {});
	client.fail(new Error('out of memory'));
	await expect(waiting).rejects.toThrow('out of memory');
	await expect(client.ask('stop-run', {})).rejects.toThrow('out of memory');
	expect(failures).toEqual(['out of memory']);
});

describe('what cannot be posted', () => {
	const unclonable = () => {};
	const seconds = unclonable as unknown as number;

	test('a reply is answered with an error', async () => {
		const { client } = connect({ 'load-setting': async () => ({ value: unclonable }) });
		await expect(client.ask('load-setting', { name: 'a' })).rejects.toThrow('could not be cloned');
		await expect(client.ask('load-setting', { name: 'b' })).rejects.toThrow('could not be cloned');
	});

	test('a question is refused by name, and nothing waits for its reply', async () => {
		const { client } = connect({ 'pause-run': () => new Promise(() => {}) });
		await expect(client.ask('save-setting', { name: 'a', value: unclonable })).rejects.toThrow(
			'the question save-setting could not be sent',
		);
		expect(Reflect.get(client, 'pending')).toEqual(new Map());
	});

	describe('an event', () => {
		beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));
		afterEach(() => vi.restoreAllMocks());

		/** What the page hears of these events, by kind. */
		async function heardOf(...events: TrainingEvent[]): Promise<string[]> {
			const { client, emit } = connect({ 'pause-run': async () => ({ isPaused: true }) });
			const heard: string[] = [];
			client.on('training', (data) => heard.push(...data.events.map(({ kind }) => kind)));
			client.on('run-failed', ({ error }) => heard.push(`run-failed: ${error.kind}`));
			emit('training', { events, memoryBytes: 0 });
			await client.ask('pause-run', {});
			return heard;
		}

		test('of training leaves a warning in its place, and the others arrive', async () => {
			const step = (number: number): TrainingEvent => stepDone('full', number);
			const bad = { ...step(2), seconds } as TrainingEvent;
			expect(await heardOf(step(1), bad, step(3))).toEqual(['step', 'warning', 'step']);
			expect(console.error).toHaveBeenCalled();
		});

		test('that ends a run says that it failed', async () => {
			expect(await heardOf({ ...runFinished(), seconds } as TrainingEvent)).toEqual(['run-failed: bug']);
		});

		test('of a snapshot is a problem of that snapshot', async () => {
			const { client, emit } = connect({});
			const heard = new Promise((resolve) => client.on('space-problem', resolve));
			const key = { stageIndex: 0, stage: 'full', epoch: 2, step: 9 };
			emit('space-snapshot', { runId: 'r', snapshot: { ...key, notes: unclonable } as never });
			expect(await heard).toMatchObject({ runId: 'r', key, error: { kind: 'bug' } });
		});

		test('of another kind is named on the console, and nothing is thrown', () => {
			const { emit } = connect({});
			emit('task-progress', { task: unclonable as unknown as string, progress: {} as never });
			expect(console.error).toHaveBeenCalledWith(expect.stringContaining('task-progress'), expect.anything());
		});
	});
});
