// Long tasks of the worker: each under a name that the page chose, with progress a few times a second, until it is done
// or cancelled.

import { UserError } from '../util/errors';
import type { TaskProgress } from '../wire/tasks';

const progressIntervalMs = 200;
const breathIntervalMs = 25;

export interface Task {
	/** Aborted by `cancel-task`. */
	signal: AbortSignal;
	/** Reports how far the task is; throws a UserError `task-cancelled` when it is to end. To be awaited often: from time
	 *  to time it lets the worker hear commands, `cancel-task` among them. */
	report(progress: TaskProgress): Promise<void>;
}

export interface TasksOptions {
	send(task: string, progress: TaskProgress): void;
	nowMs(): number;
	/** Resolves after waiting messages have been heard. */
	breathe(): Promise<void>;
}

export class Tasks {
	private readonly running = new Map<string, AbortController>();

	constructor(private readonly options: TasksOptions) {}

	/** Rejects with what the work throws; with a UserError `task-cancelled` after `cancel`. */
	async run<Result>(name: string, work: (task: Task) => Promise<Result>): Promise<Result> {
		const controller = new AbortController();
		this.running.set(name, controller);
		let lastSentMs = Number.NEGATIVE_INFINITY;
		let lastBreathMs = this.options.nowMs();
		const report = async (progress: TaskProgress) => {
			const nowMs = this.options.nowMs();
			if (nowMs - lastSentMs >= progressIntervalMs || progress.done === progress.total) {
				lastSentMs = nowMs;
				this.options.send(name, progress);
			}
			if (nowMs - lastBreathMs >= breathIntervalMs) {
				await this.options.breathe();
				lastBreathMs = this.options.nowMs();
			}
			if (controller.signal.aborted) throw cancelled();
		};
		try {
			return await work({ signal: controller.signal, report });
		} catch (error) {
			throw controller.signal.aborted ? cancelled() : error;
		} finally {
			this.running.delete(name);
		}
	}

	/** False when no task of that name runs. */
	cancel(name: string): boolean {
		const controller = this.running.get(name);
		controller?.abort();
		return controller !== undefined;
	}
}

function cancelled(): UserError {
	return new UserError({
		code: 'task-cancelled',
		expected: 'the task to finish',
		found: 'that it was cancelled',
		remedy: 'Start it again; nothing was changed.',
	});
}
