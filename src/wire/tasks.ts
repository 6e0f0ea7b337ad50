// The part of the wire about long tasks. Each carries a name that the page chooses: progress comes as `task-progress`
// events, `cancel-task` ends one.

export interface TaskProgress {
	/** Bytes, items or a share of 1, of how many; null when the end is not known. */
	done: number;
	total: number | null;
	unit: 'bytes' | 'items' | 'share';
	/** Further numbers by name: entries, kept, megabytesPerSecond, secondsLeft, epoch, epochs, charactersPerSecond, loss. */
	counts: Record<string, number>;
}

export interface TaskCommands {
	'cancel-task': { request: { task: string }; reply: { isCancelled: boolean } };
}

export interface TaskEvents {
	'task-progress': { task: string; progress: TaskProgress };
}
