// Stored vectors: what is remembered of a vector file (data/vectors/packed-vectors.ts). Part `vectors`: safetensors with
// the rows that corpora have used and the list of all words of the file.

import type { FileIdentity } from '../../data/vectors/file-identity';
import type { PackedVectors } from '../../data/vectors/packed-vectors';
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

export interface VectorsDetail {
	dimension: number;
	/** Rows that are kept. */
	rowCount: number;
	/** Entries of the whole file. */
	entryCount: number;
	/** The file that they come from: by it the same file is known again. */
	identity: FileIdentity;
}

export const vectorsKind: KindDefinition<VectorsDetail> = {
	version: 1,
	migrations: {},
	isValid: (detail): detail is VectorsDetail =>
		isRecord(detail) && hasCounts(detail, ['dimension', 'rowCount', 'entryCount']) && isIdentity(detail.identity),
};

export const vectorsPart = 'vectors';

const fileKind: FileKind = { name: 'vectors', version: 1, words: 'packed word vectors of the workbench' };

export function describeVectors({ dimension, words, entryCount, identity }: PackedVectors): VectorsDetail {
	return { dimension, rowCount: words.length, entryCount, identity };
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
