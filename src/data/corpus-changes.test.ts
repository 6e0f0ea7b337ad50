import { expect, test } from 'vitest';
import { markedSentence, tinyCorpus } from '../testing/tiny-corpus';
import { changeWords, doChanges, emptyHistory, redoChange, undoChange } from './change-history';
import type { Corpus } from './corpus';
import { applyChanges, type CorpusChange, corpusOfView } from './corpus-changes';
import { spansOf } from './spans';

const corpus = () =>
	tinyCorpus({
		train: ['去[南京]GPE玩', '[李白]PER的诗', '好', '[白云]LOC[山]LOC上'],
		dev: ['[李白]PER的诗'],
		test: ['好', '在[杭州]GPE'],
	});

const textsOf = (view: ReturnType<typeof applyChanges>, split: 'train' | 'dev' | 'test') =>
	view.splits[split].map(({ sentence }) => sentence.characters.join(''));
const tagsAt = (view: ReturnType<typeof applyChanges>, index: number) => view.splits.train[index].sentence.tags;

test('without changes the view is the corpus, each sentence with its position', () => {
	const whole = corpus();
	const view = applyChanges(whole, []);
	expect(corpusOfView(view)).toEqual(whole);
	expect(view.splits.test[1].ref).toEqual({ split: 'test', index: 1 });
});

test('the corpus itself stays as it was imported, whatever is done', () => {
	const whole = corpus();
	applyChanges(whole, [
		{ kind: 'rename-types', types: ['GPE'], to: 'LOC' },
		{ kind: 'relabel', sentence: { split: 'train', index: 2 }, spans: [{ start: 0, end: 1, type: 'X' }] },
		{ kind: 'split-anew', ratios: [1, 1, 1], seed: 1, byType: false, keepDuplicatesTogether: false },
	]);
	expect(whole).toEqual(corpus());
});

test('merging types renames their mentions and keeps touching ones apart', () => {
	const view = applyChanges(tinyCorpus({ train: ['[白云]LOC[南京]GPE'] }), [
		{ kind: 'rename-types', types: ['GPE', 'LOC'], to: 'PLACE' },
	]);
	expect(tagsAt(view, 0)).toEqual(['B-PLACE', 'I-PLACE', 'B-PLACE', 'I-PLACE']);
	expect(view.effects).toEqual([{ sentences: 1, mentions: 2 }]);
});

test('merging keeps mentions apart in IOB1 and where a stray I began one', () => {
	const iob1 = tinyCorpus({ train: ['[白云]LOC[南京]GPE'] }, 'IOB1');
	const merge: CorpusChange = { kind: 'rename-types', types: ['GPE'], to: 'LOC' };
	expect(tagsAt(applyChanges(iob1, [merge]), 0)).toEqual(['I-LOC', 'I-LOC', 'B-LOC', 'I-LOC']);
	const stray: Corpus = tinyCorpus({ train: ['白云南京'] });
	stray.splits.train[0].tags = ['B-LOC', 'I-LOC', 'I-GPE', 'I-GPE'];
	expect(spansOf(tagsAt(applyChanges(stray, [merge]), 0) ?? [], 'BIO')).toHaveLength(2);
});

test('renaming leaves ill-formed tags as they are where that changes no mention', () => {
	const stray = tinyCorpus({ train: ['白云山'] });
	stray.splits.train[0].tags = ['O', 'I-LOC', 'I-LOC'];
	const view = applyChanges(stray, [{ kind: 'rename-types', types: ['LOC'], to: 'HILL' }]);
	expect(tagsAt(view, 0)).toEqual(['O', 'I-HILL', 'I-HILL']);
});

test('an ignored type becomes plain text and the others stay', () => {
	const view = applyChanges(corpus(), [{ kind: 'ignore-types', types: ['PER', 'GPE'] }]);
	expect(tagsAt(view, 0)).toEqual(['O', 'O', 'O', 'O']);
	expect(tagsAt(view, 3)).toEqual(['B-LOC', 'I-LOC', 'B-LOC', 'O']);
	expect(view.effects[0]).toEqual({ sentences: 4, mentions: 4 });
});

test('dropped sentences leave the view, are listed with the reason, and others keep their positions', () => {
	const dropped = { split: 'train', index: 1 } as const;
	const drop: CorpusChange = { kind: 'drop-sentences', sentences: [dropped, dropped], reason: 'in-test' };
	const view = applyChanges(corpus(), [drop, drop]);
	expect(textsOf(view, 'train')).toEqual(['去南京玩', '好', '白云山上']);
	expect(view.splits.train[1].ref.index).toBe(2);
	expect(view.dropped).toEqual([{ ref: dropped, reason: 'in-test' }]);
	expect(view.effects).toEqual([{ sentences: 1 }, { sentences: 0 }]);
});

test('a relabelled sentence has the new spans, in plain text too, and is no longer marked', () => {
	const whole = corpus();
	whole.splits.train[2].tags = null;
	const sentence = { split: 'train', index: 2 } as const;
	const mark: CorpusChange = { kind: 'mark-for-relabel', sentences: [sentence] };
	expect(applyChanges(whole, [mark]).splits.train[2].isMarkedForRelabel).toBe(true);
	const spans = [{ start: 0, end: 1, type: 'PER' }];
	const { splits } = applyChanges(whole, [mark, { kind: 'relabel', sentence, spans }]);
	expect(splits.train[2]).toMatchObject({ isMarkedForRelabel: false, sentence: { tags: ['B-PER'] } });
});

