// spaCy and Prodigy: JSON lines {text, tokens, spans: [{start, end, label}]}, and spaCy v2's training JSON, documents of
// paragraphs of sentences of tokens with BILUO tags, or pairs [text, {entities: [[start, end, type]]}].

import { readSpan } from './doccano';
import { arrayWith, type FormatWriter, type JsonFormat, linesWith } from './format-definition';
import {
	asList,
	asObject,
	asString,
	firstKey,
	hasText,
	isObject,
	type JsonObject,
	ofObject,
	own,
	wrongShape,
} from './json-shape';
import type { JsonRecord } from './json-text';
import { note, type RawSentence, type ReadingContext } from './reading';
import { bySpans, byTokens } from './record-parts';
import type { SpanRecord } from './span-records';
import type { SentenceToWrite } from './writing';

export const spacyJsonl: JsonFormat & FormatWriter = {
	kind: 'json',
	looksLike: [
		{ rank: 60, fits: ofObject(looksLikeSpacy) },
		{
			rank: 10,
			isBare: true,
			fits: ofObject((record) => hasText(record) && ('spans' in record || 'tokens' in record)),
		},
	],
	read: bySpans(readSpacy),
	write: linesWith(writeSpacy),
};

/** A file is read as pairs as soon as one of its records is one. */
export const spacyV2: JsonFormat & FormatWriter = {
	kind: 'json',
	looksLike: [
		{ rank: 20, fits: ofObject(looksLikeSpacyDocument) },
		{ rank: 30, fits: looksLikePair },
	],
	read: (parts, context) => {
		const hasPairs = parts.some(({ records }) => records.some(({ value }) => Array.isArray(value)));
		return (hasPairs ? bySpans(readPair) : byTokens(readSpacyDocument))(parts, context);
	},
	write: arrayWith(writeSpacyDocument),
	scheme: 'BILOU',
};

const spanKeys = ['spans', 'entities', 'ents'];

function looksLikeSpacy(record: JsonObject): boolean {
	if (typeof own(record, 'text') !== 'string') return false;
	const list = own(record, firstKey(record, spanKeys) ?? '');
	return (
		Array.isArray(list) && list.length > 0 && list.every((span) => isObject(span) && 'start' in span && 'end' in span)
	);
}

/** spaCy v2's pairs of a text and its annotation. */
function looksLikePair(value: unknown): boolean {
	return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && isObject(value[1]);
}

function looksLikeSpacyDocument(record: JsonObject): boolean {
	return Array.isArray(own(record, 'paragraphs'));
}

function readSpacy(record: JsonRecord, context: ReadingContext): SpanRecord {
	const { line } = record;
	const object = asObject(record, context);
	const text = asString(own(object, 'text'), 'the text', context, line);
	const key = firstKey(object, spanKeys);
	const isRejected = own(object, 'answer') === 'reject' || own(object, 'answer') === 'ignore';
	if (isRejected) note(context, 'corpus-rejected', line, `Answered ${String(own(object, 'answer'))} in Prodigy`);
	if (key === null || isRejected) return { text, spans: null, line };
	const spans = asList(own(object, key), key, context, line).map((span) => readSpan(span, context, line));
	return { text, spans, line, tokens: readTokens(own(object, 'tokens'), text) };
}

/** Where the tokens of Prodigy begin and end; undefined where they are missing or do not fit the text. */
function readTokens(list: unknown, text: string): SpanRecord['tokens'] {
	if (!Array.isArray(list)) return undefined;
	const tokens = list.flatMap((token) => {
		if (!isObject(token)) return [];
		const [start, end] = [own(token, 'start'), own(token, 'end')];
		return Number.isInteger(start) && Number.isInteger(end) ? [{ start: Number(start), end: Number(end) }] : [];
	});
	const fits = tokens.every(({ start, end }, index) => start >= (tokens[index - 1]?.end ?? 0) && end <= text.length);
	return fits && tokens.length === list.length ? tokens : undefined;
}

function readPair(record: JsonRecord, context: ReadingContext): SpanRecord {
	const { value, line } = record;
	if (!looksLikePair(value)) throw wrongShape(context, line, 'a pair of a text and its entities', value);
	const [text, annotation] = value as [string, JsonObject];
	const entities = own(annotation, 'entities');
	if (entities === undefined || entities === null) return { text, spans: null, line };
	const spans = asList(entities, 'entities', context, line).map((span) => readSpan(span, context, line));
	return { text, spans, line };
}

/** The sentences of a document, with BILUO tags; a tag that is missing ('-') makes its sentence unlabelled. */
function readSpacyDocument(record: JsonRecord, context: ReadingContext): RawSentence[] {
	const { line } = record;
	const document = asObject(record, context);
	return asList(own(document, 'paragraphs'), 'paragraphs', context, line).flatMap((paragraph) => {
		if (!isObject(paragraph)) throw wrongShape(context, line, 'a paragraph: an object', paragraph);
		return asList(own(paragraph, 'sentences'), 'sentences', context, line).flatMap((sentence) =>
			readTokenList(sentence, context, line),
		);
	});
}

function readTokenList(sentence: unknown, context: ReadingContext, line: number): RawSentence[] {
	if (!isObject(sentence)) throw wrongShape(context, line, 'a sentence: an object', sentence);
	const tokens = asList(own(sentence, 'tokens'), 'tokens', context, line).map((token) => {
		if (!isObject(token)) throw wrongShape(context, line, 'a token: an object', token);
		const word = asString(own(token, 'orth'), 'orth', context, line);
		if (word === '') throw wrongShape(context, line, 'orth: not empty', word);
		const tag = own(token, 'ner');
		return { word, tag: typeof tag === 'string' && tag !== '-' && tag !== '' ? tag : null };
	});
	if (tokens.length === 0) {
		note(context, 'corpus-empty-record', line, 'A sentence without tokens, skipped');
		return [];
	}
	const isLabelled = tokens.every(({ tag }) => tag !== null);
	const tags = isLabelled ? tokens.map(({ tag }) => tag as string) : null;
	return [{ characters: tokens.map(({ word }) => word), tags, line }];
}

function writeSpacy({ text, spans, words }: SentenceToWrite): string {
	const tokens = words.map(({ start, end, text }, id) => ({ text, start, end, id }));
	return JSON.stringify({
		text,
		tokens,
		...(spans && { spans: spans.map(({ start, end, type }) => ({ start, end, label: type })) }),
	});
}

/** One document of one sentence. `tags` in BILUO. */
function writeSpacyDocument({ tokens: words, tags }: SentenceToWrite, index: number): string {
	const tokens = words.map((orth, id) => ({ id, orth, ner: tags ? tags[id] : '-' }));
	return JSON.stringify({ id: index, paragraphs: [{ sentences: [{ tokens }] }] });
}
