// Parquet files for tests: two of two rows each, tokens and integer tags packed by Snappy, one with the names of the tags in
// its metadata, as the `datasets` library has them, one without; and others made from columns, in any packing.

import { brotliCompressSync, gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { joinBytes } from '../util/join-bytes';

const withNames =
	'UEFSMRUGFW4VaFwVDhUAFQQVABUGFQQAAANeA/8/MhgDAAAA546LAQcI5piOAQcI5Y67AQcI5rW3BQdAt4AEAAAA8KCutwMAAADlpb0VBhV6FThcFQ4VABUEFQAVBhUEAAADXgP/PzgEAQAJAQACCQcVAQADDQoABA0IPgEAFQQZfEgEcm9vdBUEADUCGAZ0b2tlbnMVAhUGADUEGARsaXN0FQIAFQwlAhgHZWxlbWVudCUAADUCGAhuZXJfdGFncxUCFQYANQQYBGxpc3QVAgAVBCUCGAdlbGVtZW50ABYEGRwZLCYIHBUMGRUAGTgGdG9rZW5zBGxpc3QHZWxlbWVudBUCFg4WmAEWkgEmCDw2ACgE8KCutxgD5Y67ABkcFQYVABUCAAAAJpoBHBUEGRUAGTgIbmVyX3RhZ3MEbGlzdAdlbGVtZW50FQIWDhakARZiJpoBPDYAKAgEAAAAAAAAABgIAAAAAAAAAAAAGRwVBhUAFQIAAAAWvAIWBDb0AQAZHBgLaHVnZ2luZ2ZhY2UY+QF7ImluZm8iOnsiZmVhdHVyZXMiOnsiaWQiOnsiZHR5cGUiOiJzdHJpbmciLCJfdHlwZSI6IlZhbHVlIn0sInRva2VucyI6eyJmZWF0dXJlIjp7ImR0eXBlIjoic3RyaW5nIiwiX3R5cGUiOiJWYWx1ZSJ9LCJfdHlwZSI6IlNlcXVlbmNlIn0sIm5lcl90YWdzIjp7ImZlYXR1cmUiOnsibmFtZXMiOlsiTyIsIkItUEVSIiwiSS1QRVIiLCJCLUxPQyIsIkktTE9DIl0sIl90eXBlIjoiQ2xhc3NMYWJlbCJ9LCJfdHlwZSI6IlNlcXVlbmNlIn19fX0AGAloeXBhcnF1ZXQZLBwAABwAAAAkAgAAUEFSMQ==';

const withoutNames =
	'UEFSMRUGFW4VaFwVDhUAFQQVABUGFQQAAANeA/8/MhgDAAAA546LAQcI5piOAQcI5Y67AQcI5rW3BQdAt4AEAAAA8KCutwMAAADlpb0VBhV6FThcFQ4VABUEFQAVBhUEAAADXgP/PzgEAQAJAQACCQcVAQADDQoABA0IPgEAFQQZfEgEcm9vdBUEADUCGAZ0b2tlbnMVAhUGADUEGARsaXN0FQIAFQwlAhgHZWxlbWVudCUAADUCGAhuZXJfdGFncxUCFQYANQQYBGxpc3QVAgAVBCUCGAdlbGVtZW50ABYEGRwZLCYIHBUMGRUAGTgGdG9rZW5zBGxpc3QHZWxlbWVudBUCFg4WmAEWkgEmCDw2ACgE8KCutxgD5Y67ABkcFQYVABUCAAAAJpoBHBUEGRUAGTgIbmVyX3RhZ3MEbGlzdAdlbGVtZW50FQIWDhakARZiJpoBPDYAKAgEAAAAAAAAABgIAAAAAAAAAAAAGRwVBhUAFQIAAAAWvAIWBDb0AQAZABgJaHlwYXJxdWV0GSwcAAAcAAAAGgEAAFBBUjE=';

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** 王明 PER, 海淀 LOC in `王明去海淀`, and `𠮷好`. */
export const parquetWithNames = () => bytesOf(withNames);
export const parquetWithoutNames = () => bytesOf(withoutNames);

export type Packing = 'UNCOMPRESSED' | 'SNAPPY' | 'GZIP' | 'ZSTD' | 'BROTLI' | 'LZ4' | 'LZ4_RAW';

export interface TinyTable {
	columns: { name: string; data: unknown[] }[];
	packing?: Packing;
	/** Of the data set, as the `datasets` library keeps them in the metadata. */
	features?: object;
}

/** A file of these columns. ZSTD and LZ4 keep the bytes as they are, in blocks of those formats. */
export function parquetOf({ columns, packing = 'SNAPPY', features }: TinyTable): Uint8Array {
	const kvMetadata = features && [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }];
	const columnData = columns.map(({ name, data }) => ({ name, data, nullable: true }));
	const buffer = parquetWriteBuffer({ columnData, codec: packing, compressors, kvMetadata });
	return new Uint8Array(buffer);
}

const compressors = {
	GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)),
	BROTLI: (bytes: Uint8Array) => new Uint8Array(brotliCompressSync(bytes)),
	ZSTD: zstdStored,
	LZ4_RAW: lz4Literals,
	LZ4: (bytes: Uint8Array) => {
		const block = lz4Literals(bytes);
		const sizes = new DataView(new ArrayBuffer(8)); // as Hadoop frames a block
		sizes.setUint32(0, bytes.length);
		sizes.setUint32(4, block.length);
		return joinBytes([new Uint8Array(sizes.buffer), block]);
	},
};

/** One frame of one raw block (RFC 8878). */
function zstdStored(bytes: Uint8Array): Uint8Array {
	const head = new DataView(new ArrayBuffer(12));
	head.setUint32(0, 0xfd2fb528, true);
	head.setUint8(4, 0b10100000); // content size in four bytes, single segment
	head.setUint32(5, bytes.length, true);
	const block = (bytes.length << 3) | 1;
	head.setUint16(9, block & 0xffff, true);
	head.setUint8(11, block >>> 16);
	return joinBytes([new Uint8Array(head.buffer), bytes]);
}

/** One LZ4 sequence of literals alone. */
function lz4Literals(bytes: Uint8Array): Uint8Array {
	const { length } = bytes;
	if (length < 15) return joinBytes([Uint8Array.of(length << 4), bytes]);
	const rest = length - 15;
	const more = new Uint8Array(Math.floor(rest / 255) + 1).fill(255);
	more[more.length - 1] = rest % 255;
	return joinBytes([Uint8Array.of(0xf0), more, bytes]);
}
