// What the user made and the browser could not store yet. Whoever holds such work registers it here, with the way to save it, so that
// the page can show it everywhere, ask before it is closed, and save everything as soon as there is room.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Problem } from './problem';

/** What sort of work it is: the page has the words. `name` says of what. */
export const unsavedKinds = ['labels', 'run', 'model', 'setting'] as const;
export type UnsavedKind = (typeof unsavedKinds)[number];

export interface UnsavedWork {
	/** One piece of work has one key: registering it again replaces the earlier entry. */
	key: string;
	kind: UnsavedKind;
	/** Of the corpus, the run, the model. */
	name: string;
	/** Why the last save failed. */
	problem: Problem;
	/** The corpus that it belongs to: where a question about it is answered. */
	corpusId?: string;
	/** Tries again; true when nothing of it is left unsaved. Must not reject. */
	save(): Promise<boolean>;
	/** The work as files to keep outside the browser; absent where there is no such form. */
	toFiles?(): Promise<{ name: string; file: Blob }[]>;
}

export interface UnsavedWorkState {
	/** In the order in which they were registered. */
	works: readonly UnsavedWork[];
	isSaving: boolean;
	register(work: UnsavedWork): void;
	/** The work of this key is stored now, or was given up by the user. */
	settle(key: string): void;
	/** Tries to save everything; true when nothing is left. A call while another is under way waits for that and tries again. */
	saveAll(): Promise<boolean>;
}

export type UnsavedWorkStore = StoreApi<UnsavedWorkState>;

/** While anything is unsaved it is tried again this often, without being asked. */
export const retryMs = 10_000;

export function createUnsavedWork(): UnsavedWorkStore {
	let timer: ReturnType<typeof setInterval> | null = null;
	let underWay: Promise<boolean> | null = null;
	let next: Promise<boolean> | null = null;
	const store = createStore<UnsavedWorkState>((set, get) => {
		const saveOnce = async (): Promise<boolean> => {
			set({ isSaving: true });
			try {
				for (const work of get().works) {
					if (await work.save().catch(() => false)) get().settle(work.key);
				}
				return get().works.length === 0;
			} finally {
				set({ isSaving: false });
			}
		};
		const start = () => {
			underWay = saveOnce().finally(() => {
				underWay = null;
			});
			return underWay;
		};
		return {
			works: [],
			isSaving: false,
			register(work) {
				const { works } = get();
				const at = works.findIndex(({ key }) => key === work.key);
				set({ works: at < 0 ? [...works, work] : works.with(at, work) });
				timer ??= setInterval(() => void get().saveAll(), retryMs);
			},
			settle(key) {
				const { works } = get();
				const left = works.filter((work) => work.key !== key);
				if (left.length < works.length) set({ works: left });
				if (left.length === 0 && timer !== null) {
					clearInterval(timer);
					timer = null;
				}
			},
			saveAll() {
				if (get().works.length === 0) return Promise.resolve(true);
				if (!underWay) return start();
				next ??= underWay
					.catch(() => false)
					.then(() => {
						next = null;
						return get().works.length === 0 || start();
					});
				return next;
			},
		};
	});
	return store;
}
