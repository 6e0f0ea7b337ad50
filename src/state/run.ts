// The store of the one run that the page trains: what the user asks goes to the worker, what the run says comes back as
// events, and a lost device is opened again. No React, no DOM; words on screen are made in ui/.

import { createStore } from 'zustand/vanilla';
import { eventsOf } from '../storage/workspace/run-log-columns';
import { UserError } from '../util/errors';
import type { WorkerClient } from '../wire/client';
import type { BackendRequest, OpenedDevice } from '../wire/devices';
import { preparationTask, type ResumedRunRequest, type RunRequest } from '../wire/runs';
import { fromWireError } from '../wire/wire-error';
import { toProblem } from './problem';
import { applyEvents, stateOfEvents } from './run-events';
import {
	freshRun,
	isActive,
	isActiveKind,
	type Recovery,
	type RunStore,
	type RunStoreState,
	stepsOf,
} from './run-progress';
import { entityTypesOf, lastGoodOf, stateOfStored } from './stored-run';

/** Losses of a device after which the run moves to wasm; after one more it has failed. */
const maxDeviceLosses = 3;

/** A store joined to a worker. Actions never reject: what goes wrong becomes `problem`. */
export function createRunStore(client: WorkerClient): RunStore {
	/** As the user asked for it: a lost device is opened again the same way. */
	let asked: { backend: BackendRequest; threads?: number } = { backend: 'auto' };
	let lastRequest: RunRequest | null = null;
	const store = createStore<RunStoreState>((set, get) => ({
		run: { kind: 'idle' },
		device: null,
		...freshRun,

		async openDevice(backend, threads) {
			asked = { backend, threads };
			try {
				set({ device: await client.ask('open-device', asked) });
			} catch (error) {
				set({ problem: toProblem(error) });
			}
		},
		async findCutOff() {
			await attempt(async () => {
				const saved = await client.ask('saved-run', {});
				if (!saved?.pauseReason) return;
				const history = await historyOf(client, saved.runId);
				if (get().run.kind !== 'idle') return;
				set({ ...history, run: { kind: 'cut-off', reason: saved.pauseReason, savedAtMs: saved.savedAtMs } });
			});
		},
		async start(request) {
			if (isActive(get().run)) return;
			set({ ...freshRun, run: { kind: 'preparing' } });
			await begin(request);
		},
		async continueRun(runId, learningRateFactor) {
			if (isActive(get().run)) return;
			set({ ...freshRun, runId, run: { kind: 'preparing' } });
			await begin(resumedRequest(runId, { learningRateFactor }), () => historyOf(client, runId));
		},
		async pause() {
			if (get().run.kind !== 'training') return;
			await attempt(async () => {
				await client.ask('pause-run', {});
				if (get().run.kind === 'training') set({ run: { kind: 'paused' } });
			});
		},
		async resume() {
			const { run, runId } = get();
			if (run.kind === 'cut-off' && runId) return get().continueRun(runId);
			if (run.kind !== 'paused') return;
			await attempt(async () => {
				set({ run: { kind: 'training' } });
				await client.ask('resume-run', {});
			});
		},
		async stop() {
			const { run, runId } = get();
			if (run.kind === 'cut-off' && runId) return stopSaved(runId);
			if (!isActiveKind(run.kind)) return;
			await attempt(async () => {
				if (run.kind === 'preparing') return void (await client.ask('cancel-task', { task: preparationTask }));
				set({ run: { kind: 'stopping' } });
				if (run.kind !== 'recovering') await client.ask('stop-run', {});
			});
		},
	}));
	const attempt = async (work: () => Promise<void>) => {
		try {
			await work();
		} catch (error) {
			store.setState({ problem: toProblem(error) });
		}
	};
	/** A run that no page holds: its best model is kept, and it can still be resumed. */
	const stopSaved = (runId: string) =>
		attempt(async () => {
			await client.ask('stop-run', { runId });
			await show(runId);
		});
	/** A stored run as its record says it is now. */
	const recorded = async (runId: string): Promise<Partial<RunStoreState>> => {
		const { item, log } = await client.ask('load-run', { id: runId });
		const { claimedRuns, items } = await client.ask('list-items', {});
		const { device: _, ...stored } = stateOfStored(item, log, claimedRuns.includes(runId));
		// What another tab trains now, that tab shows; here no run is under way.
		if (stored.run && isActive(stored.run)) return { ...freshRun, run: { kind: 'idle' } };
		return { ...stored, entityTypes: entityTypesOf(items, item) };
	};
	const show = async (runId: string) => {
		const state = await recorded(runId);
		if (store.getState().runId === runId && !isActive(store.getState().run)) store.setState(state);
	};
	/** A run whose resuming was refused has not failed: it is what it was. */
	const refused = async (error: unknown): Promise<void> => {
		const { runId } = store.getState();
		const state = error instanceof UserError && runId ? await recorded(runId).catch(() => null) : null;
		store.setState({ run: { kind: 'failed' }, ...state, problem: toProblem(error) });
	};
	const begin = async (
		request: RunRequest | Promise<RunRequest>,
		history?: () => Promise<Partial<RunStoreState>>,
	): Promise<void> => {
		try {
			if (history) store.setState(await history());
			lastRequest = await request;
			const { entityTypes, runId } = await client.ask('start-run', lastRequest);
			store.setState({ entityTypes, runId, preparation: null });
		} catch (error) {
			if (error instanceof UserError && error.code === 'task-cancelled') {
				const { recovery, runId } = store.getState();
				if (recovery && runId) {
					store.setState({ run: { kind: 'stopped', seconds: 0 } });
					return stopSaved(runId);
				}
				store.setState({ ...freshRun, run: { kind: 'idle' } });
				return void store.getState().findCutOff();
			}
			if (history) await refused(error);
			else store.setState({ run: { kind: 'failed' }, problem: toProblem(error) });
		}
	};
	/** After a lost device: a new one, and the run from its last saved state, or from its beginning when nothing was saved. */
	const recover = async (): Promise<void> => {
		const { runId, deviceLosses, stages } = store.getState();
		const lostStep = stepsOf(stages);
		const isMoved = deviceLosses >= maxDeviceLosses;
		try {
			const device = await reopen(isMoved);
			const history = runId ? await historyOf(client, runId).catch(() => null) : null;
			if (store.getState().run.kind === 'stopping') {
				// Stopped while the device was opened again.
				store.setState({ ...history, device, deviceLosses, run: { kind: 'stopped', seconds: 0 } });
				if (runId) await stopSaved(runId);
				return;
			}
			const resumedStep = history ? stepsOf(history.stages ?? []) : 0;
			const recovery: Recovery = { lostStep, resumedStep, deviceLabel: device.info.label, isMoved };
			const kept = { ...freshRun, ...history, device, deviceLosses, recovery };
			store.setState({ ...kept, run: { kind: 'preparing' } });
			// Files of the user are not kept with the run.
			if (history && runId) await begin(resumedRequest(runId, { files: lastRequest ? filesOf(lastRequest) : null }));
			else if (lastRequest) await begin(lastRequest);
		} catch (error) {
			store.setState({ run: { kind: 'failed' }, problem: toProblem(error) });
		}
	};
	const reopen = async (isMoved: boolean): Promise<OpenedDevice> => {
		if (isMoved) return client.ask('open-device', { ...asked, backend: 'wasm' });
		try {
			return await client.ask('open-device', asked);
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			return client.ask('open-device', { ...asked, backend: 'wasm' });
		}
	};
	client.on('training', ({ events, memoryBytes }) => {
		const next = { ...applyEvents(store.getState(), events, Date.now()), memoryBytes };
		const { run, problem, runId, deviceLosses } = { ...store.getState(), ...next };
		const reason = run.kind === 'failed' && problem?.kind === 'run-ended' ? problem.reason : null;
		if (reason === 'device-lost' && deviceLosses < maxDeviceLosses) {
			store.setState({ ...next, run: { kind: 'recovering' }, problem: null, deviceLosses: deviceLosses + 1 });
			void recover();
			return;
		}
		store.setState(next);
		if (reason === null || runId === null) return;
		void client
			.ask('load-run', { id: runId })
			.then(({ item, log }) => lastGoodOf(item, eventsOf(log)))
			.then(
				(lastGood) => store.getState().runId === runId && store.setState({ lastGood }),
				() => undefined,
			);
	});
	client.on('task-progress', ({ task, progress: { done, counts } }) => {
		if (task !== preparationTask || store.getState().run.kind !== 'preparing') return;
		store.setState({ preparation: { share: done, secondsLeft: counts.secondsLeft ?? null } });
	});
	client.on('run-failed', ({ error }) => {
		const problem = toProblem(fromWireError(error));
		if (problem.kind === 'user' && problem.code === 'run-taken-over') {
			store.setState({ run: { kind: 'cut-off', reason: 'taken-over', savedAtMs: null } });
		} else store.setState({ run: { kind: 'failed' }, problem });
	});
	client.on('workspace-changed', ({ change: { kind, id }, isHere }) => {
		const { run, runId } = store.getState();
		// Another tab has resumed, stopped or deleted the run that is shown here as paused.
		if (!isHere && kind === 'run' && id === runId && run.kind === 'cut-off') {
			void show(id).catch(() => store.setState({ ...freshRun, run: { kind: 'idle' } }));
		}
	});
	return store;
}

function resumedRequest(
	runId: string,
	{ files = null, learningRateFactor }: Partial<Pick<ResumedRunRequest, 'files' | 'learningRateFactor'>>,
): ResumedRunRequest {
	return { kind: 'resumed', runId, files, learningRateFactor };
}

function filesOf(request: RunRequest): ResumedRunRequest['files'] {
	switch (request.kind) {
		case 'new':
		case 'from-checkpoint':
			return request.input.kind === 'files' ? request.input.files : null;
		case 'resumed':
			return request.files;
		default:
			throw request satisfies never;
	}
}

/** What a stored run had said when it was saved last. */
async function historyOf(client: WorkerClient, runId: string): Promise<Partial<RunStoreState>> {
	const { item, log } = await client.ask('load-run', { id: runId });
	const { items } = await client.ask('list-items', {});
	const events = eventsOf(log).slice(0, item.detail.resumable?.logEvents ?? 0);
	return { ...stateOfEvents(item, events), entityTypes: entityTypesOf(items, item) };
}
