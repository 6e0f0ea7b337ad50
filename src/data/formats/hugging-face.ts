// Hugging Face rows: {tokens, ner_tags} with tags as words or as integers, whose names stand elsewhere and are asked for.

import { UserError } from '../../util/errors';
import { arrayWith, type FormatWriter, type JsonFormat, linesWith } from './format-definition';
import { asObject, firstKey, isStringList, type JsonObject, nameOf, ofObject, own, wrongShape } from './json-shape';
import type { JsonRecord } from './json-text';
import type { RawSentence, ReadingContext } from './reading';
import { note } from './reading';
import { byTokens } from './record-parts';
import type { SentenceToWrite } from './writing';

const fitsRow = ofObject(looksLikeRow);

/** A row in each line. */
export const huggingFace: JsonFormat & FormatWriter = {
	kind: 'json',
	looksLike: [{ rank: 50, fits: (value, shape) => shape !== 'array' && fitsRow(value) }],
	read: byTokens(readRow),
	write: linesWith(writeRow),
};

/** An array of rows. */
export const huggingFaceJson: JsonFormat & FormatWriter = {
	...huggingFace,
	looksLike: [{ rank: 51, fits: (value, shape) => shape === 'array' && fitsRow(value) }],
	write: arrayWith(writeRow),
};

export const tokenKeys = ['tokens', 'words', 'chars', 'characters'];
const tagKeys = ['ner_tags', 'tags', 'ner', 'labels', 'label'];

function looksLikeRow(record: JsonObject): boolean {
	const tokens = firstKey(record, tokenKeys);
	if (tokens === null || !isStringList(own(record, tokens))) return false;
	const tags = firstKey(record, tagKeys);
	if (tags === null) return true;
	const list = own(record, tags);
	return Array.isArray(list) && list.every((tag) => typeof tag === 'string' || typeof tag === 'number');
}

/** A row as a sentence; none for a row without tokens. `knownNames`: names of integer tags that the file itself holds. */
function readRow(record: JsonRecord, context: ReadingContext, knownNames: readonly string[] | null): RawSentence[] {
	const { line } = record;
	const row = asObject(record, context);
	const tokens = own(row, firstKey(row, tokenKeys) ?? 'tokens');
	if (!isStringList(tokens)) throw wrongShape(context, line, 'tokens: an array of strings', tokens);
	if (tokens.includes('')) throw wrongShape(context, line, 'non-empty tokens', '');
	if (tokens.length === 0) {
		note(context, 'corpus-empty-record', line, 'A row without tokens, skipped');
		return [];
	}
	const key = firstKey(row, tagKeys);
	if (key === null) return [{ characters: tokens, tags: null, line }];
	const tags = tagWords(own(row, key), context, line, knownNames);
	if (tags.length !== tokens.length)
		throw wrongShape(context, line, `${tokens.length} tags, one for each token`, `${tags.length} tags`);
	return [{ characters: tokens, tags, line }];
}

function tagWords(
	list: unknown,
	context: ReadingContext,
	line: number,
	knownNames: readonly string[] | null,
): string[] {
	if (isStringList(list)) return list;
	if (!Array.isArray(list)) throw wrongShape(context, line, 'tags: an array', list);
	const names = context.choices.tagNames ?? knownNames;
	if (!names) throw namesMissing(context.file, line, list);
	return list.map((tag) => {
		const name = typeof tag === 'string' ? tag : names[Number(tag)];
		if (name === undefined) throw wrongShape(context, line, `a tag number from 0 to ${names.length - 1}`, nameOf(tag));
		return name;
	});
}

function namesMissing(file: string, line: number, list: readonly unknown[]): UserError {
	return new UserError({
		code: 'corpus-tag-names-missing',
		location: { file, line },
		expected: 'tags as text, or names for the tag numbers',
		found: `numbers: ${list.slice(0, 12).map(nameOf).join(', ')}`,
		remedy:
			'List the names in order from 0 (tagNames=O,B-PER,I-PER,…); the data set page on Hugging Face shows them under features.',
	});
}

function writeRow({ tokens, tags }: SentenceToWrite, index: number): string {
	return JSON.stringify({ id: String(index), tokens, ...(tags && { ner_tags: tags }) });
}
