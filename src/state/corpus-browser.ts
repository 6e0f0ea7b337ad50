// One open corpus as the page shows it: its sentences page by page as they come into view, what was done to it with undo
// and redo, and the doctor's report.

import { createStore, type StoreApi } from 'zustand/vanilla';
import { type ChangeHistory, emptyHistory } from '../data/change-history';
import type { CorpusChange } from '../data/corpus-changes';
import type { CheckReport } from '../data/corpus-checks/examine';
import { UserError } from '../util/errors';
import type { WorkerClient } from '../wire/client';
import type { OpenedCorpus, SentenceFilter, SentenceRow } from '../wire/corpora';
import { addChanges, type EditStep, takeBackChanges } from './corpus-edits';
import type { CorpusWriter } from './corpus-writer';
import { type Problem, toProblem } from './problem';

/** With what the doctor compares: ids, or null for nothing. */
export interface CheckMeans {
	lexiconId: string | null;
	characterVectorsId: string | null;
}

export interface CorpusBrowserState {
	id: string | null;
	/** Null while it is read. */
	opened: OpenedCorpus | null;
	history: ChangeHistory;
	filter: SentenceFilter;
	/** Sentences that the filter lets through; null until the first answer. */
	total: number | null;
	/** The ones at hand, by their place among these. */
	rows: ReadonlyMap<number, SentenceRow>;
	report: CheckReport | null;
	/** Share that is done, or null when nothing is examined. */
	examined: number | null;
	problem: Problem | null;
	open(id: string): Promise<void>;
	setFilter(filter: SentenceFilter): void;
	/** Asks for the rows from `first` to `last` that are not at hand. */
	need(first: number, last: number): void;
	/** False when they could not be saved: `problem` says why, and nothing was changed. */
	change(...changes: CorpusChange[]): Promise<boolean>;
	undo(): Promise<boolean>;
	/** Undoes exactly these; refused where a newer change builds on one of them. */
	takeBack(...changes: CorpusChange[]): Promise<boolean>;
	redo(): Promise<boolean>;
	examine(means: CheckMeans): Promise<void>;
}

export type CorpusBrowserStore = StoreApi<CorpusBrowserState>;

export const pageRows = 100;
const examineTask = 'examine-corpus';

/** A store joined to a worker. Actions never reject. */
export function createCorpusBrowser(client: WorkerClient, writer: CorpusWriter): CorpusBrowserStore {
	/** Grows with each corpus, filter and change: answers to earlier questions are not taken. */
	let age = 0;
	/** When the rows at hand were asked for. */
	let rowsAge = 0;
	/** Counts readings of a corpus; a filter that changes meanwhile does not call one off. */
	let readings = 0;
	let examination = 0;
	const asked = new Set<number>();
	const store = createStore<CorpusBrowserState>((set, get) => {
		const forget = () => {
			age++;
			asked.clear();
		};
		const fetchPage = async (page: number) => {
			const { id, filter } = get();
			if (id === null || asked.has(page)) return;
			asked.add(page);
			const asker = age;
			try {
				const offset = page * pageRows;
				const answer = await client.ask('sentences', { id, filter, offset, limit: pageRows });
				if (asker !== age) return;
				// The rows before stay in view until the first new ones are there.
				const rows = new Map(rowsAge === age ? get().rows : []);
				rowsAge = age;
				for (const [index, row] of answer.rows.entries()) rows.set(offset + index, row);
				set({ total: answer.total, rows });
			} catch (error) {
				if (asker === age) set({ problem: toProblem(error) });
			}
		};
		/** `follow`: what was taken back, after what was just done. */
		const reread = async (follow: (history: ChangeHistory) => ChangeHistory) => {
			const { id } = get();
			if (id === null) return;
			forget();
			const own = ++readings;
			const opened = await writer.open(id);
			const { undone } = follow(get().history);
			if (own !== readings) {
				// A later reading shows the corpus; what was taken back is known here alone.
				set({ history: { ...get().history, undone } });
				return;
			}
			set({ opened, history: { done: opened.changes, undone }, problem: null });
			await fetchPage(0);
		};
		/** Makes the edit and, where it was stored, shows the corpus with it. */
		const write = async (step: EditStep, follow: (history: ChangeHistory) => ChangeHistory): Promise<boolean> => {
			const { id } = get();
			if (id === null) return false;
			const result = await writer.write(id, step, { by: 'data', waits: false });
			if (result.kind === 'refused' || result.kind === 'waiting') {
				if (get().id === id) set({ problem: result.problem });
				return false;
			}
			try {
				if (get().id === id) await reread(follow);
			} catch (error) {
				set({ problem: toProblem(error) });
			}
			return true;
		};
		client.on('task-progress', ({ task, progress }) => {
			if (task === `${examineTask}-${examination}`) set({ examined: progress.done });
		});
		writer.onChange((changed, by) => {
			const { id, opened } = get();
			if (opened === null || changed !== id || [...by].every((one) => one === 'data')) return;
			void reread((history) => history).catch((error) => set({ problem: toProblem(error) }));
		});
		return {
			id: null,
			opened: null,
			history: emptyHistory,
			filter: {},
			total: null,
			rows: new Map(),
			report: null,
			examined: null,
			problem: null,
			async open(id) {
				if (get().id === id && get().opened !== null) return;
				examination++;
				const closed = { opened: null, history: emptyHistory, total: null, rows: new Map(), problem: null };
				set({ id, ...closed, report: null, examined: null });
				try {
					await reread(() => emptyHistory);
				} catch (error) {
					if (get().id === id) set({ problem: toProblem(error) });
				}
			},
			setFilter(filter) {
				if (JSON.stringify(filter) === JSON.stringify(get().filter)) return;
				forget();
				set({ filter });
				void fetchPage(0);
			},
			need(first, last) {
				for (let page = Math.floor(first / pageRows); page <= Math.floor(last / pageRows); page++) void fetchPage(page);
			},
			change: (...changes) => write(addChanges(...changes), ({ done }) => ({ done, undone: [] })),
			async undo() {
				const last = get().history.done.at(-1);
				return last !== undefined && get().takeBack(last);
			},
			takeBack: (...changes) =>
				write(takeBackChanges(...changes), ({ done, undone }) => ({ done, undone: [...changes, ...undone] })),
			async redo() {
				const [next] = get().history.undone;
				const follow = ({ done, undone }: ChangeHistory) => ({ done, undone: undone.slice(1) });
				return next !== undefined && write(addChanges(next), follow);
			},
			async examine(means) {
				const { id } = get();
				if (id === null) return;
				void client.ask('cancel-task', { task: `${examineTask}-${examination}` }).catch(() => undefined);
				const own = ++examination;
				set({ examined: 0 });
				try {
					const report = await client.ask('examine-corpus', { task: `${examineTask}-${own}`, id, ...means });
					if (own === examination) set({ report, examined: null });
				} catch (error) {
					const isCancelled = error instanceof UserError && error.code === 'task-cancelled';
					if (own === examination) set({ examined: null, ...(isCancelled ? {} : { problem: toProblem(error) }) });
				}
			},
		};
	});
	return store;
}
