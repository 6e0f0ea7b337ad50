// W2NER's JSON: [{sentence: [characters], ner: [{index: [2, 3], type}]}]. An index list names each character of its entity.

import { UserError } from '../../util/errors';
import { arrayWith, type FormatWriter, type JsonFormat } from './format-definition';
import {
	asList,
	asNumber,
	asObject,
	asType,
	isObject,
	isStringList,
	type JsonObject,
	ofObject,
	own,
	wrongShape,
} from './json-shape';
import type { JsonRecord } from './json-text';
import { note, type ReadingContext } from './reading';
import { bySpans } from './record-parts';
import type { RawSpan, SpanRecord } from './span-records';
import type { SentenceToWrite } from './writing';

export const w2ner: JsonFormat & FormatWriter = {
	kind: 'json',
	looksLike: [{ rank: 40, fits: ofObject(looksLikeW2ner) }],
	read: bySpans(readW2ner),
	write: arrayWith(writeW2ner),
};

function looksLikeW2ner(record: JsonObject): boolean {
	const sentence = own(record, 'sentence');
	if (typeof sentence !== 'string' && !isStringList(sentence)) return false;
	const entities = own(record, 'ner');
	return entities === undefined || (Array.isArray(entities) && entities.every(isObject));
}

function readW2ner(record: JsonRecord, context: ReadingContext): SpanRecord {
	const { line } = record;
	const object = asObject(record, context);
	const sentence = own(object, 'sentence');
	const units = typeof sentence === 'string' ? [...sentence] : sentence;
	if (!isStringList(units)) throw wrongShape(context, line, 'sentence: an array of characters', sentence);
	if (units.includes('')) throw wrongShape(context, line, 'characters that are not empty', '');
	const entities = own(object, 'ner');
	if (entities === undefined || entities === null) return { text: '', units, spans: null, line };
	const spans = asList(entities, 'ner', context, line).flatMap((entity) => readEntity(entity, context, line));
	return { text: '', units, spans, line };
}

function readEntity(entity: unknown, context: ReadingContext, line: number): RawSpan[] {
	if (!isObject(entity)) throw wrongShape(context, line, 'an object {index, type}', entity);
	const type = asType(own(entity, 'type'), context, line);
	const index = asList(own(entity, 'index'), 'index', context, line).map((position) =>
		asNumber(position, 'a position in index', context, line),
	);
	if (index.length === 0) throw wrongShape(context, line, 'index: at least one position', index);
	const inOrder = [...index].sort((left, right) => left - right);
	const [start, end] = [inOrder[0], inOrder[inOrder.length - 1] + 1];
	if (inOrder.every((position, offset) => position === start + offset)) return [{ start, end, type }];
	const { discontinuous = 'refuse' } = context.choices;
	if (discontinuous === 'refuse') throw inPieces(`${type} ${index.slice(0, 20).join(',')}`, context.file, line);
	const outcome = discontinuous === 'skip' ? 'left out' : 'read from its first to its last character';
	note(
		context,
		'corpus-entity-in-pieces',
		line,
		`${type} ${index.slice(0, 20).join(',')} is discontinuous: ${outcome}`,
	);
	return discontinuous === 'skip' ? [] : [{ start, end, type }];
}

/** The refusal of an entity in several pieces: tags can only mark what stands together. */
export function inPieces(found: string, file: string, line: number): UserError {
	return new UserError({
		code: 'corpus-entity-in-pieces',
		location: { file, line },
		expected: 'continuous entities, since tags cannot mark discontinuous ones',
		found,
		remedy:
			'Choose to leave such entities out (discontinuous=skip), or to read each as one span with the text in between (discontinuous=join).',
	});
}

function writeW2ner({ tokens, tokenSpans }: SentenceToWrite): string {
	const ner = tokenSpans?.map(({ start, end, type }) => ({
		index: Array.from({ length: end - start }, (_, offset) => start + offset),
		type,
	}));
	return JSON.stringify({ sentence: tokens, ...(ner && { ner }) });
}
