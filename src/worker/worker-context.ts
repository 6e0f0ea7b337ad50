// What the handlers of the worker share: the workspace, the other tabs, running tasks, ids and time.

import { type StorageState, watched } from '../storage/workspace/storage-state';
import { Workspace } from '../storage/workspace/workspace';
import type { HeldRef, WireStorageState } from '../wire/storage';
import { toWireError } from '../wire/wire-error';
import { breathe } from './breathe';
import type { Emit } from './serve';
import { changeChannel, type Locks, Tabs } from './tabs';
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
	/** Milliseconds between two checks that storage is still there; none when not given. */
	heartbeatMs?: number;
	/** What was stored is gone; what it returns was brought back into the empty storage. */
	restore?(workspace: Workspace): Promise<HeldRef[]>;
}

export function createContext(options: ContextOptions): WorkerContext {
	const { emit, locks, newId, nowMs, databaseName } = options;
	const tabs = new Tabs(locks);
	const channel = changeChannel((change) => emit('workspace-changed', { change, isHere: false }));
	let opened: Promise<Workspace> | null = null;
	const reportState = (state: StorageState) => emit('storage-state', { state: toWireState(state) });
	const restoreInto = async (workspace: Workspace) => {
		emit('storage-cleared', { restored: (await options.restore?.(workspace)) ?? [] });
	};
	const beat = async (workspace: Workspace) => {
		await workspace.check();
		if (options.heartbeatMs !== undefined) setTimeout(() => void beat(workspace), options.heartbeatMs);
	};
	const open = async () => {
		const workspace: Workspace = await Workspace.open({
			databaseName,
			newId,
			onState: reportState,
			onCleared: () => restoreInto(workspace),
			onChange(change) {
				emit('workspace-changed', { change, isHere: true });
				if (!workspace.whyNotKept) channel.tell(change);
			},
		});
		// Another tab that sweeps holds this one up: a storage that is silent there is silent here too.
		const entered = tabs.enter(async () => void (await workspace.sweep()));
		await watched(entered, () => reportState({ kind: 'waiting', reason: 'no-answer' }));
		reportState({ kind: 'ready' });
		if (options.heartbeatMs !== undefined) void beat(workspace);
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

function toWireState(state: StorageState): WireStorageState {
	return state.kind === 'closed' ? { kind: 'closed', error: state.error && toWireError(state.error) } : state;
}
