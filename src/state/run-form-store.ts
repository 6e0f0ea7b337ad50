// The form of a new run while the page is open: it outlives a look at another place. Pure rules stand in run-form.ts.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { WorkerClient } from '../worker/client';
import { type Problem, toProblem } from './run';
import { freshForm, type RunForm } from './run-form';
import { type FetchFile, installSmoke, smokeId } from './workspace-samples';

export interface RunFormState {
	form: RunForm;
	/** What kept the form from becoming a run. */
	problem: Problem | null;
	change(part: Partial<RunForm> | ((form: RunForm) => RunForm)): void;
	setProblem(problem: Problem | null): void;
	/** Brings the corpora that are fetched only when they are chosen. */
	fetchCorpus(corpusId: string): Promise<void>;
}

export type RunFormStore = StoreApi<RunFormState>;

export function createRunFormStore(client: WorkerClient, fetchFile: FetchFile): RunFormStore {
	let smoke: Promise<void> | null = null;
	return createStore<RunFormState>((set) => ({
		form: freshForm,
		problem: null,
		change: (part) =>
			set(({ form }) => ({ form: typeof part === 'function' ? part(form) : { ...form, ...part }, problem: null })),
		setProblem: (problem) => set({ problem }),
		async fetchCorpus(corpusId) {
			if (corpusId !== smokeId) return;
			try {
				await (smoke ??= installSmoke(client, fetchFile));
			} catch (error) {
				set({ problem: toProblem(error) });
			} finally {
				smoke = null;
			}
		},
	}));
}
