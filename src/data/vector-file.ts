// Reads word vectors as a stream and keeps only the rows that are asked for. Which form a file has (text of word2vec,
// GloVe, fastText or gigaword with or without a header, word2vec's binary form; packed or not) its bytes say.

import { invariant, UserError } from '../util/errors';
import { type ByteOptions, type ByteSource, openSource } from './byte-stream';
import { startsWith } from './containers/container-registry';
import type { ContainerLayer } from './containers/open-plain';
import type { ReadingNote } from './corpus';
import { RowCollector, wrongEncoding } from './vectors/row-collector';
import type { VectorHeader } from './vectors/text-rows';
import { type VectorForm, vectorFormats } from './vectors/vector-formats';
import { openVectors } from './vectors/vector-registry';

/** The rows kept of one file, in the order of the first entry of each word; a repeated word has its last values. */
export interface KeptVectors {
	/** Name of the file, for messages. */
	file: string;
	dimension: number;
	words: string[];
	/** [words.length, dimension] */
	values: Float32Array;
	/** Entries of the whole file, repeated ones too. */
	entryCount: number;
	notes: ReadingNote[];
}

export interface VectorProgress {
	/** Taken from the source: packed bytes of a packed file. */
	bytes: number;
	/** Entries read, and those of them that are kept. */
	entries: number;
	kept: number;
}

export interface VectorOptions extends ByteOptions {
	/** Whether a word's row is kept. Asked once for every entry. */
	wants: (word: string) => boolean;
	/** Called after each chunk of the source, and at the end. */
	onEntries?: (progress: VectorProgress) => void;
	/** Also keep the list of all words of the file. */
	keepsFileWords?: boolean;
}

/** What a whole pass over a file finds. */
export interface VectorScan {
	vectors: KeptVectors;
	form: VectorForm;
	header: VectorHeader | null;
	layers: ContainerLayer[];
	/** Entries whose words hold spaces. */
	spacedWordCount: number;
	/** All words of the file in its order, UTF-8, each with a line break behind it; null unless asked for. */
	fileWords: Uint8Array | null;
}

/** The wanted rows. Throws what `scanVectors` throws. */
export async function readVectors(source: ByteSource, options: VectorOptions): Promise<KeptVectors> {
	return (await scanVectors(source, options)).vectors;
}

/**
 * Streams a vector file. In text words may hold spaces: the numbers are the last `dimension` fields. Throws UserError:
 * `vectors-empty`, `vectors-wrong-width`, `vectors-too-wide`, `vectors-not-a-number`, `vectors-wrong-encoding`,
 * `vectors-cut-short`, `vectors-damaged`, `vectors-unsupported`, and those of data/byte-stream.ts.
 */
export async function scanVectors(source: ByteSource, options: VectorOptions): Promise<VectorScan> {
	const rows = new RowCollector(options);
	let taken = 0;
	const tellEntries = () => options.onEntries?.({ bytes: taken, entries: rows.entryCount, kept: rows.words.length });
	const onProgress = (bytes: number) => {
		taken = bytes;
		options.onProgress?.(bytes);
		tellEntries();
	};
	const { layers, bytes } = await openSource(source, { ...options, onProgress });
	let opened: Awaited<ReturnType<typeof openVectors>>;
	try {
		refuseForeign(await bytes.peek(4), options.file);
		opened = await openVectors(bytes);
	} catch (error) {
		await bytes.close();
		throw error;
	}
	invariant(opened, 'whatever is no other form is read as text');
	const header = await opened.read(rows);
	tellEntries(); // the last chunks may still have been on their way through the layers
	const values = rows.finish();
	const further = layers.find((layer) => layer.further !== null)?.further;
	if (further) rows.note('vectors-further-file', `The archive contains another file, which was not read: ${further}`);
	const { file, dimension, words, entryCount, notes, spacedWordCount } = rows;
	return {
		vectors: { file, dimension, words, values, entryCount, notes },
		form: vectorFormats[opened.format].form,
		header: header && { entryCount: header.entryCount, dimension: header.dimension },
		layers,
		spacedWordCount,
		fileWords: rows.takeFileWords(),
	};
}

/** Files that are often taken for vectors in text form. */
function refuseForeign(head: Uint8Array, file: string): void {
	if (startsWith(head, [0xff, 0xfe]) || startsWith(head, [0xfe, 0xff]))
		throw wrongEncoding(file, 1, 'the byte order mark of UTF-16');
	if (!startsWith(head, [0xba, 0x16, 0x4f, 0x2f])) return;
	throw new UserError({
		code: 'vectors-unsupported',
		location: { file },
		expected: 'vectors as text or in word2vec binary format',
		found: 'a fastText model',
		remedy: 'Choose the .vec file that is published with the .bin file.',
	});
}

/**
 * Several files as one, as if their lines stood one after another: a repeated word keeps the place of its first entry
 * and takes the values of its last. Throws `vectors-widths-differ`.
 */
export function mergeVectors(parts: readonly KeptVectors[]): KeptVectors {
	const [first, ...others] = parts;
	for (const other of others) {
		if (other.dimension === first.dimension) continue;
		throw new UserError({
			code: 'vectors-widths-differ',
			location: { file: other.file },
			expected: `${first.dimension} dimensions as in ${first.file}, since character and word vectors share one embedding table`,
			found: `${other.dimension}`,
			remedy: 'Choose character and word vectors with the same dimension.',
		});
	}
	const { dimension } = first;
	const rowOf = new Map<string, number>();
	for (const word of parts.flatMap((part) => part.words)) if (!rowOf.has(word)) rowOf.set(word, rowOf.size);
	const values = new Float32Array(rowOf.size * dimension);
	for (const part of parts) {
		part.words.forEach((word, row) => {
			const target = rowOf.get(word) ?? 0;
			values.set(part.values.subarray(row * dimension, (row + 1) * dimension), target * dimension);
		});
	}
	return {
		file: parts.map((part) => part.file).join(' + '),
		dimension,
		words: [...rowOf.keys()],
		values,
		entryCount: parts.reduce((sum, part) => sum + part.entryCount, 0),
		notes: parts.flatMap((part) => part.notes),
	};
}
