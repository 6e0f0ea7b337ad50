import { beforeEach, expect, test } from 'vitest';
import type { SnapshotKey } from '../../experiment/space-snapshot';
import { freshRunDetail, noStoredInput } from '../../storage/workspace/run-record';
import type { Workspace } from '../../storage/workspace/workspace';
import { errorCodeOfAsync } from '../../testing/error-code';
import { capturedOf, spaceDimension, tinyPoints } from '../../testing/tiny-space';
import { freshIndexedDB, openTiny } from '../../testing/tiny-workspace';
import type { SpaceSnapshot } from '../../wire/space';
import type { WireError } from '../../wire/wire-error';
import { maxWaiting, type RecorderOptions, SpaceRecorder } from './space-recorder';
import { SpaceStore } from './space-store';

let workspace: Workspace;
let clock = 0;
let snapshots: SpaceSnapshot[] = [];
let problems: { key: SnapshotKey; error: WireError }[] = [];
beforeEach(async () => {
	freshIndexedDB();
	workspace = await openTiny();
	await workspace.create({ kind: 'run', id: 'r', name: 'r', detail: freshRunDetail(noStoredInput), nowMs: 1 });
	clock = 0;
	snapshots = [];
	problems = [];
});

const points = tinyPoints();
const captured = (seed: number, options?: { isPredicted: boolean }) => capturedOf(points, seed, options);

const at = (epoch: number, change: Partial<SpaceSnapshot> = {}) => ({
	stageIndex: 0,
	stage: 'full',
	epoch,
	step: 10 * epoch,
	isStageBest: false,
	hasPredictions: false,
	...change,
});

function optionsOf(change: Partial<RecorderOptions> = {}): RecorderOptions {
	return {
		store: new SpaceStore(workspace, 'r', () => 5),
		points,
		now: () => (clock += 1),
		onSnapshotChange: (snapshot) => void snapshots.push(snapshot),
		onProblem: (key, error) => void problems.push({ key, error }),
		...change,
	};
}

const breathe = async () => {};
const idsOf = (list: readonly { epoch: number }[]) => list.map(({ epoch }) => epoch);

test('each snapshot is stored with measures, a map and vectors that can be read again', async () => {
	const options = optionsOf();
	const recorder = await SpaceRecorder.begin(options);
	await recorder.capture(at(0), async () => captured(1));
	await recorder.capture(at(1, { hasPredictions: true }), async () => captured(2, { isPredicted: true }));
	await recorder.finish(breathe);
	const kept = await options.store.snapshots();
	expect(idsOf(kept)).toEqual([0, 1]);
	expect(snapshots.map(({ epoch, isLatest, isOnWay }) => [epoch, isLatest, isOnWay])).toEqual([
		[1, true, true], // the newest is sketched first
		[0, false, false],
		[1, true, false],
	]);
	expect(snapshots[0].measures).toMatchObject({ purity: { overall: null }, map: null });
	expect(snapshots[2].measures.map?.trustworthiness).toBeGreaterThan(0.5);
	expect((await options.store.map(kept[0].id)).map).toHaveLength(2 * points.count);
	const { vectors } = await options.store.vectors(kept[1].id);
	for (const [k, value] of captured(2).vectors.entries()) expect(vectors[k]).toBeCloseTo(value, 2);
	const { predicted, confidence } = await options.store.map(kept[1].id);
	expect(predicted).toEqual(points.goldOfCharacters);
	expect(confidence!.every((share) => share > 20 && share < 105)).toBe(true); // of five tags with scores from 0 to 1
	const dynamics = await options.store.dynamics();
	expect([...dynamics.snapshots]).toEqual([kept[1].id]);
	expect(dynamics.isRight.every((right) => right === 1)).toBe(true);
});

test('the same representations give the same maps', async () => {
	const mapsOf = async () => {
		const options = optionsOf();
		const recorder = await SpaceRecorder.begin(options);
		for (const epoch of [0, 1]) await recorder.capture(at(epoch), async () => captured(epoch));
		await recorder.finish(breathe);
		return Promise.all((await options.store.snapshots()).map(async ({ id }) => (await options.store.map(id)).map));
	};
	expect(await mapsOf()).toEqual(await mapsOf());
});

