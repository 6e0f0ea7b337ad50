// Over 10,000 broken inputs: each is refused by a UserError with file and remedy, or read so that everything in it is
// accounted for. Mutations are seeded; the message of a failure holds the input.

import { describe, expect, test } from 'vitest';
import { parquetWithNames } from '../../testing/parquet-files';
import { UserError } from '../../util/errors';
import { RandomStream } from '../../util/random';
import type { Sentence } from '../corpus';
import { tagsOf } from '../spans';
import { illegalTransitions, parseTag } from '../tag-scheme';
import { isUnicodeSpace } from '../white-space';
import { type TextFormat, textFormats } from './format-list';
import { formatRegistry } from './format-registry';
import { limits } from './limits';
import { readCorpus } from './read-corpus';
import type { CorpusReading } from './reading';
import { writeCorpus } from './write-corpus';

const encoder = new TextEncoder();

const sentences: Sentence[] = ['去海淀区看😀𠮷野，王明也去。', '好', '2024年 的é　事："不"', '北京大学'].map(
	(text, index) => {
		const characters = [...text];
		const spans =
			characters.length > 3
				? [
						{ start: 1, end: 3, type: 'LOC' },
						{ start: 3, end: 4, type: 'PER.NAM' },
					]
				: [];
		return {
			characters: characters.filter((one) => one !== ' '),
			tags: tagsOf(spans, characters.filter((one) => one !== ' ').length, 'BIO'),
			line: index + 1,
		};
	},
);

const bases: Record<string, Uint8Array> = Object.fromEntries(
	textFormats.map((format): [TextFormat, Uint8Array] => {
		const [file] = writeCorpus(format, sentences, { scheme: 'BIO', unit: 'character', withoutTags: true });
		return [format, encoder.encode(file.text)];
	}),
);
const annotations = encoder.encode(
	writeCorpus('brat', sentences, { scheme: 'BIO', unit: 'character' })[1].text + 'R1\tIn Arg1:T1 Arg2:T2\n',
);

const splices = [
	'[',
	'{',
	'}',
	']',
	',',
	':',
	'"',
	'-1',
	'1e9',
	'99999999999999999999',
	'\n',
	'\r',
	'\t',
	' ',
	'\\',
	'\\ud83d',
	'null',
	'true',
	'[[[[[[',
	'{"text":"a"}',
	'B-X',
	'I-LOC',
	'M-LOC',
	'O',
	'|',
	'/',
	'#',
	'-DOCSTART-',
	'\u2028',
	'\ufeff',
	'\0',
	'😀',
	';',
	'0 5;8 10',
	'T1\tA 0 99\tb',
	'"__proto__":1,',
	'"text":5,',
	'"label":[[0,9,"A"],[1,2,"B"]],',
	'[0,1,"A"],[0,2,"A"],',
].map((text) => encoder.encode(text));

/** One to three changes: bytes flipped, swapped, removed, doubled, spliced in, or the end cut off. */
function mutate(base: Uint8Array, random: RandomStream): Uint8Array {
	let bytes = [...base];
	for (let change = random.below(3); change >= 0; change--) {
		const at = random.below(Math.max(1, bytes.length));
		const length = 1 + random.below(random.below(10) === 0 ? 200 : 8);
		const kind = random.below(7);
		if (kind === 0) bytes[at] = random.below(256);
		else if (kind === 1) [bytes[at], bytes[at + 1]] = [bytes[at + 1] ?? 0, bytes[at]];
		else if (kind === 2) bytes.splice(at, length);
		else if (kind === 3) bytes.splice(at, 0, ...bytes.slice(at, at + length));
		else if (kind === 4) bytes = bytes.slice(0, at);
		else bytes.splice(at, kind === 5 ? 0 : length, ...splices[random.below(splices.length)]);
	}
	return Uint8Array.from(bytes);
}

const isBlank = (line: string) => [...line].every((one) => isUnicodeSpace(one.charCodeAt(0)));

