// A BERT model as people have it: a folder of files, opened and checked as a whole before anything uses it. Weights are read
// one tensor at a time, when they are asked for.

import type { PieceVocabulary } from '../../data/bert/piece-vocabulary';
import type { TokenizerOptions } from '../../data/bert/tokenize';
import { decodeText } from '../../data/decode-text';
import { type BertConfig, bertTensors } from '../../experiment/bert-config';
import { UserError } from '../../util/errors';
import { type Refuse, refuser } from '../refuse';
import { elementCount } from '../stored-tensor';
import { openShards, openTensorFile, shardNames, type TensorFile } from '../tensor-file';
import { parseBertConfig } from './config-file';
import { refuseForeign, refuseWithoutWeights } from './foreign-files';
import { fileIn, readTokenizer, tokenizerNames } from './tokenizer-files';
import { BertHash, type BertWeights, findBertWeights } from './weights-file';

export interface OpenedBert {
	/** Path of the folder, for people. */
	folder: string;
	/** Name of the file, or of the index, that holds the weights. */
	weightsFile: string;
	config: BertConfig;
	/** By row of the model's table. */
	pieces: readonly string[];
	vocabulary: PieceVocabulary;
	tokenizer: TokenizerOptions;
	/** 64 hexadecimal digits, or an empty text where the browser does not hash. */
	hash: string;
	/** Numbers that the encoder uses, and bytes of the files with the weights. */
	parameters: number;
	sizeBytes: number;
	/** In whole sentences, for people. */
	notes: string[];
	/** One of `bertTensors`, row-major, its own memory. Throws a UserError where the file was changed meanwhile. */
	read(name: string): Promise<Float32Array>;
}

const remedy = 'Give the folder of a BERT model: config.json, vocab.txt, and model.safetensors or pytorch_model.bin.';

/** Names of weights in published folders, the one that is taken first. */
const weightNames = ['model.safetensors', 'pytorch_model.bin'];
const configNames = ['config.json', 'bert_config.json'];
/** No text of a model folder is larger. */
const maxTextBytes = 256 * 2 ** 20;

/** Files of a folder by name. */
type Files = ReadonlyMap<string, Blob>;

/**
 * Opens and checks all files, every weight included; one tensor is in memory at a time. Nothing in a file is executed. Throws
 * a UserError with the file and what would help for whatever does not fit together.
 */
export async function openBert(named: Iterable<readonly [string, Blob]>, folder: string): Promise<OpenedBert> {
	const refuse = refuser(folder, remedy);
	const files = filesByName(named, refuse);
	const configName = configNames.find((name) => files.has(name));
	if (!configName) return refuse('bert-config-none', 'a config.json', listed(files));
	const config = parseBertConfig((await readText(files, configName, folder)) ?? '', fileIn(folder, configName));
	const { pieces, vocabulary, options } = readTokenizer(await tokenizerTexts(files, folder), config, folder);
	const { file, tensors, sizeBytes } = await openWeights(files, folder);
	const weights = findBertWeights(tensors, config, fileIn(folder, file));
	const read = (name: string) => readUnchanged(weights, name, fileIn(folder, file));
	return {
		...{ folder, weightsFile: file, config, pieces, vocabulary, tokenizer: options },
		hash: await hashOf(config, read),
		parameters: [...bertTensors(config).values()].reduce((sum, shape) => sum + elementCount(shape), 0),
		sizeBytes,
		notes: notesOf(weights, pieces.length, config),
		read,
	};
}

/** Reads every number once, which also checks it. */
async function hashOf(config: BertConfig, read: OpenedBert['read']): Promise<string> {
	const hash = new BertHash();
	for (const [name, shape] of bertTensors(config)) await hash.add({ name, shape, values: await read(name) });
	return hash.digest();
}

function filesByName(named: Iterable<readonly [string, Blob]>, refuse: Refuse): Files {
	const files = new Map<string, Blob>();
	for (const [name, blob] of named) {
		if (files.has(name)) refuse('bert-files-twice', 'the files of one model', `${name} twice`);
		files.set(name, blob);
	}
	return files;
}

