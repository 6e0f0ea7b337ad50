// What the run of the form will cost, measured in the worker, and what its corpus should warn of. Measured again when
// the form changes; nothing of it is kept.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Finding } from '../data/corpus-checks/finding';
import { UserError } from '../util/errors';
import type { WorkerClient } from '../wire/client';
import type { NewRunRequest, RunEstimate } from '../wire/runs';
import type { TaskProgress } from '../wire/tasks';
import { type Problem, toProblem } from './problem';

export type Forecast =
	| { kind: 'none' }
	| { kind: 'measuring'; progress: TaskProgress | null }
	| { kind: 'ready'; estimate: RunEstimate }
	| { kind: 'problem'; problem: Problem };

export interface ForecastState {
	forecast: Forecast;
	/** Of the corpus examined last: texts that stand in two splits. */
	leaks: { corpusId: string; revision: number; findings: Finding[] } | null;
	/** Measures a run, unless its forecast stands there; an earlier measuring is cancelled. `key` names run and device. */
	measure(request: NewRunRequest, key: string): Promise<void>;
	/** Takes a forecast away that is for something else. */
	keepOnly(key: string): void;
	cancel(): void;
	/** Looks for copies across splits, once for each revision of a corpus. */
	examine(corpusId: string, revision: number): Promise<void>;
}

export type ForecastStore = StoreApi<ForecastState>;

export function createForecastStore(client: WorkerClient): ForecastStore {
	let last = 0;
	/** What the forecast that stands there is for. */
	let measured = '';
	const taskOf = (number: number) => `forecast-${number}`;
	const store = createStore<ForecastState>((set, get) => ({
		forecast: { kind: 'none' },
		leaks: null,
		async measure(request, key) {
			if (get().forecast.kind === 'ready' && key === measured) return;
			get().cancel();
			measured = key;
			const own = ++last;
			set({ forecast: { kind: 'measuring', progress: null } });
			try {
				const estimate = await client.ask('forecast-run', { task: taskOf(own), request });
				if (own === last) set({ forecast: { kind: 'ready', estimate } });
			} catch (error) {
				if (own !== last) return;
				const isOver = error instanceof UserError && (error.code === 'task-cancelled' || error.code === 'device-busy');
				set({ forecast: isOver ? { kind: 'none' } : { kind: 'problem', problem: toProblem(error) } });
			}
		},
		keepOnly(key) {
			if (key !== measured && get().forecast.kind !== 'none') {
				get().cancel();
				set({ forecast: { kind: 'none' } });
			}
		},
		cancel() {
			if (get().forecast.kind !== 'measuring') return;
			client.ask('cancel-task', { task: taskOf(last) }).catch(() => undefined);
			last++;
			set({ forecast: { kind: 'none' } });
		},
		async examine(corpusId, revision) {
			const { leaks } = get();
			if (leaks?.corpusId === corpusId && leaks.revision === revision) return;
			set({ leaks: { corpusId, revision, findings: [] } });
			try {
				const means = { lexiconId: null, characterVectorsId: null };
				const report = await client.ask('examine-corpus', { task: `leaks-${corpusId}`, id: corpusId, ...means });
				const findings = report.findings.filter(({ code }) => code === 'duplicates-across');
				const now = get().leaks;
				if (now?.corpusId === corpusId && now.revision === revision) set({ leaks: { corpusId, revision, findings } });
			} catch {
				// The place Data says what is wrong with a corpus that cannot be examined.
			}
		},
	}));
	client.on('task-progress', ({ task, progress }) => {
		if (task === taskOf(last) && store.getState().forecast.kind === 'measuring') {
			store.setState({ forecast: { kind: 'measuring', progress } });
		}
	});
	return store;
}
