import { expect, test } from 'vitest';
import { currentEvent } from './read-event';

test('the error of a run of version 0.1.0 keeps its file and line', () => {
	const parts = { code: 'file-unwritable', expected: 'a', found: 'b', remedy: 'c' };
	const end = { kind: 'finished', reason: 'error', message: 'm', stages: [], seconds: 1 };
	const place = { file: 'out/result.json', line: 3 };
	expect(currentEvent({ ...end, error: { ...parts, place } })).toEqual({
		...end,
		error: { ...parts, location: place },
	});
	const today = { ...end, error: { ...parts, location: place } };
	expect(currentEvent(today)).toEqual(today);
	expect(currentEvent(end)).toEqual(end);
});
