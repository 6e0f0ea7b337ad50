import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshRunDetail, noStoredInput } from '../../storage/workspace/run-record';
import { errorCodeOfAsync } from '../../testing/error-code';
import { neighboursBySorting } from '../../testing/labelled-points';
import { capturedOf, spaceDimension, tinyPoints } from '../../testing/tiny-space';
import { countedId, freshIndexedDB } from '../../testing/tiny-workspace';
import { WorkerClient } from '../../wire/client';
import type { WirePort } from '../../wire/messages';
import { defaultMapSettings, type SpaceSnapshot } from '../../wire/space';
import { emitter, type Handlers, serve } from '../serve';
import { createContext } from '../worker-context';
import { noKeptModel, type RepresentedBatch } from './space-contrast';
import { spaceHandlers } from './space-handlers';
import { SpaceRecorder } from './space-recorder';
import { SpaceStore } from './space-store';

const points = tinyPoints();
let client: WorkerClient;
let snapshots: SpaceSnapshot[];
let close = () => {};
let cancel = (_task: string) => {};
/** What the inspector's network gives; null: there is none. */
let represented: RepresentedBatch | null = null;
let store: SpaceStore;
/** Snapshots that are still being made. */
let waiting = 0;

beforeEach(async () => {
	freshIndexedDB();
	const { port1, port2 } = new MessageChannel();
	port1.start();
	port2.start();
	close = () => port1.close();
	let time = 100;
	const now = () => (time += 1);
	const emit = emitter(port2 as WirePort);
	const context = createContext({ emit, locks: undefined, newId: countedId, nowMs: now, databaseName: 'space' });
	const tools = {
		emit,
		now,
		breathe: () => new Promise<void>((resolve) => setTimeout(resolve, 0)),
		recordingOf: () => ({ waiting, note: null }),
		currentBatch: () => null,
		represent: async () => {
			if (!represented) throw noKeptModel();
			return represented;
		},
		batchSize: async () => 4,
	};
	cancel = (task) => void context.tasks.cancel(task);
	serve(port2 as WirePort, spaceHandlers(context, tools) as Handlers);
	client = new WorkerClient(port1 as WirePort);
	const workspace = await context.workspace();
	await workspace.create({ kind: 'run', id: 'r', name: 'r', detail: freshRunDetail(noStoredInput), nowMs: 1 });
	await workspace.create({ kind: 'run', id: 'bare', name: 'bare', detail: freshRunDetail(noStoredInput), nowMs: 1 });
	waiting = 0;
	store = new SpaceStore(workspace, 'r', now);
	const recorder = await SpaceRecorder.begin({
		store,
		points,
		now,
		onSnapshotChange() {},
		onProblem() {},
	});
	const keyOf = (epoch: number) => ({ stageIndex: 0, stage: 'full', epoch, step: epoch, isStageBest: false });
	await recorder.capture({ ...keyOf(0), hasPredictions: false }, async () => capturedOf(points, 1));
	await recorder.capture({ ...keyOf(1), hasPredictions: true }, async () =>
		capturedOf(points, 2, { isPredicted: true }),
	);
	await recorder.finish(async () => {});
	snapshots = (await client.ask('space-snapshots', { runId: 'r' })).snapshots;
});
afterEach(() => close());

const vectors = capturedOf(points, 2).vectors;

test('a snapshot that was unfinished when the page was closed says that it was never measured', async () => {
	const list = await store.snapshots();
	list[1].isOnWay = true;
	await store.keep(list, await store.dynamics(), {});
	const replies = async () => [
		(await client.ask('space-snapshots', { runId: 'r' })).snapshots[1],
		(await client.ask('space-snapshot', { runId: 'r', snapshot: list[1].id })).snapshot,
	];
	for (const snapshot of await replies())
		expect(snapshot).toMatchObject({
			isOnWay: false,
			notes: [{ kind: 'perplexity-lowered' }, { kind: 'not-measured' }],
		});
	waiting = 1;
	for (const snapshot of await replies())
		expect(snapshot).toMatchObject({ isOnWay: true, notes: [{ kind: 'perplexity-lowered' }] });
});