function listed(files: Files): string {
	const names = [...files.keys()];
	if (names.length === 0) return 'no files';
	return names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
}

async function tokenizerTexts(files: Files, folder: string) {
	const read = (name: string) => readText(files, name, folder);
	return {
		vocabulary: await read(tokenizerNames.vocabulary),
		tokenizer: await read(tokenizerNames.tokenizer),
		tokenizerConfig: await read(tokenizerNames.tokenizerConfig),
	};
}

/** Null where there is no such file. */
async function readText(files: Files, name: string, folder: string): Promise<string | null> {
	const blob = files.get(name);
	if (!blob) return null;
	const file = fileIn(folder, name);
	await refuseForeign(blob, file);
	const refuse = refuser(file, remedy);
	if (blob.size > maxTextBytes)
		refuse('bert-file-foreign', `a text of at most ${maxTextBytes} bytes`, `${blob.size} bytes`);
	return decodeText(new Uint8Array(await blob.arrayBuffer()), file);
}

interface OpenedWeights {
	file: string;
	tensors: TensorFile;
	sizeBytes: number;
}

async function openWeights(files: Files, folder: string): Promise<OpenedWeights> {
	const names = weightNames.flatMap((name) => [name, `${name}.index.json`]).filter((name) => files.has(name));
	const others = [...files.keys()].filter((name) => /\.(safetensors|bin|pt|pth)$/.test(name));
	const file = names[0] ?? (others.length === 1 ? others[0] : undefined);
	const refuse = refuser(folder, remedy);
	if (file === undefined && others.length > 1)
		refuse('bert-weights-none', 'one file with weights', `${others.length}: ${others.slice(0, 3).join(', ')}`);
	if (file === undefined) return refuseWithoutWeights(files.keys(), refuse);
	return file.endsWith('.index.json') ? openSharded(files, file, folder) : openWhole(files.get(file)!, file, folder);
}

async function openWhole(blob: Blob, file: string, folder: string): Promise<OpenedWeights> {
	await refuseForeign(blob, fileIn(folder, file));
	return { file, tensors: await openTensorFile(blob, fileIn(folder, file)), sizeBytes: blob.size };
}

async function openSharded(files: Files, file: string, folder: string): Promise<OpenedWeights> {
	const index = { text: (await readText(files, file, folder)) ?? '', file: fileIn(folder, file) };
	const shards = shardNames(index).flatMap((name) => (files.has(name) ? [[name, files.get(name)!] as const] : []));
	for (const [name, blob] of shards) await refuseForeign(blob, fileIn(folder, name));
	const sizeBytes = shards.reduce((sum, [, { size }]) => sum + size, 0);
	return { file, tensors: await openShards(index, new Map(shards)), sizeBytes };
}

/** A Blob over a file that was replaced can no longer be read. */
async function readUnchanged(weights: BertWeights, name: string, file: string): Promise<Float32Array> {
	try {
		return await weights.read(name);
	} catch (error) {
		if ((error as { name?: string }).name !== 'NotReadableError') throw error;
		throw new UserError({
			code: 'bert-file-changed',
			location: { file },
			expected: 'the file that was opened',
			found: 'one that was changed or removed meanwhile',
			remedy: 'Open the model again.',
		});
	}
}

function notesOf({ unknown }: BertWeights, pieces: number, config: BertConfig): string[] {
	const notes: string[] = [];
	if (unknown.length > 0) {
		const count = unknown.length === 1 ? '1 tensor is' : `${unknown.length} tensors are`;
		notes.push(`${count} not used, because the encoder has none of that name: ${unknown.slice(0, 3).join(', ')}.`);
	}
	if (pieces < config.pieces)
		notes.push(`The table has ${config.pieces} rows for ${pieces} pieces; the rows beyond are never used.`);
	return notes;
}
