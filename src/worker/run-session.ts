// The life of one run inside the worker: pulls the generator of training events, holds it while paused, and lets the
// worker hear commands in between (a run on wasm never waits for anything, so it must hand over by itself).

import type { TrainingEvent } from '../experiment/events';
import { WorkShare } from './work-share';

export interface RunSessionOptions {
	onEvent(event: TrainingEvent): void;
	/** Resolves after waiting messages have been heard. */
	breathe(): Promise<void>;
	/** Milliseconds from any fixed moment. */
	now(): number;
	/** Work beside training, in short slices. */
	beside?: SideWork;
}

export interface SideWork {
	/** Works for about so many milliseconds; resolves to whether something is left. */
	pull(sliceMs: number): Promise<boolean>;
}

/** Milliseconds of side work for each of training: a run with plenty of it takes a fifth longer. Paused, it gets all the time. */
export const sideShare = 0.2;

/** Longest time between two moments at which commands are heard, in milliseconds, as far as steps allow. */
const breathIntervalMs = 25;

export class RunSession {
	private readonly controller = new AbortController();
	private heldBy: { promise: Promise<void>; release: () => void } | null = null;

	constructor(private readonly options: RunSessionOptions) {}

	/** Aborted by `stop`; the generator ends its run cleanly then. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	get isPaused(): boolean {
		return this.heldBy !== null;
	}

	pause(): void {
		if (this.heldBy || this.signal.aborted) return;
		let release = () => {};
		const promise = new Promise<void>((resolve) => {
			release = resolve;
		});
		this.heldBy = { promise, release };
	}

	resume(): void {
		this.heldBy?.release();
		this.heldBy = null;
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
		for await (const event of events) {
			this.options.onEvent(event);
			if (beside) await share.spend((sliceMs) => beside.pull(sliceMs), breathe);
			if (now() - lastBreath >= breathIntervalMs) {
				await breathe();
				lastBreath = now();
			}
			if (this.heldBy) await this.hold(this.heldBy.promise);
		}
	}

	private async hold(released: Promise<void>): Promise<void> {
		const { beside, breathe } = this.options;
		while (this.heldBy && (await beside?.pull(breathIntervalMs))) await breathe();
		await released;
	}
}

/** Lets waiting messages be heard: resolves in a task of its own, not in a microtask, and without the delay of timers. */
export function breathe(): Promise<void> {
	return new Promise((resolve) => {
		const channel = new MessageChannel();
		channel.port1.onmessage = () => {
			channel.port1.close();
			resolve();
		};
		channel.port2.postMessage(null);
	});
}
