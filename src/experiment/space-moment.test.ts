import { expect, test } from 'vitest';
import { defaultPointChoice, mapSizes, pointChoiceOf } from './space-moment';

test('the usual number of tokens is chosen as always, fewer from the same sentences, more from more of them', () => {
	expect(pointChoiceOf(defaultPointChoice.mostPoints)).toEqual(defaultPointChoice);
	expect(pointChoiceOf(1000)).toEqual({ ...defaultPointChoice, mostPoints: 1000 });
	expect(pointChoiceOf(50_000)).toMatchObject({
		mostPoints: 50_000,
		mostDevSentences: 12_500,
		mostTrainSentences: 12_500,
	});
	expect(pointChoiceOf(10_000)).toMatchObject({ mostDevSentences: 2500, mostTrainSentences: 2500 });
	expect(mapSizes).toContain(defaultPointChoice.mostPoints);
});
