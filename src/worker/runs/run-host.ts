// The run of this worker from its request to its end, whatever that end is: training, its record, its map and its model
// joined. What breaks it is written into its record before anybody hears of it, so no run is left as if it were training.

import type { TrainingEvent } from '../../experiment/events';
import type { RunState } from '../../experiment/run-state';
import { workbenchVersion } from '../../experiment/workbench-version';
import type { Device } from '../../kernels/operations';
import type { Checkpoint } from '../../storage/checkpoint';
import { captureSpace } from '../../training/capture-space';
import { modelOfRun } from '../../training/prepared-model';
import { checkpointOf } from '../../training/run-checkpoint';
import { bestOf, type TrainRunOptions, trainRun } from '../../training/train-run';
import type { UserError } from '../../util/errors';
import type { RunRequest } from '../../wire/runs';
import type { HeldRef } from '../../wire/storage';
import type { HeldItem } from '../items/held-work';
import { keptPredictions } from '../results/kept-predictions';
import type { Recording, Recordings } from '../space/space-recording';
import type { WorkerContext } from '../worker-context';
import { type BegunRun, beginRun, keepLabelCount } from './begin-run';
import type { ReadRun } from './read-run';
import { heldModel, keepCheckpoint, keepSavedModel } from './run-model';
import { RunSession } from './run-session';

type TrainedModel = ReturnType<typeof modelOfRun>;

export interface RunHostOptions {
	context: WorkerContext;
	recordings: Recordings;
	/** Null where the run's representations cannot be kept. */
	record(begun: BegunRun, mapPoints?: number): Promise<Recording | null>;
	breathe(): Promise<void>;
	/** Milliseconds from any fixed time. */
	now(): number;
	/** Whether what there is to save of the run is saved, at each change of that: null, or why not. */
	onSaving(run: HeldRef, problem: UserError | null): void;
	/** The model of the run as it is now, or null when another run begins. */
	onModel(model: RunModel | null): void;
}

export interface RunModel {
	runId: string;
	run: ReadRun;
	model(): TrainedModel;
}

/** The active run, or the last one of this visit: what memory has of it can be saved again, or exported. */
interface HeldRun {
	begun: BegunRun;
	device: string;
	lastStep: Extract<TrainingEvent, { kind: 'step' }> | null;
	/** Its last state. */
	state: RunState | null;
	/** False once its end is saved, whatever that end was. */
	isActive: boolean;
	/** Whether it has ended without an error. */
	isOver: boolean;
	/** Its model is an item of its own. */
	hasModel: boolean;
}

export class RunHost {
	private session: RunSession | null = null;
	private latest: HeldRun | null = null;

	constructor(private readonly options: RunHostOptions) {}

	/** The active run. */
	get current(): Readonly<Pick<HeldRun, 'begun' | 'lastStep'>> | null {
		return this.latest?.isActive ? this.latest : null;
	}

	/** Whether a run was begun in this worker, be it over or not. */
	get hasSession(): boolean {
		return this.session !== null;
	}

	/** Resolves when the run is held, its state saved. */
	async pause(): Promise<void> {
		await this.session?.pause();
		if (this.session?.isPaused) await this.keeper?.mark('paused');
	}

	async resume(): Promise<void> {
		if (this.session?.isPaused) await this.keeper?.mark('running');
		this.session?.resume();
	}

	/** Stops the run under way; a run that nobody trains is marked as stopped, its best model kept. */
	async stop(runId?: string): Promise<void> {
		if (runId === undefined || this.current?.begun.runId === runId) this.session?.stop();
		else await this.stopSaved(runId);
	}

	/** What memory holds of the run and of the data that it is trained on. */
	held(): HeldItem[] {
		if (!this.latest) return [];
		const { begun, hasModel } = this.latest;
		const { runId, name, keeper, run } = begun;
		const own: HeldItem = { kind: 'run', id: runId, name, isRestored: true, copyTo: (to) => keeper.copyTo(to) };
		const model = checkpointOfRun(this.latest);
		const about = { runId, name, isRestored: hasModel, nowMs: this.options.context.nowMs() };
		return [...run.source.held(), own, ...(model ? [heldModel(model, about)] : [])];
	}

	/** Tries again to save what memory holds of the run; whether all of it is saved then, null for a run that is not held. */
	async saveAgain(runId?: string): Promise<boolean | null> {
		const run = this.latest;
		if (!run || (runId !== undefined && run.begun.runId !== runId)) return null;
		const isSaved = await run.begun.keeper.saveAgain();
		await this.keepModel(run);
		return isSaved && (!run.isOver || run.hasModel || checkpointOfRun(run) === null);
	}

