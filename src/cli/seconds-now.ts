// The clock of the command: seconds since the process began, unaffected by changes of the system's time.

export function secondsNow(): number {
	return performance.now() / 1000;
}
