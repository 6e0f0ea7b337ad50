import { expect, test } from 'vitest';
import { defaultPointChoice, mapSizes, pointChoiceOf } from './space-snapshot';

test('up to the default number of tokens the sentences stay the same, and more tokens come from more sentences', () => {
	expect(pointChoiceOf(defaultPointChoice.maxPoints)).toEqual(defaultPointChoice);
	expect(pointChoiceOf(1000)).toEqual({ ...defaultPointChoice, maxPoints: 1000 });
	expect(pointChoiceOf(50_000)).toMatchObject({
		maxPoints: 50_000,
		maxDevSentences: 12_500,
		maxTrainSentences: 12_500,
	});
	expect(pointChoiceOf(10_000)).toMatchObject({ maxDevSentences: 2500, maxTrainSentences: 2500 });
	expect(mapSizes).toContain(defaultPointChoice.maxPoints);
});
