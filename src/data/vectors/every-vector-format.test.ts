// What every form of vector files has to show, asked of each in the list.

import { expect, test } from 'vitest';
import { scanVectors } from '../vector-file';
import { vectorFormatNames, vectorFormatOfName, vectorFormats } from './vector-formats';
import { vectorRegistry } from './vector-registry';

const vectors = {
	words: ['李明', '南京', 'New York'],
	dimension: 2,
	values: Float32Array.from([0.1, -2.5, 1e-8, 3, 1 / 3, 7]),
};

test.each(vectorFormatNames)('%s is recognised by content and brings the same numbers back', async (format) => {
	const content = new Blob(vectorRegistry[format].encode(vectors));
	const scan = await scanVectors(content.stream(), { file: 'x', wants: () => true });
	expect([scan.form, scan.header]).toEqual([vectorFormats[format].form, { entryCount: 3, dimension: 2 }]);
	expect(scan.vectors.words.map((word) => word.replace('_', ' '))).toEqual(vectors.words);
	expect([...scan.vectors.values]).toEqual([...vectors.values]);
});

test.each(vectorFormatNames)('%s is known by the name that its files get', (format) => {
	const { extension } = vectorFormats[format];
	expect([`a${extension}`, `a${extension}.gz`].map(vectorFormatOfName)).toEqual([format, format]);
});

test('no two forms are asked at once, and text, which fits all, comes last', () => {
	const ranks = vectorFormatNames.map((format) => vectorRegistry[format].rank);
	expect(new Set(ranks).size).toBe(ranks.length);
	expect(vectorRegistry['word2vec-text'].rank).toBe(Math.max(...ranks));
});