test('a new split deals every sentence once and the view says where each came from', () => {
	const view = applyChanges(corpus(), [
		{ kind: 'split-anew', ratios: [3, 2, 2], seed: 5, byType: false, keepDuplicatesTogether: false },
	]);
	const { train, dev, test: tested } = view.splits;
	expect([train.length, dev.length, tested.length]).toEqual([3, 2, 2]);
	const positions = [...train, ...dev, ...tested].map(({ ref }) => `${ref.split}${ref.index}`).sort();
	expect(positions).toEqual(['dev0', 'test0', 'test1', 'train0', 'train1', 'train2', 'train3']);
	expect(view.effects[0].perSplit).toEqual({ train: 3, dev: 2, test: 2 });
});

test('clipping cuts long sentences of the named splits into pieces that know where they begin', () => {
	const long = `一二三四五六七。[南京]GPE${'字'.repeat(9)}`;
	const whole = tinyCorpus({ train: [long, '好'], test: [long] }, 'BMES');
	const view = applyChanges(whole, [{ kind: 'clip', length: 6, splits: ['train'] }]);
	expect(textsOf(view, 'train')).toEqual(['一二三四五六七。', '南京字字字字字字字字字', '好']);
	expect(view.splits.train[1]).toMatchObject({ start: 8, ref: { index: 0 }, whole: whole.splits.train[0] });
	expect(tagsAt(view, 1)?.slice(0, 3)).toEqual(['B-GPE', 'E-GPE', 'O']);
	expect(view.splits.test).toHaveLength(1);
	expect(view.effects).toEqual([{ sentences: 1, pieces: 2, torn: 0 }]);
});

test('a clip that tears a mention at a comma says so', () => {
	const view = applyChanges(tinyCorpus({ train: ['一二三四[五，六]TITLE七八九十一二三四五六七八九十'] }), [
		{ kind: 'clip', length: 5, splits: ['train', 'dev', 'test'] },
	]);
	expect(view.effects[0]).toMatchObject({ sentences: 1, torn: 1 });
});

test('a later clip replaces an earlier one', () => {
	const whole = tinyCorpus({ train: ['字'.repeat(60)] });
	const clip = (length: number): CorpusChange => ({ kind: 'clip', length, splits: ['train'] });
	const view = applyChanges(whole, [clip(5), clip(40)]);
	expect(view.splits.train.map(({ sentence }) => sentence.characters.length)).toEqual([50, 10]);
	expect(view.effects.map(({ sentences }) => sentences)).toEqual([0, 1]);
});

const everyChange: CorpusChange[] = [
	{ kind: 'rename-types', types: ['GPE'], to: 'LOC' },
	{ kind: 'ignore-types', types: ['PER'] },
	{ kind: 'drop-sentences', sentences: [{ split: 'train', index: 2 }], reason: 'duplicate' },
	{ kind: 'relabel', sentence: { split: 'dev', index: 0 }, spans: [{ start: 0, end: 1, type: 'PER' }] },
	{ kind: 'mark-for-relabel', sentences: [{ split: 'train', index: 0 }] },
	{ kind: 'split-anew', ratios: [1, 1, 1], seed: 3, byType: true, keepDuplicatesTogether: true },
	{ kind: 'clip', length: 1, splits: ['train', 'dev', 'test'] },
];

test.each(everyChange.map((change) => [change.kind, change] as const))('%s can be undone and redone', (_, change) => {
	const long = { ...corpus() };
	long.splits.train.push(markedSentence('字'.repeat(30)));
	const view = (changes: readonly CorpusChange[]) => applyChanges(long, changes).splits;
	const done = doChanges(emptyHistory, change);
	expect(view(done.done)).not.toEqual(view([]));
	const undone = undoChange(done);
	expect(view(undone.done)).toEqual(view([]));
	expect(redoChange(undone)).toEqual(done);
});

test('nothing is taken back twice, and a new change ends what could be redone', () => {
	expect(undoChange(emptyHistory)).toEqual(emptyHistory);
	expect(redoChange(emptyHistory)).toEqual(emptyHistory);
	const undone = undoChange(doChanges(emptyHistory, everyChange[0], everyChange[1]));
	expect(doChanges(undone, everyChange[2])).toEqual({ done: [everyChange[0], everyChange[2]], undone: [] });
});

test('every change is told in both languages with what it did', () => {
	const { effects } = applyChanges(corpus(), everyChange);
	const told = everyChange.map((change, index) => changeWords(change, effects[index]));
	expect(told[0]).toEqual({
		en: 'GPE renamed to LOC: 2 entities in 2 sentences',
		zh: 'GPE 改名为 LOC：2 句中的 2 处实体',
	});
	expect(told[5].en).toBe('Re-split 1:1:1 with seed 3: train 2, dev 3, test 1');
	for (const { en, zh } of told) expect([/[a-z]/.test(en), /\p{Script=Han}/u.test(zh)]).toEqual([true, true]);
});

test('fifty thousand sentences with a dozen changes are seen at once', () => {
	const many = { ...corpus() };
	const one = many.splits.train;
	many.splits.train = Array.from({ length: 50_000 }, (_, index) => one[index % one.length]);
	const sentences = Array.from({ length: 5000 }, (_, index) => ({ split: 'train' as const, index: index * 10 }));
	const view = applyChanges(many, [
		...everyChange.slice(0, 2),
		{ kind: 'drop-sentences', sentences, reason: 'unwanted' },
		{ kind: 'split-anew', ratios: [8, 1, 1], seed: 1, byType: true, keepDuplicatesTogether: false },
	]);
	expect(view.splits.train.length + view.splits.dev.length + view.splits.test.length).toBe(45_003);
});
