// Tokenizer, vocabulary files and trimmed tables beside what the usual scripts and the published program made of the same texts.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { referencePath } from '../../testing/shared-data';
import { trimPieces } from './piece-table';
import { parsePieces } from './piece-vocabulary';
import { cased, lowerCased, type TokenizerOptions, tokenize } from './tokenize';

interface Expected {
	tokens: string[];
	ids: number[];
	offsets: [number, number][];
}

const tokenizer = referencePath('tokenizer');
const embedding = referencePath('bert-embedding');
const files = referencePath('bert-files');
const read = (folder: string | null, name: string) => readFileSync(join(folder ?? '', name), 'utf8');
const readJson = (folder: string | null, name: string) => JSON.parse(read(folder, name));

describe.skipIf(!tokenizer)('tokenizer (skipped: no shared data)', () => {
	const vocabulary = parsePieces(tokenizer ? read(tokenizer, 'vocab.txt') : '');
	const { cases } = tokenizer ? readJson(tokenizer, 'expected.json') : { cases: [] };
	const made = (text: string, options: TokenizerOptions): Expected => {
		const pieces = tokenize(text, vocabulary, options);
		return {
			tokens: pieces.map(({ piece }) => piece),
			ids: pieces.map(({ row }) => row),
			offsets: pieces.map(({ start, end }) => [start, end]),
		};
	};
	test.each([
		['lower', lowerCased],
		['cased', cased],
	] as const)('%s: 200 texts become the same pieces at the same code points', (key, options) => {
		expect(cases.length).toBe(200);
		const wrong = cases.filter(
			(one: { text: string } & Record<string, Expected>) =>
				JSON.stringify(made(one.text, options)) !==
				JSON.stringify({ tokens: one[key].tokens, ids: one[key].ids, offsets: one[key].offsets }),
		);
		expect(wrong.map(({ text }: { text: string }) => [text, made(text, options)])).toEqual([]);
	});
});

describe.skipIf(!files)('vocabulary files (skipped: no shared data)', () => {
	const all: Record<string, { text: string; entries_token_id: [string, number][] }> = files
		? readJson(files, 'vocab-files.json')
		: {};
	test.each(Object.entries(all))('%s is read as published', (_, { text, entries_token_id }) => {
		const entries = [...parsePieces(text).rows].sort(([, left], [, right]) => left - right);
		expect(entries).toEqual(entries_token_id);
	});
});

describe.skipIf(!embedding)('trimmed tables (skipped: no shared data)', () => {
	const vocabulary = parsePieces(files ? read(files, 'vocab.txt') : '');
	const names = [
		'characters',
		'words-several-pieces-first',
		'length-46-fits',
		'sep-in-vocabulary',
		'include-cls-sep',
	].filter((name) => existsSync(join(embedding ?? '', name)));
	test.each(names)('%s: rows, their sources and the rows of each entry are the published ones', (name) => {
		const expected = readJson(join(embedding ?? '', name), 'expected.json');
		const listed: [string, number, boolean][] = expected.vocabulary_in_id_order__word_count_onlyDevTest;
		const entries = listed.slice(2).map(([text, count, isUnseen]) => ({ text, count, isUnseen }));
		const table = trimPieces(entries, vocabulary);
		const sources = expected.piece_table.map(({ copied_from }: { copied_from: string }) =>
			vocabulary.rows.get(copied_from),
		);
		expect(table.rows.map(({ piece }) => piece)).toEqual(
			expected.piece_table.map(({ piece }: { piece: string }) => piece),
		);
		expect(table.rows.map(({ source }) => source)).toEqual(sources);
		expect(table.entryRows).toEqual(expected.id_to_piece_rows);
	});
});
