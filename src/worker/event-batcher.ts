// Gathers training events so that the page gets at most a few messages a second: steps wait for the next send, all
// else goes at once and takes the waiting steps along. Order is kept and nothing is dropped.

import type { TrainingEvent } from '../experiment/events';

export interface EventBatcherOptions {
	send(events: TrainingEvent[]): void;
	/** Least milliseconds between messages that hold steps only. */
	intervalMs: number;
	/** Milliseconds from any fixed moment. */
	now(): number;
}

export class EventBatcher {
	private waiting: TrainingEvent[] = [];
	private lastSent = Number.NEGATIVE_INFINITY;

	constructor(private readonly options: EventBatcherOptions) {}

	add(event: TrainingEvent): void {
		this.waiting.push(event);
		if (event.kind !== 'step' || this.options.now() - this.lastSent >= this.options.intervalMs) this.flush();
	}

	flush(): void {
		if (this.waiting.length === 0) return;
		const events = this.waiting;
		this.waiting = [];
		this.lastSent = this.options.now();
		this.options.send(events);
	}
}
