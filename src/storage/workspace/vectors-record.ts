// Stored vectors: the rows of one file that some corpus asked for, packed. Part `vectors`: safetensors with the tensor
// `values` [words, dimension] and the words in its metadata.

import type { KeptVectors } from '../../data/vector-file';
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
	sources: SourceInfo[];
}

export const vectorsKind: KindDefinition<VectorsDetail> = {
	version: 1,
	migrations: {},
	isValid: (detail): detail is VectorsDetail =>
		isRecord(detail) && hasCounts(detail, ['dimension', 'rowCount', 'entryCount']) && isSourceList(detail.sources),
};

export const vectorsPart = 'vectors';

const fileKind: FileKind = { name: 'vectors', version: 1, words: 'packed word vectors of the workbench' };

export function encodeVectors({
	file,
	dimension,
	words,
	values,
	entryCount,
	notes,
}: KeptVectors): Uint8Array<ArrayBuffer> {
	const records = { file, words, entry_count: entryCount, notes };
	return encodeWorkbenchFile(fileKind, records, [['values', storeNumbers(values, [words.length, dimension])]]);
}

/** Throws a UserError when the bytes are damaged or of another kind. */
export function decodeVectors(bytes: Uint8Array): KeptVectors {
	const stored = decodeWorkbenchFile(bytes, fileKind);
	const words = stored.record('words', isTextList, 'a list of words');
	const dimension = stored.tensors.get('values')?.shape[1] ?? 0;
	return {
		file: stored.record('file', (value) => typeof value === 'string', 'a file name'),
		dimension,
		words,
		values: readFloats(requireTensor(stored.tensors, 'values', [words.length, dimension])),
		entryCount: stored.record('entry_count', (value) => typeof value === 'number', 'a count'),
		notes: stored.record('notes', isNoteList, 'notes'),
	};
}

function isNoteList(value: unknown): value is KeptVectors['notes'] {
	return Array.isArray(value) && value.every((note) => isRecord(note) && typeof note.message === 'string');
}
