// The models that the page can tag with: those that come with it, and the checkpoints of this browser. Lists follow the
// workspace; cards are read when they are first asked for. A vanilla store: no React, no DOM.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ItemOf } from '../storage/workspace/item-kinds';
import { ownValue } from '../util/own-value';
import type { WorkerClient } from '../wire/client';
import type { ModelCard, ModelRef, SeedScore, ShippedModel } from '../wire/models';
import { type Problem, toProblem } from './problem';

export interface ListedModel {
	/** Names it in addresses: the name of a shipped one, the id of a checkpoint, `run` for the last run's. */
	key: string;
	ref: ModelRef;
	name: string;
	/** For narrow places: the method of a shipped one, else the name. */
	shortName: string;
	from: 'shipped' | 'yours' | 'imported' | 'run';
	preset: string;
	devF1: SeedScore | null;
	testF1: SeedScore | null;
	sizeBytes: number | null;
	/** Milliseconds since 1970; null where it is not known. */
	changedAtMs: number | null;
}

export interface ModelsState {
	/** False until both lists were read once. */
	isListed: boolean;
	/** Shipped ones first, then the latest change first; those in the trash are left out. */
	models: readonly ListedModel[];
	cards: Readonly<Record<string, ModelCard>>;
	/** The card that is being read, with its bytes. */
	loading: { key: string; done: number; total: number | null } | null;
	problem: Problem | null;

	refresh(): Promise<void>;
	loadCard(key: string): Promise<void>;
	rename(key: string, name: string): Promise<void>;
	/** Into the trash; `restore` takes it back. */
	trash(key: string): Promise<void>;
	restore(key: string): Promise<void>;
	/** A checkpoint of the workbench, or a state_dict and the JSON file beside it; gives the new key. */
	importFiles(files: readonly { name: string; content: Blob }[]): Promise<string | null>;
	exportModel(key: string, format: 'workbench' | 'torch'): Promise<{ name: string; file: Blob }[]>;
}

export type ModelsStore = StoreApi<ModelsState>;

/** `base` is the address of the page, for the models beside it. Actions never reject: what goes wrong becomes `problem`. */
export function createModelsStore(client: WorkerClient, base: string): ModelsStore {
	let shipped: readonly ShippedModel[] | null = null;
	const store = createStore<ModelsState>((set, get) => ({
		isListed: false,
		models: [],
		cards: {},
		loading: null,
		problem: null,

		refresh: () =>
			attempt(async () => {
				shipped ??= (await client.ask('shipped-models', { base })).models;
				const { items } = await client.ask('list-items', { kind: 'checkpoint' });
				const checkpoints = items.filter((item) => item.kind === 'checkpoint' && item.trashedAtMs === null);
				const own = (checkpoints as ItemOf<'checkpoint'>[]).map(listCheckpoint);
				set({ isListed: true, models: [...shipped.map(listShipped), ...own] });
			}),
		loadCard: async (key) => {
			const model = get().models.find((one) => one.key === key);
			if (!model || ownValue(get().cards, key)) return;
			set({ loading: { key, done: 0, total: model.sizeBytes }, problem: null });
			await attempt(async () => {
				const card = await client.ask('model-card', { task: `card ${key}`, model: model.ref });
				set(({ cards }) => ({ cards: { ...cards, [key]: card } }));
			});
			if (get().loading?.key === key) set({ loading: null });
		},
		rename: (key, name) =>
			attempt(async () => void (await client.ask('rename-item', { kind: 'checkpoint', id: key, name }))),
		trash: (key) => attempt(async () => void (await client.ask('trash-item', { kind: 'checkpoint', id: key }))),
		restore: (key) => attempt(async () => void (await client.ask('restore-item', { kind: 'checkpoint', id: key }))),
		importFiles: async (files) => {
			let key: string | null = null;
			set({ problem: null });
			await attempt(async () => {
				const vocabularies = files.find(({ name }) => /\.json$/i.test(name));
				const file = files.find((one) => one !== vocabularies) ?? files[0];
				const name = file.name.replace(/\.(safetensors|pt|pth|bin)$/i, '');
				key = (await client.ask('import-checkpoint', { file, name, vocabularies })).id;
			});
			if (key !== null) await get().refresh(); // else what was refused stays on screen
			return key;
		},
		exportModel: async (key, format) => {
			let files: { name: string; file: Blob }[] = [];
			const model = get().models.find((one) => one.key === key);
			set({ problem: null });
			if (model) {
				await attempt(async () => {
					files = (await client.ask('export-model', { model: model.ref, format, name: model.name })).files;
				});
			}
			return files;
		},
	}));
	const attempt = async (work: () => Promise<void>) => {
		try {
			await work();
		} catch (error) {
			store.setState({ problem: toProblem(error) });
		}
	};
	client.on('workspace-changed', ({ change }) => {
		if (change.kind === 'checkpoint') void store.getState().refresh();
	});
	client.on('task-progress', ({ task, progress: { done, total } }) => {
		const { loading } = store.getState();
		if (loading && task === `card ${loading.key}`) store.setState({ loading: { ...loading, done, total } });
	});
	return store;
}

function listShipped({ name, method, url, sizeBytes, preset, devF1, testF1 }: ShippedModel): ListedModel {
	const ref: ModelRef = { kind: 'shipped', url, sizeBytes };
	return {
		key: name,
		ref,
		name,
		shortName: method,
		from: 'shipped',
		preset,
		devF1,
		testF1,
		sizeBytes,
		changedAtMs: null,
	};
}

function listCheckpoint({ id, name, detail, parts, changedAtMs }: ItemOf<'checkpoint'>): ListedModel {
	const oneSeed = (mean: number | null) => (mean === null ? null : { mean, deviation: null, seeds: 1 });
	return {
		key: id,
		ref: { kind: 'checkpoint', id },
		name,
		shortName: name,
		from: detail.runId === null ? 'imported' : 'yours',
		preset: detail.preset,
		devF1: oneSeed(detail.devF1),
		testF1: oneSeed(detail.testF1),
		sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
		changedAtMs,
	};
}

/** The model of the run that this page trained last, for lists beside the others. */
export function runModel(name: string, shortName: string): ListedModel {
	const rest = { preset: '', devF1: null, testF1: null, sizeBytes: null, changedAtMs: null };
	return { key: 'run', ref: { kind: 'run' }, name, shortName, from: 'run', ...rest };
}
