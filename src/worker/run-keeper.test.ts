import { beforeEach, expect, test } from 'vitest';
import type { TrainingEvent } from '../experiment/events';
import { presetConfig } from '../experiment/presets';
import { type RunState, stageStart } from '../experiment/run-state';
import { freshRunDetail, noStoredInput } from '../storage/workspace/run-record';
import type { Workspace } from '../storage/workspace/workspace';
import { errorCodeOfAsync } from '../testing/error-code';
import { freshIndexedDB, openTiny } from '../testing/tiny-workspace';
import { UserError } from '../util/errors';
import { RunKeeper } from './run-keeper';
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

async function begun(runId = 'r'): Promise<RunKeeper> {
	const detail = { ...freshRunDetail(noStoredInput), config, dataHashes: { train: 'abc' } };
	const onFailure = (error: UserError) => void failures.push(error);
	const options = { workspace, runId, name: runId, config, detail, nowMs: () => nowMs, onFailure };
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
