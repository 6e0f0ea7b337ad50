import { expect, test } from 'vitest';
import { presetConfig } from '../experiment/presets';
import { errorCodeOf } from '../testing/error-code';
import type { Sentence, Split, SplitName } from './corpus';
import { chooseSentences, type SentenceChoice } from './run-sentences';

/** A text without a mark has labels; one that ends in `?` nobody has labelled. */
function split(texts: readonly string[]): Split {
	const sentenceOf = (text: string): Sentence => {
		const characters = [...text.replace('?', '')];
		return { characters, tags: text.endsWith('?') ? null : characters.map(() => 'O'), line: 1 };
	};
	return { sentences: texts.map(sentenceOf), notes: [] };
}

const { data: all } = presetConfig('sample');
const choose = (texts: Partial<Record<SplitName, string[]>>, change: Partial<SentenceChoice> = {}) => {
	const { train = ['甲'], dev = ['乙'], test = ['丙'] } = texts;
	return chooseSentences({ train: split(train), dev: split(dev), test: split(test), data: all, ...change });
};
const found = ({ splits }: ReturnType<typeof choose>, name: SplitName) =>
	splits[name].map(({ ref, start, characters }) => `${ref.split} ${ref.index} ${start} ${characters.join('')}`);

test('unlabelled sentences are left out wherever they are, and the others keep their origins', () => {
	const texts = { train: ['天气很好。?', '李明住在南京。', '他?'], dev: ['好?', '坏'], test: ['又?'] };
	const chosen = choose(texts, { unlabelled: 'leave-out' });
	expect(found(chosen, 'train')).toEqual(['train 1 0 李明住在南京。']);
	expect(found(chosen, 'dev')).toEqual(['dev 1 0 坏']);
	expect(found(chosen, 'test')).toEqual([]);
	expect(chosen.trainCount).toBe(1);
	expect(chosen.notes).toMatchObject([{ code: 'unlabelled-left-out', message: expect.stringContaining('4') }]);
	expect(errorCodeOf(() => choose(texts))).toBe('split-without-tags');
	expect(errorCodeOf(() => choose({ train: ['天?'] }, { unlabelled: 'leave-out' }))).toBe('split-without-tags');
});

test('the first n training sentences are the first n that count', () => {
	const data = { ...all, limitTrain: 1 };
	const chosen = choose({ train: ['', '天气?', '李明', '王芳'] }, { data, unlabelled: 'leave-out' });
	expect(found(chosen, 'train')).toEqual(['train 2 0 李明']);
	expect([...chosen.trainTexts]).toEqual(['李\u0000明']);
	expect(found(choose({ train: ['李明', '天气?'] }, { data }), 'train')).toEqual(['train 0 0 李明']);
});

test('a run of version 0.1.0 uses those of the first n training sentences that count', () => {
	const change = { data: { ...all, limitTrain: 3 }, isLimitedFirst: true };
	const texts = { train: ['', '天气?', '李明', '王芳'] };
	expect(found(choose(texts, { ...change, unlabelled: 'leave-out' }), 'train')).toEqual(['train 2 0 李明']);
	expect(found(choose({ train: ['', '李明', '王芳', '张三'] }, change), 'train')).toHaveLength(2);
});

test('empty sentences count nowhere', () => {
	const data = { ...all, clipLength: 2 };
	const chosen = choose({ train: ['', '一二。三四五', ''], dev: ['', '乙'] }, { data });
	expect(found(chosen, 'train')).toEqual(['train 1 0 一二。', 'train 1 3 三四五']);
	expect(found(chosen, 'dev')).toEqual(['dev 1 0 乙']);
	expect(chosen).toMatchObject({ trainCount: 1, clippedSentences: 1 });
	expect(errorCodeOf(() => choose({ dev: ['', ''] }))).toBe('split-empty');
});

test('pieces of a sentence that was cut before count from its first character as imported', () => {
	const origins = {
		train: [
			{ ref: { split: 'test' as const, index: 7 }, start: 0 },
			{ ref: { split: 'test' as const, index: 7 }, start: 40 },
		],
		dev: [{ ref: { split: 'dev' as const, index: 0 }, start: 0 }],
		test: [{ ref: { split: 'test' as const, index: 0 }, start: 0 }],
	};
	const chosen = choose({ train: ['𠮷田来', '一二。三四五'] }, { data: { ...all, clipLength: 3 }, origins });
	expect(found(chosen, 'train')).toEqual(['test 7 0 𠮷田来', 'test 7 40 一二。', 'test 7 43 三四五']);
});

test('test is cut like train where the settings say so, and dev with it where it is test', () => {
	const texts = { train: ['一二。三四五'], dev: ['甲乙。丙丁'], test: ['三四五', '子丑。三四五'] };
	const data = { ...all, clipLength: 2 };
	expect(found(choose(texts, { data }), 'test')).toEqual(['test 0 0 三四五', 'test 1 0 子丑。三四五']);
	const cut = choose(texts, { data: { ...data, clipTest: true } });
	expect(found(cut, 'test')).toEqual(['test 0 0 三四五', 'test 1 0 子丑。', 'test 1 3 三四五']);
	expect(found(cut, 'dev')).toEqual(['dev 0 0 甲乙。丙丁']);
	expect(cut.trainTexts.has('三\u0000四\u0000五')).toBe(true);
	expect(cut.notes.map(({ code }) => code)).toEqual(['train-clipped', 'test-clipped']);
	const asDev = choose(texts, { data: { ...data, clipTest: true, devIsTest: true } });
	expect(found(asDev, 'dev')).toEqual(found(cut, 'test'));
});

test('where test serves as dev, or dev as test, both have the same sentences and origins', () => {
	const asDev = choose({ dev: [], test: ['丙', '丁'] }, { data: { ...all, devIsTest: true } });
	expect(found(asDev, 'dev')).toEqual(found(asDev, 'test'));
	expect(found(choose({ test: ['乙'] }, { hasTest: false }), 'test')).toEqual(['dev 0 0 乙']);
});
