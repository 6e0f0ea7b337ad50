// Finds out what a corpus file is from its content: packed, table, JSON of some tool, columns, tagged lines, plain text.
// A file that is mostly one format and broken somewhere is that format, so that its reader can name the location.

import { UserError } from '../../util/errors';
import { packedTitle } from '../containers/container-registry';
import type { CorpusFormat } from './format-list';
import { formatsOfKind } from './format-registry';
import { isObject } from './json-shape';
import { type JsonRecord, type JsonText, looksLikeJson } from './json-text';

/** Throws `corpus-packed` for a file that has to be unpacked first. */
export function refusePacked(bytes: Uint8Array, file: string): void {
	const packed = isText(bytes) ? null : packedTitle(bytes);
	if (packed === null) return;
	throw new UserError({
		code: 'corpus-packed',
		location: { file },
		expected: 'an uncompressed corpus file',
		found: packed,
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
		location: { file },
		expected: 'text',
		found: sample.includes('\0') ? 'zero bytes' : 'control characters',
		remedy: 'Choose the corpus file itself; if this is a text file, choose its encoding.',
	});
}

const byRank = (left: { rank: number }, right: { rank: number }) => left.rank - right.rank;
const linesFormats = formatsOfKind('lines').sort(byRank);
const jsonRules = formatsOfKind('json')
	.flatMap(({ format, looksLike }) => looksLike.map((rule) => ({ format, ...rule })))
	.sort(byRank);
const tableFormats = formatsOfKind('table');

/** The format of bytes that are no text, or undefined. */
export function recogniseTable(bytes: Uint8Array) {
	return tableFormats.find(({ looksLike }) => looksLike(bytes));
}

/** The format of a text that is not JSON, or null for JSON. */
export function recogniseText(text: string): CorpusFormat | null {
	if (looksLikeJson(text)) return null;
	const lines = sampleLines(text);
	return linesFormats.find(({ looksLike }) => looksLike(lines))?.format ?? null;
}

/** The first 500 lines that are not blank. */
function sampleLines(text: string): string[] {
	const lines = text.slice(0, 200_000).split(/\r\n|\r|\n/);
	return lines.filter((line) => line.trim() !== '').slice(0, 500);
}

/** The format that most of the first records have. Throws `corpus-unknown-json`. */
export function recogniseRecords(records: readonly JsonRecord[], shape: JsonText['shape'], file: string): CorpusFormat {
	const sample = records.slice(0, 200);
	const format = mostFitting(sample, shape, false) ?? mostFitting(sample, shape, true);
	if (format === null) throw unknownJson(sample[0], file);
	return format;
}

function mostFitting(sample: readonly JsonRecord[], shape: JsonText['shape'], areBare: boolean): CorpusFormat | null {
	let best: { format: CorpusFormat | null; count: number } = { format: null, count: 0 };
	for (const { format, isBare = false, fits } of jsonRules) {
		if (isBare !== areBare) continue;
		const count = sample.filter(({ value }) => fits(value, shape)).length;
		if (count > best.count) best = { format, count };
	}
	return best.format;
}

function unknownJson(record: JsonRecord | undefined, file: string): UserError {
	const keys = isObject(record?.value) ? Object.keys(record.value).slice(0, 12) : [];
	return new UserError({
		code: 'corpus-unknown-json',
		location: { file, line: record?.line },
		expected:
			'JSON from doccano, Label Studio, CLUENER, W2NER, Hugging Face or spaCy, with a text or tokens and labels',
		found: keys.length > 0 ? `the keys ${keys.join(', ')}` : record ? 'no object' : 'no records',
		remedy: 'Export the corpus in one of these formats or as CoNLL columns.',
	});
}
