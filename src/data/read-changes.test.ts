import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorCodeOf } from '../testing/error-code';
import { tinyCorpus } from '../testing/tiny-corpus';
import { applyChanges, type CorpusChange } from './corpus-changes';
import { readChanges } from './read-changes';

const corpus = tinyCorpus({ train: ['去[南京]GPE玩', '好'], test: ['好'] });
const changes: CorpusChange[] = [
	{ kind: 'rename-types', types: ['GPE', 'LOC'], to: 'PLACE' },
	{ kind: 'ignore-types', types: ['PER'] },
	{ kind: 'drop-sentences', sentences: [{ split: 'train', index: 1 }], reason: 'duplicate' },
	{ kind: 'relabel', sentence: { split: 'train', index: 0 }, spans: [{ start: 0, end: 2, type: 'X' }] },
	{ kind: 'mark-for-relabel', sentences: [{ split: 'test', index: 0 }] },
	{ kind: 'split-anew', ratios: [8, 1, 1], seed: 3, byType: true, keepDuplicatesTogether: true },
	{ kind: 'clip', length: 200, splits: ['train'] },
];

test('every kind of change comes back from JSON as it was', () => {
	expect(readChanges(JSON.parse(JSON.stringify(changes)), corpus)).toEqual(changes);
});

test('fields that no change has are left behind', () => {
	expect(readChanges([{ ...changes[1], note: 'x' }])).toEqual([changes[1]]);
});

test.each([
	['no list', { kind: 'clip' }, 'at changes, found an object'],
	['no object', [7], 'an object at changes[0], found 7'],
	['an unknown kind', [{ kind: 'shout' }], 'changes[0].kind, found "shout"'],
	['a type with a space', [{ kind: 'ignore-types', types: ['A B'] }], 'changes[0].types[0], found "A B"'],
	['no type', [{ kind: 'ignore-types', types: [] }], 'at least one type'],
	['no target', [{ kind: 'rename-types', types: ['A'] }], 'changes[0].to, found nothing'],
	['an unknown split', [{ ...changes[4], sentences: [{ split: 'exam', index: 0 }] }], 'train, dev, test'],
	['a missing sentence', [{ ...changes[4], sentences: [{ split: 'test', index: 1 }] }], 'of the 1 in test'],
	['a reason unheard of', [{ ...changes[2], reason: 'mood' }], 'changes[0].reason'],
	['a span beyond the text', [{ ...changes[3], spans: [{ start: 0, end: 5, type: 'X' }] }], 'at most 4'],
	['an empty span', [{ ...changes[3], spans: [{ start: 1, end: 1, type: 'X' }] }], 'more than its start 1'],
	[
		'overlapping spans',
		[
			{
				...changes[3],
				spans: [
					{ start: 0, end: 2, type: 'X' },
					{ start: 1, end: 3, type: 'X' },
				],
			},
		],
		'changes[0].spans[1].start',
	],
	['ratios of nothing', [{ ...changes[5], ratios: [0, 0, 0] }], 'not all of them 0'],
	['a negative ratio', [{ ...changes[5], ratios: [8, -1, 1] }], 'three numbers'],
	['a seed with a fraction', [{ ...changes[5], seed: 0.5 }], 'changes[0].seed, found 0.5'],
	['a word for a switch', [{ ...changes[5], byType: 'yes' }], 'true or false'],
	['a length of 0', [{ ...changes[6], length: 0 }], 'at least 1'],
])('%s is refused with its location', (_, value, words) => {
	expect(errorCodeOf(() => readChanges(value, corpus))).toBe('changes-malformed');
	expect(() => readChanges(value, corpus)).toThrow(words);
});

test('whatever JSON comes, it is refused as malformed or can be applied', () => {
	const mutated = fc.tuple(fc.constantFrom(...changes), fc.jsonValue(), fc.nat(10)).map(([change, value, at]) => {
		const fields = Object.entries(change);
		fields[at % fields.length] = [fields[at % fields.length][0], value as never];
		return Object.fromEntries(fields);
	});
	fc.assert(
		fc.property(fc.array(fc.oneof(mutated, fc.jsonValue()), { maxLength: 3 }), (value) => {
			let read: CorpusChange[] = [];
			try {
				read = readChanges(value, corpus);
			} catch (error) {
				expect(error).toMatchObject({ code: 'changes-malformed' });
			}
			expect(applyChanges(corpus, read).effects).toHaveLength(read.length);
		}),
		{ seed: 4, numRuns: 1000 },
	);
});
