// From the paths of a command line to prepared data: corpora are read and checked first, then vector files are
// streamed once, hashed on the way, and only the rows that the corpora can use are kept.

import { requireBert } from '../data/bert/require-bert';
import { type Split, type SplitName, splitNames } from '../data/corpus';
import { decodeText } from '../data/decode-text';
import { readSplit } from '../data/formats/read-split';
import { type EvaluatedSentence, type EvaluatedSplit, evaluatedSentences } from '../data/predicted-sentence';
import { prepareData, wantedWords } from '../data/prepare';
import type { PreparedData } from '../data/prepared';
import { chooseSentences, type RunSentences } from '../data/run-sentences';
import { type KeptVectors, readVectors } from '../data/vector-file';
import { readWordList } from '../data/word-list';
import type { ExperimentConfig } from '../experiment/config';
import type { NetworkBert } from '../model/open-network';
import type { OpenedBert } from '../storage/bert/open-bert';
import { openBertFolder } from '../storage/node/bert-folder';
import { openHashedStream, readFileBytes, sha256Of } from '../storage/node/files';
import { UsageError } from './command-line';
import type { InputRecord } from './result-file';

export interface InputPaths {
	train: string;
	dev?: string;
	test?: string;
	characterVectors?: string;
	bigramVectors?: string;
	wordVectors?: string;
	lexicon?: string;
	/** A folder. */
	bert?: string;
}
export type InputRole = keyof InputPaths;
export const inputRoles: readonly InputRole[] = [
	'train',
	'dev',
	'test',
	'characterVectors',
	'bigramVectors',
	'wordVectors',
	'lexicon',
	'bert',
];

export interface Corpora {
	splits: Record<SplitName, Split>;
	/** Those that the run uses. */
	sentences: RunSentences;
	inputs: Partial<Record<InputRole, InputRecord>>;
	/** In whole sentences, for people. */
	warnings: string[];
}

export interface PreparedInputs {
	data: PreparedData;
	/** The BERT model that was named. */
	bert: OpenedBert | null;
	/** Sentences of dev and test in the order of evaluation. */
	evaluated: Record<EvaluatedSplit, EvaluatedSentence[]>;
	inputs: Record<string, InputRecord>;
	/** Counts of the preparation, for result.json. */
	preparation: Record<string, unknown>;
	warnings: string[];
}

/** Whether a run with these settings reads such a file. */
export function usesInput(role: InputRole, { data, model }: ExperimentConfig): boolean {
	if (role === 'dev') return !data.devIsTest;
	if (role === 'bert') return model.encoder !== 'flat';
	if (role === 'bigramVectors') return model.bigrams;
	return (role !== 'wordVectors' && role !== 'lexicon') || model.lexicon;
}

/** Reads the splits. Without a test file dev stands in for it, with a warning; without dev, only data.devIsTest will do. */
export async function readCorpora(paths: InputPaths, config: ExperimentConfig): Promise<Corpora> {
	const inputs: Corpora['inputs'] = {};
	const warnings: string[] = [];
	const read = async (role: SplitName): Promise<Split | null> => {
		const path = paths[role];
		if (path === undefined) return null;
		const bytes = await readFileBytes(path);
		inputs[role] = recordOf(path, bytes);
		return readSplit(bytes, { file: path, quirks: config.quirks, split: role });
	};
	const { devIsTest } = config.data;
	if (paths.dev === undefined && !devIsTest) {
		throw new UsageError(
			'--dev is required: the corpus that selects the best epoch (or use --set data.devIsTest=true)',
		);
	}
	if (paths.test === undefined && devIsTest) {
		throw new UsageError('--test is missing: with data.devIsTest it serves as dev too');
	}
	const [train, dev, test] = [await read('train'), devIsTest ? null : await read('dev'), await read('test')];
	if (!test) warnings.push('No --test: test scores are the dev scores, on which the best epoch is chosen.');
	if (devIsTest && paths.dev) warnings.push('--dev is ignored: data.devIsTest uses the test corpus as dev.');
	const splits = { train, dev: dev ?? test, test: test ?? dev } as Record<SplitName, Split>;
	const files = [...new Set(splitNames.map((name) => splits[name]))];
	const sentences = chooseSentences({ ...splits, data: config.data, hasTest: test !== null });
	return { splits, sentences, inputs, warnings: [...warnings, ...files.flatMap(summarizeNotes)] };
}

