// Fixture group tokenizer: texts to pieces, rows and code points as BERT models are used today, lower-cased and cased.

import { parsePieces } from '../../data/bert/piece-vocabulary';
import { cased, lowerCased, type TokenizerOptions, tokenize } from '../../data/bert/tokenize';
import type { Comparison } from './comparison';
import { listFolder, readFixtureJson, readFixtureText } from './fixture-file';
import type { FixtureGroup } from './fixture-group';

interface Tokens {
	tokens: string[];
	ids: number[];
	offsets: [start: number, end: number][];
}

type Case = { text: string } & Record<'lower' | 'cased', Tokens>;

const ways: readonly (readonly [way: 'lower' | 'cased', options: TokenizerOptions])[] = [
	['lower', lowerCased],
	['cased', cased],
];

export const tokenizer: FixtureGroup = {
	name: 'tokenizer',
	needsDevice: false,
	cases: (folder) => (listFolder(folder).includes('expected.json') ? [''] : []),
	async run(folder, _, comparison) {
		const vocabulary = parsePieces(readFixtureText(folder, 'vocab.txt') ?? '');
		const { cases }: { cases: Case[] } = readFixtureJson(folder, 'expected.json');
		for (const one of cases)
			for (const [way, options] of ways)
				compareTokens(way, tokenize(one.text, vocabulary, options), one[way], comparison);
		if (cases.length === 0) comparison.missing('all', 'there are no texts');
	},
};

function compareTokens(
	way: string,
	actual: ReturnType<typeof tokenize>,
	expected: Tokens,
	comparison: Comparison,
): void {
	comparison.same(
		`${way}: pieces`,
		actual.map(({ piece }) => piece),
		expected.tokens,
	);
	comparison.same(
		`${way}: rows`,
		actual.map(({ row }) => row),
		expected.ids,
	);
	comparison.same(
		`${way}: code points`,
		actual.map(({ start, end }) => [start, end]),
		expected.offsets,
	);
}
