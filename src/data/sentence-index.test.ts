import { expect, test } from 'vitest';
import { tinyCorpus } from '../testing/tiny-corpus';
import { applyChanges, type CorpusChange } from './corpus-changes';
import { indexSentences, pageOfRows, readSearch, type SentenceQuery, searchSentences } from './sentence-index';
import { atOnce } from './slices';

const corpus = tinyCorpus({
	train: ['去[南京]GPE玩', '看ＮＢＡ 比赛', '[李白]PER在[南京]GPE', '好'],
	dev: ['南京大学'],
	test: ['[李白]PER'],
});
const indexed = (changes: CorpusChange[] = []) => atOnce(indexSentences(applyChanges(corpus, changes)));
const numbers = (query: SentenceQuery, changes: CorpusChange[] = []) =>
	[...searchSentences(indexed(changes), query)].map((row) => row + 1);

test('without a wish all sentences are found in order', () => {
	expect(numbers({})).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a text is found anywhere, whatever its width, case and spaces', () => {
	expect(numbers({ text: '南京' })).toEqual([1, 3, 5]);
	expect(numbers({ text: 'nba比' })).toEqual([2]);
	expect(numbers({ text: '北京' })).toEqual([]);
});

test('types are found by any of them, an unknown one nowhere', () => {
	expect(numbers({ types: ['GPE'] })).toEqual([1, 3]);
	expect(numbers({ types: ['GPE', 'PER'] })).toEqual([1, 3, 6]);
	expect(numbers({ types: ['ORG'] })).toEqual([]);
});

test('wishes hold together: text, type, split, mentions', () => {
	expect(numbers({ text: '南京', types: ['GPE'], split: 'train' })).toEqual([1, 3]);
	expect(numbers({ text: '南京', hasMentions: false })).toEqual([5]);
	expect(numbers({ split: 'test' })).toEqual([6]);
});

test('marked sentences are found, and changed types under their new name', () => {
	const changes: CorpusChange[] = [
		{ kind: 'mark-for-relabel', sentences: [{ split: 'dev', index: 0 }] },
		{ kind: 'rename-types', types: ['GPE'], to: 'CITY' },
	];
	expect(numbers({ isMarked: true }, changes)).toEqual([5]);
	expect(numbers({ types: ['CITY'] }, changes)).toEqual([1, 3]);
	expect(numbers({ types: ['GPE'] }, changes)).toEqual([]);
});

test('more types than one word of bits holds are told apart', () => {
	const types = Array.from(
		{ length: 70 },
		(_, index) => `T${String.fromCharCode(65 + (index % 26)).repeat(1 + Math.floor(index / 26))}`,
	);
	const many = tinyCorpus({ train: types.map((type) => `[甲]${type}`) });
	const index = atOnce(indexSentences(applyChanges(many, [])));
	for (const row of [0, 31, 32, 63, 64, 69])
		expect([...searchSentences(index, { types: [types[row]] })]).toEqual([row]);
});

test('a page holds its rows with number, split, mentions and where the text is', () => {
	const index = indexed();
	const query = { text: '南京' };
	const found = searchSentences(index, query);
	const [row, ...more] = pageOfRows(index, found, { offset: 1, limit: 1 }, query);
	expect(more).toEqual([]);
	expect(row).toMatchObject({
		number: 3,
		split: 'train',
		spans: [{ type: 'PER' }, { start: 3, end: 5, type: 'GPE' }],
		hits: [{ start: 3, end: 5 }],
	});
	expect(row.sentence.ref).toEqual({ split: 'train', index: 2 });
	expect(pageOfRows(index, found, { offset: 3, limit: 5 }, query)).toEqual([]);
});

test('hits in folded text point at the characters as they are', () => {
	const index = indexed();
	const query = { text: 'BA比' };
	const [row] = pageOfRows(index, searchSentences(index, query), { offset: 0, limit: 9 }, query);
	expect(row.hits).toEqual([{ start: 2, end: 6 }]);
});

test('a number in the search field means that row, a hash with text means the text', () => {
	expect(readSearch(' #12 ')).toEqual({ number: 12 });
	expect(readSearch('#12月')).toEqual({ text: '#12月' });
	expect(numbers({ number: 5 })).toEqual([5]);
	expect(numbers({ number: 7 })).toEqual([]);
});

test('a search agrees with looking at every sentence', () => {
	const view = applyChanges(corpus, []);
	const index = atOnce(indexSentences(view));
	const all = [...view.splits.train, ...view.splits.dev, ...view.splits.test];
	for (const character of new Set(all.flatMap(({ sentence }) => sentence.characters))) {
		if (character.trim() === '') continue;
		const bySight = all.flatMap(({ sentence }, row) => (sentence.characters.includes(character) ? [row] : []));
		expect([...searchSentences(index, { text: character })]).toEqual(bySight);
	}
});
