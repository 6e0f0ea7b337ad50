// Where the input of a run comes from: files of the user, or what the workspace keeps. Either way only the rows of
// vectors that some sentences can use come out, so a run on stored vectors is the run on the files they came from.

import type { Sentence, Split, SplitName, TextUnit } from '../../data/corpus';
import { type CorpusChange, corpusOfView } from '../../data/corpus-changes';
import { readSplit } from '../../data/formats/read-split';
import { wantedWords } from '../../data/prepare';
import type { SentenceOrigin } from '../../data/run-sentences';
import { type KeptVectors, readVectors } from '../../data/vector-file';
import { type PackedVectors, selectRows } from '../../data/vectors/packed-vectors';
import { readWordList } from '../../data/word-list';
import type { ExperimentConfig } from '../../experiment/config';
import { sha256 } from '../../storage/sha256';
import { corpusPart, encodeJson } from '../../storage/workspace/corpus-record';
import type { AnyItem } from '../../storage/workspace/item-kinds';
import { decodeWords, encodeWords, wordsPart } from '../../storage/workspace/lexicon-record';
import { noStoredInput, type RunInput } from '../../storage/workspace/run-record';
import { decodeVectors, encodeVectors, vectorsPart } from '../../storage/workspace/vectors-record';
import type { Workspace } from '../../storage/workspace/workspace';
import type { CorpusFiles, StoredInput, TrainingInput } from '../../wire/runs';
import type { SourceFile } from '../../wire/source-file';
import { heldCorpus, readStoredCorpus } from '../corpora/corpus-handlers';
import { type HeldItem, type HeldParts, heldItem } from '../items/held-work';
import { fingerprints } from './fingerprint';

export interface RunCorpora {
	train: Split;
	dev: Split;
	test: Split;
	/** False when dev is used as test. */
	hasTest: boolean;
	/** Absent: characters. */
	unit?: TextUnit;
	/** Index of each sentence in the corpus as imported; absent: in its file, in order. */
	origins?: Record<SplitName, SentenceOrigin[]>;
}

/** Rows that some sentences can use; null where nothing was given. */
export interface RunVectors {
	characterVectors: KeptVectors | null;
	bigramVectors: KeptVectors | null;
	wordVectors: KeptVectors | null;
}

export interface RunSource {
	input: RunInput;
	/** Names of the input for people, by role. */
	names: Record<string, string>;
	/** What the input is known by when the run is resumed, by role. */
	hashes(): Promise<Record<string, string>>;
	readCorpora(config: ExperimentConfig): Promise<RunCorpora>;
	/** Words of a lexicon of its own, or null. */
	readLexicon(): Promise<string[] | null>;
	readVectors(sentences: readonly Sentence[]): Promise<RunVectors>;
	/** Of a stored corpus: what was done to it since it was imported. A run pins them, for the corpus may be changed again. */
	changes?: readonly CorpusChange[];
	/** What memory holds of it: the corpus, and lexicon and vectors once they were read. */
	held(): HeldItem[];
}

export function fileSource(files: CorpusFiles): RunSource {
	const read = async ({ name, content }: SourceFile, config: ExperimentConfig, split: SplitName): Promise<Split> =>
		readSplit(new Uint8Array(await content.arrayBuffer()), { file: name, quirks: config.quirks, split });
	return {
		input: noStoredInput,
		held: () => [],
		names: Object.fromEntries(
			Object.entries(files).flatMap(([role, file]: [string, SourceFile | null]) => (file ? [[role, file.name]] : [])),
		),
		hashes: () => fingerprints(files),
		async readCorpora(config) {
			const train = await read(files.train, config, 'train');
			const dev = await read(files.dev, config, 'dev');
			return withTest(train, dev, files.test && (await read(files.test, config, 'test')));
		},
		readLexicon: async () =>
			files.lexicon && readWordList(files.lexicon.content.stream(), { file: files.lexicon.name }),
		readVectors: (sentences) =>
			mapRoles(sentences, (role, wants) => {
				const file = files[role];
				return file && readVectors(file.content.stream(), { file: file.name, wants });
			}),
	};
}

/** `pinned`: changes of the corpus in place of those that it has now. Throws a UserError `storage-missing` later, when
 *  something of it is gone. */
