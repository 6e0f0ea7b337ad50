import { expect, test } from 'vitest';
import { errorCodeOf } from '../../testing/error-code';
import { tinyCorpus } from '../../testing/tiny-workspace';
import { decodeChanges, decodeCorpus, encodeCorpus, encodeJson } from './corpus-record';

test.each([2, 2 ** 53 - 1, 'x', null])('a corpus and its changes of version %j are refused by it', (version) => {
	const corpus = JSON.parse(new TextDecoder().decode(encodeCorpus(tinyCorpus)));
	for (const read of [
		() => decodeCorpus(encodeJson({ ...corpus, version })),
		() => decodeChanges(encodeJson({ version, changes: [] })),
	]) {
		expect(errorCodeOf(read)).toBe('storage-version');
		expect(read).toThrow(`found version ${version}`);
	}
});

test('parts of the first version name none', () => {
	expect(decodeCorpus(encodeCorpus(tinyCorpus))).toEqual(tinyCorpus);
	expect(decodeChanges(encodeJson([{ kind: 'ignore-types', types: ['PER'] }]))).toHaveLength(1);
});
