// What every corpus format has to show, asked of each in the list: its example in fixtures/formats is recognised, read and
// written as it should be, and the docs name it.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../util/errors';
import { corpusFormats, textFormats, titleOf } from './format-list';
import { formatRegistry, formatsOfKind } from './format-registry';
import { readCorpusFiles } from './read-corpus';
import type { CorpusReading, SourceBytes } from './reading';
import { writeCorpus } from './write-corpus';

/** What every example holds; plain text has no tags. */
const sentences = [
	{ text: '李明在武汉大学读书。', tags: 'B-PER I-PER O B-ORG I-ORG I-ORG I-ORG O O O' },
	{ text: '天气𠮷好。', tags: 'O O O O O' },
].map(({ text, tags }, index) => ({ characters: [...text], tags: tags.split(' '), line: index + 1 }));

/** First words of titles that are not names. */
const inChinese = new Map([
	['Inline', '行内标签'],
	['Plain', '纯文本'],
]);

function exampleOf(format: string): SourceBytes[] {
	const folder = join('fixtures/formats', format);
	const names = existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
	expect(names, `fixtures/formats/${format}/example.EXT, with the sentences of this test`).not.toEqual([]);
	return names.map((file) => ({ file, bytes: new Uint8Array(readFileSync(join(folder, file))) }));
}

const contentOf = (readings: readonly CorpusReading[]) =>
	readings.flatMap(({ parts }) =>
		parts.flatMap((part) => part.sentences.map(({ characters, tags }) => [characters, tags])),
	);

describe.each(corpusFormats)('%s', (format) => {
	const definition = formatRegistry[format];
	const losesTags = 'losesTags' in definition && definition.losesTags;
	const right = sentences.map(({ characters, tags }) => [characters, losesTags ? null : tags]);

	test('its example is recognised by content and holds the right sentences', async () => {
		const readings = await readCorpusFiles(exampleOf(format), { scheme: 'BIO' });
		expect(readings.map((reading) => reading.format)).toEqual([format]);
		expect(contentOf(readings)).toEqual(right);
	});

	test('its example reads the same when the format is chosen', async () => {
		expect(contentOf(await readCorpusFiles(exampleOf(format), { scheme: 'BIO', format }))).toEqual(right);
	});

	test('its example cut off anywhere is read or refused by name', async () => {
		const [first, ...others] = exampleOf(format);
		for (let length = 0; length < first.bytes.length; length += 1 + Math.floor(first.bytes.length / 60)) {
			const cut = [{ ...first, bytes: first.bytes.slice(0, length) }, ...others];
			const error: unknown = await readCorpusFiles(cut, { format }).catch((thrown: unknown) => thrown);
			if (!Array.isArray(error)) expect(error, `the first ${length} bytes`).toBeInstanceOf(UserError);
		}
	});

	test('the docs name it', () => {
		const [word] = titleOf(format).split(/[ ,]/);
		for (const page of ['README.md', 'docs/page.md'])
			expect(readFileSync(page, 'utf8').toLowerCase(), page).toContain(word.toLowerCase());
		const chinese = inChinese.get(word) ?? word;
		expect(readFileSync('README.zh.md', 'utf8').toLowerCase(), 'README.zh.md').toContain(chinese.toLowerCase());
	});
});

test.each(textFormats)('the sentences written as %s are its example, byte for byte', (format) => {
	const options = { scheme: 'BIO', unit: 'character', withoutTags: true } as const;
	const texts = writeCorpus(format, sentences, options).map(({ text }) => text);
	expect(texts).toEqual(exampleOf(format).map(({ bytes }) => new TextDecoder().decode(bytes)));
});

test('no two rules of recognition have the same rank, and what fits all text comes last', () => {
	const lines = formatsOfKind('lines').map(({ rank }) => rank);
	const rules = formatsOfKind('json').flatMap(({ looksLike }) => looksLike);
	const labelled = rules.filter(({ isBare }) => !isBare).map(({ rank }) => rank);
	const bare = rules.filter(({ isBare }) => isBare).map(({ rank }) => rank);
	for (const ranks of [lines, labelled, bare]) expect(new Set(ranks).size).toBe(ranks.length);
	expect(formatRegistry['plain-text'].kind === 'lines' && formatRegistry['plain-text'].rank).toBe(Math.max(...lines));
});
