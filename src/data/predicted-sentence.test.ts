import { expect, test } from 'vitest';
import { presetConfig } from '../experiment/presets';
import type { Sentence } from './corpus';
import { evaluatedSentences, predictedSentences } from './predicted-sentence';
import { chooseSentences, type SentenceChoice } from './run-sentences';

const sentence = (text: string): Sentence => ({ characters: [...text], tags: [...text].map(() => 'O'), line: 1 });
const split = (texts: string[]) => ({ sentences: texts.map(sentence), notes: [] });
const splits = { train: split(['甲乙', '丙']), dev: split(['丙']), test: split(['丁', '甲乙']) };
const { data: allData } = presetConfig('sample');
const evaluatedOf = (change: Partial<SentenceChoice> = {}) =>
	evaluatedSentences(chooseSentences({ ...splits, data: allData, ...change }));

test('sentences that train has too are known, and only those of the training sentences used', () => {
	const all = evaluatedOf();
	expect(all.test.map(({ isInTrain }) => isInTrain)).toEqual([false, true]);
	expect(all.dev[0]).toMatchObject({ isInTrain: true, ref: { split: 'dev', index: 0 } });
	expect(evaluatedOf({ data: { ...allData, limitTrain: 1 } }).dev[0].isInTrain).toBe(false);
});

test('where one split is used for another, its sentences keep their own positions', () => {
	const { dev } = evaluatedOf({ data: { ...allData, devIsTest: true } });
	expect(dev.map(({ ref }) => ref.split)).toEqual(['test', 'test']);
	const { test: asTest } = evaluatedOf({ test: splits.dev, hasTest: false });
	expect(asTest[0].ref).toEqual({ split: 'dev', index: 0 });
});

test('tags of another sentence are refused', () => {
	const evaluated = evaluatedOf();
	const encoded = (tags: number[]) => ({ tags: Int32Array.from(tags) }) as never;
	const data = {
		labels: { tags: ['O', 'B-PER'] },
		splits: { train: [], dev: [encoded([1])], test: [encoded([0]), encoded([1, 0])] },
	};
	const tags = { dev: [Int32Array.of(0)], test: [Int32Array.of(0), Int32Array.of(1, 0)] };
	expect(predictedSentences(data, evaluated, tags).dev[0]).toMatchObject({ gold: ['B-PER'], predicted: ['O'] });
	const shorter = { ...tags, test: [Int32Array.of(0), Int32Array.of(1)] };
	expect(() => predictedSentences(data, evaluated, shorter)).toThrow('invariant');
});
