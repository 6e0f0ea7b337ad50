import { beforeEach, expect, test } from 'vitest';
import type { SpaceMoment } from '../../experiment/space-moment';
import { freshRunDetail, noStoredInput } from '../../storage/workspace/run-record';
import type { Workspace } from '../../storage/workspace/workspace';
import { errorCodeOfAsync } from '../../testing/error-code';
import { capturedOf, spaceDimension, tinyPoints } from '../../testing/tiny-space';
import { freshIndexedDB, openTiny } from '../../testing/tiny-workspace';
import type { SpaceFrame } from '../../wire/space';
import type { WireError } from '../../wire/wire-error';
import { mostWaiting, type RecorderOptions, SpaceRecorder } from './space-recorder';
import { SpaceStore } from './space-store';

let workspace: Workspace;
let clock = 0;
let frames: SpaceFrame[] = [];
let problems: { moment: SpaceMoment; error: WireError }[] = [];
beforeEach(async () => {
	freshIndexedDB();
	workspace = await openTiny();
	await workspace.create({ kind: 'run', id: 'r', name: 'r', detail: freshRunDetail(noStoredInput), nowMs: 1 });
	clock = 0;
	frames = [];
	problems = [];
});

const points = tinyPoints();
const captured = (seed: number, options?: { isPredicted: boolean }) => capturedOf(points, seed, options);

const at = (epoch: number, change: Partial<SpaceFrame> = {}) => ({
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
		onFrame: (frame) => void frames.push(frame),
		onProblem: (moment, error) => void problems.push({ moment, error }),
		...change,
	};
}

const breathe = async () => {};
const idsOf = (list: readonly { epoch: number }[]) => list.map(({ epoch }) => epoch);

test('each moment becomes a frame with measures, a map and vectors that can be read again', async () => {
	const options = optionsOf();
	const recorder = await SpaceRecorder.begin(options);
	await recorder.look(at(0), async () => captured(1));
	await recorder.look(at(1, { hasPredictions: true }), async () => captured(2, { isPredicted: true }));
	await recorder.finish(breathe);
	const kept = await options.store.frames();
	expect(idsOf(kept)).toEqual([0, 1]);
	expect(frames.map(({ epoch, isLatest, isOnWay }) => [epoch, isLatest, isOnWay])).toEqual([
		[1, true, true], // the newest is sketched first
		[0, false, false],
		[1, true, false],
	]);
	expect(frames[0].measures).toMatchObject({ purity: { overall: null }, map: null });
	expect(frames[2].measures.map?.trustworthiness).toBeGreaterThan(0.5);
	expect((await options.store.map(kept[0].id)).map).toHaveLength(2 * points.count);
	const { vectors } = await options.store.vectors(kept[1].id);
	for (const [k, value] of captured(2).vectors.entries()) expect(vectors[k]).toBeCloseTo(value, 2);
	const { predicted, confidence } = await options.store.map(kept[1].id);
	expect(predicted).toEqual(points.goldOfCharacters);
	expect(confidence!.every((share) => share > 20 && share < 105)).toBe(true); // of five tags with scores from 0 to 1
	const dynamics = await options.store.dynamics();
	expect([...dynamics.frames]).toEqual([kept[1].id]);
	expect(dynamics.isRight.every((right) => right === 1)).toBe(true);
});

test('the same moments give the same maps', async () => {
	const mapsOf = async () => {
		const options = optionsOf();
		const recorder = await SpaceRecorder.begin(options);
		for (const epoch of [0, 1]) await recorder.look(at(epoch), async () => captured(epoch));
		await recorder.finish(breathe);
		return Promise.all((await options.store.frames()).map(async ({ id }) => (await options.store.map(id)).map));
	};
	expect(await mapsOf()).toEqual(await mapsOf());
});

test('where training is faster, in-between moments are left out, never the beginning or the best of a stage', async () => {
	const recorder = await SpaceRecorder.begin(optionsOf({ now: () => 0 }));
	for (let epoch = 0; epoch < mostWaiting + 4; epoch++) {
		await recorder.look(at(epoch, { isStageBest: epoch === 2 }), async () => captured(epoch));
	}
	expect(recorder.waitingCount).toBe(mostWaiting);
	await recorder.finish(breathe);
	expect(frames[0].epoch).toBe(mostWaiting + 3); // shown first
	const kept = idsOf(frames.filter(({ isOnWay }) => !isOnWay));
	expect(kept.slice(0, 2)).toEqual([0, 2]);
	expect(kept.at(-1)).toBe(mostWaiting + 3);
	expect(kept).toHaveLength(mostWaiting);
});