export async function storedSource(workspace: Workspace, stored: StoredInput, pinned?: unknown): Promise<RunSource> {
	const storedCorpus = await readStoredCorpus(workspace, stored.corpusId, pinned);
	const { item, view, changes } = storedCorpus;
	// A storage that loses the corpus has it again as it is now, whatever the run began with.
	const held = [heldCorpus(pinned === undefined ? storedCorpus : await readStoredCorpus(workspace, stored.corpusId))];
	const hold = async (kind: 'lexicon' | 'vectors', id: string, parts: HeldParts) => {
		held.push(heldItem((await workspace.get(kind, id)) as AnyItem, parts));
	};
	let hasLexicon = false;
	const corpus = corpusOfView(view);
	const split = (sentences: Sentence[]): Split => ({ sentences, notes: [] });
	const parts: [role: string, kind: 'corpus' | 'lexicon' | 'vectors', id: string | null, part: string][] = [
		['corpus', 'corpus', stored.corpusId, corpusPart],
		['lexicon', 'lexicon', stored.lexiconId, wordsPart],
	];
	const decoded = new Map<string, PackedVectors>();
	/** Decoded once: for the hashes, the tables and the text that is tagged later. */
	const vectorsOf = async (id: string) => {
		const known = decoded.get(id);
		if (known) return known;
		const vectors = decodeVectors(await workspace.readPart('vectors', id, vectorsPart));
		decoded.set(id, vectors);
		await hold('vectors', id, () => ({ [vectorsPart]: encodeVectors(vectors) }));
		return vectors;
	};
	const readVectors: RunSource['readVectors'] = (sentences) =>
		mapRoles(sentences, async (role, wants) => {
			const id = stored[`${role}Id`];
			return id === null ? null : selectRows(await vectorsOf(id), wants);
		});
	return {
		input: { ...stored, corpusRevision: item.revision },
		names: { corpus: item.name },
		async hashes() {
			const hashes: Record<string, string> = {};
			for (const [role, kind, id, part] of parts) {
				if (id !== null) hashes[role] = await hashOf(await workspace.readPart(kind, id, part));
			}
			// An emptied list is the same corpus as one that was never changed.
			if (changes.length > 0) hashes.changes = await hashOf(encodeJson(changes));
			const sentences = [...corpus.splits.train, ...corpus.splits.dev, ...corpus.splits.test];
			for (const [role, vectors] of Object.entries(await readVectors(sentences))) {
				if (vectors) hashes[role] = await hashOf(bytesOf(vectors));
			}
			return hashes;
		},
		readCorpora: async () => {
			const { train, dev, test } = view.splits;
			const hasTest = test.length > 0;
			return {
				...withTest(split(corpus.splits.train), split(corpus.splits.dev), hasTest ? split(corpus.splits.test) : null),
				unit: corpus.unit,
				origins: { train, dev, test: hasTest ? test : dev },
			};
		},
		async readLexicon() {
			if (stored.lexiconId === null) return null;
			const words = decodeWords(await workspace.readPart('lexicon', stored.lexiconId, wordsPart));
			if (!hasLexicon) await hold('lexicon', stored.lexiconId, () => ({ [wordsPart]: encodeWords(words) }));
			hasLexicon = true;
			return words;
		},
		readVectors,
		changes,
		held: () => held,
	};
}

function withTest(train: Split, dev: Split, test: Split | null): RunCorpora {
	return { train, dev, test: test ?? { sentences: dev.sentences, notes: [] }, hasTest: test !== null };
}

type VectorRole = keyof RunVectors;

async function mapRoles(
	sentences: readonly Sentence[],
	read: (role: VectorRole, wants: (word: string) => boolean) => Promise<KeptVectors | null> | null,
): Promise<RunVectors> {
	const wanted = wantedWords([{ sentences: [...sentences], notes: [] }]);
	return {
		characterVectors: await read('characterVectors', wanted.character),
		bigramVectors: await read('bigramVectors', wanted.bigram),
		wordVectors: await read('wordVectors', wanted.word),
	};
}

function bytesOf({ words, values }: KeptVectors): Uint8Array {
	const text = new TextEncoder().encode(words.join('\n'));
	const bytes = new Uint8Array(text.length + values.byteLength);
	bytes.set(text);
	bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), text.length);
	return bytes;
}

/** Of a new run. */
export async function sourceOf(workspace: Workspace, input: TrainingInput): Promise<RunSource> {
	switch (input.kind) {
		case 'files':
			return fileSource(input.files);
		case 'stored':
			return storedSource(workspace, input.stored);
		default:
			throw input satisfies never;
	}
}

/** SHA-256, or the length where the browser does not hash. */
export async function hashOf(bytes: Uint8Array): Promise<string> {
	return (await sha256(bytes)) || `${bytes.length} bytes`;
}
