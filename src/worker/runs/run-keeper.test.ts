import { beforeEach, describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../experiment/events';
import { presetConfig } from '../../experiment/presets';
import { type RunState, stageStart } from '../../experiment/run-state';
import { storageError } from '../../storage/storage-error';
import { freshRunDetail, noStoredInput } from '../../storage/workspace/run-record';
import { memoryStores, Workspace } from '../../storage/workspace/workspace';
import { errorCodeOfAsync } from '../../testing/error-code';
import { countedId, freshIndexedDB, openTiny } from '../../testing/tiny-workspace';
import { UserError } from '../../util/errors';
import { RunKeeper, type RunKeeperOptions } from './run-keeper';
import { latestSavedRun, readLog, readSavedRun } from './saved-run';

let nowMs = 0;
let workspace: Workspace;
beforeEach(async () => {
	freshIndexedDB();
	nowMs = 1_000_000;
	workspace = await openTiny();
});

const config = presetConfig('smoke');
const failures: UserError[] = [];

async function begun(runId = 'r', more: Partial<RunKeeperOptions> = {}): Promise<RunKeeper> {
	const detail = { ...freshRunDetail(noStoredInput), config, dataHashes: { train: 'abc' } };
	const onFailure = (error: UserError) => void failures.push(error);
	const options = { workspace, runId, name: runId, config, detail, nowMs: () => nowMs, onFailure, ...more };
	const keeper = new RunKeeper(options, false);
	await keeper.begin();
	return keeper;
}

const step = (number: number): TrainingEvent => ({
	kind: 'step',
	stage: config.stages[0].name,
	epoch: 1,
	step: number,
	loss: number / 3,
	learningRate: 0.5,
	characters: 9,
	seconds: 0.5,
});

function stateAt(stepNumber: number): RunState {
	const progress = { ...stageStart(), step: stepNumber, stepInEpoch: stepNumber };
	return {
		position: { stageIndex: 0, progress, stages: [], eventCount: stepNumber, seconds: stepNumber },
		parameters: Float32Array.of(stepNumber),
		bestParameters: null,
		optimizer: { first: Float32Array.of(0), second: null },
	};
}

const finished = (reason: 'completed' | 'stopped'): TrainingEvent => ({
	kind: 'finished',
	reason,
	message: '',
	stages: [],
	seconds: 3,
});

test('a state is due after at most half a minute, again and again', async () => {
	const keeper = await begun();
	expect(keeper.isDue('step')).toBe(false);
	nowMs += 29_999;
	expect(keeper.isDue('step')).toBe(true);
	await keeper.save(stateAt(1), { isLast: false });
	expect(keeper.isDue('step')).toBe(false);
});

test('a run whose tab was closed is taken up at its last saved state, with the log up to it', async () => {
	const keeper = await begun();
	for (const number of [1, 2]) keeper.add(step(number));
	nowMs += 20_000;
	await keeper.save(stateAt(2), { isLast: false });
	keeper.add(step(3));
	const saved = await readSavedRun(workspace, 'r');
	expect(saved.events).toEqual([step(1), step(2)]);
	expect(saved.resume?.state.position.progress.step).toBe(2);
	expect(saved.latePieces).toEqual([]);
	expect(await latestSavedRun(workspace, [])).toMatchObject({
		runId: 'r',
		preset: 'smoke',
		epoch: 1,
		savedAtMs: nowMs,
	});
});

test('what a stopped run said after its saved state is dropped when it goes on, and the log stays whole', async () => {
	const keeper = await begun();
	keeper.add(step(1));
	await keeper.save(stateAt(1), { isLast: true });
	keeper.add(finished('stopped'));
	await keeper.finish();
	expect((await workspace.get('run', 'r')).detail).toMatchObject({ state: 'stopped', logEvents: 2 });

	const saved = await readSavedRun(workspace, 'r');
	expect(saved.latePieces).toHaveLength(1);
	const options = { workspace, runId: 'r', name: 'r', config, detail: saved.detail, nowMs: () => nowMs };
	const again = new RunKeeper({ ...options, onFailure: () => {} }, true);
	await again.begin(saved.latePieces);
	again.add(step(2));
	again.add(finished('completed'));
	await again.finish();
	const item = await workspace.get('run', 'r');
	expect((await readLog(workspace, item)).steps.step).toEqual(Int32Array.of(1, 2));
	expect(item.detail).toMatchObject({ state: 'completed', resumable: null, logEvents: 3 });
	expect(item.parts.map(({ name }) => name)).not.toContain('resume');
	expect(await errorCodeOfAsync(() => readSavedRun(workspace, 'r'))).toBe('no-saved-run');
});

test('the run saved last is offered, but none that a tab trains or that lies in the trash', async () => {
	for (const id of ['a', 'b', 'c']) {
		nowMs += 1000;
		await (await begun(id)).save(stateAt(1), { isLast: true });
	}
	expect((await latestSavedRun(workspace, []))?.runId).toBe('c');
	expect((await latestSavedRun(workspace, ['c']))?.runId).toBe('b');
	await workspace.setTrashed('run', 'b', 1);
	expect((await latestSavedRun(workspace, ['c']))?.runId).toBe('a');
});

test('what is given for the next save goes along with it once, the last one only', async () => {
	const keeper = await begun();
	const made: string[] = [];
	const content = (name: string) => () => {
		made.push(name);
		return { parts: { 'predictions/dev': new TextEncoder().encode(name) }, change: { devF1: 0.5 } };
	};
	keeper.keepWithNext(content('first'));
	keeper.keepWithNext(content('second'));
	await keeper.save(stateAt(1), { isLast: true });
	keeper.add(finished('stopped'));
	await keeper.finish();
	expect(made).toEqual(['second']);
	expect(new TextDecoder().decode(await workspace.readPart('run', 'r', 'predictions/dev'))).toBe('second');
	expect((await workspace.get('run', 'r')).detail).toMatchObject({ devF1: 0.5, state: 'stopped' });
});

test('a failure to save is told once, and the next save takes everything along', async () => {
	failures.length = 0;
	const keeper = await begun();
	const update = workspace.update.bind(workspace);
	workspace.update = () => {
		throw new UserError({ code: 'storage-full', expected: 'a', found: 'b', remedy: 'c' });
	};
	keeper.add(step(1));
	await keeper.save(stateAt(1), { isLast: true });
	await keeper.save(stateAt(1), { isLast: true });
	workspace.update = update;
	keeper.add(step(2));
	await keeper.save(stateAt(2), { isLast: true });
	expect(failures.map(({ code }) => code)).toEqual(['storage-full']);
	expect((await readSavedRun(workspace, 'r')).events).toEqual([step(1), step(2)]);
});

describe('a storage that loses the run', () => {
	const predictions = () => ({ parts: { 'predictions/dev': Uint8Array.of(7) }, change: { devF1: 0.5 } });

	/** Two saves, a best epoch between them, and a step that waits for the third. */
	async function trainedFor(runId: string, more?: Partial<RunKeeperOptions>): Promise<RunKeeper> {
		const keeper = await begun(runId, more);
		keeper.add(step(1));
		await keeper.save(stateAt(1), { isLast: true });
		keeper.keepWithNext(predictions);
		keeper.add(step(2));
		await keeper.save(stateAt(2), { isLast: true });
		keeper.add(step(3));
		return keeper;
	}

	test('gets all of it with the next save: the log from its start, the state, the predictions', async () => {
		const keeper = await trainedFor('r');
		await workspace.delete('run', 'r');
		await keeper.save(stateAt(3), { isLast: true });
		const saved = await readSavedRun(workspace, 'r');
		expect(saved.events).toEqual([step(1), step(2), step(3)]);
		expect(saved.resume?.state.position.progress.step).toBe(3);
		expect([...(await workspace.readPart('run', 'r', 'predictions/dev'))]).toEqual([7]);
	});

	test('gets the last state back at once, without a step', async () => {
		const keeper = await trainedFor('r');
		await workspace.delete('run', 'r');
		expect(await keeper.saveAgain()).toBe(true);
		const saved = await readSavedRun(workspace, 'r');
		expect(saved.events).toEqual([step(1), step(2)]);
		expect(saved.resume?.state.position.progress.step).toBe(2);
		expect((await readLog(workspace, await workspace.get('run', 'r'))).steps.step).toEqual(Int32Array.of(1, 2, 3));
	});

	test('gets a resumed run back with what it said before it was resumed', async () => {
		await (await trainedFor('r')).finish();
		const { events, detail, resume, latePieces } = await readSavedRun(workspace, 'r');
		if (!resume) throw new Error('no state was saved');
		const history = { events, state: resume.state };
		const options = { workspace, runId: 'r', name: 'r', config, detail, nowMs: () => nowMs, history };
		const again = new RunKeeper({ ...options, onFailure: () => {} }, true);
		await again.begin(latePieces);
		await workspace.delete('run', 'r');
		again.add(step(3));
		expect(await again.saveAgain()).toBe(true);
		const saved = await readSavedRun(workspace, 'r');
		expect(saved.resume?.state.position.progress.step).toBe(2);
		expect(saved.events).toEqual([step(1), step(2)]);
	});

	test('a state that could not be saved is saved by the next try, its log cut where it was taken', async () => {
		const told: (string | null)[] = [];
		const keeper = await begun('r', { onSaving: (problem) => void told.push(problem?.code ?? null) });
		keeper.add(step(1));
		const update = workspace.update.bind(workspace);
		workspace.update = () => {
			throw storageError('closed', 'InvalidStateError');
		};
		await keeper.save(stateAt(1), { isLast: true });
		keeper.add(step(2));
		expect(await keeper.saveAgain()).toBe(false);
		workspace.update = update;
		expect(await keeper.saveAgain()).toBe(true);
		expect(told).toEqual(['storage-closed', 'storage-closed', null]);
		const saved = await readSavedRun(workspace, 'r');
		expect(saved.events).toEqual([step(1)]);
		expect(saved.latePieces).toHaveLength(1);
	});

	test('a save that is never answered holds training for a short while only, and is told', async () => {
		const told: (string | null)[] = [];
		const onSaving = (problem: UserError | null) => void told.push(problem?.code ?? null);
		const keeper = await begun('r', { patienceMs: 250, onSaving });
		const update = workspace.update.bind(workspace);
		let answer = () => {};
		workspace.update = async (...given) => {
			await new Promise<void>((resolve) => {
				answer = resolve;
			});
			return update(...given);
		};
		keeper.add(step(1));
		await keeper.save(stateAt(1), { isLast: true });
		expect(told).toEqual(['storage-closed']);
		workspace.update = update;
		answer();
		expect(await keeper.saveAgain()).toBe(true);
		expect(told).toEqual(['storage-closed', null]);
		expect((await readSavedRun(workspace, 'r')).events).toEqual([step(1)]);
	});

	test('a run is copied as it is, saved or not, into a workspace that is exported', async () => {
		const keeper = await trainedFor('r');
		const copy = new Workspace(memoryStores(storageError('unavailable', 'none')), { newId: countedId });
		await keeper.copyTo(copy);
		const saved = await readSavedRun(copy, 'r');
		expect(saved.events).toEqual([step(1), step(2)]);
		expect(saved.resume?.state.position.progress.step).toBe(2);
	});
});
