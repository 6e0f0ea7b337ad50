// What the record of a run says after each event, and the names of the pieces of its log.

import type { TrainingEvent } from '../../experiment/events';
import { logPrefix, type RunDetail } from '../../storage/workspace/run-record';

/** Pieces sort by name as they follow each other. */
export function logPieceName(firstIndex: number): string {
	return logPrefix + String(firstIndex).padStart(10, '0');
}

/** What an event changes in the record of its run. */
export function changeBy(event: TrainingEvent, detail: RunDetail): Partial<RunDetail> {
	switch (event.kind) {
		case 'run-started':
			return { state: 'running', deviceName: event.device.label };
		case 'epoch-finished': {
			const scores = event.isBest ? event.dev?.scores : undefined;
			const best = scores
				? { devF1: scores.published.micro.f1, testF1: event.test?.scores?.published.micro.f1 ?? null }
				: {};
			return { epochCount: detail.epochCount + 1, ...best };
		}
		case 'stage-finished':
			return { stages: [...detail.stages, event.summary] };
		case 'finished':
			return { state: event.reason, stages: event.stages, seconds: event.seconds };
		default:
			return {};
	}
}
