// Gathers training events so that the page gets a few messages a second however fast the run is: an event waits for the
// next send, but the first and the last of a run go at once and take the waiting ones along. Order is kept and nothing
// is dropped.

import type { TrainingEvent } from '../../experiment/events';

export interface EventBatcherOptions {
	send(events: TrainingEvent[]): void;
	/** Least milliseconds between messages. */
	intervalMs: number;
	/** Milliseconds from any fixed moment. */
	now(): number;
	/** Calls back after so many milliseconds: setTimeout. */
	later(callback: () => void, delayMs: number): void;
}

export class EventBatcher {
	private waiting: TrainingEvent[] = [];
	private lastSent = Number.NEGATIVE_INFINITY;
	private isScheduled = false;

	constructor(private readonly options: EventBatcherOptions) {}

	add(event: TrainingEvent): void {
		this.waiting.push(event);
		const left = this.lastSent + this.options.intervalMs - this.options.now();
		if (event.kind === 'run-started' || event.kind === 'finished' || left <= 0) this.flush();
		else this.schedule(left);
	}

	flush(): void {
		if (this.waiting.length === 0) return;
		const events = this.waiting;
		this.waiting = [];
		this.lastSent = this.options.now();
		this.options.send(events);
	}

	/** For the case that no further event comes: a paused run, a long evaluation. */
	private schedule(delayMs: number): void {
		if (this.isScheduled) return;
		this.isScheduled = true;
		this.options.later(() => {
			this.isScheduled = false;
			this.flush();
		}, delayMs);
	}
}