test('points, snapshots and maps are read from storage', async () => {
	const reply = await client.ask('space-points', { runId: 'r' });
	expect(reply).toMatchObject({ runId: 'r', count: points.count, entityTypes: ['PER', 'LOC'] });
	expect(snapshots.map(({ epoch, isLatest, hasPredictions }) => [epoch, isLatest, hasPredictions])).toEqual([
		[0, false, false],
		[1, true, true],
	]);
	const first = await client.ask('space-snapshot', { runId: 'r', snapshot: snapshots[0].id });
	expect(first.map).toHaveLength(2 * points.count);
	expect(first.predicted).toBeNull();
	const second = await client.ask('space-snapshot', { runId: 'r', snapshot: snapshots[1].id });
	expect(second.predicted).toEqual(points.gold);
	expect(second.isRight!.every((right) => right === 1)).toBe(true);
});

test('a run without snapshots says so', async () => {
	expect((await client.ask('space-snapshots', { runId: 'bare' })).snapshots).toEqual([]);
	expect(await errorCodeOfAsync(() => client.ask('space-points', { runId: 'bare' }))).toBe('space-no-frames');
	expect(await errorCodeOfAsync(() => client.ask('space-snapshot', { runId: 'r', snapshot: 99 }))).toBe(
		'space-frame-gone',
	);
});

test('neighbours are the nearest in the original space', async () => {
	const wanted = neighboursBySorting(vectors, spaceDimension, 3);
	for (const point of [0, 7]) {
		const request = { runId: 'r', snapshot: snapshots[1].id, point, count: 3 };
		const { neighbours } = await client.ask('space-neighbours', request);
		expect(neighbours.map((neighbour) => neighbour.point)).toEqual(wanted[point]);
		expect(neighbours[0].distance).toBeLessThanOrEqual(neighbours[1].distance);
	}
});

test('a sentence comes with its annotated and predicted spans', async () => {
	const request = { runId: 'r', snapshot: snapshots[1].id, sentence: 2 };
	const reply = await client.ask('space-sentence', request);
	expect(reply.sentence).toEqual(points.sentences[2]);
	expect(reply.predicted).toEqual(reply.gold);
	expect(reply.gold.length).toBeGreaterThan(0);
	expect(reply.points.map((point) => points.sentence[point])).toEqual(reply.points.map(() => 2));
});

test('mentions whose neighbours are of another type are the most suspicious', async () => {
	const reply = await client.ask('space-suspicious', { runId: 'r', snapshot: snapshots[1].id, limit: 5 });
	expect(reply.mentions).toHaveLength(5);
	expect(reply.of).toBeGreaterThan(5);
	const scores = reply.mentions.map(({ score }) => score);
	expect(scores).toEqual([...scores].sort((left, right) => right - left));
	expect(reply.mentions[0].dynamics).toMatchObject({ epochs: 1, forgetting: 0 });
	const before = await client.ask('space-suspicious', { runId: 'r', snapshot: snapshots[0].id, limit: 1 });
	expect(before.mentions[0]).toMatchObject({ dynamics: null, predicted: null });
});

test('a map of some points is made by any method, aligned to the snapshot, with intermediate maps', async () => {
	const chosen = Int32Array.from({ length: 30 }, (_, k) => k);
	const tasks: string[] = [];
	client.on('space-map', ({ task, map }) => {
		tasks.push(task);
		expect(map).toHaveLength(60);
	});
	for (const method of ['pca', 'tsne', 'umap'] as const) {
		const settings = { ...defaultMapSettings, method, iterations: 60 };
		const request = { task: method, runId: 'r', snapshot: snapshots[1].id, settings, points: chosen, alignTo: null };
		const made = await client.ask('project-space', request);
		expect(made.map).toHaveLength(60);
		expect(made.measures.trustworthiness).toBeGreaterThan(0.6);
		expect(await client.ask('project-space', request)).toEqual(made);
	}
	expect(tasks).toContain('umap');
});

