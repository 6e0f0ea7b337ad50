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
const placesOf = (finding: Finding) => finding.sentences.map(({ ref }) => `${ref.split}${ref.index}`);

test('a form with several types is found with its mentions, the most disputed first', () => {
	const corpus = tinyCorpus({
		train: ['[白云]LOC和[白云]LOC', '[白云]PER来', '[李白]PER去[杭州]GPE', '[杭州]LOC[杭州]LOC[杭州]GPE'],
		test: ['[李白]PER'],
	});
	const [finding] = examine(corpus, 'several-types');
	expect(finding.counts).toEqual({ forms: 2, mentions: 7, rarer: 3 });
	expect(finding.groups.map(({ text, counts }) => [text, counts])).toEqual([
		['杭州', { GPE: 2, LOC: 2 }],
		['白云', { LOC: 2, PER: 1 }],
	]);
	expect(finding.sentences[4]).toEqual({
		ref: { split: 'train', index: 0 },
		split: 'train',
		line: 1,
		group: 1,
		spans: [{ start: 0, end: 2, type: 'LOC' }],
	});
});

test('the mentions of the rarer type can be marked, form by form or all, and unmarked', () => {
	const corpus = tinyCorpus({ train: ['[白云]LOC和[白云]LOC', '[白云]PER来', '[甲]A[甲]A', '[甲]B'] });
	const [finding] = examine(corpus, 'several-types');
	const marked = (changes: CorpusChange[]) =>
		applyChanges(corpus, changes).splits.train.flatMap((each) => (each.isMarkedForRelabel ? [each.ref.index] : []));
	expect(marked(changesOf(finding, 'relabel-later'))).toEqual([1, 3]);
	expect(marked(finding.groups[0].actions?.[0].changes ?? [])).toEqual([1]);
	expect(marked([])).toEqual([]);
});

test('forms of one type each are no finding', () => {
	expect(examine(tinyCorpus({ train: ['[白云]LOC', '[李白]PER', '白云', '[白云]LOC'] }), 'several-types')).toEqual([]);
});

test('types with few mentions in train are found one by one, with their sentences', () => {
	const corpus = tinyCorpus({ train: ['[甲]A[乙]A', '[丙]A[丁]B'], test: ['[丁]B[戊]C'] });
	const findings = examine(corpus, 'few-mentions', [], { fewMentions: 3 });
	expect(findings.map(({ type, severity, counts }) => [type, severity, counts.mentions, counts.all])).toEqual([
		['C', 'error', 0, 1],
		['B', 'warning', 1, 2],
	]);
	expect(placesOf(findings[1])).toEqual(['train1', 'test0']);
	expect(examine(corpus, 'few-mentions', [], { fewMentions: 1 }).map(({ type }) => type)).toEqual(['C']);
});

test('where nothing is split yet, the mentions of all splits count', () => {
	expect(examine(tinyCorpus({ test: ['[甲]A[乙]A'] }), 'few-mentions', [], { fewMentions: 2 })).toEqual([]);
});

test('a rare type can be merged into its sibling or ignored, and either ends the finding', () => {
	const corpus = tinyCorpus({ train: ['[甲]PER.NAM[乙]PER.NAM', '[丙]PER.NOM'] });
	const options = { fewMentions: 2 };
	const [finding] = examine(corpus, 'few-mentions', [], options);
	expect(changesOf(finding, 'merge-types')).toEqual([{ kind: 'rename-types', types: ['PER.NOM'], to: 'PER.NAM' }]);
	for (const action of ['merge-types', 'ignore-type'])
		expect(examine(corpus, 'few-mentions', changesOf(finding, action), options)).toEqual([]);
	expect(examine(corpus, 'few-mentions', [], options)).toEqual([finding]);
});

test('a type that train lacks can be dealt to it by a new split', () => {
	const corpus = tinyCorpus({ train: ['一', '二', '三'], test: ['[甲]A', '[乙]A', '[丙]A'] });
	const [finding] = examine(corpus, 'few-mentions', [], { fewMentions: 1 });
	expect(examine(corpus, 'few-mentions', changesOf(finding, 'split-anew'), { fewMentions: 1 })).toEqual([]);
});

test('a type without a sibling is not offered to be merged', () => {
	const [finding] = examine(tinyCorpus({ train: ['[甲]PER[乙]LOC'] }), 'few-mentions');
	expect(finding.actions.map(({ code }) => code)).toEqual(['ignore-type']);
});

test('mentions of dev and test are counted as seen in train, seen with another type, and new', () => {
	const corpus = tinyCorpus({
		train: ['[南京]GPE', '[白云]LOC'],
		dev: ['[南京]GPE'],
		test: ['[南京]GPE和[白云]PER', '[杭州]GPE', '[南京]GPE'],
	});
	const [dev, tested] = examine(corpus, 'unseen-entities');
	expect(dev).toMatchObject({
		split: 'dev',
		counts: { mentions: 1, seen: 1, seenAsOther: 0, unseen: 0 },
		sentences: [],
	});
	expect(tested.counts).toEqual({ mentions: 4, seen: 2, seenAsOther: 1, unseen: 1 });
	expect(tested.groups).toEqual([
		{ text: 'GPE', counts: { mentions: 3, seen: 2, seenAsOther: 0, unseen: 1 } },
		{ text: 'PER', counts: { mentions: 1, seen: 0, seenAsOther: 1, unseen: 0 } },
	]);
	expect(placesOf(tested)).toEqual(['test0', 'test1']);
	expect(tested.sentences[0].spans).toEqual([{ start: 3, end: 5, type: 'PER' }]);
});

test('without a train split nothing is called unseen', () => {
	expect(examine(tinyCorpus({ test: ['[杭州]GPE'] }), 'unseen-entities')).toEqual([]);
});
