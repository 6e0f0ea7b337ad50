// Reads a corpus file of any format: encoding and format are found from the content (or taken from the user's choices),
// sentences come out with tags of one scheme, and all that was changed or odd is noted.

import { invariant, UserError } from '../../util/errors';
import type { TextUnit } from '../corpus';
import { decodeAnyText, type TextEncoding } from '../decode-text';
import type { FormatDefinition } from './format-definition';
import type { CorpusFormat } from './format-list';
import { formatRegistry } from './format-registry';
import { tokenKeys } from './hugging-face';
import { firstKey, isObject } from './json-shape';
import { type JsonText, linesOfKey, parseJson } from './json-text';
import { checkFileSize } from './limits';
import { groupFiles } from './paired-files';
import type { CorpusReading, RawCorpus, ReadingChoices, ReadingContext, SourceBytes } from './reading';
import { note } from './reading';
import { recogniseRecords, recogniseTable, recogniseText, refuseBinary, refusePacked } from './recognise';
import type { RecordPart, RecordTable } from './record-parts';
import { settleTags } from './settle-tags';
import { splitOfKey, splitOfName } from './split-names';
import { splitTokens } from './split-tokens';
import { unpackCorpus } from './unpack-corpus';

export interface ReadingOptions {
	file: string;
	choices?: ReadingChoices;
	/** The .ann file of a brat text. */
	annotations?: SourceBytes;
}

/**
 * The sentences of a corpus file, not packed. Throws UserError for all that the file has wrong and no choice has settled:
 * each with file, line where there are lines, what was expected, what came, and what to do.
 */
export async function readCorpus(bytes: Uint8Array, options: ReadingOptions): Promise<CorpusReading> {
	const { file, choices = {}, annotations } = options;
	checkFileSize(bytes.length, file);
	const tableFormat = recogniseTable(bytes);
	if (tableFormat) {
		const context: ReadingContext = { file, choices, notes: [] };
		return finish(readTable(await tableFormat.read(bytes, file), context), tableFormat.format, null, context);
	}
	refusePacked(bytes, file);
	const { text, encoding } = decodeAnyText(bytes, file, choices.encoding);
	const beside = annotations && {
		file: annotations.file,
		text: decodeAnyText(annotations.bytes, annotations.file, choices.encoding).text,
	};
	return readCorpusText(text, { file, choices, encoding, annotations: beside });
}

export interface TextOptions {
	file: string;
	choices?: ReadingChoices;
	encoding?: TextEncoding;
	annotations?: { file: string; text: string };
}

/** The same of decoded text, at once; all formats but Parquet. */
export function readCorpusText(
	text: string,
	{ file, choices = {}, encoding, annotations }: TextOptions,
): CorpusReading {
	refuseBinary(text, file);
	const context: ReadingContext = { file, choices, notes: [] };
	const format = annotations ? 'brat' : isOfText(choices.format) ? choices.format : recogniseText(text);
	const definition: FormatDefinition | null = format && formatRegistry[format];
	if (format === null || definition?.kind !== 'lines') return readJson(text, context, encoding ?? 'UTF-8');
	return finish(definition.read(text, context, annotations ?? null), format, encoding ?? 'UTF-8', context);
}

/** A table chosen for a text is no answer. */
function isOfText(format: CorpusFormat | undefined): format is CorpusFormat {
	return format !== undefined && formatRegistry[format].kind !== 'table';
}

function readJson(text: string, context: ReadingContext, encoding: TextEncoding): CorpusReading {
	const json = parseJson(text, context.file);
	const parts = splitParts(json, text);
	const records = parts.flatMap((part) => part.records);
	if (records.length === 0) throw emptyCorpus(context.file);
	const { format: chosen } = context.choices;
	const format = isOfText(chosen) ? chosen : recogniseRecords(records, json.shape, context.file);
	return finish(readRecords(parts, format, context), format, encoding, context);
}

