import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tinyCorpus } from '../testing/tiny-corpus';
import { applyChanges } from './corpus-changes';
import { changesOfMapping, type LabelMapping } from './label-mapping';
import { spansOf } from './spans';

const types = ['A', 'B', 'C', 'D'];
const corpus = tinyCorpus({ train: types.map((type) => `[字]${type}`) });

/** What the four types are called after the changes; null for none. */
function namesAfter(mapping: LabelMapping): (string | null)[] {
	const { splits } = applyChanges(corpus, changesOfMapping(mapping));
	return splits.train.map(({ sentence }) => spansOf(sentence.tags ?? [], 'BIO')[0]?.type ?? null);
}

test('types with one new name are merged by one change, ignored ones by another', () => {
	const mapping = new Map([
		['A', 'X'],
		['B', null],
		['C', 'X'],
		['D', null],
	]);
	expect(changesOfMapping(mapping)).toEqual([
		{ kind: 'ignore-types', types: ['B', 'D'] },
		{ kind: 'rename-types', types: ['A', 'C'], to: 'X' },
	]);
});

test('a chain moves each type by one name, not to its end', () => {
	const chain = new Map([
		['A', 'B'],
		['B', 'C'],
	]);
	expect(namesAfter(chain)).toEqual(['B', 'C', 'C', 'D']);
});

test('two types can change names', () => {
	const swap = new Map([
		['A', 'B'],
		['B', 'A'],
	]);
	expect(namesAfter(swap)).toEqual(['B', 'A', 'C', 'D']);
});

test('types that keep their names need no change', () => {
	expect(changesOfMapping(new Map([['A', 'A']]))).toEqual([]);
});

test('any table is carried out as if all at once', () => {
	const target = fc.option(fc.constantFrom(...types, 'E'), { nil: null });
	fc.assert(
		fc.property(fc.tuple(target, target, target, target), (targets) => {
			const mapping = new Map(types.map((type, index) => [type, targets[index]]));
			expect(namesAfter(mapping)).toEqual(targets);
		}),
		{ seed: 2, numRuns: 400 },
	);
});