	/** `report` hears every event, `started` when the first step can begin. Rejects with what broke the run. */
	async run(
		device: Device,
		request: RunRequest,
		report: (event: TrainingEvent) => void,
		started: (begun: BegunRun) => void,
	): Promise<void> {
		const { context, recordings, breathe, now, record } = this.options;
		let begun: BegunRun | null = null;
		const onEvent = (event: TrainingEvent) => {
			if (event.kind === 'step' && this.latest) this.latest.lastStep = event;
			begun?.keep(event);
			report(event);
		};
		const session = new RunSession({ onEvent, breathe, now, keepsState: true, beside: recordings });
		this.session = session;
		this.latest = null;
		begun = await beginRun(context, request, report, this.options.onSaving);
		this.options.onModel(null);
		const { keeper } = begun;
		const latest: HeldRun = {
			...{ begun, device: device.info.label, lastStep: null, state: begun.resumeFrom ?? null },
			...{ isActive: true, isOver: false, hasModel: false },
		};
		this.latest = latest;
		try {
			const recording = await record(begun, request.kind === 'resumed' ? undefined : request.mapPoints);
			started(begun);
			await keepLabelCount(context, request);
			for (const warning of begun.run.warnings) onEvent(warning);
			await this.train(device, latest, session, recording);
			latest.isOver = true;
			await this.keepModel(latest);
		} catch (error) {
			keeper.fail(error);
			throw error;
		} finally {
			try {
				await keeper.finish();
			} finally {
				latest.isActive = false;
				begun.release();
				recordings.end();
			}
		}
	}

	private async train(
		device: Device,
		latest: HeldRun,
		session: RunSession,
		recording: Recording | null,
	): Promise<void> {
		const { breathe, now } = this.options;
		const { runId, run, keeper, resumeFrom } = latest.begun;
		const events = trainRun(run.config, run.data, {
			device,
			clock: () => now() / 1000,
			signal: session.signal,
			breathe,
			hold: () => session.holdHere(),
			resumeFrom,
			initialParameters: run.initialParameters,
			keepPredictions: (tags, place) =>
				keeper.keepWithNext(() => keptPredictions(run.data, run.evaluated, { ...place, tags })),
			notices: () => keeper.notices(),
			isStateDue: (at) => session.takesState() || keeper.isDue(at),
			onSnapshot: captureFor(run, recording, breathe),
			keepState: async (state) => {
				latest.state = state;
				this.options.onModel({ runId, run, model: () => modelOfRun(run, bestOf(state)) });
				const isDone = state.position.stageIndex === run.config.stages.length;
				if (!isDone) await keeper.save(state, { isLast: session.signal.aborted || session.isPaused });
			},
		});
		await session.run(events);
	}

	/** The model of a run that is over becomes an item of its own. */
	private async keepModel(run: HeldRun): Promise<void> {
		if (!run.isOver || run.hasModel) return;
		const checkpoint = checkpointOfRun(run);
		if (!checkpoint) return;
		const { begun } = run;
		const keep = async () => void (await keepCheckpoint(this.options.context, begun, checkpoint));
		run.hasModel = (await begun.keeper.attempt(keep, 'model')) === null;
	}

	private get keeper() {
		return this.current?.begun.keeper ?? null;
	}

	private async stopSaved(runId: string): Promise<void> {
		const { context } = this.options;
		const release = await context.tabs.claimRun(runId);
		try {
			const workspace = await context.workspace();
			const { detail } = await workspace.get('run', runId);
			if (detail.state !== 'running' && detail.state !== 'paused' && detail.state !== 'device-lost') return;
			await keepSavedModel(context, runId).catch(() => undefined); // what it saved stays, and can still be resumed
			const stopped = { ...detail, state: 'stopped' as const, saveFailure: null };
			await workspace.update('run', runId, { revision: 'any', nowMs: context.nowMs(), detail: stopped });
		} finally {
			release();
		}
	}
}

/** As soon as there is an epoch that was evaluated, else null. */
function checkpointOfRun({ begun, state, device }: HeldRun): Checkpoint | null {
	const { run, events, dataHashes } = begun;
	if (!state || !events.some((event) => event.kind === 'epoch-finished')) return null;
	const { config, data } = run;
	const versions = { 'nerco-workbench': workbenchVersion, device };
	return checkpointOf({ config, data, state, events, dataHashes, versions });
}

function captureFor(
	{ data }: ReadRun,
	kept: Recording | null,
	breathe: () => Promise<void>,
): TrainRunOptions['onSnapshot'] {
	if (!kept) return undefined;
	const { recorder, chosen } = kept;
	return async ({ network, ...info }) => {
		const { hasPredictions } = info;
		await recorder.capture(info, () => captureSpace(network, data, chosen, { hasPredictions, breathe }));
	};
}
