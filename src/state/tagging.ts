// What the page Tag works on: the text, what each model said of it, words that are switched off, and the file that is
// tagged. A vanilla store: no React, no DOM.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TextFormat } from '../data/formats/format-list';
import { ownValue } from '../util/own-value';
import type { WorkerClient } from '../wire/client';
import type { TaggedFile, TaggedText } from '../wire/tagging';
import type { ListedModel } from './models';
import { type Problem, toProblem } from './problem';
import { freeName } from './workspace';

/** Characters of a text that is tagged at once; longer ones are tagged as files. */
export const maxCharacters = 200_000;

export type TaggingPhase =
	| { kind: 'idle' }
	| { kind: 'loading'; model: string; done: number; total: number | null }
	| { kind: 'tagging' }
	| { kind: 'file'; done: number; total: number | null; secondsLeft: number };

export interface FileResult extends TaggedFile {
	name: string;
	model: string;
}

export interface TaggingState {
	text: string;
	/** The text that the results are of; null before the first. */
	taggedText: string | null;
	/** By the model's key; the text's, never a file's. */
	results: Readonly<Record<string, TaggedText>>;
	file: FileResult | null;
	/** Lexicon words that no model is shown. */
	withoutWords: readonly string[];
	phase: TaggingPhase;
	problem: Problem | null;

	setText(text: string): void;
	tag(models: readonly ListedModel[]): Promise<void>;
	/** Switches a word off or on again, and tags again. */
	toggleWord(word: string, models: readonly ListedModel[]): Promise<void>;
	tagFile(file: { name: string; content: Blob }, model: ListedModel): Promise<void>;
	cancelFile(): void;
	closeFile(): void;
	/** Files of what is shown: a model's result, or the whole file that was tagged. */
	exportAs(format: TextFormat, model: string): Promise<{ name: string; file: Blob }[]>;
	/** The id of a corpus of the sentences that are shown, without tags; made once for each result. Null when it failed. */
	keepAsCorpus(model: string, nameOf: (source: string | null) => string): Promise<string | null>;
}

export type TaggingStore = StoreApi<TaggingState>;

const loadTask = 'tag: load';
const fileTask = 'tag: file';

/** Actions never reject: what goes wrong becomes `problem`. Of two taggings under way the later one counts. */
export function createTaggingStore(client: WorkerClient, sampleText: string): TaggingStore {
	let latest = 0;
	/** The corpus that was made of a result. */
	const corpusOf = new WeakMap<object, string>();
	const store = createStore<TaggingState>((set, get) => ({
		text: sampleText,
		taggedText: null,
		results: {},
		file: null,
		withoutWords: [],
		phase: { kind: 'idle' },
		problem: null,

		setText: (text) => set({ text }),
		tag: async (models) => {
			const mine = ++latest;
			const { text, withoutWords } = get();
			set({ problem: null, file: null, phase: { kind: 'tagging' } });
			try {
				const results = new Map<string, TaggedText>();
				for (const { key, ref, name } of models) {
					loadingName = name;
					const task = `${loadTask} ${mine}`;
					const request = { text, model: ref, task, withoutWords: [...withoutWords] };
					results.set(key, await client.ask('tag-text', request));
					if (mine !== latest) return;
				}
				set({ results: Object.fromEntries(results), taggedText: text, phase: { kind: 'idle' } });
			} catch (error) {
				if (mine === latest) set({ problem: toProblem(error), phase: { kind: 'idle' } });
			}
		},
		toggleWord: async (word, models) => {
			const { withoutWords } = get();
			const isOff = withoutWords.includes(word);
			set({ withoutWords: isOff ? withoutWords.filter((one) => one !== word) : [...withoutWords, word] });
			await get().tag(models);
		},
		tagFile: async (file, { key, ref, name }) => {
			const mine = ++latest;
			loadingName = name;
			set({ problem: null, phase: { kind: 'file', done: 0, total: null, secondsLeft: 0 } });
			try {
				const tagged = await client.ask('tag-file', { task: fileTask, model: ref, file });
				if (mine === latest) set({ file: { ...tagged, name: file.name, model: key }, phase: { kind: 'idle' } });
			} catch (error) {
				if (mine !== latest) return;
				const problem = toProblem(error);
				const isCancelled = problem.kind === 'user' && problem.code === 'task-cancelled';
				set({ problem: isCancelled ? null : problem, phase: { kind: 'idle' } });
			}
		},
		cancelFile: () => void client.ask('cancel-task', { task: fileTask }),
		closeFile: () => set({ file: null }),
		exportAs: async (format, model) => {
			const { file, results } = get();
			const sentences = file ? 'file' : (ownValue(results, model)?.sentences ?? []);
			const name = file ? `${file.name.replace(/\.[^.]+$/, '')}.tagged` : 'tagged';
			set({ problem: null });
			try {
				return (await client.ask('export-tagged', { format, sentences, name })).files;
			} catch (error) {
				set({ problem: toProblem(error) });
				return [];
			}
		},
		keepAsCorpus: async (model, nameOf) => {
			const { file, results } = get();
			const tagged = ownValue(results, model);
			const shown = file ?? tagged;
			if (!shown) return null;
			set({ problem: null });
			try {
				const { items } = await client.ask('list-items', { kind: 'corpus' });
				const there = items.filter(({ trashedAtMs }) => trashedAtMs === null);
				const earlier = there.find(({ id }) => id === corpusOf.get(shown));
				if (earlier) return earlier.id;
				const sentences = file || !tagged ? 'file' : tagged.sentences.map(({ characters }) => ({ characters }));
				const source = file?.name ?? null;
				const name = freeName(
					nameOf(source),
					there.map((item) => item.name),
				);
				const { id } = await client.ask('keep-tagged', { sentences, name, source: source ?? name });
				corpusOf.set(shown, id);
				return id;
			} catch (error) {
				set({ problem: toProblem(error) });
				return null;
			}
		},
	}));
	let loadingName = '';
	client.on('task-progress', ({ task, progress: { done, total, unit, counts } }) => {
		const { phase } = store.getState();
		if (phase.kind === 'idle') return;
		if (unit === 'bytes' && (task === `${loadTask} ${latest}` || task === fileTask)) {
			const isLoaded = done === total;
			store.setState({ phase: isLoaded ? { kind: 'tagging' } : { kind: 'loading', model: loadingName, done, total } });
		} else if (task === fileTask) {
			store.setState({ phase: { kind: 'file', done, total, secondsLeft: counts.secondsLeft ?? 0 } });
		}
	});
	return store;
}
