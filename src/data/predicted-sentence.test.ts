import { expect, test } from 'vitest';
import type { Sentence } from './corpus';
import { evaluatedSentences, predictedSentences } from './predicted-sentence';

const sentence = (text: string): Sentence => ({ characters: [...text], tags: null, line: 1 });
const base = { limitTrain: 0, devIsTest: false, hasTest: true };
const splits = { train: ['甲乙', '丙'].map(sentence), dev: ['丙'].map(sentence), test: ['丁', '甲乙'].map(sentence) };

test('sentences that train has too are known, and only those of the training sentences used', () => {
	const all = evaluatedSentences({ ...splits, ...base });
	expect(all.test.map(({ isInTrain }) => isInTrain)).toEqual([false, true]);
	expect(all.dev[0]).toMatchObject({ isInTrain: true, ref: { split: 'dev', index: 0 } });
	expect(evaluatedSentences({ ...splits, ...base, limitTrain: 1 }).dev[0].isInTrain).toBe(false);
});

test('where one split stands for another, its sentences keep their own place', () => {
	const { dev } = evaluatedSentences({ ...splits, ...base, devIsTest: true });
	expect(dev.map(({ ref }) => ref.split)).toEqual(['test', 'test']);
	const { test: asTest } = evaluatedSentences({ ...splits, test: splits.dev, ...base, hasTest: false });
	expect(asTest[0].ref).toEqual({ split: 'dev', index: 0 });
});

test('tags of another sentence are refused', () => {
	const evaluated = evaluatedSentences({ ...splits, ...base });
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
