// Finds out what a corpus file is from its content: packed, table, JSON of some tool, columns, tagged lines, plain text.
// A file that is mostly one format and broken somewhere is that format, so that its reader can name the place.

import { UserError } from '../../util/errors';
import { parseTag } from '../tag-scheme';
import { looksLikeAnnotations } from './brat';
import { looksLikeCluener } from './cluener';
import { splitColumns } from './columns';
import { looksLikeDoccano } from './doccano';
import { looksLikeRow } from './hugging-face';
import { inlineShare } from './inline';
import { isObject, type JsonObject } from './json-shape';
import { type JsonRecord, looksLikeJson } from './json-text';
import { looksLikeLabelStudio, looksLikeLabelStudioMin } from './label-studio';
import type { CorpusFormat } from './reading';
import { looksLikePair, looksLikeSpacy, looksLikeSpacyDocument } from './spacy';
import { looksLikeW2ner } from './w2ner';

const magics: readonly { name: string; bytes: readonly number[] }[] = [
	{ name: 'gzip', bytes: [0x1f, 0x8b] },
	{ name: 'zip', bytes: [0x50, 0x4b, 0x03, 0x04] },
	{ name: 'bzip2', bytes: [0x42, 0x5a, 0x68] },
	{ name: 'Zstandard', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
	{ name: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
];

const startsWith = (bytes: Uint8Array, start: readonly number[]) => start.every((byte, index) => bytes[index] === byte);

export const isParquet = (bytes: Uint8Array) => startsWith(bytes, [0x50, 0x41, 0x52, 0x31]);

/** Throws `corpus-packed` for a file that has to be unpacked first. */
export function refusePacked(bytes: Uint8Array, file: string): void {
	const packed = magics.find((magic) => startsWith(bytes, magic.bytes) && !isText(bytes));
	if (!packed) return;
	throw new UserError({
		code: 'corpus-packed',
		place: { file },
		expected: 'an uncompressed corpus file',
		found: `a ${packed.name} file`,
		remedy: 'Decompress it first.',
	});
}

/** A text may begin with "BZh"; packed bytes hold control characters. */
const isText = (bytes: Uint8Array) => !bytes.subarray(0, 256).some((byte) => byte < 9);

/** Throws `corpus-not-text` for text that only a wrong file gives. */
export function refuseBinary(text: string, file: string): void {
	const sample = text.slice(0, 100_000);
	let controls = 0;
	for (let index = 0; index < sample.length; index++) {
		const code = sample.charCodeAt(index);
		if (code < 9 || (code > 13 && code < 32) || code === 127) controls++;
	}
	if (!sample.includes('\0') && controls <= sample.length / 50) return;
	throw new UserError({
		code: 'corpus-not-text',
		place: { file },
		expected: 'text',
		found: sample.includes('\0') ? 'zero bytes' : 'control characters',
		remedy: 'Choose the corpus file itself; if this is a text file, choose its encoding.',
	});
}

/** The format of a text that is not JSON, or null for JSON. */
export function recogniseText(text: string): CorpusFormat | null {
	if (looksLikeJson(text)) return null;
	const lines = sampleLines(text);
	if (lines.length > 0 && looksLikeAnnotations(lines)) return 'brat';
	if (inlineShare(lines, '|') > 0.5) return 'inline-bar';
	if (inlineShare(lines, '/') > 0.5) return 'inline-slash';
	return columnFormat(lines) ?? 'plain-text';
}

/** The first 500 lines that are not blank. */
function sampleLines(text: string): string[] {
	const lines = text.slice(0, 200_000).split(/\r\n|\r|\n/);
	return lines.filter((line) => line.trim() !== '').slice(0, 500);
}

/** Columns where a fair share of lines has a tag in one place, or where all lines are a character and as much beside it. */
function columnFormat(lines: readonly string[]): CorpusFormat | null {
	if (lines[0]?.startsWith('-DOCSTART-')) return 'conll-2003';
	const rows = lines.map((line) => splitColumns(line.slice(0, 1000))).filter((row) => row.length > 1);
	const count = mostFrequent(rows.map((row) => row.length));
	const even = rows.filter((row) => row.length === count);
	const places = Array.from({ length: Math.min(count, 20) }, (_, place) => place);
	const tagged = places.map((place) => even.filter((row) => parseTag(row[place]) !== null).length);
	const isTagged = Math.max(0, ...tagged) >= 0.3 * lines.length && even.length >= 0.5 * rows.length;
	const isCharacters =
		even.length > 2 && even.length === lines.length && even.every((row) => [...row[0].slice(0, 4)].length === 1);
	if (lines.length === 0 || (!isTagged && !isCharacters)) return null;
	return count === 4 ? 'conll-2003' : 'conll';
}

function mostFrequent(numbers: readonly number[]): number {
	const counts = new Map<number, number>();
	for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
	return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0] ?? 0;
}

interface JsonShape {
	format: CorpusFormat;
	fits(value: unknown): boolean;
}

const ofObject = (fits: (record: JsonObject) => boolean) => (value: unknown) => isObject(value) && fits(value);

/** In the order of preference where several fit. */
const jsonShapes: readonly JsonShape[] = [
	{ format: 'label-studio', fits: ofObject(looksLikeLabelStudio) },
	{ format: 'spacy-v2', fits: ofObject(looksLikeSpacyDocument) },
	{ format: 'spacy-v2', fits: looksLikePair },
	{ format: 'w2ner', fits: ofObject(looksLikeW2ner) },
	{ format: 'hugging-face', fits: ofObject(looksLikeRow) },
	{ format: 'spacy-jsonl', fits: ofObject(looksLikeSpacy) },
	{ format: 'doccano', fits: ofObject(looksLikeDoccano) },
	{ format: 'label-studio-min', fits: ofObject(looksLikeLabelStudioMin) },
	{ format: 'cluener', fits: ofObject(looksLikeCluener) },
];

const hasText = (record: JsonObject) => typeof record.text === 'string';
const hasOnly = (record: JsonObject, keys: readonly string[]) => Object.keys(record).every((key) => keys.includes(key));

/** What texts without any label show, in the order of preference. */
const bareShapes: readonly JsonShape[] = [
	{ format: 'spacy-jsonl', fits: ofObject((record) => hasText(record) && ('spans' in record || 'tokens' in record)) },
	{ format: 'cluener', fits: ofObject((record) => hasText(record) && hasOnly(record, ['id', 'text'])) },
	{ format: 'doccano', fits: ofObject(hasText) },
];

/** The format that most of the first records have. Throws `corpus-unknown-json`. */
export function recogniseRecords(records: readonly JsonRecord[], shape: 'lines' | 'array' | 'object', file: string) {
	const sample = records.slice(0, 200);
	const format = mostFitting(sample, jsonShapes) ?? mostFitting(sample, bareShapes);
	if (format === null) throw unknownJson(sample[0], file);
	return format === 'hugging-face' && shape === 'array' ? 'hugging-face-json' : format;
}

function mostFitting(sample: readonly JsonRecord[], shapes: readonly JsonShape[]): CorpusFormat | null {
	let best: { format: CorpusFormat | null; count: number } = { format: null, count: 0 };
	for (const { format, fits } of shapes) {
		const count = sample.filter(({ value }) => fits(value)).length;
		if (count > best.count) best = { format, count };
	}
	return best.format;
}

function unknownJson(record: JsonRecord | undefined, file: string): UserError {
	const keys = isObject(record?.value) ? Object.keys(record.value).slice(0, 12) : [];
	return new UserError({
		code: 'corpus-unknown-json',
		place: { file, line: record?.line },
		expected:
			'JSON from doccano, Label Studio, CLUENER, W2NER, Hugging Face or spaCy, with a text or tokens and labels',
		found: keys.length > 0 ? `the keys ${keys.join(', ')}` : record ? 'no object' : 'no records',
		remedy: 'Export the corpus in one of these formats or as CoNLL columns.',
	});
}
