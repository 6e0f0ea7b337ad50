// Label Studio's JSON: {data: {text}, annotations: [{result: [{value: {start, end, labels}}]}]}, `completions` in old
// exports; and JSON-MIN, where the spans stand beside the text. Ends are exclusive; texts are checked against positions.

import { arrayWith, type FormatWriter, type JsonFormat } from './format-definition';
import { asList, asNumber, asObject, asType, isObject, type JsonObject, ofObject, own, wrongShape } from './json-shape';
import type { JsonRecord } from './json-text';
import { note, type ReadingContext } from './reading';
import { bySpans } from './record-parts';
import type { RawSpan, SpanRecord } from './span-records';
import type { SentenceToWrite } from './writing';

export const labelStudio: JsonFormat & FormatWriter = {
	kind: 'json',
	looksLike: [{ rank: 10, fits: ofObject(looksLikeLabelStudio) }],
	read: bySpans(readLabelStudio),
	write: arrayWith(writeLabelStudio),
};

export const labelStudioMin: JsonFormat & FormatWriter = {
	kind: 'json',
	looksLike: [{ rank: 80, fits: ofObject(looksLikeLabelStudioMin) }],
	read: bySpans(readLabelStudioMin),
	write: arrayWith(writeLabelStudioMin),
};

function looksLikeLabelStudio(record: JsonObject): boolean {
	const data = own(record, 'data');
	const hasWork = ['annotations', 'completions', 'predictions'].some((key) => Array.isArray(own(record, key)));
	return isObject(data) ? typeof textOf(data) === 'string' : hasWork && typeof data === 'string';
}

function looksLikeLabelStudioMin(record: JsonObject): boolean {
	return typeof textOf(record) === 'string' && spanKeys(record).length > 0;
}

/** The text: under `text`, else the only value that is a string, the longest where several are. */
function textOf(data: JsonObject): string | null {
	const text = own(data, 'text');
	if (typeof text === 'string') return text;
	const strings = Object.entries(data).filter(
		([key]) => !['id', 'created_at', 'updated_at', 'meta_info'].includes(key),
	);
	const values = strings.flatMap(([, value]) => (typeof value === 'string' ? [value] : []));
	return values.sort((left, right) => right.length - left.length)[0] ?? null;
}

const spanKeys = (record: JsonObject) =>
	Object.keys(record).filter((key) => {
		const list = own(record, key);
		return (
			Array.isArray(list) &&
			list.length > 0 &&
			list.every((span) => isObject(span) && 'start' in span && 'labels' in span)
		);
	});

function readLabelStudio(record: JsonRecord, context: ReadingContext): SpanRecord {
	const { line } = record;
	const task = asObject(record, context);
	const data = own(task, 'data');
	const text = isObject(data) ? textOf(data) : data;
	if (typeof text !== 'string') throw wrongShape(context, line, 'data.text: a string', text);
	const work = own(task, 'annotations') ?? own(task, 'completions');
	const annotations = (work === undefined || work === null ? [] : asList(work, 'annotations', context, line)).filter(
		(annotation) => !(isObject(annotation) && own(annotation, 'was_cancelled') === true),
	);
	if (annotations.length > 1) {
		const message = `${annotations.length} annotations of one text: only the first is read`;
		note(context, 'corpus-several-annotations', line, message);
	}
	const [first] = annotations;
	if (first === undefined) return { text, spans: null, line };
	const result = isObject(first) ? own(first, 'result') : first;
	const spans = asList(result, 'result', context, line).flatMap((region) => {
		const value = isObject(region) ? own(region, 'value') : null;
		return isObject(value) ? readValue(value, context, line) : passOver(context, line);
	});
	return { text, spans, line };
}

function readLabelStudioMin(record: JsonRecord, context: ReadingContext): SpanRecord {
	const { line } = record;
	const task = asObject(record, context);
	const text = textOf(task);
	if (text === null) throw wrongShape(context, line, 'text: a string', own(task, 'text'));
	const keys = spanKeys(task);
	const isUnlabelled = keys.length === 0 && !Array.isArray(own(task, 'label'));
	if (isUnlabelled) return { text, spans: null, line };
	const values = keys.flatMap((key) => asList(own(task, key), key, context, line));
	return { text, spans: values.flatMap((value) => (isObject(value) ? readValue(value, context, line) : [])), line };
}

/** One span for each label of a region. Regions of other kinds (choices, ratings) are passed over. */
function readValue(value: JsonObject, context: ReadingContext, line: number): RawSpan[] {
	const labels = own(value, 'labels') ?? own(value, 'hypertextlabels');
	if (labels === undefined || own(value, 'start') === undefined) return passOver(context, line);
	const text = own(value, 'text');
	return asList(labels, 'labels', context, line).map((label) => ({
		start: asNumber(own(value, 'start'), 'the start of a span', context, line),
		end: asNumber(own(value, 'end'), 'the end of a span', context, line),
		type: asType(label, context, line),
		text: typeof text === 'string' ? text : undefined,
	}));
}

function passOver(context: ReadingContext, line: number): [] {
	note(context, 'corpus-other-annotation', line, 'An annotation that is not a labelled span, skipped');
	return [];
}

function writeLabelStudio({ text, spans, points }: SentenceToWrite, index: number): string {
	const result = spans?.map(({ start, end, type }, number) => ({
		id: `s${index + 1}-${number + 1}`,
		from_name: 'label',
		to_name: 'text',
		type: 'labels',
		value: { start, end, text: points.slice(start, end).join(''), labels: [type] },
	}));
	return JSON.stringify({ id: index + 1, data: { text }, annotations: result ? [{ id: index + 1, result }] : [] });
}

function writeLabelStudioMin({ text, spans, points }: SentenceToWrite, index: number): string {
	const label = spans?.map(({ start, end, type }) => ({
		start,
		end,
		text: points.slice(start, end).join(''),
		labels: [type],
	}));
	return JSON.stringify({ id: index + 1, text, ...(label && { label }) });
}
