// What is remembered of a vector file: the rows that corpora have used so far, and the list of all its words. From the
// list follows what another corpus still needs, so that a word known to be missing is never looked for again. A plain
// record; where it is kept is the business of storage.

import { UserError } from '../../util/errors';
import { Sha256 } from '../../util/sha256';
import type { ByteSource } from '../byte-stream';
import type { ReadingNote, Sentence } from '../corpus';
import { type KeptVectors, scanVectors, type VectorOptions } from '../vector-file';
import type { FileIdentity } from './file-identity';
import { decodeWord } from './line-bytes';

export interface PackedVectors {
	version: 1;
	identity: FileIdentity;
	dimension: number;
	/** Entries of the whole file, repeated ones too. */
	entryCount: number;
	/** The rows at hand, in the order of the file. */
	words: string[];
	/** [words.length, dimension] */
	values: Float32Array;
	/** All words of the file in its order, UTF-8, each with a line break behind it. */
	fileWords: Uint8Array;
	/** Keys of what was asked and is at hand in full (`wantedKey`). */
	served: string[];
	notes: ReadingNote[];
}

/** What a corpus wants of a file. */
export interface WantedRows {
	/** Equal keys want equal rows. */
	key: string;
	wants: (word: string) => boolean;
}

/** The key of what the sentences of a corpus want as characters, bigrams or words. */
export function wantedKey(role: 'characters' | 'bigrams' | 'words', splits: readonly (readonly Sentence[])[]): string {
	const hash = new Sha256();
	const encoder = new TextEncoder();
	for (const sentences of splits) {
		for (const { characters } of sentences) hash.update(encoder.encode(`${characters.join('\u0001')}\n`));
	}
	return `${role}:${hash.digestHex()}`;
}

/** Words of the file that are wanted and not at hand; empty when nothing has to be read. At once for a key that was served. */
export function planReading(record: PackedVectors, { key, wants }: WantedRows): Set<string> {
	const missing = new Set<string>();
	if (record.served.includes(key)) return missing;
	const known = new Set(record.words);
	for (const word of wordsOf(record.fileWords)) if (!known.has(word) && wants(word)) missing.add(word);
	return missing;
}

/** The rows of a record that a corpus wants, as reading the file for it alone would give them. */
export function selectRows(record: PackedVectors, wants: (word: string) => boolean): KeptVectors {
	const rows = record.words.flatMap((word, row) => (wants(word) ? [row] : []));
	const { identity, dimension, entryCount, notes } = record;
	const words = rows.map((row) => record.words[row]);
	const values = new Float32Array(rows.length * dimension);
	rows.forEach((row, at) => {
		values.set(record.values.subarray(row * dimension, (row + 1) * dimension), at * dimension);
	});
	return { file: identity.name, dimension, words, values, entryCount, notes };
}

/** The record with more rows of the same file, in the order of the file. */
function mergeRows(record: PackedVectors, more: KeptVectors, key: string): PackedVectors {
	const { dimension } = record;
	const sources = new Map<string, Float32Array>();
	for (const { words, values } of [record, more]) {
		words.forEach((word, row) => {
			sources.set(word, values.subarray(row * dimension, (row + 1) * dimension));
		});
	}
	const values = new Float32Array(sources.size * dimension);
	const words: string[] = [];
	for (const word of wordsOf(record.fileWords)) {
		const source = sources.get(word);
		if (source === undefined) continue;
		values.set(source, words.length * dimension);
		words.push(word);
		sources.delete(word); // a repeated word stands where it was first
	}
	return { ...record, words, values, served: withKey(record.served, key) };
}

export interface PackedCall extends Omit<VectorOptions, 'wants' | 'keepsFileWords' | 'file'> {
	/** What is remembered of this very file; null the first time. */
	record: PackedVectors | null;
	/** The file as it is now; its whole hash may be unknown. */
	identity: FileIdentity;
	wanted: WantedRows;
	/** Opens the file for one pass. Not called when all is at hand. */
	open: () => ByteSource;
}

/**
 * The record with everything that is wanted: as it is, with more rows read, or made by a first reading. Throws
 * `vectors-file-changed` where the file is no longer the one that the record is of, and what `scanVectors` throws.
 */
export async function providePacked(call: PackedCall): Promise<{ record: PackedVectors; hasRead: boolean }> {
	const { record, identity, wanted, open, ...options } = call;
	const missing = record && planReading(record, wanted);
	if (record && missing?.size === 0) {
		const served = withKey(record.served, wanted.key);
		return { record: served.length === record.served.length ? record : { ...record, served }, hasRead: false };
	}
	const hash = new Sha256();
	const scan = await scanVectors(open(), {
		...options,
		file: identity.name,
		wants: missing ? (word) => missing.has(word) : wanted.wants,
		keepsFileWords: record === null,
		onBytes: (chunk) => {
			hash.update(chunk);
			options.onBytes?.(chunk);
		},
	});
	// An archive is left behind the entry that was read: then there is no hash of the whole.
	const sha256 = hash.sizeBytes === identity.sizeBytes ? hash.digestHex() : null;
	if (record) {
		if (record.identity.sha256 !== sha256 || record.dimension !== scan.vectors.dimension)
			throw fileChanged(identity.name);
		const merged = mergeRows(record, scan.vectors, wanted.key);
		return { record: { ...merged, identity: { ...identity, sha256 } }, hasRead: true };
	}
	const { dimension, entryCount, words, values, notes } = scan.vectors;
	const fileWords = scan.fileWords ?? new Uint8Array(0);
	const packed = { dimension, entryCount, words, values, fileWords, notes };
	return { record: { version: 1, identity: { ...identity, sha256 }, ...packed, served: [wanted.key] }, hasRead: true };
}

function withKey(served: string[], key: string): string[] {
	return served.includes(key) ? served : [...served, key];
}

/** Decoded one by one: all at once would be large. */
function* wordsOf(fileWords: Uint8Array): Generator<string> {
	let start = 0;
	for (let end = fileWords.indexOf(10); end >= 0; end = fileWords.indexOf(10, start)) {
		const word = decodeWord(fileWords, start, end);
		if (word !== null) yield word;
		start = end + 1;
	}
}

function fileChanged(file: string): UserError {
	return new UserError({
		code: 'vectors-file-changed',
		location: { file },
		expected: 'the same vector file as before',
		found: 'a file with different content',
		remedy: 'Remove this file and add it again.',
	});
}
