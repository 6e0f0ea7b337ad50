// Reads a corpus file of any format: encoding and format are found from the content (or taken from the user's choices),
// sentences come out with tags of one scheme, and all that was changed or odd is noted.

import { UserError } from '../../util/errors';
import type { SplitName, TextUnit } from '../corpus';
import { decodeAnyText, type TextEncoding } from '../decode-text';
import { plainLines } from '../plain-text';
import { spansOf, tagsOf } from '../spans';
import { readBrat } from './brat';
import { readCluener } from './cluener';
import { readColumns } from './columns';
import { readDoccano } from './doccano';
import { readRow, tokenKeys } from './hugging-face';
import { readInline } from './inline';
import { firstKey, isObject } from './json-shape';
import { type JsonRecord, type JsonText, linesOfKey, parseJson } from './json-text';
import { readLabelStudio, readLabelStudioMin } from './label-studio';
import { checkFileSize } from './limits';
import { type ParquetTable, readParquet } from './parquet';
import type { CorpusFormat, CorpusReading, RawCorpus, RawSentence, ReadingChoices, ReadingContext } from './reading';
import { note } from './reading';
import { isParquet, recogniseRecords, recogniseText, refuseBinary, refusePacked } from './recognise';
import { settleTags } from './settle-tags';
import { readPair, readSpacy, readSpacyDocument } from './spacy';
import { corpusOfRecords, type SpanRecord, unitOfTokens } from './span-records';
import { splitOfKey, splitOfName } from './split-names';
import { unpackCorpus } from './unpack-corpus';
import { readW2ner } from './w2ner';

export interface SourceBytes {
	/** Name of the file, for messages, for the split, and for pairing a .txt with its .ann. */
	file: string;
	bytes: Uint8Array;
}

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
	if (isParquet(bytes)) {
		const table = await readParquet(bytes, file);
		return inContext(file, choices, (context) =>
			finish(readTable(table, context), 'hugging-face-parquet', null, context),
		);
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
	return inContext(file, choices, (context) => {
		const chosen = choices.format;
		const found = annotations ? 'brat' : isJsonFormat(chosen) ? null : (chosen ?? recogniseText(text));
		if (found === null) return readJson(text, context, encoding ?? 'UTF-8');
		const raw = readLines(text, found, context, annotations ?? null);
		return finish(raw, found, encoding ?? 'UTF-8', context);
	});
}

function inContext(file: string, choices: ReadingChoices, read: (context: ReadingContext) => CorpusReading) {
	return read({ file, choices, notes: [] });
}

const jsonFormats: ReadonlySet<CorpusFormat> = new Set([
	'doccano',
	'label-studio',
	'label-studio-min',
	'cluener',
	'w2ner',
	'hugging-face',
	'hugging-face-json',
	'spacy-jsonl',
	'spacy-v2',
] as const);

const isJsonFormat = (format: CorpusFormat | undefined) => format !== undefined && jsonFormats.has(format);

function readLines(
	text: string,
	format: CorpusFormat,
	context: ReadingContext,
	annotations: { file: string; text: string } | null,
): RawCorpus {
	switch (format) {
		case 'conll':
		case 'conll-2003':
			return readColumns(text, context);
		case 'inline-bar':
			return readInline(text, '|', context);
		case 'inline-slash':
			return readInline(text, '/', context);
		case 'brat':
			if (!annotations && context.choices.format !== 'brat') throw textMissing(context.file);
			return readBrat(text, annotations, context);
		default:
			return readPlain(text, context);
	}
}

function readPlain(text: string, context: ReadingContext): RawCorpus {
	const blank = (line: number) => note(context, 'corpus-blank-line', line, 'A line with only white space, skipped');
	const records = plainLines(text, blank).map((line): SpanRecord => ({ ...line, spans: null }));
	return corpusOfRecords([{ split: null, records }], context);
}

interface RecordPart {
	split: SplitName | null;
	records: JsonRecord[];
}

