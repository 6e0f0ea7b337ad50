import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sharedPath } from '../../testing/shared-data';
import { tinyCorpus } from '../../testing/tiny-corpus';
import { readConll } from '../conll';
import type { Corpus, SplitName } from '../corpus';
import { applyChanges, type CorpusChange } from '../corpus-changes';
import { examineAtOnce } from './examine';
import type { Finding, FindingCode } from './finding';

const examine = (corpus: Corpus, changes: CorpusChange[] = []) => examineAtOnce(applyChanges(corpus, changes)).findings;
const pick = (findings: Finding[], code: FindingCode, split?: SplitName) =>
	findings.filter((finding) => finding.code === code && (split === undefined || finding.split === split));
const changesOf = (finding: Finding, action: string) =>
	finding.actions.find(({ code }) => code === action)?.changes ?? [];

const copied = tinyCorpus({
	train: ['去[南京]GPE', '去南京', '[李白]PER来', '别的'],
	dev: ['新的'],
	test: ['去[南京]GPE', '[李白]PER来', '另一句'],
});

test('copies across splits are found, with those that carry other labels', () => {
	const [finding, ...more] = pick(examine(copied), 'duplicates-across');
	expect(more).toEqual([]);
	expect(finding).toMatchObject({ split: 'test', otherSplit: 'train', severity: 'error' });
	expect(finding.counts).toEqual({ sentences: 2, copies: 3, otherLabels: 1, otherMentions: 1 });
	expect(finding.groups).toEqual([
		{ text: '去南京', counts: { test: 1, train: 2 } },
		{ text: '李白来', counts: { test: 1, train: 1 } },
	]);
	expect(finding.sentences[0]).toMatchObject({ ref: { split: 'test', index: 0 }, hasOtherLabels: true, group: 0 });
	expect(finding.sentences[1]).toMatchObject({ ref: { split: 'test', index: 1 }, hasOtherLabels: false, group: 1 });
});

test.each([
	['drop-from-train', { train: 1, test: 3 }],
	['drop-from-test', { train: 4, test: 1 }],
])('%s leaves no copy across splits, and its undo brings them back', (action, left) => {
	const [finding] = pick(examine(copied), 'duplicates-across');
	const changes = changesOf(finding, action);
	const { splits } = applyChanges(copied, changes);
	expect({ train: splits.train.length, test: splits.test.length }).toEqual(left);
	expect(pick(examine(copied, changes), 'duplicates-across')).toEqual([]);
	expect(pick(examine(copied, []), 'duplicates-across')).toEqual([finding]);
});

test('copies with different labels can be marked for relabelling, on both sides', () => {
	const [finding] = pick(examine(copied), 'duplicates-across');
	const { splits } = applyChanges(copied, changesOf(finding, 'relabel-later'));
	const marked = [...splits.train, ...splits.test].filter(({ isMarkedForRelabel }) => isMarkedForRelabel);
	expect(marked.map(({ ref }) => `${ref.split}${ref.index}`)).toEqual(['train0', 'train1', 'test0']);
});

test('a new split keeps copies in one split', () => {
	const [finding] = pick(examine(copied), 'duplicates-across');
	expect(pick(examine(copied, changesOf(finding, 'split-anew')), 'duplicates-across')).toEqual([]);
});

test('texts that differ in width, case or spaces alone are near copies, not copies', () => {
	const corpus = tinyCorpus({ train: ['看ＮＢＡ', '买 票', '好'], test: ['看nba', '买票', '好'] });
	const findings = examine(corpus);
	expect(pick(findings, 'duplicates-across')[0].counts.sentences).toBe(1);
	const [near] = pick(findings, 'near-duplicates-across');
	expect(near.counts).toMatchObject({ sentences: 2, otherLabels: 0 });
	expect(near.groups.map(({ text }) => text)).toEqual(['看nba', '买票']);
});

test('near copies compare their mentions by what they read', () => {
	const corpus = tinyCorpus({ train: ['买 [北京]GPE 票', '去 [北京]GPE'], test: ['买[北京]GPE票', '去[北京]LOC'] });
	expect(pick(examine(corpus), 'near-duplicates-across')[0].counts).toMatchObject({ sentences: 2, otherLabels: 1 });
});

