// What the browser keeps, as the page sees it: the lists of items, how storage stands, and long tasks with their progress.
// Corpora are opened in corpus-browser.ts and read in import.ts.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { VectorUnits } from '../data/vectors/unit-text';
import type { AnyItem, ItemOf } from '../storage/workspace/item-kinds';
import type { ItemKind } from '../storage/workspace/item-record';
import type { ImportReport } from '../storage/workspace/workspace-file';
import { UserError } from '../util/errors';
import type { WorkerClient } from '../wire/client';
import type { ItemList, ItemRef, WorkspaceStatus } from '../wire/items';
import type { SourceFile } from '../wire/source-file';
import type { TaskProgress } from '../wire/tasks';
import type { ProvidedVectors, VectorsCommands } from '../wire/vectors';
import { type Known, keyOf } from './presence';
import { type Problem, toProblem } from './problem';

export interface RunningTask {
	id: string;
	kind: 'corpus' | 'vectors' | 'lexicon' | 'workspace';
	/** Name of the file or the thing. */
	label: string;
	progress: TaskProgress | null;
	/** Why it ended badly; it stays listed until it is put away. */
	problem: Problem | null;
}

export interface VectorsRequest {
	file: SourceFile;
	corpusId: string;
	units: VectorUnits;
	lexiconId: string | null;
}

export type TrainVectorsRequest = Omit<VectorsCommands['train-vectors']['request'], 'task' | 'id'>;

export interface WorkspaceState extends Known {
	status: WorkspaceStatus | null;
	tasks: readonly RunningTask[];
	/** Of vectors that were added in this visit, by id. */
	coverage: Readonly<Record<string, ProvidedVectors['coverage']>>;
	refresh(): Promise<void>;
	/** What this work stores (`kind/id`) is on its way until it is over. Rejects with what the work rejects with. */
	expect<Result>(keys: readonly string[], work: Promise<Result>): Promise<Result>;
	rename(item: ItemRef, name: string): Promise<Problem | null>;
	trash(item: ItemRef): Promise<Problem | null>;
	restore(item: ItemRef): Promise<Problem | null>;
	/** The stored item, or null when it failed or was cancelled: its task then says why. */
	addVectors(request: VectorsRequest): Promise<ItemOf<'vectors'> | null>;
	/** The same for vectors that are learned from text here. */
	trainVectors(request: TrainVectorsRequest): Promise<ItemOf<'vectors'> | null>;
	addLexicon(file: SourceFile): Promise<ItemOf<'lexicon'> | null>;
	exportWorkspace(): Promise<Blob | null>;
	importWorkspace(file: SourceFile): Promise<ImportReport | null>;
	/** Runs a long question of any sort under a task of its own; null when it failed or was cancelled. */
	runTask<Result>(
		task: Pick<RunningTask, 'kind' | 'label'>,
		work: (id: string) => Promise<Result>,
	): Promise<Result | null>;
	cancel(taskId: string): void;
	/** Takes a task that failed off the list. */
	dismiss(taskId: string): void;
}

export type WorkspaceStore = StoreApi<WorkspaceState>;

/** Lists are read again this long after a change, so that many changes at once are one reading. */
const refreshDelayMs = 60;

