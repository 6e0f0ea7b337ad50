import { expect, test } from 'vitest';
import { samplePoints, sampleSnapshot, sampleSnapshotData } from '../testing/space-samples';
import { UserError } from '../util/errors';
import { WorkerClient } from '../wire/client';
import type { WirePort } from '../wire/messages';
import { defaultMapSettings } from '../wire/space';
import { type Emit, emitter, type Handlers, serve } from '../worker/serve';
import { createSpaceStore, ownMapKey, type SpaceStore, withSnapshot } from './space';

const points = samplePoints([['王芳在', 'B-PER I-PER O']]);
const snapshots = [sampleSnapshot(0, 0), sampleSnapshot(0, 1, { isLatest: true })];

/** A worker that knows the run `run` with two snapshots. */
function connect(more: Partial<Handlers> = {}): { store: SpaceStore; emit: Emit; close(): void } {
	const { port1, port2 } = new MessageChannel();
	port1.start();
	port2.start();
	const settings: unknown[] = [];
	const handlers: Partial<Handlers> = {
		'space-points': async () => points,
		'space-snapshots': async () => ({ snapshots, waiting: 0, settings: defaultMapSettings, note: null }),
		'space-snapshot': async ({ snapshot }) =>
			sampleSnapshotData(points, snapshots[snapshot] ?? sampleSnapshot(0, snapshot)),
		'load-setting': async () => ({ value: settings[0] ?? null }),
		'save-setting': async ({ value }) => {
			settings[0] = value;
			return { isSaved: true };
		},
		'cancel-task': async () => ({ isCancelled: true }),
		...more,
	};
	serve(port2 as WirePort, handlers as Handlers);
	const store = createSpaceStore(new WorkerClient(port1 as WirePort));
	return { store, emit: emitter(port2 as WirePort), close: () => port1.close() };
}

/** Waits until the store's state passes. */
function until(store: SpaceStore, passes: (state: ReturnType<SpaceStore['getState']>) => boolean): Promise<void> {
	return new Promise((resolve) => {
		const check = () => passes(store.getState()) && resolve();
		store.subscribe(check);
		check();
	});
}

test('a run opens with its points and snapshots, and a snapshot is read when it is needed', async () => {
	const { store, close } = connect();
	await store.getState().open('run');
	expect(store.getState().runs.run).toMatchObject({ problem: null, waiting: 0 });
	expect(store.getState().runs.run.snapshots).toHaveLength(2);
	await store.getState().needSnapshot('run', 1);
	expect(store.getState().runs.run.data.get(1)?.map).toHaveLength(6);
	close();
});

test('snapshots that arrive during a run are put in order', async () => {
	const { store, emit, close } = connect();
	await store.getState().open('run');
	emit('space-snapshot', { runId: 'run', snapshot: sampleSnapshot(1, 1, { isLatest: true }) });
	await until(store, ({ runs }) => runs.run.snapshots?.length === 3);
	expect(store.getState().runs.run.snapshots?.map(({ isLatest }) => isLatest)).toEqual([false, false, true]);
	close();
});

test('a map that still moves replaces that of its snapshot until the snapshot is finished', async () => {
	const onWay = sampleSnapshot(0, 2, { isLatest: true, isOnWay: true });
	let isDone = false;
	const { store, emit, close } = connect({
		'space-snapshot': async () => sampleSnapshotData(points, { ...onWay, isOnWay: !isDone }),
	});
	await store.getState().open('run');
	emit('space-snapshot', { runId: 'run', snapshot: onWay });
	await store.getState().needSnapshot('run', onWay.id);
	const shown = () => store.getState().runs.run.data.get(onWay.id);
	emit('space-live-map', { runId: 'run', snapshot: onWay.id, map: new Float32Array(6).fill(2), method: 'tsne' });
	await until(store, () => shown()?.map[0] === 2);
	isDone = true;
	emit('space-snapshot', { runId: 'run', snapshot: { ...onWay, isOnWay: false } });
	await until(store, () => shown()?.snapshot.isOnWay === false);
	const done = shown();
	emit('space-live-map', { runId: 'run', snapshot: onWay.id, map: new Float32Array(6).fill(3), method: 'tsne' });
	emit('space-live-map', { runId: 'other', snapshot: onWay.id, map: new Float32Array(6), method: 'tsne' });
	emit('space-snapshot', { runId: 'run', snapshot: sampleSnapshot(0, 3, { isLatest: true }) });
	await until(store, ({ runs }) => runs.run.snapshots?.length === 4);
	expect(shown()).toBe(done);
	close();
});