test('where training is faster, snapshots in between are skipped, never the start or the best epoch of a stage', async () => {
	const recorder = await SpaceRecorder.begin(optionsOf({ now: () => 0 }));
	for (let epoch = 0; epoch < maxWaiting + 4; epoch++) {
		await recorder.capture(at(epoch, { isStageBest: epoch === 2 }), async () => captured(epoch));
	}
	expect(recorder.waitingCount).toBe(maxWaiting);
	await recorder.finish(breathe);
	expect(snapshots[0].epoch).toBe(maxWaiting + 3); // shown first
	const kept = idsOf(snapshots.filter(({ isOnWay }) => !isOnWay));
	expect(kept.slice(0, 2)).toEqual([0, 2]);
	expect(kept.at(-1)).toBe(maxWaiting + 3);
	expect(kept).toHaveLength(maxWaiting);
});

test('fewer snapshots wait where their vectors are large, but at least two', async () => {
	const oneSnapshot = captured(0).vectors.byteLength;
	for (const [maxWaitingBytes, count] of [
		[3 * oneSnapshot, 3],
		[1, 2],
	]) {
		const recorder = await SpaceRecorder.begin(optionsOf({ now: () => 0, maxWaitingBytes }));
		for (let epoch = 0; epoch < 6; epoch++) await recorder.capture(at(epoch), async () => captured(epoch));
		expect(recorder.waitingCount).toBe(count);
		await recorder.end();
	}
});

test('capturing takes at most a tenth of the time, after the first few', async () => {
	const recorder = await SpaceRecorder.begin(optionsOf({ now: () => clock }));
	let captures = 0;
	for (let epoch = 0; epoch < 600; epoch++) {
		clock += 10; // an epoch
		await recorder.capture(at(epoch), async () => {
			clock += 30;
			captures++;
			return captured(epoch);
		});
		while (recorder.waitingCount > 0) await recorder.finish(breathe);
	}
	expect((captures - 9) * 30).toBeLessThanOrEqual(0.1 * clock);
	expect(captures).toBeGreaterThan(8);
});

test('the best epoch of a stage is marked once it is known, and captured then if it was skipped before', async () => {
	const options = optionsOf();
	const recorder = await SpaceRecorder.begin(options);
	for (const epoch of [0, 1, 2]) await recorder.capture(at(epoch), async () => captured(epoch));
	await recorder.finish(breathe);
	let reads = 0;
	const read = async () => captured(++reads);
	await recorder.capture(at(1, { isStageBest: true }), read);
	expect((await options.store.snapshots()).map(({ isStageBest }) => isStageBest)).toEqual([false, true, false]);
	expect(reads).toBe(0);
	await recorder.capture(at(7, { isStageBest: true }), read);
	expect(reads).toBe(1);
});