function readJson(text: string, context: ReadingContext, encoding: TextEncoding): CorpusReading {
	const json = parseJson(text, context.file);
	const parts = splitParts(json, text);
	const records = parts.flatMap((part) => part.records);
	if (records.length === 0) throw emptyCorpus(context.file);
	const format = context.choices.format ?? recogniseRecords(records, json.shape, context.file);
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

function readRecords(parts: readonly RecordPart[], format: CorpusFormat, context: ReadingContext): RawCorpus {
	const bySpans = (read: (record: JsonRecord, context: ReadingContext) => SpanRecord) =>
		corpusOfRecords(
			parts.map(({ split, records }) => ({ split, records: records.map((record) => read(record, context)) })),
			context,
		);
	switch (format) {
		case 'label-studio':
			return bySpans(readLabelStudio);
		case 'label-studio-min':
			return bySpans(readLabelStudioMin);
		case 'cluener':
			return bySpans(readCluener);
		case 'w2ner':
			return bySpans(readW2ner);
		case 'spacy-jsonl':
			return bySpans(readSpacy);
		case 'doccano':
			return bySpans(readDoccano);
		case 'spacy-v2':
			if (parts.some(({ records }) => records.some(({ value }) => Array.isArray(value)))) return bySpans(readPair);
			return taggedCorpus(parts, (record) => readSpacyDocument(record, context));
		default:
			return rowsOf(parts, context, null);
	}
}

/** Rows of tokens, or texts with spans as some tool's JSON has them. */
function readTable({ records, tagNames }: ParquetTable, context: ReadingContext): RawCorpus {
	const filled = records.filter((record) => {
		const isFilled = hasText(record.value);
		if (!isFilled) note(context, 'corpus-empty-record', record.line, 'A row without text, passed over');
		return isFilled;
	});
	if (filled.length === 0) throw emptyCorpus(context.file);
	const parts = [{ split: null, records: filled }];
	const format = recogniseRecords(filled, 'lines', context.file);
	return format === 'hugging-face' ? rowsOf(parts, context, tagNames) : readRecords(parts, format, context);
}

/** False for a row whose columns are null. */
function hasText(row: unknown): boolean {
	return isObject(row) && firstKey(row, [...tokenKeys, 'text', 'data']) !== null;
}

function rowsOf(parts: readonly RecordPart[], context: ReadingContext, tagNames: readonly string[] | null): RawCorpus {
	return taggedCorpus(parts, (record) => readRow(record, context, tagNames));
}

function taggedCorpus(parts: readonly RecordPart[], read: (record: JsonRecord) => RawSentence[]): RawCorpus {
	const tagged = parts.map(({ split, records }) => ({ split, sentences: records.flatMap(read) }));
	const unit = unitOfTokens(tagged.flatMap(({ sentences }) => sentences.map(({ characters }) => characters)));
	return { unit, isFromSpans: false, parts: tagged };
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

/** Every code point a character; the spans stay where they are. */
function splitTokens({ parts, scheme }: ReturnType<typeof settleTags>, context: ReadingContext) {
	let first = 0;
	let count = 0;
	const split = parts.map((part) => ({
		...part,
		sentences: part.sentences.map((sentence) => {
			const pieces = sentence.characters.map((token) => [...token]);
			const characters = pieces.flat();
			if (characters.length === pieces.length) return sentence;
			first ||= sentence.line;
			count += pieces.filter((piece) => piece.length > 1).length;
			const starts = [0];
			for (const piece of pieces) starts.push(starts[starts.length - 1] + piece.length);
			const spans =
				sentence.tags && scheme
					? spansOf(sentence.tags, scheme).map((span) => ({
							...span,
							start: starts[span.start],
							end: starts[span.end],
						}))
					: null;
			return { ...sentence, characters, tags: spans && scheme ? tagsOf(spans, characters.length, scheme) : null };
		}),
	}));
	if (count > 0) note(context, 'corpus-tokens-split', first, `Tokens of several characters were split: ${count}`);
	return split;
}

function emptyCorpus(file: string): UserError {
	return new UserError({
		code: 'corpus-empty',
		place: { file },
		expected: 'at least one sentence',
		found: 'none',
		remedy: 'Choose the file that contains the corpus.',
	});
}

function textMissing(file: string): UserError {
	return new UserError({
		code: 'corpus-brat-text-missing',
		place: { file },
		expected: 'the .txt file that these brat annotations belong to',
		found: 'only the .ann file',
		remedy: 'Choose both files together; their names differ only in the extension.',
	});
}

/** Several files, packed ones unpacked: a .txt and an .ann of the same name are one corpus. In the order of the files. */
export async function readCorpusFiles(
	sources: readonly SourceBytes[],
	choices?: ReadingChoices,
): Promise<CorpusReading[]> {
	const files: SourceBytes[] = [];
	for (const source of sources) files.push(...(await unpackCorpus(source)));
	const stem = (file: string) => file.replace(/\.(txt|ann)$/i, '');
	const isAnnotation = ({ file }: SourceBytes) => /\.ann$/i.test(file);
	const readings: CorpusReading[] = [];
	for (const source of files) {
		const { file, bytes } = source;
		const isPaired = (other: SourceBytes) => other !== source && stem(other.file) === stem(file);
		if (isAnnotation(source) && files.some((other) => isPaired(other) && /\.txt$/i.test(other.file))) continue;
		const annotations = files.find((other) => isPaired(other) && isAnnotation(other) && /\.txt$/i.test(file));
		readings.push(await readCorpus(bytes, { file, choices, annotations }));
	}
	return readings;
}