test('a run without snapshots says so, and opens by itself when its first snapshot comes', async () => {
	let hasSnapshots = false;
	const none = new UserError({ code: 'space-no-frames', expected: 'snapshots', found: 'none', remedy: 'Train.' });
	const { store, emit, close } = connect({
		'space-points': async () => {
			if (!hasSnapshots) throw none;
			return points;
		},
	});
	await store.getState().open('run');
	expect(store.getState().runs.run.problem).toMatchObject({ kind: 'user', code: 'space-no-frames' });
	hasSnapshots = true;
	emit('space-snapshot', { runId: 'run', snapshot: snapshots[0] });
	await until(store, ({ runs }) => runs.run.points !== null);
	expect(store.getState().runs.run.problem).toBe(null);
	close();
});

test('a snapshot that could not be made leaves the earlier ones, and its message goes when a later one succeeds', async () => {
	const { store, emit, close } = connect();
	await store.getState().open('run');
	const error = { kind: 'bug', message: 'not finite', stack: '' } as const;
	emit('space-problem', { runId: 'run', key: { stageIndex: 0, stage: 'contrastive', epoch: 2, step: 20 }, error });
	await until(store, ({ runs }) => runs.run.broken !== null);
	expect(store.getState().runs.run.snapshots).toHaveLength(2);
	store.getState().hideProblem('run');
	expect(store.getState().runs.run.broken).toBe(null);
	emit('space-problem', { runId: 'run', key: { stageIndex: 0, stage: 'contrastive', epoch: 2, step: 20 }, error });
	await until(store, ({ runs }) => runs.run.broken !== null);
	emit('space-snapshot', { runId: 'run', snapshot: sampleSnapshot(0, 3, { isLatest: true }) });
	await until(store, ({ runs }) => runs.run.broken === null);
	close();
});

test('a stopped map keeps what it had', async () => {
	let refuse: (error: Error) => void = () => undefined;
	const { store, emit, close } = connect({
		'project-space': ({ task }) => {
			emit('space-map', { task, map: new Float32Array(6).fill(1), share: 0.5, iteration: 250 });
			return new Promise((_, reject) => (refuse = reject));
		},
		'cancel-task': async () => {
			refuse(new UserError({ code: 'task-cancelled', expected: '', found: '', remedy: '' }));
			return { isCancelled: true };
		},
	});
	await store.getState().open('run');
	const settings = { ...defaultMapSettings, perplexity: 5 };
	const done = store.getState().project('run', 1, settings, null);
	const own = () => store.getState().runs.run.own.get(ownMapKey(1, settings));
	await until(store, () => own()?.map != null);
	store.getState().stopProjection();
	await done;
	expect(own()).toMatchObject({ state: 'stopped', iteration: 250 });
	expect(store.getState().runs.run.broken).toBe(null);
	close();
});

test('named sets are saved and are read again with the corpus', async () => {
	const { store, close } = connect();
	await store.getState().open('run');
	expect(await store.getState().keepSet('odd', points, [0, 2])).toBe(null);
	store.setState({ sets: [], runs: {} });
	await store.getState().open('run');
	expect(store.getState().sets.map(({ name }) => name)).toEqual(['odd']);
	await store.getState().deleteSet('odd', 'corpus');
	expect(store.getState().sets).toEqual([]);
	close();
});

test('settings that a method does not read do not make another map', () => {
	const other = { ...defaultMapSettings, perplexity: 50 };
	expect(ownMapKey(1, { ...other, method: 'pca' })).toBe(ownMapKey(1, { ...defaultMapSettings, method: 'pca' }));
	expect(ownMapKey(1, other)).not.toBe(ownMapKey(1, defaultMapSettings));
});

test('a snapshot that changed replaces itself', () => {
	const changed = { ...snapshots[0], isStageBest: true };
	expect(withSnapshot(snapshots, changed)).toEqual([changed, snapshots[1]]);
});
