// Events of a run as some version wrote them: the settings that the first one names have a version of their own.

import type { JsonObject } from '../util/migrations';
import { readConfig } from './config-versions';
import type { TrainingEvent } from './events';

/** The event with its settings in the current version. Throws what `readConfig` throws. */
export function currentEvent(event: JsonObject): TrainingEvent {
	const { kind, config } = event;
	const hasSettings = kind === 'run-started' && typeof config === 'object' && config !== null;
	return (hasSettings ? { ...event, config: readConfig(config as JsonObject) } : event) as unknown as TrainingEvent;
}
