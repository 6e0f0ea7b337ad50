import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConll } from '../../src/data/conll';
import { RandomStream } from '../../src/util/random';
import { expand, toConll } from './annotated-text';
import { chinese } from './chinese';
import { buildCorpus, chineseRecipe, englishRecipe, type SampleCorpus, type SampleSplit } from './corpus';
import { Drawer } from './drawer';

const corpora: [string, SampleCorpus, Record<SampleSplit, number>][] = [
	['sample', buildCorpus(chineseRecipe), { train: 2000, dev: 300, test: 400 }],
	['sample-en', buildCorpus(englishRecipe), { train: 200, dev: 50, test: 50 }],
];
const splits: SampleSplit[] = ['train', 'dev', 'test'];
const drawer = () => new Drawer('train', new RandomStream(1));

function committed(folder: string, split: SampleSplit): string {
	return readFileSync(new URL(`../../public/${folder}/${split}.conll`, import.meta.url), 'utf8');
}

describe.each(corpora)('the corpus %s', (folder, corpus, sizes) => {
	it.each(splits)('makes %s again byte for byte', (split) => {
		expect(toConll(corpus[split])).toBe(committed(folder, split));
	});

	it('has the sizes that its card states', () => {
		expect(splits.map((split) => corpus[split].length)).toEqual(splits.map((split) => sizes[split]));
	});

	it('has no sentence twice, within a split or across splits', () => {
		const texts = splits.flatMap((split) => corpus[split].map(({ tokens }) => tokens.join(' ')));
		expect(new Set(texts).size).toBe(texts.length);
	});

	it.each(splits)('reads %s without a single note, so without an illegal transition', (split) => {
		const options = { file: split, quirks: { dropHashLines: false, stopAtMalformedLine: false } };
		const { sentences, notes } = readConll(committed(folder, split), options);
		expect(notes).toEqual([]);
		expect(sentences.length).toBe(sizes[split]);
	});

	it.each(splits)('mentions all four types in %s', (split) => {
		const begins = new Set(corpus[split].flatMap(({ tags }) => tags.filter((tag) => tag.startsWith('B-'))));
		expect([...begins].sort()).toEqual(['B-GPE', 'B-LOC', 'B-ORG', 'B-PER']);
	});

	it('has all three genres in every split', () => {
		for (const split of splits)
			expect(new Set(corpus[split].map(({ genre }) => genre))).toEqual(new Set(['news', 'social', 'resume']));
	});
});

describe('the Chinese sample', () => {
	const [, corpus] = corpora[0];

	it.each(['dev', 'test'] as const)('has at least 120 sentences in %s that were written, not drawn', (split) => {
		expect(corpus[split].filter(({ isWritten }) => isWritten).length).toBeGreaterThanOrEqual(120);
	});

	it('reads 南京市长江大桥 both ways', () => {
		const readings = [...corpus.train, ...corpus.test].map(({ tokens, tags }) => {
			const start = tokens.join('').indexOf('南京市长江大桥');
			return start < 0 ? '' : tags.slice(start, start + 7).join(' ');
		});
		expect(readings).toContain('B-GPE I-GPE I-GPE B-LOC I-LOC I-LOC I-LOC');
		expect(readings).toContain('B-GPE I-GPE O O B-PER I-PER I-PER');
	});
});

describe('expand', () => {
	it('turns brackets into mentions and leaves other text outside', () => {
		expect(expand('[G南京]市长[P江涛]', drawer(), chinese)).toEqual({
			tokens: [...'南京市长江涛'],
			tags: ['B-GPE', 'I-GPE', 'O', 'O', 'B-PER', 'I-PER'],
		});
	});

	it('starts a new mention where two of one type touch', () => {
		expect(expand('[G中][G美]', drawer(), chinese).tags).toEqual(['B-GPE', 'B-GPE']);
	});

	it('keeps a bracket that names no type as text', () => {
		expect(expand('[哈哈]', drawer(), chinese).tokens).toEqual([...'[哈哈]']);
	});

	it('refuses a slot that does not exist', () => {
		expect(() => expand('(X)', drawer(), chinese)).toThrow('nothing is called X');
	});
});