/** Everything of a file that makes a sentence or a token is there, or a note says why not. */
function expectAccounted(reading: CorpusReading, bytes: Uint8Array): void {
	const all = reading.parts.flatMap((part) => part.sentences);
	expect(all.length).toBeGreaterThan(0);
	for (const { characters, tags } of all) {
		expect(characters.length).toBeGreaterThan(0);
		expect(characters).not.toContain('');
		if (tags === null) continue;
		expect(tags).toHaveLength(characters.length);
		expect(tags.every((tag) => parseTag(tag) !== null)).toBe(true);
		expect(reading.scheme).not.toBeNull();
	}
	if (reading.encoding === null) return;
	const counted = (codes: readonly string[]) => reading.notes.filter(({ code }) => codes.includes(code)).length;
	const illegal = all.reduce(
		(sum, { tags }) =>
			sum +
			(tags && reading.fileScheme && reading.fileScheme === reading.scheme
				? illegalTransitions(tags, reading.fileScheme).length
				: 0),
		0,
	);
	expect(counted(['corpus-illegal-transition'])).toBeGreaterThanOrEqual(illegal);
	const text = new TextDecoder(reading.encoding.toLowerCase()).decode(bytes);
	const lines = text.split(/\r\n|\r|\n/).filter((line) => !isBlank(line));
	const passed = counted(['corpus-comment-line', 'corpus-document-line', 'corpus-empty-record', 'corpus-blank-line']);
	if (reading.format.startsWith('conll')) {
		const tokens = all.reduce((sum, { characters }) => sum + characters.length, 0);
		expect(tokens + passed).toBe(lines.length);
	} else if (formatRegistry[reading.format].kind === 'lines' && reading.format !== 'brat') {
		expect(all.length + passed).toBeGreaterThanOrEqual(lines.length);
	} else if (reading.format !== 'brat' && reading.format !== 'spacy-v2' && reading.parts.length === 1) {
		const isLines =
			text.trimStart()[0] === '{' &&
			lines.length > 1 &&
			text
				.split('\n')
				.filter((line) => line.trim() !== '')
				.every(parses);
		const records = isLines
			? text.split('\n').filter((line) => line.trim() !== '').length
			: (JSON.parse(text) as unknown[]).length;
		expect(all.length + passed).toBe(records ?? 1);
	}
}

function parses(line: string): boolean {
	try {
		JSON.parse(line);
		return true;
	} catch {
		return false;
	}
}

async function expectReadOrRefused(bytes: Uint8Array, beside?: Uint8Array): Promise<'read' | 'refused'> {
	try {
		const options = { file: 'a.txt', annotations: beside && { file: 'a.ann', bytes: beside } };
		expectAccounted(await readCorpus(bytes, options), bytes);
		return 'read';
	} catch (error) {
		const isNamed = error instanceof UserError && error.location.file !== undefined && error.remedy !== '';
		if (isNamed && error.message.length < 1500) return 'refused';
		throw new Error(`${String(error)}\nin ${JSON.stringify(new TextDecoder().decode(bytes))}`, { cause: error });
	}
}

describe('mutated files', () => {
	test.each(textFormats)('of %s are read or refused by name', async (format) => {
		const random = new RandomStream(textFormats.indexOf(format) + 1);
		const seen = { read: 0, refused: 0 };
		for (let round = 0; round < 650; round++) seen[await expectReadOrRefused(mutate(bases[format], random))]++;
		expect(seen.read).toBeGreaterThan(5);
		if (format !== 'plain-text' && format !== 'brat') expect(seen.refused).toBeGreaterThan(5);
	});

	test('of brat annotations beside a sound text are read or refused by name', async () => {
		const random = new RandomStream(99);
		const seen = { read: 0, refused: 0 };
		for (let round = 0; round < 650; round++)
			seen[await expectReadOrRefused(bases.brat, mutate(annotations, random))]++;
		expect(seen.refused).toBeGreaterThan(5);
		expect(seen.read).toBeGreaterThan(5);
	});
});

test('mutated Parquet files are read or refused by name', async () => {
	const random = new RandomStream(11);
	const seen = { read: 0, refused: 0 };
	for (let round = 0; round < 650; round++) seen[await expectReadOrRefused(mutate(parquetWithNames(), random))]++;
	expect(seen.refused).toBeGreaterThan(5);
});

describe('bytes of any kind', () => {
	test('are read or refused by name', async () => {
		const random = new RandomStream(7);
		for (let round = 0; round < 650; round++) {
			const bytes = Uint8Array.from({ length: random.below(200) }, () => random.below(256));
			await expectReadOrRefused(bytes);
		}
	});
});

describe('gigantic lines', () => {
	const megabytes = 50;
	const fill = (text: string) => text.repeat(Math.ceil((megabytes * 1024 * 1024) / text.length));

	test.each([
		['opening brackets', '[', 'json-too-deep'],
		['spaces in a line of columns', ' ', 'corpus-empty'],
		['digits', '1', 'corpus-sentence-too-long'],
		['tagged characters', 'x|O ', 'corpus-sentence-too-long'],
	])('of %s are refused', async (_, text, code) => {
		const bytes = encoder.encode(fill(text));
		const error = (await readCorpus(bytes, { file: 'a.txt' }).catch((thrown) => thrown)) as UserError;
		expect([error.code, error.location.file]).toEqual([code, 'a.txt']);
	});

	test('a long line of spaces between two columns needs no long time', async () => {
		const text = `好 O\n好${' '.repeat(limits.sentenceCharacters - 10)}O\n${'1'.repeat(limits.sentenceCharacters - 10)} O\n`;
		const reading = await readCorpus(encoder.encode(text), { file: 'a.txt' });
		expect(reading.parts[0].sentences[0].characters).toHaveLength(3);
	});

	test('a file beyond the limit is refused before it is looked at', async () => {
		const bytes = { length: limits.fileBytes + 1 } as Uint8Array;
		const error = (await readCorpus(bytes, { file: 'a.txt' }).catch((thrown) => thrown)) as UserError;
		expect(error.code).toBe('corpus-too-large');
	});
});
