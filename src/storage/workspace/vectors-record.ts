// Stored vectors: what is remembered of a vector file (data/vectors/packed-vectors.ts). Part `vectors`: safetensors with
// the rows that corpora have used and the list of all words of the file.

import type { FileIdentity } from '../../data/vectors/file-identity';
import type { PackedVectors } from '../../data/vectors/packed-vectors';
import { vectorUnits } from '../../data/vectors/unit-text';
import type { VectorTraining } from '../../data/vectors/vector-training';
import type { JsonObject } from '../../util/migrations';
import { requireTensor } from '../flat-parameters';
import { readFloats, storeNumbers } from '../stored-tensor';
import {
	decodeWorkbenchFile,
	encodeWorkbenchFile,
	type FileKind,
	hasCounts,
	isRecord,
	isTextList,
} from '../workbench-file';
import type { KindDefinition } from './item-record';
import { isSourceList, type SourceInfo } from './source-info';

export interface VectorsDetail {
	dimension: number;
	/** Rows that are kept. */
	rowCount: number;
	/** Entries of the whole file. */
	entryCount: number;
	/** The file that they come from: by it the same file is known again. */
	identity: FileIdentity;
	/** How they were trained here; null for those of a file. */
	training: VectorProvenance | null;
}

/** From it the same vectors can be made again. */
export interface VectorProvenance extends VectorTraining {
	epochs: number;
	/** Files and corpora that were learned from. */
	sources: SourceInfo[];
	/** Name of the lexicon whose words were cut; null for characters and bigrams. */
	lexicon: string | null;
	/** Characters of text. */
	characters: number;
}

/** Version 1 knew vectors of files only. */
function fromVersion1(detail: JsonObject): JsonObject {
	return { ...detail, training: null };
}

export const vectorsKind: KindDefinition<VectorsDetail> = {
	migrations: [fromVersion1],
	isValid: (detail): detail is VectorsDetail =>
		isRecord(detail) &&
		hasCounts(detail, ['dimension', 'rowCount', 'entryCount']) &&
		isIdentity(detail.identity) &&
		(detail.training === null || isProvenance(detail.training)),
};

export const vectorsPart = 'vectors';

const fileKind: FileKind = { name: 'vectors', migrations: [], words: 'packed word vectors of the workbench' };

export function describeVectors(vectors: PackedVectors, training: VectorProvenance | null = null): VectorsDetail {
	const { dimension, words, entryCount, identity } = vectors;
	return { dimension, rowCount: words.length, entryCount, identity, training };
}

export function encodeVectors(vectors: PackedVectors): Uint8Array<ArrayBuffer> {
	const { identity, dimension, entryCount, words, values, fileWords, served, notes } = vectors;
	const records = { identity, words, entry_count: entryCount, served, notes };
	return encodeWorkbenchFile(fileKind, records, [
		['values', storeNumbers(values, [words.length, dimension])],
		['file_words', storeNumbers(fileWords, [fileWords.length])],
	]);
}

/** Throws a UserError when the bytes are damaged or of another kind. */
export function decodeVectors(bytes: Uint8Array): PackedVectors {
	const stored = decodeWorkbenchFile(bytes, fileKind);
	const words = stored.record('words', isTextList, 'a list of words');
	const dimension = stored.tensors.get('values')?.shape[1] ?? 0;
	const fileWords = stored.tensors.get('file_words');
	if (fileWords?.type !== 'U8') throw stored.damage('the words of the file', 'none');
	return {
		version: 1,
		identity: stored.record('identity', isIdentity, 'the file that the vectors come from'),
		dimension,
		entryCount: stored.record('entry_count', (value) => typeof value === 'number', 'a count'),
		words,
		values: readFloats(requireTensor(stored.tensors, 'values', [words.length, dimension])),
		fileWords: fileWords.bytes,
		served: stored.record('served', isTextList, 'what was asked'),
		notes: stored.record('notes', isNoteList, 'notes'),
	};
}

function isProvenance(value: unknown): value is VectorProvenance {
	return (
		isRecord(value) &&
		vectorUnits.some((units) => units === value.units) &&
		hasCounts(value, ['dimension', 'window', 'negatives', 'epochs', 'minCount', 'characters']) &&
		typeof value.seed === 'number' &&
		(value.lexicon === null || typeof value.lexicon === 'string') &&
		isSourceList(value.sources)
	);
}

function isIdentity(value: unknown): value is FileIdentity {
	return (
		isRecord(value) &&
		hasCounts(value, ['sizeBytes']) &&
		typeof value.lastModifiedMs === 'number' &&
		[value.name, value.sampleHash].every((text) => typeof text === 'string') &&
		(value.sha256 === null || typeof value.sha256 === 'string')
	);
}

function isNoteList(value: unknown): value is PackedVectors['notes'] {
	return Array.isArray(value) && value.every((note) => isRecord(note) && typeof note.message === 'string');
}