test('fewer moments wait where their vectors are large, but at least two', async () => {
	const oneMoment = captured(0).vectors.byteLength;
	for (const [mostWaitingBytes, count] of [
		[3 * oneMoment, 3],
		[1, 2],
	]) {
		const recorder = await SpaceRecorder.begin(optionsOf({ now: () => 0, mostWaitingBytes }));
		for (let epoch = 0; epoch < 6; epoch++) await recorder.look(at(epoch), async () => captured(epoch));
		expect(recorder.waitingCount).toBe(count);
		await recorder.end();
	}
});

test('reading takes at most a tenth of the time, after the first few', async () => {
	const recorder = await SpaceRecorder.begin(optionsOf({ now: () => clock }));
	let captures = 0;
	for (let epoch = 0; epoch < 600; epoch++) {
		clock += 10; // an epoch
		await recorder.look(at(epoch), async () => {
			clock += 30;
			captures++;
			return captured(epoch);
		});
		while (recorder.waitingCount > 0) await recorder.finish(breathe);
	}
	expect((captures - 9) * 30).toBeLessThanOrEqual(0.1 * clock);
	expect(captures).toBeGreaterThan(8);
});

test('the best epoch of a stage is marked when it is known, and read again when it was left out', async () => {
	const options = optionsOf();
	const recorder = await SpaceRecorder.begin(options);
	for (const epoch of [0, 1, 2]) await recorder.look(at(epoch), async () => captured(epoch));
	await recorder.finish(breathe);
	let reads = 0;
	const read = async () => captured(++reads);
	await recorder.look(at(1, { isStageBest: true }), read);
	expect((await options.store.frames()).map(({ isStageBest }) => isStageBest)).toEqual([false, true, false]);
	expect(reads).toBe(0);
	await recorder.look(at(7, { isStageBest: true }), read);
	expect(reads).toBe(1);
});

