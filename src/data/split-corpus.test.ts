import { expect, test } from 'vitest';
import { markedSentence } from '../testing/tiny-corpus';
import { spansOf } from './spans';
import { type SplitRequest, splitCorpus, wholeShares } from './split-corpus';

const request: SplitRequest = { ratios: [8, 1, 1], seed: 7, byType: false, keepDuplicatesTogether: false };
const numbered = (count: number) => Array.from({ length: count }, (_, index) => markedSentence(`第${index}句`));

test('shares are whole, add up, and the largest remainder gets what is left', () => {
	expect(wholeShares([8, 1, 1], 99)).toEqual([79, 10, 10]);
	expect(wholeShares([1, 1, 1], 2)).toEqual([1, 1, 0]);
	expect(wholeShares([0.7, 0.3, 0], 10)).toEqual([7, 3, 0]);
});

test('sizes are exactly those of the ratios when no text occurs twice', () => {
	expect(splitCorpus(numbered(103), 'BIO', request).perSplit).toEqual({ train: 83, dev: 10, test: 10 });
});

test('the same seed gives the same split, another seed another', () => {
	const of = (seed: number) => splitCorpus(numbered(60), 'BIO', { ...request, seed }).splitOf;
	expect(of(7)).toEqual(of(7));
	expect(of(8)).not.toEqual(of(7));
});

test('each sentence has the chance of its ratio to be in test, wherever it is', () => {
	const counts = new Array(10).fill(0);
	for (let seed = 0; seed < 400; seed++) {
		const { splitOf } = splitCorpus(numbered(10), 'BIO', { ...request, ratios: [5, 2, 3], seed });
		for (const [index, split] of splitOf.entries()) if (split === 'test') counts[index]++;
	}
	// 400 draws of 0.3: mean 120, deviation 9.2
	for (const count of counts) expect(Math.abs(count - 120)).toBeLessThan(46);
});

test('the same text stays in one split when that is wished, and the report counts such texts', () => {
	const sentences = [...numbered(30), ...numbered(30), ...numbered(40)];
	const { splitOf, keptTogether } = splitCorpus(sentences, 'BIO', { ...request, keepDuplicatesTogether: true });
	expect(keptTogether).toBe(30);
	for (let index = 0; index < 30; index++) {
		expect(splitOf[index + 30]).toBe(splitOf[index]);
		expect(splitOf[index + 60]).toBe(splitOf[index]);
	}
	const apart = splitCorpus(sentences, 'BIO', request);
	expect(apart.keptTogether).toBe(0);
	expect(apart.splitOf.slice(0, 30)).not.toEqual(apart.splitOf.slice(30, 60));
});

test('by type, a rare type is spread by the ratios where chance alone would miss', () => {
	const sentences = numbered(1000).map((sentence, index) => {
		if (index < 10) return markedSentence(`[甲${index}]RARE等`);
		return index < 310 ? markedSentence(`[乙${index}]OFTEN等`) : sentence;
	});
	for (let seed = 0; seed < 5; seed++) {
		const { splitOf, perSplit } = splitCorpus(sentences, 'BIO', { ...request, byType: true, seed });
		expect(perSplit).toEqual({ train: 800, dev: 100, test: 100 });
		const mentions = { RARE: { train: 0, dev: 0, test: 0 }, OFTEN: { train: 0, dev: 0, test: 0 } };
		sentences.forEach(({ tags }, index) => {
			for (const { type } of spansOf(tags ?? [], 'BIO')) mentions[type as 'RARE'][splitOf[index]]++;
		});
		expect(mentions).toEqual({
			RARE: { train: 8, dev: 1, test: 1 },
			OFTEN: { train: 240, dev: 30, test: 30 },
		});
	}
});

test('a split with ratio 0 stays empty', () => {
	for (const byType of [true, false]) {
		const { perSplit } = splitCorpus(numbered(9), 'BIO', { ...request, ratios: [2, 0, 1], byType });
		expect(perSplit).toEqual({ train: 6, dev: 0, test: 3 });
	}
});

test('no sentence at all gives no split at all', () => {
	expect(splitCorpus([], 'BIO', request)).toEqual({
		splitOf: [],
		perSplit: { train: 0, dev: 0, test: 0 },
		keptTogether: 0,
	});
});
