import { expect, test } from 'vitest';
import { drawClusters } from '../../testing/labelled-points';
import { UserError } from '../../util/errors';
import { defaultMapSettings } from '../../wire/space';
import { toWireError } from '../../wire/wire-error';
import { type BesideTools, type ProjectWorkerPort, projectBeside } from './project-beside';
import type { FromProjectWorker } from './project-messages';
import { projectByRequest } from './space-projection';

const { values, count, dimension } = drawClusters({ count: 30 });
const request = {
	name: 'task',
	points: { values, count, dimension },
	settings: { ...defaultMapSettings, iterations: 20, perplexity: 5 },
	alignTo: null,
};
const now = () => performance.now();
const here = { emit: () => {}, now, chooseDevice: async () => ({ device: 'wasm' as const }) };

/** A worker that sends what the test makes it send. */
function fakeWorker() {
	const listeners: Record<string, (event: never) => void> = {};
	const asked: unknown[] = [];
	let terminated = 0;
	const port: ProjectWorkerPort = {
		postMessage: (message) => void asked.push(message),
		addEventListener: (type: string, listener: (event: never) => void) => void (listeners[type] = listener),
		terminate: () => void terminated++,
	};
	return {
		port,
		asked,
		says: (data: FromProjectWorker) => listeners.message({ data } as never),
		dies: () => listeners.error({} as never),
		terminated: () => terminated,
	};
}

function begin(worker: ReturnType<typeof fakeWorker>) {
	const controller = new AbortController();
	const events: unknown[] = [];
	const emit = ((_event, data) => void events.push(data)) as BesideTools['emit'];
	const report = async (progress: unknown) => void events.push(progress);
	const task = { signal: controller.signal, report };
	const made = projectBeside(task, request, { emit, now, mayUseGpu: false, openWorker: () => worker.port });
	return { made, events, stop: () => controller.abort() };
}

test('events of the worker are passed on, and its map is the answer', async () => {
	const worker = fakeWorker();
	const { made, events } = begin(worker);
	expect(worker.asked).toEqual([{ request, mayUseGpu: false }]);
	const progress = { done: 0.5, total: 1, unit: 'share', counts: {} } as const;
	worker.says({ kind: 'progress', progress });
	const map = { task: 'task', map: new Float32Array(60), share: 0.5, iteration: 10 };
	worker.says({ kind: 'map', map });
	const answer = await projectByRequest({ report: async () => {} }, request, here);
	worker.says({ kind: 'made', made: answer });
	expect(await made).toBe(answer);
	expect(events).toEqual([progress, map]);
	expect(worker.terminated()).toBe(1);
});

test('an error of the worker is the error, and a stopped one is ended at once', async () => {
	const worker = fakeWorker();
	const { made } = begin(worker);
	const error = new UserError({ code: 'projection-diverged', expected: 'a', found: 'b', remedy: 'c' });
	worker.says({ kind: 'failed', error: toWireError(error) });
	await expect(made).rejects.toMatchObject({ code: 'projection-diverged' });
	const other = fakeWorker();
	const { made: stopped, stop } = begin(other);
	stop();
	await expect(stopped).rejects.toThrow();
	expect(other.terminated()).toBe(1);
});

test('where the worker dies or cannot be started the map is made here, the same', async () => {
	const worker = fakeWorker();
	const { made } = begin(worker);
	worker.dies();
	const expected = await projectByRequest({ report: async () => {} }, request, here);
	expect(await made).toEqual(expected);
	const signal = new AbortController().signal;
	const tools = { emit: () => {}, now, mayUseGpu: false, openWorker: () => null };
	expect(await projectBeside({ signal, report: async () => {} }, request, tools)).toEqual(expected);
});
