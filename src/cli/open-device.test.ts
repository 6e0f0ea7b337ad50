import { expect, test } from 'vitest';
import { parseThreads } from './open-device';

test('threads are whole numbers from 1 to 16, one when not given', () => {
	expect([undefined, '1', '16'].map(parseThreads)).toEqual([1, 1, 16]);
	for (const text of ['0', '17', '1.5', 'two', ''])
		expect(() => parseThreads(text)).toThrow(`--threads must be an integer from 1 to 16, not '${text}'`);
});
