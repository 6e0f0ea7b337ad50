// Arrays over a real MessageChannel: what is given away is gone at one end and whole at the other.

import { afterEach, expect, test } from 'vitest';
import { emitter, type Handlers, serve } from '../worker/serve';
import { WorkerClient } from './client';
import type { WirePort } from './messages';
import { transferring, transfersOf } from './transfer';

const ports: MessagePort[] = [];
afterEach(() => {
	for (const port of ports.splice(0)) port.close();
});

function connect(handlers: Partial<Handlers>) {
	const { port1, port2 } = new MessageChannel();
	ports.push(port1, port2);
	port1.start();
	port2.start();
	serve(port2 as WirePort, handlers as Handlers);
	return { client: new WorkerClient(port1 as WirePort), emit: emitter(port2 as WirePort) };
}

const queue = () => ({
	revision: 1,
	splits: Uint8Array.of(0, 1),
	indices: Int32Array.of(3, 4),
	probabilities: Float32Array.of(0.5, 0.25),
});
const request = { id: 'a', order: 'corpus', model: null } as const;

test('arrays that a reply gives away move to the page, the others are copied', async () => {
	const sent = queue();
	const { client } = connect({
		'annotation-queue': async () => transferring(sent, [sent.splits, sent.indices]),
	});
	expect(await client.ask('annotation-queue', request)).toEqual(queue());
	expect([sent.splits.byteLength, sent.indices.byteLength, sent.probabilities.byteLength]).toEqual([0, 0, 8]);
});

test('a reply that gives nothing away stays whole in the worker, and can be sent again', async () => {
	const kept = queue();
	const { client } = connect({ 'annotation-queue': async () => kept });
	await client.ask('annotation-queue', request);
	expect(await client.ask('annotation-queue', request)).toEqual(queue());
	expect(kept).toEqual(queue());
});

test('arrays of an event move to the page', async () => {
	const { client, emit } = connect({});
	const map = Float32Array.of(1, 2);
	const heard = new Promise<Float32Array>((resolve) => client.on('space-live-map', (data) => resolve(data.map)));
	emit('space-live-map', transferring({ runId: 'r', snapshot: 1, map, method: 'pca' as const }, [map]));
	expect(map.byteLength).toBe(0);
	expect([...(await heard)]).toEqual([1, 2]);
});

test('arrays of a question move to the worker', async () => {
	const { client } = connect({
		'space-measures': async ({ points }) => ({ points: points.length }) as never,
	});
	const points = Int32Array.of(7, 8, 9);
	const reply = client.ask('space-measures', transferring({ runId: 'r', snapshot: 1, points }, [points]));
	expect(points.byteLength).toBe(0);
	expect((await reply).points).toBe(3);
});

test('two views of one memory give it away once; a part of a memory, and shared memory, are copied', () => {
	const memory = new ArrayBuffer(8);
	const whole = [new Uint8Array(memory), new Float32Array(memory)];
	expect(transfersOf(transferring({ whole }, whole))).toEqual([memory]);
	const part = new Uint8Array(memory, 0, 4);
	const shared = new Uint8Array(new SharedArrayBuffer(4));
	expect(transfersOf(transferring({ part, shared }, [part, shared, null]))).toEqual([]);
});
