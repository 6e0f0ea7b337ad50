// The form of a new run while the page is open: it outlives a look at another page. Its rules stand in run-form.ts, which
// is loaded with the page.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { MapSize } from '../experiment/space-snapshot';
import type { WorkerClient } from '../wire/client';
import type { StoredInput } from '../wire/runs';
import type { SettingChanges } from './new-run';
import { type Problem, toProblem } from './problem';
import { type FetchFile, installSmoke, sampleId, smokeId } from './workspace-samples';

export interface RunForm {
	corpusId: string;
	lexiconId: string | null;
	characterVectorsId: string | null;
	bigramVectorsId: string | null;
	wordVectorsId: string | null;
	preset: string;
	/** As typed: whole numbers with commas or spaces between; empty for the preset's own. */
	seeds: string;
	/** Settings of the form's fields, by path. */
	changes: SettingChanges;
	/** One `path=value` a line, after those of the fields; empty lines and lines that begin with '#' mean nothing. */
	settings: string;
	/** Whether the baseline without the contrastive stage is trained too. */
	hasBaseline: boolean;
	/** Tokens on the map of the run. */
	mapPoints: MapSize;
	/** The model that the run goes on from, by its own settings, with its last stage alone; null for one that learns from the start. */
	checkpointId: string | null;
	/** For people; empty for the preset's name. */
	name: string;
	/** Where Annotate notes how many labellings a run has learned from, and how many these are; null when it did not send the form. */
	labels: { setting: string; count: number } | null;
}

export type FormInput = Omit<StoredInput, 'corpusId'>;

export const defaultMapSize: MapSize = 4000;

export const noInput: FormInput = {
	lexiconId: null,
	characterVectorsId: null,
	bigramVectorsId: null,
	wordVectorsId: null,
};

export const sampleInput: FormInput = {
	lexiconId: sampleId,
	characterVectorsId: `${sampleId}-characters`,
	bigramVectorsId: `${sampleId}-bigrams`,
	wordVectorsId: `${sampleId}-words`,
};

/** What a first visit trains: the sample with the preset that is made for it. */
export const freshForm: RunForm = {
	corpusId: sampleId,
	...sampleInput,
	preset: 'sample',
	seeds: '',
	changes: {},
	settings: '',
	hasBaseline: false,
	mapPoints: defaultMapSize,
	checkpointId: null,
	name: '',
	labels: null,
};

/** The form without the model that it goes on from, and what concerned that alone. */
export const fromTheStart: Pick<RunForm, 'checkpointId' | 'changes' | 'name' | 'labels'> = {
	checkpointId: null,
	changes: {},
	name: '',
	labels: null,
};

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
