import { expect, test } from 'vitest';
import { tinyCorpus } from '../../testing/tiny-corpus';
import type { Corpus } from '../corpus';
import { applyChanges } from '../corpus-changes';
import { buildLexicon } from '../lexicon';
import { type CheckOptions, examineAtOnce } from './examine';

const examine = (corpus: Corpus, options: CheckOptions) =>
	examineAtOnce(applyChanges(corpus, []), options).findings.filter(({ code }) => /vector|lexicon/.test(code));

test('characters without a vector are counted in each split and listed with their sentences', () => {
	const corpus = tinyCorpus({ train: ['甲𠮷𠮷', '甲'], test: ['甲乙𠮷'] });
	const [finding] = examine(corpus, { hasCharacterVector: (character) => character === '甲' });
	expect(finding.code).toBe('characters-without-vector');
	expect(finding.counts).toEqual({ kinds: 2, allKinds: 3, occurrences: 4, allOccurrences: 7 });
	expect(finding.groups).toEqual([
		{ text: '𠮷', counts: { train: 2, dev: 0, test: 1 } },
		{ text: '乙', counts: { train: 0, dev: 0, test: 1 } },
	]);
	expect(finding.sentences.map(({ ref, places, group }) => [ref.split, ref.index, places, group])).toEqual([
		['train', 0, [1, 2], 0],
		['test', 0, [1, 2], 1],
	]);
});

test('where all characters have a vector there is nothing to say', () => {
	expect(examine(tinyCorpus({ train: ['甲乙'] }), { hasCharacterVector: () => true })).toEqual([]);
});

test('without vectors and lexicon neither is judged', () => {
	expect(examine(tinyCorpus({ train: ['甲乙'] }), {})).toEqual([]);
});

test('the lexicon is held against mentions and sentences', () => {
	const corpus = tinyCorpus({ train: ['[南京市]GPE[长江]LOC桥', '去[杭州]GPE[玩]X', '好'] });
	const lexicon = buildLexicon(['南京', '南京市', '市长', '江桥', '杭州', '玩', '好']);
	const [finding] = examine(corpus, { lexicon });
	// 南京 南京市 市长 江桥 | 杭州 | none; 玩 and 好 are no words of two characters
	expect(finding.counts).toEqual({ sentences: 3, withoutMatch: 1, matches: 5, mentions: 3, words: 2, crossed: 2 });
	expect(finding.groups).toEqual([
		{ text: 'GPE', counts: { mentions: 2, words: 2, crossed: 1 } },
		{ text: 'LOC', counts: { mentions: 1, words: 0, crossed: 1 } },
		{ text: 'X', counts: { mentions: 0, words: 0, crossed: 0 } },
	]);
	expect(finding.sentences.map(({ ref }) => ref.index)).toEqual([2]);
	expect(finding.severity).toBe('info');
});

test('a lexicon that finds less than a word a sentence is warned of', () => {
	expect(examine(tinyCorpus({ train: ['甲乙', '丙'] }), { lexicon: buildLexicon(['甲乙']) })[0].severity).toBe(
		'warning',
	);
});