test('copies inside a split are found, and keeping the first of each ends it', () => {
	const corpus = tinyCorpus({ train: ['甲', '乙', '甲', '[甲]PER', '丙'] });
	const [finding] = pick(examine(corpus), 'duplicates-inside');
	expect(finding).toMatchObject({ split: 'train', counts: { texts: 1, sentences: 3, otherLabels: 1 } });
	const changes = changesOf(finding, 'drop-copies');
	expect(applyChanges(corpus, changes).splits.train.map(({ ref }) => ref.index)).toEqual([0, 1, 4]);
	expect(pick(examine(corpus, changes), 'duplicates-inside')).toEqual([]);
});

test('near copies inside a split leave exact copies out', () => {
	const corpus = tinyCorpus({ train: ['甲 乙', '甲乙', '甲乙', '丙', '丙'] });
	const [near] = pick(examine(corpus), 'near-duplicates-inside');
	expect(near.counts).toEqual({ texts: 1, sentences: 2, otherLabels: 0 });
});

test('one text with two labellings is found wherever it is, and a relabelling ends it', () => {
	const [finding] = pick(examine(copied), 'labelled-two-ways');
	expect(finding).toMatchObject({
		counts: { texts: 1, sentences: 3 },
		groups: [{ text: '去南京', counts: { ways: 2 } }],
	});
	const relabel: CorpusChange = {
		kind: 'relabel',
		sentence: { split: 'train', index: 1 },
		spans: [{ start: 1, end: 3, type: 'GPE' }],
	};
	expect(pick(examine(copied, [relabel]), 'labelled-two-ways')).toEqual([]);
});

test('a corpus without copies has none of these findings', () => {
	const codes = examine(tinyCorpus({ train: ['甲', '乙'], dev: ['丙'], test: ['丁'] })).map(({ code }) => code);
	expect(codes.filter((code) => /duplicates|two-ways/.test(code))).toEqual([]);
});

test('a copy in a dropped sentence or an ignored type is not held against the corpus', () => {
	const corpus = tinyCorpus({ train: ['去[南京]GPE'], test: ['去南京'] });
	expect(pick(examine(corpus), 'labelled-two-ways')).toHaveLength(1);
	const ignored = examine(corpus, [{ kind: 'ignore-types', types: ['GPE'] }]);
	expect(pick(ignored, 'labelled-two-ways')).toEqual([]);
	const gone: CorpusChange = { kind: 'drop-sentences', sentences: [{ split: 'train', index: 0 }], reason: 'unwanted' };
	expect(pick(examine(corpus, [gone]), 'duplicates-across')).toEqual([]);
});

const weibo = sharedPath('data/weibo');

function readWeibo(split: SplitName) {
	const file = `${weibo}/weiboNER_2nd_conll.${split}`;
	const quirks = { dropHashLines: false, stopAtMalformedLine: false };
	return readConll(readFileSync(file, 'utf8'), { file, quirks }).sentences;
}

test.skipIf(!weibo)(
	`Weibo: 40 of 270 test sentences occur in train, 12 with other labels${weibo ? '' : ' (skipped: no shared data)'}`,
	() => {
		const splits = { train: readWeibo('train'), dev: readWeibo('dev'), test: readWeibo('test') };
		const corpus: Corpus = { name: 'weibo', unit: 'character', scheme: 'BIO', splits };
		const findings = examine(corpus);
		const [finding] = pick(findings, 'duplicates-across', 'test').filter(({ otherSplit }) => otherSplit === 'train');
		expect(splits.test).toHaveLength(270);
		// 11 of the 12 have other mentions; one differs in ill-formed tags that read as the same mentions.
		expect(finding.counts).toMatchObject({ sentences: 40, otherLabels: 12, otherMentions: 11 });
		expect(finding.sentences.filter(({ ref }) => ref.split === 'test')).toHaveLength(40);
		const [illegal] = pick(findings, 'illegal-transitions');
		expect(illegal.counts).toMatchObject({ train: 10, dev: 0, test: 4 });
		for (const action of ['drop-from-train', 'drop-from-test'])
			expect(
				pick(examine(corpus, changesOf(finding, action)), 'duplicates-across', 'test').filter(
					({ otherSplit }) => otherSplit === 'train',
				),
			).toEqual([]);
	},
);
