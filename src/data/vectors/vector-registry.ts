// Registry of the forms of vector files: what recognises, reads and writes each of those in the list.

import { visitPlainLines } from '../byte-stream';
import type { PeekableBytes } from '../containers/peekable-bytes';
import { binaryHeader, readBinaryRows } from './binary-rows';
import type { RowCollector } from './row-collector';
import { TextRows, type VectorHeader } from './text-rows';
import type { VectorFormat } from './vector-formats';
import { encodeBinaryVectors, formatVectors, type WritableVectors } from './vector-text';

interface VectorFileForm {
	/** Forms are asked in rising order; the first that gives a reader is the one. */
	rank: number;
	/** What reads the rows to the end and gives the header, if the file has one; null for a file of another form. */
	open(bytes: PeekableBytes): Promise<((rows: RowCollector) => Promise<VectorHeader | null>) | null>;
	/** The same float32 numbers come back. */
	encode(vectors: WritableVectors): (string | Uint8Array<ArrayBuffer>)[];
}

export const vectorRegistry: { readonly [Format in VectorFormat]: VectorFileForm } = {
	'word2vec-binary': {
		rank: 1,
		async open(bytes) {
			const header = await binaryHeader(bytes);
			if (!header) return null;
			return async (rows) => {
				await readBinaryRows(bytes, header, rows);
				return { entryCount: header.entryCount, dimension: header.dimension };
			};
		},
		encode: (vectors) => [encodeBinaryVectors(vectors)],
	},
	'word2vec-text': {
		rank: 2,
		open: async (bytes) => async (rows) => {
			const reader = new TextRows(rows);
			await visitPlainLines(bytes, rows.file, (line, start, end) => reader.readLine(line, start, end));
			reader.finish();
			return reader.header;
		},
		encode: (vectors) => [...formatVectors(vectors, 'exact')],
	},
};

/** The form of a file by its first bytes, and what reads it. */
export async function openVectors(bytes: PeekableBytes) {
	const forms = (Object.entries(vectorRegistry) as [VectorFormat, VectorFileForm][]).sort(
		([, left], [, right]) => left.rank - right.rank,
	);
	for (const [format, form] of forms) {
		const read = await form.open(bytes);
		if (read) return { format, read };
	}
	return null;
}
