// Files on their way in: what each is and how it reads, what the user chose, and the corpus that they become. Nothing is
// stored before `importAll`.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CorpusChange } from '../data/corpus-changes';
import { groupFiles } from '../data/formats/paired-files';
import type { ReadingChoices } from '../data/formats/reading';
import { changesOfMapping } from '../data/label-mapping';
import type { FileSort } from '../data/recognise-file';
import type { SplitRequest } from '../data/split-corpus';
import type { ItemOf } from '../storage/workspace/item-kinds';
import type { WorkerClient } from '../wire/client';
import type { CorpusSource, FilePreview } from '../wire/imports';
import type { SourceFile } from '../wire/source-file';
import { commonName, nameByFormat } from './corpus-name';
import { type Problem, toProblem } from './problem';

export interface ImportFile {
	id: string;
	name: string;
	content: Blob;
	choices: ReadingChoices;
	/** A line to show in the preview; its beginning without one. */
	aroundLine?: number;
	/** Null while it is read. */
	preview: FilePreview | null;
}

/** A file that is no corpus: what is done with it is asked elsewhere. */
export interface OtherFile {
	file: SourceFile;
	sort: Exclude<FileSort, { kind: 'corpus' }>;
}

export interface ImportState {
	files: readonly ImportFile[];
	chosenId: string | null;
	/** Of the corpus to be. */
	name: string;
	/** What becomes of types: another name, or null to ignore; those missing stay. */
	mapping: ReadonlyMap<string, string | null>;
	/** Null: the splits of the files. */
	split: SplitRequest | null;
	/** Train sentences above this length are cut; null: none are. */
	clipLength: number | null;
	isImporting: boolean;
	problem: Problem | null;
	/** Takes corpora in and previews them; gives back the rest. */
	add(files: readonly SourceFile[]): Promise<OtherFile[]>;
	remove(id: string): void;
	choose(id: string): void;
	setName(name: string): void;
	setChoices(id: string, choices: ReadingChoices): Promise<void>;
	showLine(id: string, line: number): Promise<void>;
	mapType(type: string, to: string | null): void;
	setSplit(split: SplitRequest | null): void;
	setClip(length: number | null): void;
	/** The stored corpus; null when it failed, and then nothing was stored. */
	importAll(): Promise<ItemOf<'corpus'> | null>;
	/** When people go elsewhere: files that cannot be read are put away, the others wait. */
	leave(): void;
	clear(): void;
}

export type ImportStore = StoreApi<ImportState>;

const noFiles = {
	files: [],
	chosenId: null,
	name: '',
	mapping: new Map<string, string | null>(),
	split: null,
	clipLength: null,
	isImporting: false,
	problem: null,
} as const;

/** A store joined to a worker. Actions never reject. */
export function createImportStore(client: WorkerClient): ImportStore {
	let lastId = 0;
	const forgetReadings = (readingIds: string[]) => void client.ask('forget-readings', { readingIds }).catch(() => {}); // it frees memory; nothing hangs on it
	const store = createStore<ImportState>((set, get) => {
		const changeFile = (id: string, change: Partial<ImportFile>) =>
			set(({ files }) => ({ files: files.map((file) => (file.id === id ? { ...file, ...change } : file)) }));
		const preview = async (id: string) => {
			const { files } = get();
			const file = files.find((other) => other.id === id);
			if (!file) return;
			const { choices, aroundLine } = file;
			try {
				const sources = [sourceOf(file), ...besideOf(file, files).map(sourceOf)];
				const reply = await client.ask('preview-corpus', { task: `preview-${id}`, files: sources });
				const current = get().files.find((other) => other.id === id);
				if (!current) forgetReadings([id]);
				if (current?.choices !== choices || current.aroundLine !== aroundLine) return;
				changeFile(id, { preview: reply.files[0] ?? null });
			} catch (error) {
				set({ problem: toProblem(error) });
			}
		};
		return {
			...noFiles,
			async add(dropped) {
				set({ problem: null });
				const others: OtherFile[] = [];
				const added: ImportFile[] = [];
				try {
					for (const file of dropped) {
						const { kind, ...rest } = await client.ask('recognise-file', { file });
						if (kind !== 'corpus') others.push({ file, sort: { kind, ...rest } as OtherFile['sort'] });
						else {
							const task = `unpack-${lastId + 1}`;
							const unpacked = (await client.ask('unpack-archive', { task, file })).files;
							for (const { name, content } of unpacked)
								added.push({ id: `file-${++lastId}`, name, content, choices: {}, preview: null });
						}
					}
				} catch (error) {
					set({ problem: toProblem(error) });
				}
				if (added.length === 0) return others;
				set(({ files, name }) => ({
					// The same name again is the mended file.
					files: [...files.filter((file) => !added.some((other) => other.name === file.name)), ...added],
					chosenId: added[0].id,
					name: name || commonName(added.map((file) => file.name)),
				}));
				const { files, chosenId } = get();
				if (!files.some(({ id }) => id === chosenId)) set({ chosenId: added[0].id });
				for (const file of shownFiles(files)) if (file.preview === null) await preview(file.id);
				if (get().name === '') set({ name: await nameByFormat(client, get().files) });
				return others;
			},
			remove(id) {
				const files = get().files.filter((file) => file.id !== id);
				if (files.length === 0) return get().clear();
				set(({ chosenId }) => ({ files, chosenId: chosenId === id ? files[0].id : chosenId }));
			},
			choose: (chosenId) => set({ chosenId }),
			setName: (name) => set({ name }),
			async setChoices(id, choices) {
				const file = get().files.find((other) => other.id === id);
				if (!file) return;
				changeFile(id, { choices: { ...file.choices, ...choices } });
				await preview(id);
			},
			async showLine(id, aroundLine) {
				changeFile(id, { aroundLine });
				await preview(id);
			},
			mapType: (type, to) => set(({ mapping }) => ({ mapping: new Map(mapping).set(type, to) })),
			setSplit: (split) => set({ split }),
			setClip: (clipLength) => set({ clipLength }),
			async importAll() {
				const state = get();
				set({ isImporting: true, problem: null });
				try {
					const files = state.files.map(sourceOf);
					const name = state.name.trim() || 'corpus';
					const item = await client.ask('import-corpus', {
						task: 'import-corpus',
						files,
						name,
						changes: firstChanges(state),
					});
					get().clear();
					return item;
				} catch (error) {
					set({ isImporting: false, problem: toProblem(error) });
					return null;
				}
			},
			leave() {
				for (const { id, preview } of get().files) if (preview?.isRead === false) get().remove(id);
				forgetReadings(get().files.map(({ id }) => id)); // they are read once more if they are imported later
				set({ problem: null });
			},
			clear: () => set(noFiles),
		};
	});
	store.subscribe(({ files }, before) => {
		if (files === before.files) return;
		const gone = before.files.filter(({ id }) => !files.some((file) => file.id === id));
		if (gone.length > 0) forgetReadings(gone.map(({ id }) => id));
	});
	return store;
}

