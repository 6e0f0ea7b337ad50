// The life of one run inside the worker: pulls the generator of training events, holds it while paused, and lets the
// worker hear commands in between (a run on wasm never waits for anything, so it must hand over by itself).

import type { TrainingEvent } from '../../experiment/events';
import { WorkShare } from '../devices/work-share';

export interface RunSessionOptions {
	onEvent(event: TrainingEvent): void;
	/** Resolves after waiting messages have been heard. */
	breathe(): Promise<void>;
	/** Milliseconds from any fixed moment. */
	now(): number;
	/** Whether the generator keeps its state when `takesState` says so: a pause then waits for that. */
	keepsState?: boolean;
	/** Work beside training, in short slices. */
	beside?: SideWork;
}

export interface SideWork {
	/** Works for about so many milliseconds; resolves to whether something is left. */
	pull(sliceMs: number): Promise<boolean>;
}

/** Milliseconds of side work for each of training: a run with plenty of it takes a fifth longer. Paused, it gets all the time. Snapshots
 *  are side work only where no worker of their own makes them. */
const sideShare = 0.2;

/** Longest time between two moments at which commands are heard, in milliseconds, as far as steps allow. */
const breathIntervalMs = 25;

export class RunSession {
	private readonly controller = new AbortController();
	private heldBy: { promise: Promise<void>; release: () => void } | null = null;
	/** Calls of `pause` that wait until the run is held. */
	private waiting: (() => void)[] = [];
	private isStateWanted = false;

	constructor(private readonly options: RunSessionOptions) {}

	/** Aborted by `stop`; the generator ends its run cleanly then. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	get isPaused(): boolean {
		return this.heldBy !== null;
	}

	/** Resolves when the run is held; at once when there is nothing to hold. */
	pause(): Promise<void> {
		if (this.heldBy || this.signal.aborted) return Promise.resolve();
		let release = () => {};
		const promise = new Promise<void>((resolve) => {
			release = resolve;
		});
		this.heldBy = { promise, release };
		this.isStateWanted = this.options.keepsState ?? false;
		return new Promise((resolve) => this.waiting.push(resolve));
	}

	private reportHeld(): void {
		for (const resolve of this.waiting.splice(0)) resolve();
	}

	/** Whether the run's state is to be kept now, once for each pause: a page that is closed meanwhile loses nothing. */
	takesState(): boolean {
		const isWanted = this.isStateWanted;
		this.isStateWanted = false;
		return isWanted;
	}

	resume(): void {
		this.heldBy?.release();
		this.heldBy = null;
		this.isStateWanted = false;
		this.reportHeld();
	}

	stop(): void {
		this.controller.abort();
		this.resume();
	}

	/** Pulls all events. Rejects with what the generator throws. */
	async run(events: AsyncIterable<TrainingEvent>): Promise<void> {
		const { beside, breathe, now } = this.options;
		const share = new WorkShare(sideShare, now);
		let lastBreath = now();
		try {
			for await (const event of events) {
				this.options.onEvent(event);
				if (beside) await share.spend((sliceMs) => beside.pull(sliceMs), breathe);
				if (now() - lastBreath >= breathIntervalMs) {
					await breathe();
					lastBreath = now();
				}
				if (!this.heldBy || this.isStateWanted) continue;
				this.reportHeld();
				await this.hold(this.heldBy.promise);
			}
		} finally {
			this.reportHeld(); // a run that ends is as still as a held one
		}
	}

	/** Between two batches of evaluation, which makes no events: waits while the run is paused and its state was kept. */
	async holdHere(): Promise<void> {
		if (!this.heldBy || this.isStateWanted) return;
		this.reportHeld();
		await this.hold(this.heldBy.promise);
	}

	private async hold(released: Promise<void>): Promise<void> {
		const { beside, breathe } = this.options;
		while (this.heldBy && (await beside?.pull(breathIntervalMs))) await breathe();
		await released;
	}
}
