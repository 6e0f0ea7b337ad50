import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asIntended, asPublished, type QuirkConfig } from '../experiment/config';
import { referencePath, sharedPath } from '../testing/shared-data';
import { UserError } from '../util/errors';
import { readConll } from './conll';
import { decodeText } from './decode-text';
import { detectScheme, toBio } from './tag-scheme';
import { buildLabels } from './vocabulary';

const read = (text: string, quirks: QuirkConfig = asIntended) => readConll(text, { file: 'a.txt', quirks });
const tokens = (text: string, quirks?: QuirkConfig) => read(text, quirks).sentences.map(({ characters }) => characters);
const codes = (text: string, quirks?: QuirkConfig) =>
	read(text, quirks).notes.map((note) => `${note.code}:${note.line}`);

function errorOf(text: string, quirks?: QuirkConfig): UserError {
	try {
		read(text, quirks);
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		return error as UserError;
	}
	throw new Error('nothing was thrown');
}

describe('as intended', () => {
	test('tabs, spaces, CRLF, lone CR and a byte order mark all read the same', () => {
		const expected = [['海', '淀'], ['好']];
		expect(tokens('海 B-LOC\n淀 I-LOC\n\n好 O\n')).toEqual(expected);
		expect(tokens('\ufeff\n海\tB-LOC\r\n淀\t\tI-LOC\t\r\n  \r\n\r\n好  O')).toEqual(expected);
		expect(tokens('海 B-LOC\r淀 I-LOC\r\r好 O\r')).toEqual(expected);
	});

	test('lines count from 1 and are those of the first character', () => {
		expect(read('\n\n海 O\n淀 O\n\n\n好 O\n').sentences.map(({ line }) => line)).toEqual([3, 7]);
	});

	test("a '#' with a tag is a character, without one a comment", () => {
		const text = '# made by hand\n# O\n#话题 O\n好 O\n';
		expect(tokens(text)).toEqual([['#', '#话题', '好']]);
		expect(codes(text)).toEqual(['corpus-comment-line:1']);
	});

	test('spaces of other kinds are characters; after a tab even a plain one is', () => {
		expect(tokens('　 O\n\u00a0 O\n')).toEqual([['　', '\u00a0']]);
		expect(tokens(' \tO\n　\tO\n')).toEqual([[' ', '　']]);
	});

	test('of four columns the first and the last count', () => {
		const text = '-DOCSTART- -X- O O\n\nEU NNP I-NP B-ORG\n好 NN B-NP O\n';
		expect(read(text).sentences).toEqual([{ characters: ['EU', '好'], tags: ['B-ORG', 'O'], line: 3 }]);
	});

	test('a number at the end goes only when every token has one', () => {
		expect(tokens('科0 O\n𠮷1 O\n10 O\ne12 O\n310 O\n')).toEqual([['科', '𠮷', '1', 'e', '3']]);
		expect(codes('科0 O\n技1 O\n')).toEqual(['corpus-glued-digit:1']);
		expect(tokens('科0 O\n技 O\n')).toEqual([['科0', '技']]);
		expect(tokens('1 O\n2 O\n')).toEqual([['1', '2']]);
	});

	test('a character that was broken into several replacement characters is one', () => {
		expect(tokens('\ufffd\ufffd0 O\n好0 O\n')).toEqual([['\ufffd', '好']]);
		expect(codes('\ufffd\ufffd O\n')).toEqual(['corpus-broken-character:1']);
	});

	test('illegal transitions are noted at their lines, and nothing is changed', () => {
		const text = '海 O\n淀 I-LOC\n区 O\n外 B-LOC\n\n好 I-PER\n';
		expect(codes(text)).toEqual(['corpus-illegal-transition:2', 'corpus-illegal-transition:6']);
		expect(read(text).sentences[0].tags).toEqual(['O', 'I-LOC', 'O', 'B-LOC']);
	});

	test.each<[string, string, object]>([
		['corpus-missing-column', '海 O\n坏\n', { file: 'a.txt', line: 2, column: 2 }],
		['corpus-missing-column', '\tO\n', { file: 'a.txt', line: 1, column: 3 }],
		['corpus-column-count', '海 O\n坏 O O\n', { file: 'a.txt', line: 2, column: 1 }],
		['corpus-unknown-tag', '海 O\n坏 LOC\n', { file: 'a.txt', line: 2, column: 3 }],
		['corpus-unknown-tag', '😀  X-LOC\n', { file: 'a.txt', line: 1, column: 4 }],
		['corpus-scheme-mix', '海 B-A\n淀 I-A\n\n区 O\n好 M-A\n', { file: 'a.txt', line: 5, column: 3 }],
		['corpus-empty', '\n \n\r\n', { file: 'a.txt' }],
		['corpus-empty', '', { file: 'a.txt' }],
	])('%s in %j', (code, text, location) => {
		const error = errorOf(text);
		expect(error.code).toBe(code);
		expect(error.location).toEqual(location);
	});

	test('a very long line is refused with a short message', () => {
		expect(errorOf('长'.repeat(300_000)).message.length).toBeLessThan(300);
	});

	test('any characters come back as they were written', () => {
		const character = fc.oneof(
			fc.constantFrom('😀', '𠮷', '́', '　', '字'),
			fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
		);
		const usable = character.filter((text) => !/[\t\r\n #\ufeff0-9]/.test(text));
		fc.assert(
			fc.property(
				fc.array(fc.array(usable, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 }),
				(sentences) => {
					const text = sentences.map((characters) => characters.map((one) => `${one}\tO\r\n`).join('')).join('\r\n');
					expect(tokens(text)).toEqual(sentences);
				},
			),
			{ numRuns: 40 },
		);
	});
});

describe('as published', () => {
	test("'#' lines are lost, but for the first line, and each is noted", () => {
		const text = '#开 O\n# O\n好 O\n\n#话 O\n';
		expect(tokens(text, asPublished)).toEqual([['#', '好']]);
		expect(codes(text, asPublished)).toEqual([
			'corpus-hash-line-lost:2',
			'corpus-hash-line-lost:5',
			'corpus-token-cut:1',
		]);
	});

	test('a malformed first sentence leaves nothing, which is an error', () => {
		expect(errorOf('坏\n\n海 O\n', asPublished).code).toBe('corpus-empty');
	});

	test('sentences lost after a malformed line are counted', () => {
		const { notes } = read('海 O\n\n坏\n\n后 O\n\n来 O\n', asPublished);
		expect(notes).toHaveLength(1);
		expect(notes[0]).toMatchObject({ code: 'corpus-sentences-lost', line: 3 });
		expect(notes[0].message).toContain('Sentences dropped: 3');
	});
});

test('whatever a file holds, it is read or refused by name', () => {
	const piece = fc.constantFrom(
		'海',
		'😀',
		' ',
		'\t',
		'\n',
		'\r\n',
		'#',
		'O',
		' B-A',
		' I-A\n',
		'\tO\n',
		'　',
		'0',
		'\ufeff',
		'\0',
		'\ud83d',
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom(asIntended, asPublished), (pieces, quirks) => {
			try {
				for (const { characters, tags } of read(pieces.join(''), quirks).sentences) {
					expect(characters.length).toBeGreaterThan(0);
					expect(tags).toHaveLength(characters.length);
				}
			} catch (error) {
				expect(error).toBeInstanceOf(UserError);
			}
		}),
		{ numRuns: 300 },
	);
});

const lattice = referencePath('lattice');

describe.skipIf(lattice === null)(`published loader${lattice ? '' : ' (skipped: no shared data)'}`, () => {
	interface Instance {
		first_code_points: string[];
		target: string[];
	}
	const cases: Record<string, { raw: string; instances: Instance[] }> = lattice
		? JSON.parse(readFileSync(join(lattice, 'conll-loader.json'), 'utf8'))
		: {};

	test.each(Object.entries(cases))('%s', (_, { raw, instances }) => {
		const { sentences } = read(raw, asPublished);
		expect(sentences.map(({ characters, tags }) => ({ characters, tags }))).toEqual(
			instances.map((instance) => ({ characters: instance.first_code_points, tags: instance.target })),
		);
	});
});

const corpora = sharedPath('data');

describe.skipIf(corpora === null || lattice === null)(
	`whole corpora${corpora ? '' : ' (skipped: no shared data)'}`,
	() => {
		const files: Record<string, string> = {
			'weibo.train': 'weibo/weiboNER_2nd_conll.train',
			'weibo.dev': 'weibo/weiboNER_2nd_conll.dev',
			'weibo.test': 'weibo/weiboNER_2nd_conll.test',
			'resume.train': 'resume/train.char.bmes',
			'resume.dev': 'resume/dev.char.bmes',
			'resume.test': 'resume/test.char.bmes',
		};
		const readFile = (name: string, quirks: QuirkConfig) =>
			readConll(decodeText(readFileSync(join(corpora ?? '', files[name])), name), { file: name, quirks });
		const count = (notes: { code: string }[], code: string) => notes.filter((note) => note.code === code).length;

		test.each(Object.keys(files))('%s has the published number of sentences and lost lines', (name) => {
			const facts = JSON.parse(readFileSync(join(lattice ?? '', 'corpus-facts.json'), 'utf8'));
			const { sentences, notes } = readFile(name, asPublished);
			expect(sentences).toHaveLength(facts.sentences[name]);
			expect(count(notes, 'corpus-hash-line-lost')).toBe(facts.lines_dropped_because_they_start_with_hash[name]);
		});

		test.each([
			['weibo', 'weibo.train', 0],
			['resume_full', 'resume.train', 0],
			['resume_first_1000', 'resume.train', 1000],
		])('%s has the published labels in their order', (key, name, limit) => {
			const facts = JSON.parse(readFileSync(join(lattice ?? '', 'corpus-facts.json'), 'utf8'));
			const { sentences } = readFile(name, asPublished);
			const tags = sentences.slice(0, limit || undefined).map((sentence) => sentence.tags ?? []);
			const scheme = detectScheme(tags);
			expect(scheme).toBe(key === 'weibo' ? 'BIO' : 'BMES');
			const inBio = tags.map((list) => toBio(list, scheme ?? 'BIO'));
			expect(buildLabels(inBio).tags).toEqual(facts.label_order[key]);
		});

		test('read as intended, Weibo keeps its # characters and shows its slips', () => {
			const train = readFile('weibo.train', asIntended);
			const hashes = train.sentences.flatMap(({ characters }) => characters).filter((one) => one === '#');
			expect(hashes).toHaveLength(268);
			const longest = Math.max(
				...train.sentences.flatMap(({ characters }) => characters.map((one) => [...one].length)),
			);
			expect(longest).toBe(1);
			expect(count(train.notes, 'corpus-illegal-transition')).toBe(10); // docs of the corpus' users: train 10, test 4
			expect(count(readFile('weibo.test', asIntended).notes, 'corpus-illegal-transition')).toBe(4);
		});
	},
);
