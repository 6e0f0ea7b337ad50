import { expect, test } from 'vitest';
import { capturedOf, tinyPoints } from '../../testing/tiny-space';
import { SnapshotHelper, type SnapshotWorkerPort } from './snapshot-helper';
import { type Made, SnapshotMaker, type SnapshotMakerOptions } from './snapshot-maker';
import type { ToSnapshotWorker } from './snapshot-messages';

const points = tinyPoints();
const now = () => performance.now();

/** A worker that answers at once or, once `dies` is called, never again. */
function fakeWorker() {
	const asked: ToSnapshotWorker[] = [];
	const listeners: Record<string, (event: { data: Made }) => void> = {};
	let maker: SnapshotMaker | null = null;
	let isTerminated = false;
	const port: SnapshotWorkerPort = {
		postMessage(message) {
			asked.push(message);
			if (message.kind === 'open')
				maker = new SnapshotMaker({
					...message,
					now,
					onMade: (made) => listeners.message({ data: structuredClone(made) }),
				});
			else if (message.kind === 'add') maker?.add(message.id, structuredClone(message.captured));
			else if (message.kind === 'drop') maker?.drop(message.id);
		},
		addEventListener: (type: string, listener: (event: never) => void) => {
			listeners[type] = listener as (event: { data: Made }) => void;
		},
		terminate: () => (isTerminated = true),
	};
	return {
		port,
		asked,
		finish: async () => {
			while (await maker?.work(50));
		},
		dies: () => listeners.error({ data: null as never }),
		isTerminated: () => isTerminated,
	};
}

function optionsOf(made: Made[]): SnapshotMakerOptions {
	return { points, lastMap: null, now, onMade: (one) => void made.push(one) };
}

const snapshotsOf = (made: readonly Made[]) =>
	made.flatMap((one) => (one.kind === 'snapshot' ? [{ id: one.id, result: one.result }] : []));

async function madeHere(): Promise<Made[]> {
	const made: Made[] = [];
	const maker = new SnapshotMaker(optionsOf(made));
	for (const id of [1, 2, 3]) maker.add(id, capturedOf(points, id));
	while (await maker.work(50));
	return made;
}

test('a worker gives the same snapshots as would be made here, and nothing is left to do here', async () => {
	const made: Made[] = [];
	const worker = fakeWorker();
	const helper = new SnapshotHelper(worker.port, optionsOf(made), { spareCores: 1, mayUseGpu: true });
	for (const id of [1, 2, 3]) helper.add(id, capturedOf(points, id));
	expect(await helper.work(1000)).toBe(false);
	expect(made).toEqual([]);
	await worker.finish();
	expect(snapshotsOf(made)).toEqual(snapshotsOf(await madeHere()));
	expect(worker.asked[0]).toMatchObject({ kind: 'open', share: 1, mayUseGpu: true });
	helper.close();
	expect(worker.isTerminated()).toBe(true);
});

test('where training uses all cores, the worker gets part of the time until training is over', () => {
	const worker = fakeWorker();
	const helper = new SnapshotHelper(worker.port, optionsOf([]), { spareCores: 0, mayUseGpu: false });
	helper.finishNow();
	const [opened, hurried] = worker.asked;
	expect(opened.kind === 'open' && opened.share).toBeLessThan(0.5);
	expect(hurried).toEqual({ kind: 'share', share: 1 });
});

test('after a worker dies, what it had finished stays and the rest is made here', async () => {
	const made: Made[] = [];
	const worker = fakeWorker();
	const helper = new SnapshotHelper(worker.port, optionsOf(made), { spareCores: 1, mayUseGpu: true });
	helper.add(1, capturedOf(points, 1));
	await worker.finish();
	for (const id of [2, 3]) helper.add(id, capturedOf(points, id));
	worker.dies();
	worker.dies(); // some report it twice
	expect(worker.isTerminated()).toBe(true);
	while (await helper.work(50));
	expect(snapshotsOf(made).map(({ id }) => id)).toEqual([1, 2, 3]);
	const [first, , third] = snapshotsOf(await madeHere());
	expect(snapshotsOf(made)[0]).toEqual(first);
	expect(snapshotsOf(made)[2].result.measures).toEqual(third.result.measures);
});