function sourceOf({ id, name, content, choices, aroundLine }: ImportFile): CorpusSource {
	return { readingId: id, name, content, choices, aroundLine };
}

const nameOf = ({ name }: ImportFile) => name;

/** The annotations that stand in a file of their own. */
function besideOf(file: ImportFile, files: readonly ImportFile[]): ImportFile[] {
	return (
		groupFiles(files, nameOf)
			.find(([first]) => first === file)
			?.slice(1) ?? []
	);
}

/** All but annotations that stand beside their text. */
export function shownFiles(files: readonly ImportFile[]): ImportFile[] {
	return groupFiles(files, nameOf).map(([first]) => first);
}

/** The changes that a corpus begins with: types, then splits, then the cut of long sentences. */
export function firstChanges({
	mapping,
	split,
	clipLength,
}: Pick<ImportState, 'mapping' | 'split' | 'clipLength'>): CorpusChange[] {
	return [
		...changesOfMapping(mapping),
		...(split ? [{ kind: 'split-anew', ...split } as const] : []),
		...(clipLength === null ? [] : [{ kind: 'clip', length: clipLength, splits: ['train'] } satisfies CorpusChange]),
	];
}

export interface ImportCounts {
	sentences: number;
	mentions: number;
	longSentences: number;
	longest: number;
	/** By falling number. */
	types: { type: string; mentions: number }[];
	/** Sentences of each split; those of files that name none count as train. */
	splits: Record<'train' | 'dev' | 'test', number>;
	/** Cases that reading repaired, left out, or found odd. */
	noted: Record<'repair' | 'left-out' | 'warning', number>;
	/** How many files cannot be read, and how many are still being read. */
	broken: number;
	waiting: number;
}

/** Sums over all files, as they read now. */
export function countImport(files: readonly ImportFile[]): ImportCounts {
	const types = new Map<string, number>();
	const splits = { train: 0, dev: 0, test: 0 };
	const noted = { repair: 0, 'left-out': 0, warning: 0 };
	const counts = { sentences: 0, mentions: 0, longSentences: 0, longest: 0, broken: 0, waiting: 0 };
	for (const { preview, choices } of shownFiles(files)) {
		if (preview === null) counts.waiting++;
		else if (!preview.isRead) counts.broken++;
		else {
			for (const { kind, count } of preview.changes) if (kind !== 'conversion') noted[kind] += count;
			for (const part of preview.parts) {
				splits[choices.split ?? part.split ?? 'train'] += part.sentences;
				counts.sentences += part.sentences;
				counts.mentions += part.mentions;
				counts.longSentences += part.longSentences;
				counts.longest = Math.max(counts.longest, part.longest);
				for (const [type, count] of Object.entries(part.mentionsByType))
					types.set(type, (types.get(type) ?? 0) + count);
			}
		}
	}
	const sorted = [...types].sort(([, left], [, right]) => right - left);
	return { ...counts, noted, splits, types: sorted.map(([type, mentions]) => ({ type, mentions })) };
}