export async function prepareInputs(
	paths: InputPaths,
	corpora: Corpora,
	config: ExperimentConfig,
): Promise<PreparedInputs> {
	const { splits, sentences } = corpora;
	const inputs = { ...corpora.inputs };
	const wants = wantedWords(splitNames.map((name) => splits[name]));
	const vectors = async (role: InputRole, isUsed: boolean, isWanted: (word: string) => boolean) =>
		isUsed ? readVectorFile(paths[role], isWanted, (record) => (inputs[role] = record)) : null;
	const { lexicon, bigrams, encoder } = config.model;
	requireBert(encoder, paths.bert ?? null);
	const usesBert = usesInput('bert', config);
	const bert = usesBert ? await readBert(paths.bert, (record) => (inputs.bert = record)) : null;
	const characterVectors = await vectors('characterVectors', true, wants.character);
	const bigramVectors = await vectors('bigramVectors', bigrams, wants.bigram);
	const wordVectors = await vectors('wordVectors', lexicon, wants.word);
	const lexiconWords = lexicon ? await readLexicon(paths.lexicon, (record) => (inputs.lexicon = record)) : null;
	const { data, report } = prepareData({
		sentences,
		config,
		lexiconWords: lexiconWords?.filter((word) => wants.word(word)) ?? null,
		characterVectors,
		bigramVectors,
		wordVectors,
		bert,
		seed: config.seed,
	});
	const { notes, ...counts } = report;
	const ours = notes.filter((note) => note.file === '').map((note) => note.message);
	return {
		data,
		bert,
		evaluated: evaluatedSentences(sentences),
		inputs,
		preparation: { ...counts, notes: countNotes(notes) },
		warnings: [...corpora.warnings, ...(paths.bert && !usesBert ? [unreadBert] : []), ...(bert?.notes ?? []), ...ours],
	};
}

const unreadBert = '--bert is not read: the encoder flat has no BERT (model.encoder).';

/** A text file in UTF-8 with its hash. */
export async function readText(path: string): Promise<{ text: string; record: InputRecord }> {
	const bytes = await readFileBytes(path);
	return { text: decodeText(bytes, path), record: recordOf(path, bytes) };
}

/** A file as result.json names it. */
export function recordOf(path: string, bytes: Uint8Array): InputRecord {
	return { file: path, sha256: sha256Of(bytes), sizeBytes: bytes.byteLength };
}

/** The wanted rows of a vector file; null without a path. */
export async function readVectorFile(
	path: string | undefined,
	wants: (word: string) => boolean,
	keepRecord: (record: InputRecord) => void = () => {},
): Promise<KeptVectors | null> {
	if (path === undefined) return null;
	const stream = await openHashedStream(path);
	const vectors = await readVectors(stream.chunks, { file: path, wants });
	keepRecord({ file: path, sha256: await stream.sha256(), sizeBytes: stream.sizeBytes });
	return vectors;
}

/** The words of a lexicon file, in order; null without a path. */
export async function readLexicon(
	path: string | undefined,
	keepRecord: (record: InputRecord) => void = () => {},
): Promise<string[] | null> {
	if (path === undefined) return null;
	const stream = await openHashedStream(path);
	const words = await readWordList(stream.chunks, { file: path });
	keepRecord({ file: path, sha256: await stream.sha256(), sizeBytes: stream.sizeBytes });
	return words;
}

/** A BERT model, opened and checked; its record has the hash of its weights. Null without a path. */
export async function readBert(
	path: string | undefined,
	keepRecord: (record: InputRecord) => void = () => {},
): Promise<OpenedBert | null> {
	if (path === undefined) return null;
	const bert = await openBertFolder(path);
	keepRecord({ file: path, sha256: bert.hash, sizeBytes: bert.sizeBytes });
	return bert;
}

/** Readers' notes of one file by kind: how many, and the first one in words. Never silent, never a thousand lines. */
export function summarizeNotes({ notes }: Split): string[] {
	return Object.entries(countNotes(notes)).map(([code, count]) => {
		const first = notes.find((note) => note.code === code);
		const times = count > 1 ? ` (${count} times in this file; this is the first)` : '';
		return `${first?.file}:${first?.line}: ${first?.message}${times}`;
	});
}

function countNotes(notes: Split['notes']): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { code } of notes) counts[code] = (counts[code] ?? 0) + 1;
	return counts;
}

/** The BERT of the run: the pieces of its data, the weights of its files. */
export function networkBert({ data, bert }: PreparedInputs): NetworkBert | null {
	return data.bert && bert && { prepared: data.bert, weights: bert, isTrained: false };
}
