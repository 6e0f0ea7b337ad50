// The state of a stored run and whether it can be resumed, from its record alone; lists ask this for every run, so it reads no settings.

import { runStatus, type StatusOfRun } from '../../experiment/run-status';
import type { RunDetail } from './run-record';

/** Whether it can be resumed: from its saved state, or from its beginning where its page ended, or its device was lost,
 *  before anything was saved. */
export function isResumable({ state, resumable, config, input }: RunDetail): boolean {
	const isCutOff = state === 'running' || state === 'paused' || state === 'device-lost';
	return resumable !== null || (isCutOff && config !== null && input.corpusId !== null);
}

/** The state of a stored run and its reason. `isClaimed`: some tab trains or holds it now. */
export function statusOfRun(detail: RunDetail, isClaimed: boolean): StatusOfRun {
	return runStatus(detail, { isActive: isClaimed, isResumable: isResumable(detail) });
}
