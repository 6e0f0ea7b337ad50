import { expect, test } from 'vitest';
import { tinyCorpus } from '../../testing/tiny-corpus';
import { applyChanges } from '../corpus-changes';
import { buildLexicon } from '../lexicon';
import { examineAtOnce, examineCorpus } from './examine';
import { findingCodes, severities } from './finding';
import { actionWords, findingWords } from './finding-words';

/** A corpus with something for every check. */
function oddCorpus() {
	const corpus = tinyCorpus({
		train: [
			'去[南京]GPE',
			'去南京',
			'[白云]LOC',
			'[白云]PER',
			'好 吧',
			'好吧',
			`[甲]PER${'字'.repeat(250)}`,
			'天',
			'天',
		],
		dev: ['去[南京]GPE'],
		test: ['去[南京]GPE', '好吧', '天 ', '看ＮＢＡ', '看NBA', '[杭州]ORG'],
	});
	corpus.splits.train[7].tags = ['I-LOC'];
	return corpus;
}
const options = {
	hasCharacterVector: (character: string) => character !== '吧',
	lexicon: buildLexicon(['南京']),
	batches: { batchSize: 2 },
};

test('all checks speak where there is something to say, the gravest first', () => {
	const { findings } = examineAtOnce(applyChanges(oddCorpus(), []), options);
	expect([...new Set(findings.map(({ code }) => code))].sort()).toEqual([...findingCodes].sort());
	const ranks = findings.map(({ severity }) => severities.indexOf(severity));
	expect(ranks).toEqual([...ranks].sort());
});

test('every finding and action has words in both languages', () => {
	const { findings } = examineAtOnce(applyChanges(oddCorpus(), []), options);
	for (const finding of findings) {
		const { title, detail } = findingWords(finding);
		const all = [title, detail, ...finding.actions.map(({ code }) => actionWords[code])];
		for (const { en, zh } of all.filter((words) => words.en !== '')) {
			expect(`${en}|${zh}`).not.toMatch(/undefined|NaN/);
			expect(zh).toMatch(/\p{Script=Han}/u);
		}
	}
	expect(findingWords(findings[0]).title.en).toMatch(/^2 test sentences also occur in train$|^1 dev/);
});

test('what an action names is in the corpus, so that every action can be applied', () => {
	const corpus = oddCorpus();
	const { findings } = examineAtOnce(applyChanges(corpus, []), options);
	for (const { actions } of findings)
		for (const { changes } of actions) {
			const { effects } = applyChanges(corpus, changes);
			expect(effects.some(({ sentences }) => sentences > 0)).toBe(true);
		}
});

test('an empty corpus has no finding', () => {
	const { findings, numbers } = examineAtOnce(applyChanges(tinyCorpus({}), []), { hasCharacterVector: () => false });
	expect(findings).toEqual([]);
	expect(numbers.types).toEqual([]);
});

test('progress is told often, never falls and ends below the whole', () => {
	const many = tinyCorpus({ train: Array.from({ length: 4500 }, (_, index) => `第${index}[南京]GPE`) });
	const work = examineCorpus(applyChanges(many, []));
	const told: number[] = [];
	for (let step = work.next(); !step.done; step = work.next()) told.push(step.value.done);
	expect(told.length).toBeGreaterThan(40);
	expect(told).toEqual([...told].sort((left, right) => left - right));
	expect(told[told.length - 1]).toBeLessThan(1);
});

test('the figures of a corpus are counted per split and type', () => {
	const corpus = tinyCorpus({ train: ['去[南京]GPE[杭州]GPE', '[南京]GPE', '好'], test: ['[李白]PER写的诗很好很好'] });
	corpus.splits.train[2].tags = null;
	corpus.splits.test.push({ characters: ['白'], tags: ['I-PER'], line: 9 });
	const { numbers } = examineAtOnce(applyChanges(corpus, []));
	expect(numbers.splits.train).toEqual({
		sentences: 3,
		characters: 8,
		plain: 1,
		empty: 0,
		mentions: 3,
		strictMentions: 3,
		longest: 5,
	});
	expect(numbers.splits.test).toMatchObject({ mentions: 2, strictMentions: 1, longest: 9 });
	expect(numbers.types[0]).toMatchObject({
		type: 'GPE',
		mentions: { train: 3, dev: 0, test: 0 },
		forms: 2,
		top: [
			{ text: '南京', count: 2 },
			{ text: '杭州', count: 1 },
		],
	});
	expect(numbers.sentenceLengths.counts.test.slice(0, 2)).toEqual([2, 0]);
	expect(numbers.mentionLengths.counts.train.slice(0, 3)).toEqual([0, 3, 0]);
	expect(numbers.types[1].lengths).toMatchObject({ largest: 2 });
});

test('pieces of a clipped sentence count as the sentence they come from', () => {
	const corpus = tinyCorpus({ train: ['字'.repeat(40)] });
	const { numbers } = examineAtOnce(applyChanges(corpus, [{ kind: 'clip', length: 10, splits: ['train'] }]));
	expect(numbers.splits.train).toMatchObject({ sentences: 1, characters: 40 });
});
