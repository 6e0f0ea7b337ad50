import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyCorpus, type TinyCorpus } from '../../testing/tiny-corpora';
import { UserError } from '../../util/errors';
import type { Sentence } from '../corpus';
import { spansOf } from '../spans';
import type { TagScheme } from '../tag-scheme';
import { type TextFormat, textFormats } from './format-list';
import { readCorpus } from './read-corpus';
import type { SourceBytes } from './reading';
import { type WrittenFile, writeCorpus } from './write-corpus';

const encode = (text: string) => new TextEncoder().encode(text);

async function readBack(files: readonly WrittenFile[], plain: string, format: TextFormat, unit: TinyCorpus['unit']) {
	const [main, beside] = files.map(
		({ extension, text }): SourceBytes => ({ file: `a${extension}`, bytes: encode(text) }),
	);
	// All are recognised, but text without a mark of its format: it can look like anything.
	const isBare = files.length === 1 && files[0].text === plain;
	const choices = isBare ? { unit, format } : { unit };
	const reading = await readCorpus(main.bytes, { file: main.file, choices, annotations: beside });
	return { ...reading, sentences: reading.parts.flatMap(({ sentences }) => sentences) };
}

const spans = (sentence: Sentence, scheme: TagScheme | null) =>
	sentence.tags && spansOf(sentence.tags, scheme as TagScheme);

describe.each(textFormats)('%s', (format) => {
	test('any corpus comes back with the same tokens and entities, or is refused by name', async () => {
		let carried = 0;
		await fc.assert(
			fc.asyncProperty(anyCorpus, async ({ sentences, scheme, unit }) => {
				let files: WrittenFile[];
				try {
					files = writeCorpus(format, sentences, { scheme, unit, withoutTags: format === 'plain-text' });
				} catch (error) {
					expect(error).toBeInstanceOf(UserError);
					expect((error as UserError).code).toBe('export-cannot-carry');
					return;
				}
				carried++;
				const plain = sentences.map(({ characters }) => `${characters.join(unit === 'word' ? ' ' : '')}\n`).join('');
				const back = await readBack(files, plain, format, unit);
				expect(back.sentences.map(({ characters }) => characters)).toEqual(
					sentences.map(({ characters }) => characters),
				);
				if (format === 'plain-text') return;
				expect(back.sentences.map((one) => spans(one, back.scheme))).toEqual(
					sentences.map((one) => spans(one, scheme)),
				);
			}),
			{ numRuns: 150, seed: 1 },
		);
		expect(carried).toBeGreaterThan(15);
	});
});