test('old vectors are removed, then old maps, where a run outgrows its limit; measures stay', async () => {
	const whole = optionsOf();
	const first = await SpaceRecorder.begin(whole);
	await first.capture(at(0), async () => captured(0));
	await first.finish(breathe);
	const sizes = await whole.store.sizes();
	const sizeOf = (what: string) => sizes.get(`frames/${what}-00001`) ?? 0;

	const maxBytes = 3 * sizeOf('vectors') + 5.5 * sizeOf('map');
	const options = optionsOf({ maxBytes });
	const recorder = await SpaceRecorder.begin(options);
	for (let epoch = 0; epoch < 8; epoch++) {
		await recorder.capture(at(epoch, { isStageBest: epoch === 1 }), async () => captured(epoch));
		await recorder.finish(breathe);
	}
	const kept = await options.store.snapshots();
	expect(idsOf(kept)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
	expect(kept.map(({ hasVectors }) => hasVectors)).toEqual([true, true, ...Array(5).fill(false), true]);
	expect(kept[2].hasMap).toBe(false);
	expect(kept.every(({ measures }) => (measures as SpaceSnapshot['measures']).purity.overall !== null)).toBe(true);
	expect(await errorCodeOfAsync(() => options.store.vectors(kept[2].id))).toBe('space-vectors-gone');
	expect(await errorCodeOfAsync(() => options.store.map(kept[2].id))).toBe('space-frame-gone');
	const left = [...(await options.store.sizes())].filter(([name]) => /map|vectors/.test(name));
	expect(left.reduce((sum, [, bytes]) => sum + bytes, 0)).toBeLessThanOrEqual(maxBytes);
});

test('a resumed run keeps its snapshots up to where it resumes, and its maps start from them', async () => {
	const options = optionsOf();
	const recorder = await SpaceRecorder.begin(options);
	for (const epoch of [0, 1, 2, 3]) await recorder.capture(at(epoch), async () => captured(epoch));
	await recorder.finish(breathe);
	const before = await options.store.snapshots();
	const again = optionsOf();
	const second = await SpaceRecorder.resume(again, { stageIndex: 0, epoch: 3 });
	expect(idsOf(await again.store.snapshots())).toEqual([0, 1, 2]);
	await second.capture(at(3), async () => captured(3));
	await second.finish(breathe);
	const after = await again.store.snapshots();
	expect(after.map(({ measures }) => measures)).toEqual(before.map(({ measures }) => measures));
	expect((await again.store.map(after[3].id)).map).toEqual((await options.store.map(before[3].id)).map);
});

test('representations that are not numbers are reported, and earlier snapshots stay valid', async () => {
	const options = optionsOf();
	const recorder = await SpaceRecorder.begin(options);
	await recorder.capture(at(0), async () => captured(0));
	await recorder.capture(at(1), async () => {
		const broken = captured(1);
		broken.vectors[5] = Number.NaN;
		return broken;
	});
	await recorder.capture(at(2), async () => ({
		...captured(2),
		vectors: new Float32Array(points.count * spaceDimension),
	}));
	await recorder.capture(at(3), async () => captured(3));
	await recorder.finish(breathe);
	expect(problems.map(({ key, error }) => [key.epoch, error.kind === 'user' && error.parts.code])).toEqual([
		[1, 'projection-not-finite'],
		[2, 'projection-points-equal'],
	]);
	expect(idsOf(await options.store.snapshots())).toEqual([0, 3]);
});

test('a device that is lost during a capture is not hidden', async () => {
	const recorder = await SpaceRecorder.begin(optionsOf());
	const lost = recorder.capture(at(0), async () => {
		throw new Error('device lost');
	});
	await expect(lost).rejects.toThrow('device lost');
	expect(recorder.waitingCount).toBe(0);
});

test('snapshots are deleted with their run, and recording ends silently', async () => {
	const recorder = await SpaceRecorder.begin(optionsOf());
	await recorder.capture(at(0), async () => captured(0));
	await workspace.delete('run', 'r');
	await recorder.finish(breathe);
	expect(problems).toEqual([]);
	expect(await workspace.list('run')).toEqual([]);
});

test('snapshots depend on the representations alone, however the work on them is cut', async () => {
	const storedSnapshots = async (pullsBetween: number) => {
		const options = optionsOf({ now: () => 0 });
		const recorder = await SpaceRecorder.begin(options);
		for (const epoch of [0, 1, 2, 3]) {
			await recorder.capture(at(epoch, { hasPredictions: true }), async () => captured(epoch, { isPredicted: true }));
			for (let pull = 0; pull < pullsBetween; pull++) await recorder.pull(0);
		}
		await recorder.finish(breathe);
		const kept = await options.store.snapshots();
		const maps = await Promise.all(kept.map(({ id }) => options.store.map(id)));
		return { maps, measures: kept.map(({ measures }) => measures) };
	};
	const inOne = await storedSnapshots(0);
	expect(await storedSnapshots(7)).toEqual(inOne);
	expect(await storedSnapshots(3000)).toEqual(inOne); // each is done before the next comes
});

test('a map that still moves is reported, and a first map is removed if its snapshot is skipped after all', async () => {
	const maps: number[] = [];
	const options = optionsOf({ now: () => 0, onMap: (id) => void maps.push(id) });
	const recorder = await SpaceRecorder.begin(options);
	await recorder.capture(at(0), async () => captured(0));
	while (!maps.length) await recorder.pull(0);
	expect(snapshots.map(({ epoch, isOnWay }) => [epoch, isOnWay])).toEqual([[0, true]]);
	for (let epoch = 1; epoch < maxWaiting; epoch++) {
		await recorder.capture(at(epoch), async () => captured(epoch));
		while (snapshots.at(-1)?.epoch !== epoch) await recorder.pull(0);
	}
	expect(recorder.waitingCount).toBe(maxWaiting);
	await recorder.capture(at(maxWaiting), async () => captured(maxWaiting));
	await recorder.pull(0);
	expect(snapshots.findLast(({ epoch }) => epoch === 1)?.hasMap).toBe(false);
	await recorder.finish(breathe);
	const kept = await options.store.snapshots();
	expect(idsOf(kept)).not.toContain(1);
	expect(kept.every(({ isOnWay }) => !isOnWay)).toBe(true);
	expect([...(await options.store.sizes()).keys()].filter((name) => /map/.test(name))).toHaveLength(kept.length);
});

test('equal representations, as of a frozen encoder, take over the map', async () => {
	const options = optionsOf();
	const recorder = await SpaceRecorder.begin(options);
	await recorder.capture(at(0), async () => captured(0));
	await recorder.capture(at(1), async () => captured(0));
	await recorder.finish(breathe);
	const [first, second] = await options.store.snapshots();
	expect((await options.store.map(second.id)).map).toEqual((await options.store.map(first.id)).map);
	expect(second.measures).toEqual(first.measures);
});