/** An object that holds train, dev or test lists is several parts; one that holds one list of texts is that list. */
function splitParts({ shape, records }: JsonText, text: string): RecordPart[] {
	const [first] = records;
	if (shape !== 'object' || !isObject(first?.value)) return [{ split: null, records }];
	const value = first.value;
	const keys = Object.keys(value).filter((key) => Array.isArray(value[key]) && splitOfKey(key) !== null);
	const lists = keys.length > 0 ? keys : ['annotations', 'rows'].filter((key) => isListOfRecords(value, key));
	if (lists.length === 0) return [{ split: null, records }];
	return lists.map((key) => {
		const lines = linesOfKey(text, key);
		const list = value[key] as unknown[];
		return {
			split: splitOfKey(key),
			records: list.map((element, index) => ({ value: rowInside(element), line: lines[index] })),
		};
	});
}

/** The data set server of Hugging Face wraps each row: {row_idx, row}. */
function rowInside(element: unknown): unknown {
	return isObject(element) && isObject(element.row) ? element.row : element;
}

/** Whether this key is the only content: `annotations` of pairs, or `rows`, in an object without a text. */
function isListOfRecords(value: Record<string, unknown>, key: string): boolean {
	return Array.isArray(value[key]) && !('data' in value) && !('text' in value);
}

function readRecords(
	parts: readonly RecordPart[],
	format: CorpusFormat,
	context: ReadingContext,
	tagNames: readonly string[] | null = null,
): RawCorpus {
	const definition: FormatDefinition = formatRegistry[format];
	invariant(definition.kind === 'json', `records are read by a format of JSON, not by ${format}`);
	return definition.read(parts, context, tagNames);
}

/** Rows of tokens, or texts with spans as some tool's JSON has them. */
function readTable({ records, tagNames }: RecordTable, context: ReadingContext): RawCorpus {
	const filled = records.filter((record) => {
		const isFilled = hasText(record.value);
		if (!isFilled) note(context, 'corpus-empty-record', record.line, 'A row without text, passed over');
		return isFilled;
	});
	if (filled.length === 0) throw emptyCorpus(context.file);
	const format = recogniseRecords(filled, 'lines', context.file);
	return readRecords([{ split: null, records: filled }], format, context, tagNames);
}

/** False for a row whose columns are null. */
function hasText(row: unknown): boolean {
	return isObject(row) && firstKey(row, [...tokenKeys, 'text', 'data']) !== null;
}

function finish(
	raw: RawCorpus,
	format: CorpusFormat,
	encoding: TextEncoding | null,
	context: ReadingContext,
): CorpusReading {
	const { file, choices, notes } = context;
	if (raw.parts.every(({ sentences }) => sentences.length === 0)) throw emptyCorpus(file);
	const settled = settleTags(raw, context);
	const unit: TextUnit = choices.tokens === 'split' ? 'character' : (choices.unit ?? raw.unit);
	const parts = choices.tokens === 'split' ? splitTokens(settled, context) : settled.parts;
	return {
		file,
		format,
		encoding,
		scheme: settled.scheme,
		fileScheme: settled.fileScheme,
		unit,
		columns: raw.columns ?? null,
		parts: parts.map(({ split, sentences }) => ({ split: choices.split ?? split ?? splitOfName(file), sentences })),
		notes,
	};
}

function emptyCorpus(file: string): UserError {
	return new UserError({
		code: 'corpus-empty',
		location: { file },
		expected: 'at least one sentence',
		found: 'none',
		remedy: 'Choose the file that contains the corpus.',
	});
}

/** Several files, packed ones unpacked: a .txt and an .ann of the same name are one corpus. In the order of the files. */
export async function readCorpusFiles(
	sources: readonly SourceBytes[],
	choices?: ReadingChoices,
): Promise<CorpusReading[]> {
	const files: SourceBytes[] = [];
	for (const source of sources) files.push(...(await unpackCorpus(source)));
	const readings: CorpusReading[] = [];
	for (const [{ file, bytes }, annotations] of groupFiles(files, (source) => source.file))
		readings.push(await readCorpus(bytes, { file, choices, annotations }));
	return readings;
}
