import { expect, test } from 'vitest';
import { expectedEnd, reasonToEnd } from './stage-end';

test.each([
	// epochs, patience, stopAfter | done, since best | by, left
	[10, 5, 0, 2, 0, 'patience', 5],
	[10, 5, 0, 8, 0, 'limit', 2],
	[10, 5, 0, 9, 0, 'limit', 1],
	[10, 5, 0, 9, 4, 'patience', 1],
	[10, 5, 0, 8, 3, 'patience', 2],
	[10, 5, 4, 3, 0, 'limit', 1],
	[10, 5, 0, 10, 1, 'limit', 0],
	[10, 1, 0, 1, 0, 'patience', 1],
])('%i epochs, patience %i, end after %i: after %i epochs, %i since the best, %s in %i', (...row) => {
	const [epochs, patience, stopAfter, done, since, by, left] = row;
	const stage = { epochs, patience, stopAfter };
	expect(expectedEnd(stage, done, since)).toEqual({ by, epochsLeft: left });
});

test('training ends a stage when the expectation says so, if nothing improves', () => {
	for (const [epochs, patience, stopAfter] of [
		[6, 2, 0],
		[6, 9, 0],
		[6, 9, 3],
		[3, 3, 3],
		[5, 1, 0],
	]) {
		const stage = { epochs, patience, stopAfter };
		const { by, epochsLeft } = expectedEnd(stage, 1, 0); // the first epoch is the best
		let epoch = 2;
		let reason = null;
		for (let sinceBest = 0; !reason; sinceBest++) {
			reason = reasonToEnd(stage, { epoch, epochsSinceBest: sinceBest });
			if (!reason) epoch++;
		}
		expect([epoch - 2, reason === 'patience' ? 'patience' : 'limit']).toEqual([epochsLeft, by]);
	}
});
