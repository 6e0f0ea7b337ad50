// doccano's JSON lines, in the shapes of its versions: {text, label: [[start, end, type]]}, the older keys `labels`,
// `annotations` and `data`, and {text, entities: [{start_offset, end_offset, label}]}. Ends are exclusive.

import { type FormatWriter, type JsonFormat, linesWith } from './format-definition';
import {
	asList,
	asNumber,
	asObject,
	asString,
	asType,
	firstKey,
	hasText,
	isObject,
	type JsonObject,
	ofObject,
	own,
} from './json-shape';
import type { JsonRecord } from './json-text';
import type { ReadingContext } from './reading';
import { bySpans } from './record-parts';
import type { RawSpan, SpanRecord } from './span-records';
import type { SentenceToWrite } from './writing';

export const doccano: JsonFormat & FormatWriter = {
	kind: 'json',
	looksLike: [
		{ rank: 70, fits: ofObject(looksLikeDoccano) },
		{ rank: 30, isBare: true, fits: ofObject(hasText) },
	],
	read: bySpans(readDoccano),
	write: linesWith(writeDoccano),
};

const labelKeys = ['label', 'labels', 'entities', 'spans', 'annotations'];

/** Whether a record has this shape: a text, and a list of spans under one of the keys. */
function looksLikeDoccano(record: JsonObject): boolean {
	if (typeof (own(record, 'text') ?? own(record, 'data')) !== 'string') return false;
	const key = firstKey(record, labelKeys);
	if (key === null) return false;
	const list = own(record, key);
	if (!Array.isArray(list) || list.length === 0) return false;
	return list.every((span) => Array.isArray(span) || (isObject(span) && 'start_offset' in span));
}

function readDoccano(record: JsonRecord, context: ReadingContext): SpanRecord {
	const { line } = record;
	const object = asObject(record, context);
	const text = asString(own(object, 'text') ?? own(object, 'data'), 'the text', context, line);
	const key = firstKey(object, labelKeys);
	if (key === null) return { text, spans: null, line };
	const spans = asList(own(object, key), key, context, line).map((span) => readSpan(span, context, line));
	return { text, spans, line };
}

/** `[start, end, type]`, or an object with the positions under any of the names in use. */
export function readSpan(span: unknown, context: ReadingContext, line: number): RawSpan {
	const [start, end, type, text] = isObject(span)
		? [
				own(span, 'start_offset') ?? own(span, 'start'),
				own(span, 'end_offset') ?? own(span, 'end'),
				own(span, 'label') ?? own(span, 'type'),
				own(span, 'text'),
			]
		: asList(span, 'a span', context, line);
	return {
		start: asNumber(start, 'the start of a span', context, line),
		end: asNumber(end, 'the end of a span', context, line),
		type: asType(type, context, line),
		text: isObject(span) && typeof text === 'string' ? text : undefined,
	};
}

function writeDoccano({ text, spans }: SentenceToWrite, index: number): string {
	const label = spans && { label: spans.map(({ start, end, type }) => [start, end, type]) };
	return JSON.stringify({ id: index + 1, text, ...label });
}
