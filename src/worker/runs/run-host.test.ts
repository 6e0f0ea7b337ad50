// All ways in which a run of the page can end or be interrupted, each with a real training run: what its record, the page
// after a reload, the table of results and the exported JSON then say of it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../experiment/events';
import type { Device } from '../../kernels/operations';
import { createWasmDevice } from '../../kernels/wasm/device';
import { runsJson } from '../../state/result-exports';
import { runRows } from '../../state/result-rows';
import { stateOfStored } from '../../state/stored-run';
import { corpusPart, describeCorpus, encodeCorpus } from '../../storage/workspace/corpus-record';
import { statusOfRun } from '../../storage/workspace/run-state';
import type { Workspace } from '../../storage/workspace/workspace';
import { presetRun, resumedRun } from '../../testing/run-requests';
import { tinyCorpus } from '../../testing/tiny-corpus';
import { connectPerTest } from '../../testing/tiny-wire';
import { UserError } from '../../util/errors';
import type { RunRequest } from '../../wire/runs';
import { breathe } from '../breathe';
import { Recordings } from '../space/space-recording';
import { RunHost } from './run-host';
import { latestSavedRun, readLog } from './saved-run';

const connect = connectPerTest();
let wasm: Device;
beforeAll(async () => {
	wasm = await createWasmDevice();
});
afterAll(() => wasm.dispose());

const sentences = ['[白云]LOC很美', '[李明]PER走了', '去[北京]LOC玩', '[王红]PER来了'];
const request = presetRun('c', {
	settings: Object.fromEntries(
		[0, 1, 2].flatMap((stage) => [
			[`stages.${stage}.epochs`, '2'],
			[`stages.${stage}.batchSize`, '2'],
		]),
	),
});

interface Tab {
	host: RunHost;
	workspace: Workspace;
	/** Of the device: throws it when set. */
	failure: { error: Error | null; isLost: boolean };
	/** Set: the worker never gets further, as if its page had been closed. */
	closed: { now: boolean };
	run(onEvent?: (event: TrainingEvent) => void, asked?: RunRequest): Promise<unknown>;
}

/** `clockMs`: how much the clock goes on whenever the run lets others have a turn, which saving does not; from 3000 on every epoch is
 *  saved. */
