// Small corpora for property tests: any characters, entities anywhere, any scheme. Never imported by the product.

import fc from 'fast-check';
import type { Sentence, TextUnit } from '../data/corpus';
import { tagsOf } from '../data/spans';
import { type TagScheme, tagSchemes } from '../data/tag-scheme';

export interface TinyCorpus {
	sentences: Sentence[];
	scheme: TagScheme;
	unit: TextUnit;
}

const characters = fc.oneof(
	{ weight: 6, arbitrary: fc.constantFrom('字', '海', '京', '，', '。', 'a', 'Z', '7', '0') },
	{
		weight: 3,
		arbitrary: fc.constantFrom('😀', '𠮷', '\u0301', '　', '\u00a0', '"', '\\', '|', '/', '#', '[', '{', '<'),
	},
	{ weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
	{ weight: 1, arbitrary: fc.constantFrom(' ', '\t', '\n', '\r') },
);
const words = fc.oneof(
	fc.constantFrom('Berlin', 'is', 'in', 'Germany', '.', ',', 'U.S.', "don't", 'é', '-DOCSTART-', 'B-PER', 'O', '#1'),
	fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
);
const types = fc.constantFrom('PER', 'GPE.NAM', '人名', 'a-b', 'O', 'x_1');

function sentenceOf(
	unit: TextUnit,
): fc.Arbitrary<{ characters: string[]; pieces: { length: number; type: string }[] }> {
	const token = unit === 'word' ? words : characters.filter((one) => [...one].length === 1);
	const pieces = fc.array(
		fc.record({ length: fc.integer({ min: 1, max: 4 }), type: fc.oneof(fc.constant(''), types) }),
		{ minLength: 1, maxLength: 6 },
	);
	return pieces.chain((list) => {
		const length = list.reduce((sum, piece) => sum + piece.length, 0);
		return fc
			.array(token, { minLength: length, maxLength: length })
			.map((tokens) => ({ characters: tokens, pieces: list }));
	});
}

/** Any corpus of up to four sentences, well-formed in its scheme; sometimes a sentence that nobody has labelled. */
export const anyCorpus: fc.Arbitrary<TinyCorpus> = fc
	.record({ unit: fc.constantFrom<TextUnit>('character', 'character', 'word'), scheme: fc.constantFrom(...tagSchemes) })
	.chain(({ unit, scheme }) => {
		const one = fc.record({
			made: sentenceOf(unit),
			isLabelled: fc.integer({ min: 0, max: 9 }).map((draw) => draw > 0),
		});
		return fc.array(one, { minLength: 1, maxLength: 4 }).map((list) => ({
			unit,
			scheme,
			sentences: list.map(({ made, isLabelled }, index) => {
				let start = 0;
				const spans = made.pieces.flatMap(({ length, type }) => {
					start += length;
					return type === '' ? [] : [{ start: start - length, end: start, type }];
				});
				const tags = isLabelled ? tagsOf(spans, made.characters.length, scheme) : null;
				return { characters: made.characters, tags, line: index + 1 };
			}),
		}));
	});
