// What the handlers of the worker share: the workspace, the other tabs, running tasks, ids and time.

import { Workspace } from '../storage/workspace/workspace';
import { breathe } from './run-session';
import type { Emit } from './serve';
import { ChangeChannel, type Locks, Tabs } from './tabs';
import { Tasks } from './tasks';

export interface WorkerContext {
	/** Opened when it is first asked for. */
	workspace(): Promise<Workspace>;
	tabs: Tabs;
	tasks: Tasks;
	newId(): string;
	/** Milliseconds since 1970. */
	nowMs(): number;
}

export interface ContextOptions {
	emit: Emit;
	locks: Locks;
	newId(): string;
	nowMs(): number;
	databaseName?: string;
}

export function createContext({ emit, locks, newId, nowMs, databaseName }: ContextOptions): WorkerContext {
	const tabs = new Tabs(locks);
	const channel = new ChangeChannel((change) => emit('workspace-changed', { change, isHere: false }));
	let opened: Promise<Workspace> | null = null;
	const open = async () => {
		const workspace = await Workspace.open({
			databaseName,
			newId,
			onChange(change) {
				emit('workspace-changed', { change, isHere: true });
				if (!workspace.whyNotKept) channel.tell(change);
			},
		});
		await tabs.enter(async () => void (await workspace.sweep()));
		return workspace;
	};
	return {
		workspace: () => (opened ??= open()),
		tabs,
		tasks: new Tasks({ send: (task, progress) => emit('task-progress', { task, progress }), nowMs, breathe }),
		newId,
		nowMs,
	};
}
