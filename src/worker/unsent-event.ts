// What the page hears in place of an event that cannot be posted: one that holds a function, say, is a bug of the worker, and
// no reason for a run to end or for the page to wait for ever.

import type { TrainingEvent } from '../experiment/events';
import type { WorkerEventName, WorkerEvents } from '../wire/messages';
import { toWireError } from '../wire/wire-error';

export type AnyEvent = { [Name in WorkerEventName]: { event: Name; data: WorkerEvents[Name] } }[WorkerEventName];

/** Events to send instead, each simpler than this one; none where the page can do without. */
export function eventsInPlaceOf(unsent: AnyEvent, error: unknown): AnyEvent[] {
	switch (unsent.event) {
		case 'training': {
			const { events, memoryBytes } = unsent.data;
			if (events.length === 1) return inPlaceOfTraining(events[0], memoryBytes, error);
			return events.map((event) => ({ event: 'training', data: { events: [event], memoryBytes } }));
		}
		case 'space-snapshot': {
			const { runId, snapshot } = unsent.data;
			const { stageIndex, stage, epoch, step } = snapshot;
			const key = { stageIndex, stage, epoch, step };
			return [{ event: 'space-problem', data: { runId, key, error: toWireError(error) } }];
		}
		default:
			return [];
	}
}

/** A run whose beginning or end the page does not hear of has failed there; anything else leaves a gap, a warning nothing. */
function inPlaceOfTraining({ kind }: TrainingEvent, memoryBytes: number, error: unknown): AnyEvent[] {
	if (kind === 'warning') return [];
	if (kind === 'run-started' || kind === 'finished') {
		return [{ event: 'run-failed', data: { error: toWireError(error) } }];
	}
	const message = `An event of this run (${kind}) could not be shown: ${toWireMessage(error)}`;
	return [{ event: 'training', data: { events: [{ kind: 'warning', code: 'event-not-sent', message }], memoryBytes } }];
}

function toWireMessage(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
