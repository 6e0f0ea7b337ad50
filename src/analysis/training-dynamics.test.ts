import { expect, test } from 'vitest';
import { mentionDynamics } from './training-dynamics';

test('confidence, variability and forgetting are those worked out by hand', () => {
	// Two mentions over four epochs; the second is right, wrong, right, wrong: forgotten twice.
	const gold = Uint8Array.from([255, 51, 255, 102, 255, 153, 255, 204]);
	const isRight = Uint8Array.from([1, 1, 1, 0, 1, 1, 1, 0]);
	expect(mentionDynamics(gold, isRight, 2, 0)).toEqual({
		confidence: 1,
		variability: 0,
		forgetting: 0,
		correctness: 1,
		wasLearned: true,
		epochs: 4,
	});
	const second = mentionDynamics(gold, isRight, 2, 1);
	expect(second).toMatchObject({ forgetting: 2, correctness: 0.5, epochs: 4 });
	expect(second?.confidence).toBeCloseTo((0.2 + 0.4 + 0.6 + 0.8) / 4, 12);
	expect(second?.variability).toBeCloseTo(Math.sqrt((0.09 + 0.01 + 0.01 + 0.09) / 4), 12);
});

test('without epochs there are no dynamics', () => {
	expect(mentionDynamics(new Uint8Array(0), new Uint8Array(0), 3, 1)).toBeNull();
});