test('old vectors go, then old maps, where a run outgrows its room; measures stay', async () => {
	const whole = optionsOf();
	const first = await SpaceRecorder.begin(whole);
	await first.look(at(0), async () => captured(0));
	await first.finish(breathe);
	const sizes = await whole.store.sizes();
	const sizeOf = (what: string) => sizes.get(`frames/${what}-00001`) ?? 0;

	const mostBytes = 3 * sizeOf('vectors') + 5.5 * sizeOf('map');
	const options = optionsOf({ mostBytes });
	const recorder = await SpaceRecorder.begin(options);
	for (let epoch = 0; epoch < 8; epoch++) {
		await recorder.look(at(epoch, { isStageBest: epoch === 1 }), async () => captured(epoch));
		await recorder.finish(breathe);
	}
	const kept = await options.store.frames();
	expect(idsOf(kept)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
	expect(kept.map(({ hasVectors }) => hasVectors)).toEqual([true, true, ...Array(5).fill(false), true]);
	expect(kept[2].hasMap).toBe(false);
	expect(kept.every(({ measures }) => (measures as SpaceFrame['measures']).purity.overall !== null)).toBe(true);
	expect(await errorCodeOfAsync(() => options.store.vectors(kept[2].id))).toBe('space-vectors-gone');
	expect(await errorCodeOfAsync(() => options.store.map(kept[2].id))).toBe('space-frame-gone');
	const left = [...(await options.store.sizes())].filter(([name]) => /map|vectors/.test(name));
	expect(left.reduce((sum, [, bytes]) => sum + bytes, 0)).toBeLessThanOrEqual(mostBytes);
});

test('a run that goes on keeps its frames up to that place, and its maps go on from them', async () => {
	const options = optionsOf();
	const recorder = await SpaceRecorder.begin(options);
	for (const epoch of [0, 1, 2, 3]) await recorder.look(at(epoch), async () => captured(epoch));
	await recorder.finish(breathe);
	const before = await options.store.frames();
	const again = optionsOf();
	const second = await SpaceRecorder.goOn(again, { stageIndex: 0, epoch: 3 });
	expect(idsOf(await again.store.frames())).toEqual([0, 1, 2]);
	await second.look(at(3), async () => captured(3));
	await second.finish(breathe);
	const after = await again.store.frames();
	expect(after.map(({ measures }) => measures)).toEqual(before.map(({ measures }) => measures));
	expect((await again.store.map(after[3].id)).map).toEqual((await options.store.map(before[3].id)).map);
});

test('representations that are no numbers are told, and the frames before stay good', async () => {
	const options = optionsOf();
	const recorder = await SpaceRecorder.begin(options);
	await recorder.look(at(0), async () => captured(0));
	await recorder.look(at(1), async () => {
		const frame = captured(1);
		frame.vectors[5] = Number.NaN;
		return frame;
	});
	await recorder.look(at(2), async () => ({
		...captured(2),
		vectors: new Float32Array(points.count * spaceDimension),
	}));
	await recorder.look(at(3), async () => captured(3));
	await recorder.finish(breathe);
	expect(problems.map(({ moment, error }) => [moment.epoch, error.kind === 'user' && error.parts.code])).toEqual([
		[1, 'projection-not-finite'],
		[2, 'projection-points-equal'],
	]);
	expect(idsOf(await options.store.frames())).toEqual([0, 3]);
});

test('a device that is lost while it is read is not hidden', async () => {
	const recorder = await SpaceRecorder.begin(optionsOf());
	const lost = recorder.look(at(0), async () => {
		throw new Error('device lost');
	});
	await expect(lost).rejects.toThrow('device lost');
	expect(recorder.waitingCount).toBe(0);
});

test('frames go with their run, and recording ends in silence', async () => {
	const recorder = await SpaceRecorder.begin(optionsOf());
	await recorder.look(at(0), async () => captured(0));
	await workspace.delete('run', 'r');
	await recorder.finish(breathe);
	expect(problems).toEqual([]);
	expect(await workspace.list('run')).toEqual([]);
});

test('frames follow from their moments alone, however the work on them is cut', async () => {
	const framesMade = async (pullsBetween: number) => {
		const options = optionsOf({ now: () => 0 });
		const recorder = await SpaceRecorder.begin(options);
		for (const epoch of [0, 1, 2, 3]) {
			await recorder.look(at(epoch, { hasPredictions: true }), async () => captured(epoch, { isPredicted: true }));
			for (let pull = 0; pull < pullsBetween; pull++) await recorder.pull(0);
		}
		await recorder.finish(breathe);
		const kept = await options.store.frames();
		const maps = await Promise.all(kept.map(({ id }) => options.store.map(id)));
		return { maps, measures: kept.map(({ measures }) => measures) };
	};
	const inOne = await framesMade(0);
	expect(await framesMade(7)).toEqual(inOne);
	expect(await framesMade(3000)).toEqual(inOne); // each is done before the next comes
});

test('a map that still moves is told, and a first map goes where its moment is left out after all', async () => {
	const maps: number[] = [];
	const options = optionsOf({ now: () => 0, onMap: (id) => void maps.push(id) });
	const recorder = await SpaceRecorder.begin(options);
	await recorder.look(at(0), async () => captured(0));
	while (!maps.length) await recorder.pull(0);
	expect(frames.map(({ epoch, isOnWay }) => [epoch, isOnWay])).toEqual([[0, true]]);
	for (let epoch = 1; epoch < mostWaiting; epoch++) {
		await recorder.look(at(epoch), async () => captured(epoch));
		while (frames.at(-1)?.epoch !== epoch) await recorder.pull(0);
	}
	expect(recorder.waitingCount).toBe(mostWaiting);
	await recorder.look(at(mostWaiting), async () => captured(mostWaiting));
	await recorder.pull(0);
	expect(frames.findLast(({ epoch }) => epoch === 1)?.hasMap).toBe(false);
	await recorder.finish(breathe);
	const kept = await options.store.frames();
	expect(idsOf(kept)).not.toContain(1);
	expect(kept.every(({ isOnWay }) => !isOnWay)).toBe(true);
	expect([...(await options.store.sizes()).keys()].filter((name) => /map/.test(name))).toHaveLength(kept.length);
});

test('equal representations, as of a frozen encoder, take over the map', async () => {
	const options = optionsOf();
	const recorder = await SpaceRecorder.begin(options);
	await recorder.look(at(0), async () => captured(0));
	await recorder.look(at(1), async () => captured(0));
	await recorder.finish(breathe);
	const [first, second] = await options.store.frames();
	expect((await options.store.map(second.id)).map).toEqual((await options.store.map(first.id)).map);
	expect(second.measures).toEqual(first.measures);
});
