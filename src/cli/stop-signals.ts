// How the command ends when it is told to: Ctrl-C, SIGTERM (of a cluster that takes its machine back) or a closed terminal.
// The handler is there before anything is read; locks and half-written files go at exit. A run that trains stops after
// the step in hand and keeps its state, see `stopGently`.

import { isHangupIgnored } from '../storage/node/hangup';
import { exitCodes } from './command-line';
import { secondsNow } from './seconds-now';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let gentle: (() => void) | null = null;
let gentleSince = 0;

/** Any of the signals ends the command with exit code 130; a closed terminal does not under nohup. */
export function watchStopSignals(): void {
	const ignored = isHangupIgnored() ? 'SIGHUP' : null;
	for (const signal of signals) process.on(signal, signal === ignored ? () => {} : onSignal);
}

function onSignal(): void {
	if (gentle && gentleSince === 0) {
		gentleSince = Math.max(secondsNow(), 1e-9);
		gentle();
		return;
	}
	// One press of Ctrl-C can arrive twice: from the terminal and from npm.
	if (gentleSince > 0 && secondsNow() - gentleSince <= 1) return;
	process.exit(exitCodes.stopped);
}

/** Until released, the first signal aborts instead; one more, after a second, ends the command at once. */
export function stopGently(announce: () => void): { signal: AbortSignal; release(): void } {
	const controller = new AbortController();
	gentle = () => {
		controller.abort();
		announce();
	};
	return {
		signal: controller.signal,
		release() {
			gentle = null;
			gentleSince = 0;
		},
	};
}
