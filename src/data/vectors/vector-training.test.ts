import { expect, test } from 'vitest';
import { errorCodeOf } from '../../testing/error-code';
import { compareFiles } from './file-identity';
import { planReading } from './packed-vectors';
import { checkTraining, defaultTraining, packTrained } from './vector-training';

test('numbers out of their range are named; epochs alone may be left open', () => {
	const training = defaultTraining('characters');
	expect(() => checkTraining({ ...training, epochs: null })).not.toThrow();
	expect(() => checkTraining({ ...training, dimension: 0 })).toThrow('dimension to be an integer from 1 to 1024');
	expect(errorCodeOf(() => checkTraining({ ...training, window: 1.5 }))).toBe('vector-training-setting');
	expect(errorCodeOf(() => checkTraining({ ...training, seed: -1 }))).toBe('vector-training-setting');
});

test('packed vectors have all their rows at hand, and are taken for no file', () => {
	const trained = { words: ['天', '气'], dimension: 2, values: Float32Array.of(1, 2, 3, 4) };
	const record = packTrained(trained, [{ name: 'a.txt', sizeBytes: 9 }]);
	expect(planReading(record, { key: 'characters:1', wants: () => true }).size).toBe(0);
	expect(compareFiles(record.identity, { ...record.identity, sampleHash: 'ab12' })).toBe('other');
	expect(record.identity).toMatchObject({
		name: 'a.txt',
		sizeBytes: 9,
		sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
	});
});