async function openTab({ clockMs = 3000, record = async () => null as never } = {}): Promise<Tab> {
	const { context } = connect();
	const workspace = await context.workspace();
	if (!(await workspace.find('corpus', 'c'))) {
		const corpus = tinyCorpus({ train: sentences, dev: sentences.slice(0, 2), test: sentences.slice(2) });
		const parts = { [corpusPart]: encodeCorpus(corpus) };
		const detail = describeCorpus(corpus, [], 0);
		await workspace.create({ kind: 'corpus', id: 'c', name: 'mine', detail, parts, nowMs: 1 });
	}
	let time = 1_000_000;
	const closed = { now: false };
	const failure = { error: null as Error | null, isLost: false };
	const device = new Proxy(wasm, {
		get(target, key) {
			if (key === 'failure') return () => (failure.isLost ? new Error('the GPU is gone') : null);
			if (key === 'beginStep' && failure.error) {
				throw failure.error;
			}
			const value = Reflect.get(target, key);
			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
	const rest = () => {
		time += clockMs;
		return closed.now ? new Promise<void>(() => {}) : breathe();
	};
	let tick = 0;
	const host = new RunHost({
		context: { ...context, nowMs: () => time },
		recordings: new Recordings(breathe),
		record,
		breathe: rest,
		now: () => (tick += 30),
		onSaving: () => {},
		onModel: () => {},
	});
	const run: Tab['run'] = (onEvent = () => {}, asked = request) =>
		host.run(device, asked, onEvent, () => {}).catch((error) => error);
	return { host, workspace, failure, closed, run };
}

/** What everybody says of the only run, as if the page had just been opened. */
async function told(workspace: Workspace) {
	const [listed] = await workspace.list('run');
	if (!listed?.isReadable || listed.item.kind !== 'run') return null;
	const { item } = listed;
	const status = statusOfRun(item.detail, false);
	const page = stateOfStored(item, await readLog(workspace, item), false);
	const [row] = runRows([item], { rule: 'strict', isGrouped: true, claimed: [], corpusNames: {} });
	const badge = row.badges.find(({ kind }) => kind === 'state') as { state?: string } | undefined;
	const [exported] = JSON.parse(runsJson([row], [])).runs;
	expect(exported).toMatchObject({ state: status.status, stateReason: status.reason });
	expect(badge?.state ?? 'finished').toBe(status.status);
	const kind = page.run?.kind === 'cut-off' ? 'paused' : page.run?.kind;
	expect(kind).toBe(status.status);
	if (page.run?.kind === 'cut-off') expect(page.run.reason).toBe(status.reason);
	const saved = await latestSavedRun(workspace, []);
	expect(saved?.pauseReason ?? null).toBe(status.status === 'paused' ? status.reason : null);
	return { status, problem: page.problem, detail: item.detail, runId: item.id, saved };
}

const isStep = (event: TrainingEvent, count: number) => event.kind === 'step' && event.step === count;
/** Once training has come to a step, or to the evaluation after it. */
const turns = async (until: () => boolean) => {
	for (let turn = 0; turn < 5000 && !until(); turn++) await new Promise((resolve) => setTimeout(resolve, 0));
	expect(until()).toBe(true);
};

describe('a run ends', () => {
	test('by its epochs', async () => {
		const { workspace, run } = await openTab();
		await run();
		const end = await told(workspace);
		expect(end).toMatchObject({ status: { status: 'finished', reason: null }, problem: null, saved: null });
		expect(end?.detail.stages.map(({ reason }) => reason)).toEqual(['planned', 'planned', 'planned']);
	});

	test('by early stopping, in each of its stages', async () => {
		const { workspace, run } = await openTab();
		const patience = Object.fromEntries(
			[0, 1, 2].flatMap((stage) => [
				[`stages.${stage}.patience`, '1'],
				[`stages.${stage}.epochs`, '60'],
				[`stages.${stage}.optimizer.learningRate`, '1e-12'],
			]),
		);
		await run(() => {}, { ...request, settings: { ...request.settings, ...patience } });
		const end = await told(workspace);
		expect(end?.status).toEqual({ status: 'finished', reason: null });
		expect(end?.detail.stages.map(({ reason }) => reason)).toEqual(['patience', 'patience', 'patience']);
	});

	test('stopped by the user in training', async () => {
		const { host, workspace, run } = await openTab();
		await run((event) => void (isStep(event, 1) && host.stop()));
		expect(await told(workspace)).toMatchObject({ status: { status: 'stopped', reason: 'own-stop' }, problem: null });
	});

	test('stopped by the user in an evaluation, and resumed to what it would have been', async () => {
		const { host, workspace, run } = await openTab();
		let isEvaluating = false;
		const ended = run((event) => {
			if (isStep(event, 2)) isEvaluating = true;
		});
		await turns(() => isEvaluating);
		await host.stop();
		await ended;
		expect(await told(workspace)).toMatchObject({ status: { status: 'stopped', reason: 'own-stop' } });
	});

	test('stopped by the user while it is paused', async () => {
		const { host, workspace, run } = await openTab();
		let held: Promise<void> | null = null;
		const ended = run((event) => {
			if (isStep(event, 1)) held = host.pause();
		});
		await turns(() => held !== null);
		await held;
		expect((await told(workspace))?.status).toEqual({ status: 'paused', reason: 'own-pause' });
		await host.stop();
		await ended;
		expect((await told(workspace))?.status).toEqual({ status: 'stopped', reason: 'own-stop' });
	});

	test('paused by the user, then its page was closed; and after it was resumed, closed while training', async () => {
		const { host, workspace, run, closed } = await openTab();
		let held: Promise<void> | null = null;
		let steps = 0;
		void run((event) => {
			if (event.kind === 'step' && ++steps === 1) held = host.pause();
		});
		await turns(() => held !== null);
		await held;
		expect((await told(workspace))?.status).toEqual({ status: 'paused', reason: 'own-pause' });
		closed.now = true;
		await host.resume();
		expect((await told(workspace))?.status).toEqual({ status: 'paused', reason: 'interrupted' });
	});

	test('with its page, after it was saved, and is resumed to its end', async () => {
		const first = await openTab();
		void first.run((event) => {
			if (event.kind === 'epoch-finished' && event.epoch === 2) first.closed.now = true;
		});
		await turns(() => first.closed.now);
		await new Promise((resolve) => setTimeout(resolve, 20));
		const end = await told(first.workspace);
		expect(end).toMatchObject({
			status: { status: 'paused', reason: 'interrupted' },
			saved: { savedAtMs: expect.any(Number) },
		});
		const second = await openTab();
		await second.run(() => {}, resumedRun(end?.runId));
		expect((await told(second.workspace))?.status).toEqual({ status: 'finished', reason: null });
	});

	test('with its page, before anything was saved, and begins anew', async () => {
		const first = await openTab({ clockMs: 0 });
		void first.run((event) => void (isStep(event, 1) && (first.closed.now = true)));
		await turns(() => first.closed.now);
		const end = await told(first.workspace);
		expect(end).toMatchObject({
			status: { status: 'paused', reason: 'interrupted' },
			saved: { savedAtMs: null, epoch: 1 },
		});
		const second = await openTab();
		const events: string[] = [];
		await second.run((event) => void events.push(event.kind), resumedRun(end?.runId));
		expect(events.slice(1, 4)).toEqual(['run-started', 'stage-started', 'step']);
		expect((await told(second.workspace))?.status).toEqual({ status: 'finished', reason: null });
	});

	test.each([
		['before its first save', 0],
		['after a save', 3000],
	])('by a lost GPU, %s; and continues on another', async (_, clockMs) => {
		const { workspace, run, failure } = await openTab({ clockMs });
		let steps = 0;
		await run((event) => {
			if (event.kind === 'step' && ++steps === 5) failure.isLost = true;
		});
		const end = await told(workspace);
		expect(end).toMatchObject({
			status: { status: 'failed', reason: 'device-lost' },
			problem: { reason: 'device-lost' },
		});
		failure.isLost = false;
		await run(() => {}, resumedRun(end?.runId));
		expect((await told(workspace))?.status).toEqual({ status: 'finished', reason: null });
	});

	test('by a GPU that was lost before its first step', async () => {
		const { workspace, run, failure } = await openTab();
		failure.isLost = true;
		failure.error = new Error('lost');
		await run();
		expect((await told(workspace))?.status).toEqual({ status: 'failed', reason: 'device-lost' });
	});

	test('by a loss that is no number', async () => {
		const { workspace, run } = await openTab();
		const rate = { 'stages.2.optimizer.kind': 'sgd', 'stages.2.optimizer.learningRate': '10', 'stages.2.epochs': '80' };
		const wild = {
			...rate,
			'stages.2.optimizer.clipValue': '0',
			'stages.2.optimizer.weightDecay': '1',
			'stages.2.optimizer.warmup': '0',
		};
		await run(() => {}, { ...request, settings: { ...request.settings, ...wild } });
		const end = await told(workspace);
		expect(end).toMatchObject({
			status: { status: 'failed', reason: 'not-a-number' },
			problem: { kind: 'run-ended', reason: 'not-a-number' },
		});
	});

	test.each([
		[
			'no more memory for wasm',
			new UserError({ code: 'wasm-out-of-memory', expected: 'room', found: 'none', remedy: 'Smaller.' }),
			'out-of-memory',
			{ kind: 'user', remedy: 'Smaller.' },
		],
		[
			'no more memory for arrays',
			new RangeError('Array buffer allocation failed'),
			'out-of-memory',
			{ kind: 'run-ended' },
		],
		[
			'an error in its data',
			new UserError({ code: 'corpus-empty', expected: 'a', found: 'b', remedy: 'Fix it.' }),
			'error',
			{ kind: 'user', code: 'corpus-empty' },
		],
		['a fault of the workbench', new Error('invariant: x'), 'error', { kind: 'bug', message: 'invariant: x' }],
	])('by %s', async (_, error, reason, problem) => {
		const { workspace, run, failure } = await openTab({ clockMs: 0 });
		let steps = 0;
		const thrown = await run((event) => {
			if (event.kind === 'step' && ++steps === 2) failure.error = error;
		});
		expect(thrown).toBe(error);
		expect(await told(workspace)).toMatchObject({ status: { status: 'failed', reason }, problem });
	});

	test('by what breaks between its preparation and its first step', async () => {
		const broken = new Error('invariant: a piece of 7 characters in sentence 0');
		const tab = await openTab({ record: () => Promise.reject(broken) });
		expect(await tab.run()).toBe(broken);
		expect(await told(tab.workspace)).toMatchObject({
			status: { status: 'failed', reason: 'error' },
			problem: { kind: 'bug', message: broken.message },
		});
		expect(await tab.run()).toBe(broken); // the run was let go of
	});

	test.each([
		['storage-full', 'storage-full'],
		['storage-unavailable', 'storage-gone'],
	])('with its page, after %s kept it from being saved', async (code, reason) => {
		const { workspace, run, closed } = await openTab();
		const update = workspace.update.bind(workspace);
		const warnings: string[] = [];
		let isFull = false;
		workspace.update = async (kind, id, change) => {
			if (isFull && Object.keys(change.parts ?? {}).length > 0) {
				throw new UserError({ code, expected: 'a', found: 'b', remedy: 'c' });
			}
			return update(kind, id, change);
		};
		void run((event) => {
			if (event.kind === 'warning') warnings.push(event.code);
			if (event.kind === 'epoch-finished' && event.epoch === 1) isFull = true;
			if (event.kind === 'stage-finished') closed.now = true;
		});
		await turns(() => closed.now);
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(warnings).toEqual(['lexicon-missing', code]);
		expect((await told(workspace))?.status).toEqual({ status: 'paused', reason });
	});

	test('with its corpus deleted: it is paused, and says so when it is resumed', async () => {
		const { workspace, run, closed } = await openTab();
		void run((event) => {
			if (event.kind === 'stage-finished') closed.now = true;
		});
		await turns(() => closed.now);
		await new Promise((resolve) => setTimeout(resolve, 20));
		await workspace.delete('corpus', 'c');
		const end = await told(workspace);
		expect(end?.status).toEqual({ status: 'paused', reason: 'interrupted' });
		const again = { ...(await openTab()), workspace };
		await workspace.delete('corpus', 'c');
		const error = await again.run(() => {}, resumedRun(end?.runId));
		expect(error).toMatchObject({ code: 'run-input-deleted' });
		expect((await told(workspace))?.status).toEqual({ status: 'paused', reason: 'interrupted' });
	});

	test('taken over by another tab, which alone writes it from then on', async () => {
		const tab = await openTab();
		let epochs = 0;
		const update = tab.workspace.update.bind(tab.workspace);
		/** The other tab's name is in the record from the second epoch on. */
		const takeOver = async () => {
			const [listed] = await tab.workspace.list('run');
			if (!listed.isReadable || listed.item.kind !== 'run') return;
			const { id, detail } = listed.item;
			await update('run', id, { revision: 'any', nowMs: 1, detail: { ...detail, writer: 'other' } });
		};
		let taken: Promise<void> | null = null;
		const error = await tab.run((event) => {
			if (event.kind === 'epoch-finished' && ++epochs === 2) taken = takeOver();
		});
		await taken;
		expect(error).toMatchObject({ code: 'run-taken-over' });
		const end = await told(tab.workspace);
		expect(end?.detail).toMatchObject({ state: 'running', writer: 'other' });
		expect(end?.status).toEqual({ status: 'paused', reason: 'interrupted' }); // no tab holds it any more
	});

	test('when it is stopped while no page holds it; its best model is kept', async () => {
		const first = await openTab();
		void first.run((event) => {
			if (event.kind === 'stage-finished') first.closed.now = true;
		});
		await turns(() => first.closed.now);
		await new Promise((resolve) => setTimeout(resolve, 20));
		const { runId } = (await told(first.workspace))!;
		const second = await openTab();
		await second.host.stop(runId);
		expect((await told(second.workspace))?.status).toEqual({ status: 'stopped', reason: 'own-stop' });
		expect(await second.workspace.find('checkpoint', runId)).not.toBeNull();
	});
});
