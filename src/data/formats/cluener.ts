// CLUENER's JSON lines: {text, label: {type: {surface: [[start, end]]}}}. Its ends are INCLUSIVE; its test part has no labels.

import { type FormatWriter, type JsonFormat, linesWith } from './format-definition';
import {
	asList,
	asNumber,
	asObject,
	asString,
	asType,
	hasTextAndOnly,
	isObject,
	type JsonObject,
	ofObject,
	own,
	wrongShape,
} from './json-shape';
import type { JsonRecord } from './json-text';
import type { ReadingContext } from './reading';
import { bySpans } from './record-parts';
import type { RawSpan, SpanRecord } from './span-records';
import type { SentenceToWrite } from './writing';

export const cluener: JsonFormat & FormatWriter = {
	kind: 'json',
	looksLike: [
		{ rank: 90, fits: ofObject(looksLikeCluener) },
		{ rank: 20, isBare: true, fits: ofObject((record) => hasTextAndOnly(record, ['id', 'text'])) },
	],
	read: bySpans(readCluener),
	write: linesWith(writeCluener),
};

/** A text with nested labels. */
function looksLikeCluener(record: JsonObject): boolean {
	return typeof own(record, 'text') === 'string' && isObject(own(record, 'label'));
}

function readCluener(record: JsonRecord, context: ReadingContext): SpanRecord {
	const { line } = record;
	const object = asObject(record, context);
	const text = asString(own(object, 'text'), 'the text', context, line);
	const label = own(object, 'label');
	if (label === undefined || label === null) return { text, spans: null, line };
	if (!isObject(label)) throw wrongShape(context, line, 'label: an object of entity types', label);
	const spans: RawSpan[] = [];
	for (const [type, surfaces] of Object.entries(label)) {
		if (!isObject(surfaces)) throw wrongShape(context, line, `${type}: an object of surface forms`, surfaces);
		for (const [surface, positions] of Object.entries(surfaces)) {
			for (const position of asList(positions, surface, context, line)) {
				const [start, last] = asList(position, surface, context, line);
				spans.push({
					start: asNumber(start, 'the start of a span', context, line),
					end: asNumber(last, 'the end of a span', context, line) + 1,
					type: asType(type, context, line),
					text: surface,
				});
			}
		}
	}
	return { text, spans, line };
}

function writeCluener({ text, points, spans }: SentenceToWrite, index: number): string {
	if (!spans) return JSON.stringify({ id: index, text });
	const label = new Map<string, Map<string, [number, number][]>>();
	for (const { start, end, type } of spans) {
		const surfaces = label.get(type) ?? new Map<string, [number, number][]>();
		const surface = points.slice(start, end).join('');
		surfaces.set(surface, [...(surfaces.get(surface) ?? []), [start, end - 1]]);
		label.set(type, surfaces);
	}
	const nested = Object.fromEntries([...label].map(([type, surfaces]) => [type, Object.fromEntries(surfaces)]));
	return JSON.stringify({ text, label: nested });
}
