// How fast a file is read and how long it still takes, from what was read in a time; the clock is the caller's.

import type { VectorProgress } from '../vector-file';

export interface ReadingPace {
	/** Between 0 and 1; null where the size is unknown. */
	share: number | null;
	/** Of the file as it lies on the disk, packed or not; 10^6 bytes. */
	megabytesPerSecond: number;
	secondsLeft: number | null;
}

/** `elapsedMs` since the reading began; `totalBytes` null for a stream of unknown length. */
export function readingPace({ bytes }: VectorProgress, totalBytes: number | null, elapsedMs: number): ReadingPace {
	const bytesPerMs = elapsedMs > 0 ? bytes / elapsedMs : 0;
	const known = totalBytes !== null && totalBytes > 0 ? Math.max(totalBytes, bytes) : null;
	return {
		share: known === null ? null : bytes / known,
		megabytesPerSecond: bytesPerMs / 1000,
		secondsLeft: known === null || bytesPerMs === 0 ? null : (known - bytes) / bytesPerMs / 1000,
	};
}