/** A store joined to a worker; it begins to read at once. Actions never reject. */
export function createWorkspaceStore(client: WorkerClient): WorkspaceStore {
	let lastTask = 0;
	/** Readings of the list: an answer that is older than the one at hand is not taken. */
	let lastReading = 0;
	let takenReading = 0;
	let waiting: ReturnType<typeof setTimeout> | null = null;
	/** What work under way will store, by `kind/id`, with how much work there is for it. */
	const expected = new Map<string, number>();
	const store = createStore<WorkspaceState>((set, get) => {
		const attempt = async (work: () => Promise<unknown>): Promise<Problem | null> => {
			try {
				await work();
				await get().refresh();
				return null;
			} catch (error) {
				return toProblem(error);
			}
		};
		const changeTask = (id: string, change: Partial<RunningTask>) =>
			set(({ tasks }) => ({ tasks: tasks.map((task) => (task.id === id ? { ...task, ...change } : task)) }));
		client.on('task-progress', ({ task, progress }) => {
			if (get().tasks.some(({ id }) => id === task)) changeTask(task, { progress });
		});
		const { runTask } = {
			async runTask<Result>(task: Pick<RunningTask, 'kind' | 'label'>, work: (id: string) => Promise<Result>) {
				const id = `task-${++lastTask}`;
				set(({ tasks }) => ({ tasks: [...tasks, { ...task, id, progress: null, problem: null }] }));
				try {
					const result = await work(id);
					get().dismiss(id);
					return result;
				} catch (error) {
					if (error instanceof UserError && error.code === 'task-cancelled') get().dismiss(id);
					else changeTask(id, { problem: toProblem(error) });
					return null;
				}
			},
		};
		return {
			list: null,
			arriving: new Set(),
			isReady: true,
			status: null,
			tasks: [],
			coverage: {},
			runTask,
			async refresh() {
				const reading = ++lastReading;
				const { arriving } = get();
				try {
					const [list, status] = await Promise.all([client.ask('list-items', {}), client.ask('workspace-status', {})]);
					if (reading < takenReading) return;
					takenReading = reading;
					// What began to arrive after the question is not settled by the answer.
					const still = [...get().arriving].filter((key) => !arriving.has(key) || expected.has(key));
					set({ list, status, arriving: new Set(still) });
				} catch {
					// The worker is gone: the run's store says so.
				}
			},
			async expect(keys, work) {
				for (const key of keys) expected.set(key, (expected.get(key) ?? 0) + 1);
				set(({ arriving }) => ({ arriving: new Set([...arriving, ...keys]) }));
				try {
					return await work;
				} finally {
					for (const key of keys) {
						const left = (expected.get(key) ?? 1) - 1;
						if (left > 0) expected.set(key, left);
						else expected.delete(key);
					}
					await get().refresh();
				}
			},
			rename: (item, name) => attempt(() => client.ask('rename-item', { ...item, name })),
			trash: (item) => attempt(() => client.ask('trash-item', item)),
			restore: (item) => attempt(() => client.ask('restore-item', item)),
			async addVectors({ file, ...request }) {
				const provided = await runTask({ kind: 'vectors', label: file.name }, (task) =>
					client.ask('import-vectors', { task, file, name: file.name, ...request }),
				);
				if (!provided) return null;
				const { item, coverage } = provided;
				set((state) => ({ coverage: { ...state.coverage, [item.id]: coverage } }));
				await get().refresh();
				return item;
			},
			async trainVectors(request) {
				const trained = await runTask({ kind: 'vectors', label: request.name }, (task) =>
					client.ask('train-vectors', { task, ...request }),
				);
				if (!trained) return null;
				const { item, coverage } = trained;
				if (coverage) set((state) => ({ coverage: { ...state.coverage, [item.id]: coverage } }));
				await get().refresh();
				return item;
			},
			async addLexicon(file) {
				const item = await runTask({ kind: 'lexicon', label: file.name }, (task) =>
					client.ask('import-lexicon', { task, file, name: nameOfFile(file.name) }),
				);
				await get().refresh();
				return item;
			},
			async exportWorkspace() {
				const task = { kind: 'workspace', label: 'workspace.zip' } as const;
				return (await runTask(task, (id) => client.ask('export-workspace', { task: id })))?.file ?? null;
			},
			async importWorkspace(file) {
				const report = await runTask({ kind: 'workspace', label: file.name }, (task) =>
					client.ask('import-workspace', { task, file }),
				);
				await get().refresh();
				return report;
			},
			cancel: (task) => void client.ask('cancel-task', { task }).catch(() => undefined),
			dismiss: (taskId) => set(({ tasks }) => ({ tasks: tasks.filter(({ id }) => id !== taskId) })),
		};
	});
	client.on('workspace-changed', ({ change: { kind, id, revision } }) => {
		// Deleted for good: nothing arrives.
		if (revision > 0) store.setState(({ arriving }) => ({ arriving: new Set([...arriving, keyOf(kind, id)]) }));
		if (waiting !== null) return;
		waiting = setTimeout(() => {
			waiting = null;
			void store.getState().refresh();
		}, refreshDelayMs);
	});
	client.on('storage-state', ({ state }) => {
		const isReady = state.kind === 'ready';
		if (!isReady) store.setState({ isReady });
		else
			void store
				.getState()
				.refresh()
				.then(() => store.setState({ isReady }));
	});
	client.on('storage-cleared', () => void store.getState().refresh());
	void store.getState().refresh();
	return store;
}

/** Items of a kind outside the trash, in the order of their making. */
export function itemsOf<Kind extends ItemKind>(list: ItemList | null, kind: Kind): ItemOf<Kind>[] {
	const isWanted = (item: AnyItem): item is Extract<AnyItem, { kind: Kind }> =>
		item.kind === kind && item.trashedAtMs === null;
	const items = (list?.items ?? []).filter(isWanted) as unknown as ItemOf<Kind>[];
	return items.sort((left, right) => left.createdAtMs - right.createdAtMs);
}

/** A file's name without folders and endings that say its form only. */
export function nameOfFile(file: string): string {
	const name = file.split(/[\\/]/).at(-1) ?? file;
	return name.replace(/(\.(gz|bz2|zst|zip|tar|txt|json|jsonl|conll|csv|tsv|parquet))+$/i, '') || name;
}

/** The name itself, or with the first number behind it that makes it a new one. */
export function freeName(name: string, taken: readonly string[]): string {
	let free = name;
	for (let number = 2; taken.includes(free); number++) free = `${name} ${number}`;
	return free;
}

/** Whether new things are in memory because the disk is full, not because the browser keeps nothing. */
export function isDiskFull(status: WorkspaceStatus | null): boolean {
	const why = status?.whyNotKept;
	return why?.kind === 'user' && why.parts.code === 'storage-full';
}
