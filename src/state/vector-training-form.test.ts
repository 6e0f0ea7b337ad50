import { expect, test } from 'vitest';
import { defaultTraining } from '../data/vectors/vector-training';
import { defaultTexts, readTrainingForm } from './vector-training-form';

test.each(['characters', 'bigrams', 'words'] as const)('the fields for %s stand for the usual training', (units) => {
	expect(readTrainingForm(units, defaultTexts(units))).toEqual({ training: defaultTraining(units), wrong: [] });
});

test('fields that hold no number of their range are named', () => {
	const texts = { ...defaultTexts('words'), epochs: '4 ', dimension: '1e3', seed: '', window: '0' };
	expect(readTrainingForm('words', texts)).toEqual({ training: null, wrong: expect.any(Array) });
	expect(readTrainingForm('words', texts).wrong.toSorted()).toEqual(['dimension', 'seed', 'window']);
});
