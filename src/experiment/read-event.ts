// Events of a run as some version wrote them, in today's form.

import type { JsonObject } from '../util/migrations';
import { readConfig } from './config-versions';
import type { TrainingEvent } from './events';

/** The event with its settings in the current version. Throws what `readConfig` throws. */
export function currentEvent(event: JsonObject): TrainingEvent {
	const { kind, config } = event;
	const hasSettings = kind === 'run-started' && typeof config === 'object' && config !== null;
	const current = hasSettings ? { ...event, config: readConfig(config as JsonObject) } : event;
	return (kind === 'finished' ? withLocation(current) : current) as unknown as TrainingEvent;
}

/** The location in the user's input that ended a run was called its place before version 0.2.0. */
function withLocation(event: JsonObject): JsonObject {
	const { error } = event;
	if (typeof error !== 'object' || error === null || !('place' in error)) return event;
	const { place, ...parts } = error as JsonObject;
	return { ...event, error: { location: place, ...parts } };
}
