// What the page hears of a run: the reply when its input is read and checked, then its events, gathered to a few messages
// a second. The last event waits until the device is free: whoever hears it may use the device at once.

import type { TrainingEvent } from '../../experiment/events';
import type { Commands } from '../../wire/messages';
import { toWireError } from '../../wire/wire-error';
import type { Emit } from '../serve';
import { EventBatcher, type EventBatcherOptions } from './event-batcher';

type Started = Commands['start-run']['reply'];

export interface RunMessagesOptions extends Pick<EventBatcherOptions, 'now' | 'later'> {
	emit: Emit;
	/** Bytes that the device holds now, or held at most. */
	memoryBytes(): number;
	/** Takes the device, trains to the end and gives the device back. */
	run(report: (event: TrainingEvent) => void, started: (reply: Started) => void): Promise<void>;
}

/** Least milliseconds between two messages of training events; each makes the page draw its curves again. */
const messageIntervalMs = 250;

/** Resolves when the run has started, and rejects with what kept it from that; what breaks it later is a `run-failed`. */
export function sendRun({ emit, memoryBytes, run, now, later }: RunMessagesOptions): Promise<Started> {
	const batcher = new EventBatcher({
		send: (events) => emit('training', { events, memoryBytes: memoryBytes() }),
		intervalMs: messageIntervalMs,
		now,
		later,
	});
	let last: TrainingEvent | null = null;
	const report = (event: TrainingEvent) => {
		if (event.kind === 'finished') last = event;
		else batcher.add(event);
	};
	return new Promise((resolve, reject) => {
		let hasStarted = false;
		const started = (reply: Started) => {
			hasStarted = true;
			resolve(reply);
		};
		run(report, started).then(
			() => last && batcher.add(last),
			(error) => {
				batcher.flush();
				if (hasStarted) emit('run-failed', { error: toWireError(error) });
				else reject(error);
			},
		);
	});
}
