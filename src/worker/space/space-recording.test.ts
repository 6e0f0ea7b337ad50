import { beforeEach, expect, test } from 'vitest';
import { freshRunDetail, noStoredInput } from '../../storage/workspace/run-record';
import type { Workspace } from '../../storage/workspace/workspace';
import { capturedOf, tinyPoints, tinyRun } from '../../testing/tiny-space';
import { freshIndexedDB, openTiny } from '../../testing/tiny-workspace';
import { type RecordingOptions, Recordings } from './space-recording';
import { SpaceStore } from './space-store';

let workspace: Workspace;
beforeEach(async () => {
	freshIndexedDB();
	workspace = await openTiny();
	for (const id of ['a', 'b'])
		await workspace.create({ kind: 'run', id, name: id, detail: freshRunDetail(noStoredInput), nowMs: 1 });
});

const points = tinyPoints();
const breathe = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const optionsOf = (runId: string): RecordingOptions => ({
	workspace,
	runId,
	...tinyRun(),
	resumeFrom: undefined,
	emit: () => {},
	now: () => performance.now(),
	nowMs: () => 1,
});
const at = (epoch: number) => ({
	stageIndex: 0,
	stage: 'full',
	epoch,
	step: epoch,
	isStageBest: false,
	hasPredictions: false,
});
const snapshotsOf = (runId: string) => new SpaceStore(workspace, runId, () => 1).snapshots();

async function begun(recordings: Recordings, runId: string) {
	const recording = await recordings.begin(optionsOf(runId));
	if (!recording) throw new Error('nothing is recorded');
	for (const epoch of [0, 1]) await recording.recorder.capture(at(epoch), async () => capturedOf(points, epoch));
	return recording;
}

test('the last snapshots of a run are finished while the next run trains', async () => {
	const recordings = new Recordings(breathe);
	await begun(recordings, 'a');
	recordings.end();
	await begun(recordings, 'b');
	expect(recordings.recorderOf('a')?.waitingCount).toBeGreaterThan(0);
	await expect.poll(() => recordings.recorderOf('a')).toBeUndefined();
	expect((await snapshotsOf('a')).map(({ epoch, isOnWay }) => [epoch, isOnWay])).toEqual([
		[0, false],
		[1, false],
	]);
	expect(recordings.recorderOf('b')?.waitingCount).toBe(2);
	while (await recordings.pull(50));
	recordings.end();
	await expect.poll(() => recordings.recorderOf('b')?.waitingCount).toBe(0);
	expect(await snapshotsOf('b')).toHaveLength(2);
});

test('a run that starts again first finishes what it left', async () => {
	const recordings = new Recordings(breathe);
	const first = await begun(recordings, 'a');
	recordings.end();
	const second = await recordings.begin(optionsOf('a'));
	expect(first.recorder.waitingCount).toBe(0);
	expect(recordings.recorderOf('a')).toBe(second?.recorder);
	expect(await snapshotsOf('a')).toEqual([]); // it trains from the start
});

test('a run has as many tokens on its map as were asked for, also when it is resumed', async () => {
	const recordings = new Recordings(breathe);
	const { length: all } = (await recordings.begin(optionsOf('a')))?.chosen.characterIndex ?? [];
	expect(all).toBeGreaterThan(4);
	const few = await recordings.begin({ ...optionsOf('b'), mapPoints: 4 });
	expect(few?.chosen.characterIndex).toHaveLength(4);
	const resumeFrom = { position: { stageIndex: 0, progress: { epoch: 1 } } } as RecordingOptions['resumeFrom'];
	const resumed = await recordings.begin({ ...optionsOf('b'), resumeFrom });
	expect(resumed?.chosen.characterIndex).toEqual(few?.chosen.characterIndex);
});
