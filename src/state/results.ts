// Results as the page reads them: one run's errors under a rule, two runs beside each other, files in and out. A vanilla
// store: no React, no DOM. What is open, filtered and compared stands in the address; this holds what was read of it.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorKind } from '../analysis/entity-errors';
import type { ErrorFilter } from '../analysis/prediction-readings';
import type { Outcome } from '../analysis/result-comparison';
import { ownValue } from '../util/own-value';
import type { WorkerClient } from '../wire/client';
import type { ShippedModel } from '../wire/models';
import type { ComparedRow, ComparedRuns, ErrorRow, OpenedResult, ResultChoice, RunComparison } from '../wire/results';
import type { SourceFile } from '../wire/source-file';
import { type Problem, toProblem } from './problem';
import { createRowPages, type LoadedRows } from './row-pages';

/** A comparison that is asked for, or has come. */
export type ComparisonState =
	| { kind: 'computing'; share: number }
	| { kind: 'done'; comparison: RunComparison }
	| { kind: 'failed'; problem: Problem };

/** With the revision of the run: one that goes on is read again when it has saved. */
export type OpenChoice = ResultChoice & { revision: number };

export interface ResultsState {
	/** What is open; `opened` follows. */
	choice: OpenChoice | null;
	opened: OpenedResult | null;
	/** True for a run that has no predictions. */
	hasNoPredictions: boolean;
	problem: Problem | null;
	errors: LoadedRows<ErrorRow>;
	/** Errors by kind, under the other filters. */
	kinds: Record<ErrorKind, number> | null;
	/** By `comparisonKey`. */
	comparisons: Readonly<Record<string, ComparisonState>>;
	compared: LoadedRows<ComparedRow>;
	/** Models that come with the page; empty until they were asked for. */
	shipped: readonly ShippedModel[];
	/** Why files could not be taken in; stays until the next try. */
	importProblem: Problem | null;

	open(choice: OpenChoice | null, filter: ErrorFilter): void;
	needErrors(first: number, last: number): void;
	/** Computes once; later calls cost nothing. */
	compare(compared: ComparedRuns): Promise<void>;
	showCompared(compared: ComparedRuns & { show: Outcome }): void;
	needCompared(first: number, last: number): void;
	/** A page without models has none, and says nothing. */
	loadShipped(): Promise<void>;
	/** Ids of the runs made of these files, a run each folder. */
	importFiles(files: readonly SourceFile[]): Promise<string[]>;
	exportRun(id: string): Promise<Blob | null>;
}

export type ResultsStore = StoreApi<ResultsState>;

const noRows = { total: null, rows: [] };

export function comparisonKey({ first, second, split, rule }: ComparedRuns): string {
	return [first.join(','), second.join(','), split, rule].join(' ');
}

/** `base` is the address of the page, for the models beside it. Actions never reject: what goes wrong becomes a problem. */
export function createResultsStore(client: WorkerClient, base: string): ResultsStore {
	return createStore<ResultsState>((set, get) => {
		const failed = (error: unknown) => set({ problem: toProblem(error) });
		const errorPages = createRowPages<ErrorRow>((errors) => set({ errors }), failed);
		const comparedPages = createRowPages<ComparedRow>((compared) => set({ compared }), failed);
		const setComparison = (key: string, state: ComparisonState) =>
			set(({ comparisons }) => ({ comparisons: { ...comparisons, [key]: state } }));
		client.on('task-progress', ({ task, progress }) => {
			const key = task.replace(/^compare /, '');
			if (ownValue(get().comparisons, key)?.kind === 'computing')
				setComparison(key, { kind: 'computing', share: progress.done });
		});
		const readResult = async (choice: OpenChoice) => {
			try {
				const opened = await client.ask('open-result', choice);
				if (isSame(get().choice, choice)) set({ opened, hasNoPredictions: opened === null });
			} catch (error) {
				if (isSame(get().choice, choice)) failed(error);
			}
		};
		return {
			choice: null,
			opened: null,
			hasNoPredictions: false,
			problem: null,
			errors: noRows,
			kinds: null,
			comparisons: {},
			compared: noRows,
			shipped: [],
			importProblem: null,

			open(choice, filter) {
				if (!isSame(get().choice, choice)) {
					const isSameRun = choice !== null && get().choice?.id === choice.id;
					const before = isSameRun ? get().opened : null; // the old figures stand until the new ones come
					set({ choice, opened: before, hasNoPredictions: false, problem: null });
					if (choice) void readResult(choice);
				}
				set({ errors: noRows });
				if (!choice) return errorPages.end();
				errorPages.begin(async (offset, limit) => {
					if (get().hasNoPredictions) return { total: 0, rows: [] };
					try {
						const { kinds, ...page } = await client.ask('result-errors', { ...choice, filter, offset, limit });
						set({ kinds });
						return page;
					} catch (error) {
						const problem = toProblem(error);
						if (problem.kind === 'user' && problem.code === 'results-missing') return { total: 0, rows: [] };
						throw error;
					}
				});
			},
			needErrors: (first, last) => errorPages.need(first, last),
			async compare(compared) {
				const key = comparisonKey(compared);
				const known = ownValue(get().comparisons, key);
				if (known && known.kind !== 'failed') return;
				setComparison(key, { kind: 'computing', share: 0 });
				try {
					const comparison = await client.ask('compare-results', { ...compared, task: `compare ${key}` });
					setComparison(key, { kind: 'done', comparison });
				} catch (error) {
					setComparison(key, { kind: 'failed', problem: toProblem(error) });
				}
			},
			showCompared(request) {
				set({ compared: noRows, problem: null });
				comparedPages.begin((offset, limit) => client.ask('compared-sentences', { ...request, offset, limit }));
			},
			needCompared: (first, last) => comparedPages.need(first, last),
			async loadShipped() {
				if (get().shipped.length > 0) return;
				try {
					set({ shipped: (await client.ask('shipped-models', { base })).models });
				} catch {
					// The place Models says what is wrong with them.
				}
			},
			async importFiles(files) {
				set({ importProblem: null });
				const ids: string[] = [];
				try {
					for (const group of groupFiles(files)) ids.push((await client.ask('import-run', { files: group })).id);
				} catch (error) {
					set({ importProblem: toProblem(error) });
				}
				return ids;
			},
			async exportRun(id) {
				try {
					return (await client.ask('export-run', { id })).file;
				} catch (error) {
					failed(error);
					return null;
				}
			},
		};
	});
}

function isSame(one: OpenChoice | null, other: OpenChoice | null): boolean {
	return (
		one?.id === other?.id &&
		one?.revision === other?.revision &&
		one?.split === other?.split &&
		one?.rule === other?.rule
	);
}

/** One group a folder that holds a result, and one for every other JSON file. */
export function groupFiles(files: readonly SourceFile[]): SourceFile[][] {
	const folderOf = (path: string) => path.replace(/[^\\/]*$/, '');
	const results = files.filter(({ name }) => /(^|[\\/])result\.json$/i.test(name));
	const folders = results.map(({ name }) => files.filter((file) => folderOf(file.name) === folderOf(name)));
	const taken = new Set(folders.flat());
	const singles = files.filter((file) => !taken.has(file) && /\.json$/i.test(file.name)).map((file) => [file]);
	const groups = [...folders, ...singles];
	return groups.length > 0 ? groups : [[...files]];
}
