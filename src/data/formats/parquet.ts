// Hugging Face data sets in Parquet: rows of tokens and tags. Names of integer tags stand in the metadata that the
// `datasets` library writes. Reading the table itself is hyparquet's.

import { gunzipSync } from 'fflate';
import { decompress } from 'fzstd';
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { UserError } from '../../util/errors';
import { isObject, isStringList, own } from './json-shape';
import type { JsonRecord } from './json-text';
import { limits } from './limits';

export interface ParquetTable {
	/** Rows, their "line" the number of the row from 1. */
	records: JsonRecord[];
	/** Names of integer tags, where the file holds them. */
	tagNames: string[] | null;
}

/** Throws `corpus-parquet-broken`, `corpus-too-large`. */
export async function readParquet(bytes: Uint8Array, file: string): Promise<ParquetTable> {
	const reading = { isOver: false };
	try {
		const metadata = parquetMetadata(bytes.slice().buffer as ArrayBuffer);
		checkSize(metadata, file);
		const rows = await parquetReadObjects({ file: slowBuffer(bytes, reading), metadata, compressors });
		const records = rows.map((row, index) => ({ value: plainRow(row), line: index + 1 }));
		return { records, tagNames: namesOf(metadata) };
	} catch (error) {
		if (error instanceof UserError) throw error;
		throw new UserError({
			code: 'corpus-parquet-broken',
			place: { file },
			expected: 'a complete Parquet file',
			found: error instanceof Error ? error.message.slice(0, 200) : 'something else',
			remedy: 'Download the file again, or export the data set as JSON lines.',
		});
	} finally {
		reading.isOver = true;
	}
}

/**
 * The file, its parts given a turn later, and never once reading is over: where the library refuses a broken file at once,
 * columns that it has already asked for would otherwise fail with nobody listening.
 */
function slowBuffer(bytes: Uint8Array, reading: { isOver: boolean }) {
	return {
		byteLength: bytes.length,
		async slice(start: number, end?: number): Promise<ArrayBuffer> {
			await new Promise((resolve) => setTimeout(resolve));
			if (reading.isOver) await new Promise(() => {});
			return bytes.slice(start, end).buffer as ArrayBuffer;
		},
	};
}

const compressors = {
	GZIP: (input: Uint8Array, length: number) => gunzipSync(input, { out: pageOf(length) }),
	ZSTD: (input: Uint8Array, length: number) => decompress(input, pageOf(length)),
};

function pageOf(length: number): Uint8Array {
	if (length > limits.parquetBytes) throw new Error(`a page of ${length} bytes`);
	return new Uint8Array(length);
}

function checkSize({ num_rows, row_groups }: FileMetaData, file: string): void {
	const columns = row_groups.flatMap((group) => group.columns);
	const sizes = columns.map(({ meta_data }) => Number(meta_data?.total_uncompressed_size ?? 0));
	const total = sizes.reduce((sum, size) => sum + size, 0);
	if (Number(num_rows) <= limits.parquetRows && total <= limits.parquetBytes) return;
	throw new UserError({
		code: 'corpus-too-large',
		place: { file },
		expected: `at most ${limits.parquetRows} rows and ${limits.parquetBytes / 1024 / 1024} MB after decompression`,
		found: `${num_rows} rows and ${Math.ceil(total / 1024 / 1024)} MB`,
		remedy: 'Import only a part of the data set.',
	});
}

/** A row as JSON would give it: integers of 64 bits as numbers, typed arrays as arrays. */
function plainRow(row: Record<string, unknown>): unknown {
	return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
	if (typeof value === 'bigint') return Number(value);
	if (Array.isArray(value)) return value.map(plainValue);
	return ArrayBuffer.isView(value) && 'length' in value ? Array.from(value as Uint8Array, plainValue) : value;
}

/** The names of a ClassLabel feature of the tag column, from the `huggingface` entry of the metadata. */
function namesOf({ key_value_metadata }: FileMetaData): string[] | null {
	const entry = key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
	if (!entry) return null;
	const parsed: unknown = JSON.parse(entry);
	const info = isObject(parsed) ? own(parsed, 'info') : null;
	const features = isObject(info) ? own(info, 'features') : null;
	if (!isObject(features)) return null;
	for (const key of ['ner_tags', 'tags', 'ner', 'labels', 'label']) {
		const feature = own(features, key);
		const inner = isObject(feature) ? (own(feature, 'feature') ?? feature) : null;
		const names = isObject(inner) ? own(inner, 'names') : null;
		if (isStringList(names)) return names;
	}
	return null;
}
