import { expect, test } from 'vitest';
import { tinyCorpus } from '../../testing/tiny-corpus';
import type { Corpus } from '../corpus';
import { applyChanges, type CorpusChange } from '../corpus-changes';
import { type CheckOptions, examineAtOnce } from './examine';
import type { Finding, FindingCode } from './finding';

const examine = (corpus: Corpus, code: FindingCode, changes: CorpusChange[] = [], options: CheckOptions = {}) =>
	examineAtOnce(applyChanges(corpus, changes), options).findings.filter((finding) => finding.code === code);
const changesOf = (finding: Finding, action: string) =>
	finding.actions.find(({ code }) => code === action)?.changes ?? [];

function oddCorpus(): Corpus {
	const corpus = tinyCorpus({ train: ['去[南京]GPE', '白云山'], test: ['白云'] });
	corpus.splits.train[1].tags = ['O', 'I-LOC', 'I-PER'];
	corpus.splits.test[0].tags = ['I-LOC', 'I-LOC'];
	return corpus;
}

test('tags that break their scheme are found with their places, per split and per pair of tags', () => {
	const [finding] = examine(oddCorpus(), 'illegal-transitions');
	expect(finding.counts).toEqual({ places: 3, sentences: 2, train: 2, dev: 0, test: 1 });
	expect(finding.sentences.map(({ ref, places }) => [ref.split, ref.index, places])).toEqual([
		['train', 1, [1, 2]],
		['test', 0, [0]],
	]);
	expect(finding.groups).toEqual([
		{ text: 'O I-LOC', counts: { places: 1 } },
		{ text: 'I-LOC I-PER', counts: { places: 1 } },
		{ text: '^ I-LOC', counts: { places: 1 } },
	]);
});

test('legal tags are no finding', () => {
	expect(examine(tinyCorpus({ train: ['去[南京]GPE[杭州]GPE'] }, 'BMES'), 'illegal-transitions')).toEqual([]);
});

test('repairing keeps the mentions, makes the tags legal, and can be undone', () => {
	const corpus = oddCorpus();
	const [finding] = examine(corpus, 'illegal-transitions');
	const changes = changesOf(finding, 'repair-tags');
	const { splits } = applyChanges(corpus, changes);
	expect(splits.train[1].sentence.tags).toEqual(['O', 'B-LOC', 'B-PER']);
	expect(splits.test[0].sentence.tags).toEqual(['B-LOC', 'I-LOC']);
	expect(examine(corpus, 'illegal-transitions', changes)).toEqual([]);
	expect(examine(corpus, 'illegal-transitions')).toEqual([finding]);
});

test('long sentences are found in every split, and clipping train ends those of train', () => {
	const corpus = tinyCorpus({ train: ['字'.repeat(30), '短'], dev: ['字'.repeat(10)], test: ['字'.repeat(11)] });
	const options = { clipLength: 10 };
	const [finding] = examine(corpus, 'long-sentences', [], options);
	expect(finding.counts).toEqual({ sentences: 2, length: 10, longest: 30, train: 1, dev: 0, test: 1 });
	const changes = changesOf(finding, 'clip');
	expect(changes).toEqual([{ kind: 'clip', length: 10, splits: ['train'] }]);
	const [left] = examine(corpus, 'long-sentences', changes, options);
	expect(left.counts).toMatchObject({ train: 0, test: 1 });
	expect(left.actions).toEqual([]);
});

test('sentences up to the length are no finding', () => {
	expect(examine(tinyCorpus({ train: ['字'.repeat(200)] }), 'long-sentences')).toEqual([]);
});