test('no points at all are refused, and a map can be stopped half-way', async () => {
	const settings = { ...defaultMapSettings, iterations: 100_000 };
	const request = { task: 't', runId: 'r', snapshot: snapshots[1].id, settings, points: null, alignTo: null };
	expect(await errorCodeOfAsync(() => client.ask('project-space', { ...request, points: new Int32Array(0) }))).toBe(
		'projection-no-points',
	);
	let lastMap: Float32Array | null = null;
	client.on('space-map', ({ map }) => {
		lastMap = map;
		cancel('t');
	});
	expect(await errorCodeOfAsync(() => client.ask('project-space', request))).toBe('task-cancelled');
	expect(lastMap!.every(Number.isFinite)).toBe(true);
});

test('measures of a selection count neighbours among all points', async () => {
	const all = Int32Array.from({ length: points.count }, (_, k) => k);
	const whole = await client.ask('space-measures', { runId: 'r', snapshot: snapshots[1].id, points: all });
	expect(whole.purity.overall).toBeCloseTo(snapshots[1].measures.purity.overall!, 2);
	expect(whole.segmentation.overall).toBeCloseTo(snapshots[1].measures.segmentation.overall!, 2);
	const one = await client.ask('space-measures', { runId: 'r', snapshot: snapshots[1].id, points: Int32Array.of(0) });
	expect(one.segmentation.overall).toBeNull();
	expect(one.purity.overall).not.toBeNull();
});

test('the inspector shows a batch of sampled sentences, and reports a missing model', async () => {
	const request = { runId: 'r', source: { kind: 'batch', index: 1 } as const, temperature: 0.1 };
	expect(await errorCodeOfAsync(() => client.ask('space-contrast', request))).toBe('space-no-model');
	const sentences = points.sentences.filter(({ split }) => split === 'train').slice(4);
	const tokens = sentences.reduce((sum, { characters }) => sum + characters.length, 0);
	const rows = Float32Array.from({ length: tokens * 3 }, (_, k) => Math.sin(k));
	represented = { vectors: rows, dimension: 3, parameters: 'kept' };
	const reply = await client.ask('space-contrast', request);
	represented = null;
	expect(reply.sentences.map(({ ref }) => ref?.index)).toEqual([4, 5]);
	expect(reply).toMatchObject({ batches: 2, report: { tokens, temperature: 0.1 } });
	expect(reply.tokens).toHaveLength(tokens);
	const current = { ...request, source: { kind: 'current-batch' } as const };
	expect(await errorCodeOfAsync(() => client.ask('space-contrast', current))).toBe('space-no-run');
});

test('exports have one row per point, one row per snapshot and type, and the files of the projector', async () => {
	const textsOf = async (what: 'points' | 'measures' | 'projector', format: 'csv' | 'json') => {
		const { files } = await client.ask('export-space', { runId: 'r', snapshot: snapshots[1].id, what, format });
		return Promise.all(files.map(({ file }) => file.text()));
	};
	const [csv] = await textsOf('points', 'csv');
	expect(csv.split('\r\n')[0]).toBe('x,y,token,tag,type,predicted,confidence,split,sentence,character,text');
	expect(csv.trimEnd().split('\r\n')).toHaveLength(points.count + 1);
	expect(JSON.parse((await textsOf('points', 'json'))[0]).points).toHaveLength(points.count);
	const [measures] = await textsOf('measures', 'csv');
	expect(measures.trimEnd().split('\r\n')).toHaveLength(1 + 2 * 3);
	const [vectorsTsv, metadataTsv] = await textsOf('projector', 'csv');
	expect(vectorsTsv.trimEnd().split('\n')).toHaveLength(points.count);
	expect(vectorsTsv.split('\n')[0].split('\t')).toHaveLength(spaceDimension);
	expect(metadataTsv.trimEnd().split('\n')).toHaveLength(points.count + 1);
});
