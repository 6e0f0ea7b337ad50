// What must not be left behind when the process ends early, by a signal or an error: locks, temporary files. Everything
// here is done at once (synchronously), because nothing else is when a process exits. SIGKILL leaves it all.

const cleanups = new Set<() => void>();
let isWatching = false;

/** Registers what to do at exit; gives a function that takes it back. */
export function atExit(cleanup: () => void): () => void {
	if (!isWatching) process.on('exit', runAll);
	isWatching = true;
	cleanups.add(cleanup);
	return () => cleanups.delete(cleanup);
}

/** Latest first: a lock is removed before the folder that was made for it. */
function runAll(): void {
	for (const cleanup of [...cleanups].reverse()) {
		cleanups.delete(cleanup);
		try {
			cleanup();
		} catch {
			// The disk may be gone. The others are still worth trying.
		}
	}
}
