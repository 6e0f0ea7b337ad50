// Hugging Face data sets in Parquet: rows of tokens and tags, or of texts and spans, as the JSON of other tools would have
// them. Names of integer tags are in the metadata that the `datasets` library writes. Reading the table itself is hyparquet's.

import { gunzipSync } from 'fflate';
import { decompress } from 'fzstd';
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { copyBytes } from '../../util/copy-bytes';
import { UserError } from '../../util/errors';
import type { TableFormat } from './format-definition';
import { isObject, isStringList, type JsonObject, own } from './json-shape';
import { limits } from './limits';
import type { RecordTable } from './record-parts';

export const parquet: TableFormat = {
	kind: 'table',
	looksLike: (bytes) => [0x50, 0x41, 0x52, 0x31].every((byte, index) => bytes[index] === byte),
	read: readParquet,
};

/** Throws `corpus-parquet-broken`, `corpus-too-large`. */
async function readParquet(bytes: Uint8Array, file: string): Promise<RecordTable> {
	const reading = { isOver: false };
	try {
		const metadata = parquetMetadata(copyBytes(bytes).buffer);
		checkSize(metadata, file);
		const compressors = await codecsFor(metadata);
		const rows = await parquetReadObjects({ file: slowBuffer(bytes, reading), metadata, compressors });
		const features = featuresOf(metadata);
		const records = rows.map((row, index) => ({ value: plainRow(row, features), line: index + 1 }));
		return { records, tagNames: tagNamesIn(features) };
	} catch (error) {
		if (error instanceof UserError) throw error;
		throw new UserError({
			code: 'corpus-parquet-broken',
			location: { file },
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
			return copyBytes(bytes, start, end).buffer;
		},
	};
}

type Codecs = Record<string, (input: Uint8Array, length: number) => Uint8Array>;

const commonCodecs: Codecs = {
	GZIP: (input, length) => gunzipSync(input, { out: pageOf(length) }),
	ZSTD: (input, length) => decompress(input, pageOf(length)),
};

/** The packings of these columns; Snappy is the library's own. */
async function codecsFor({ row_groups }: FileMetaData): Promise<Codecs> {
	const used = new Set(row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec)));
	if (!['BROTLI', 'LZ4', 'LZ4_RAW'].some((codec) => used.has(codec as never))) return commonCodecs;
	const { rareCodecs } = await import('./rare-codecs');
	const bounded = Object.entries(rareCodecs).map(([name, unpack]): [string, Codecs[string]] => [
		name,
		(input, length) => unpack(input, pageOf(length).length),
	]);
	return { ...commonCodecs, ...Object.fromEntries(bounded) };
}

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
		location: { file },
		expected: `at most ${limits.parquetRows} rows and ${limits.parquetBytes / 1024 / 1024} MB after decompression`,
		found: `${num_rows} rows and ${Math.ceil(total / 1024 / 1024)} MB`,
		remedy: 'Import only a part of the data set.',
	});
}

/** A row as JSON would give it: integers of 64 bits as numbers, typed arrays as arrays, spans as a list of objects. */
function plainRow(row: Record<string, unknown>, features: JsonObject): unknown {
	return Object.fromEntries(
		Object.entries(row).map(([key, value]) => {
			const plain = plainValue(value);
			return [key, isStringOrNumberList(plain) ? plain : withNames(spansAsList(plain), own(features, key))];
		}),
	);
}

function plainValue(value: unknown): unknown {
	if (typeof value === 'bigint') return Number(value);
	if (value === undefined) return null;
	if (Array.isArray(value)) return value.map(plainValue);
	if (ArrayBuffer.isView(value)) return 'length' in value ? Array.from(value as Uint8Array, plainValue) : null;
	if (!isObject(value) || value instanceof Date) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}

const isStringOrNumberList = (value: unknown) =>
	Array.isArray(value) && value.every((one) => typeof one === 'string' || typeof one === 'number');

/** The `datasets` library stores a list of spans as one object of lists: {start: [0, 4], end: [2, 6], label: […]}. */
function spansAsList(value: unknown): unknown {
	if (!isObject(value)) return value;
	const columns = Object.entries(value);
	const [, first] = columns.find(([key]) => /^start/.test(key)) ?? [];
	if (!Array.isArray(first)) return value;
	if (!columns.every(([, list]) => Array.isArray(list) && list.length === first.length)) return value;
	return first.map((_, index) => Object.fromEntries(columns.map(([key, list]) => [key, (list as unknown[])[index]])));
}

/** Numbers of a ClassLabel within spans as names. */
function withNames(value: unknown, feature: unknown): unknown {
	const inner = innerFeature(feature);
	if (Array.isArray(value)) return value.map((one) => withNames(one, inner));
	if (isObject(value)) {
		return Object.fromEntries(
			Object.entries(value).map(([key, one]) => [key, withNames(one, isObject(inner) ? own(inner, key) : null)]),
		);
	}
	const names = isObject(inner) ? own(inner, 'names') : null;
	return typeof value === 'number' && isStringList(names) ? (names[value] ?? value) : value;
}

/** What a list or sequence holds: {feature: …}, or […] of one. */
function innerFeature(feature: unknown): unknown {
	if (Array.isArray(feature)) return feature[0];
	const inner = isObject(feature) ? own(feature, 'feature') : undefined;
	return inner ?? feature;
}

/** The features of the data set, from the `huggingface` entry of the metadata; empty where there is none. */
function featuresOf({ key_value_metadata }: FileMetaData): JsonObject {
	const entry = key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
	if (!entry) return {};
	const parsed: unknown = JSON.parse(entry);
	const info = isObject(parsed) ? own(parsed, 'info') : null;
	const features = isObject(info) ? own(info, 'features') : null;
	return isObject(features) ? features : {};
}

/** The names of a ClassLabel feature of the tag column. */
function tagNamesIn(features: JsonObject): string[] | null {
	for (const key of ['ner_tags', 'tags', 'ner', 'labels', 'label']) {
		const inner = innerFeature(own(features, key));
		const names = isObject(inner) ? own(inner, 'names') : null;
		if (isStringList(names)) return names;
	}
	return null;
}
