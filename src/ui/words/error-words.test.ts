import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { errorSentences, loadErrorWords } from './error-words';
import { findingsInChinese } from './error-words-zh';

beforeAll(() => loadErrorWords('zh'));

const emptyCorpus = { code: 'corpus-empty', expected: 'at least one sentence', found: 'none', remedy: 'Choose.' };

test('a known error is told in Chinese and keeps its English sentence', () => {
	expect(errorSentences(emptyCorpus, 'zh')).toMatchObject({
		expected: '至少一个句子',
		found: '无',
		original: 'Expected at least one sentence, found none. Choose.',
	});
});

test("the user's own text is never translated", () => {
	expect(errorSentences({ ...emptyCorpus, code: 'corpus-unknown-tag', found: '"Q-X"' }, 'zh').found).toBe('"Q-X"');
});

test('an error without words and an English page keep the English parts', () => {
	const { expected, found, remedy } = emptyCorpus;
	const english = { expected, found, remedy, original: '' };
	expect(errorSentences({ ...emptyCorpus, code: 'toString' }, 'zh')).toEqual(english);
	expect(errorSentences(emptyCorpus, 'en')).toEqual(english);
});

test('the page leaves out names that only the command line needs', () => {
	const remedy = 'Delete one of them, or choose to keep the longest of each group (overlaps=longest).';
	expect(errorSentences({ ...emptyCorpus, remedy }, 'en').remedy).toBe(
		'Delete one of them, or choose to keep the longest of each group.',
	);
});

test('errors of one reader share words where their own code has none', () => {
	expect(errorSentences({ ...emptyCorpus, code: 'zip-damaged' }, 'zh').expected).toBe('完整的 zip 文件');
});

test('what stops a map is told in Chinese, with its number', () => {
	const found = '500 identical representations';
	const equal = {
		code: 'projection-points-equal',
		expected: 'points that are not all the same',
		found,
		remedy: 'Choose.',
	};
	expect(errorSentences(equal, 'zh')).toMatchObject({ expected: '不完全相同的点', found: '500 个相同的表示' });
	for (const code of ['projection-not-finite', 'projection-gpu-lost', 'space-frame-gone', 'space-vectors-gone'])
		expect(errorSentences({ ...equal, code }, 'zh').original).not.toBe('');
});

test('the split that is missing is named', () => {
	const told = errorSentences(
		{ code: 'split-empty', expected: 'labelled sentences in the dev split', found: 'none', remedy: 'Give one.' },
		'zh',
	);
	expect(told.expected).toBe('验证集中有已标注的句子');
});

/** Folders whose errors only the headless command can meet. */
const elsewhere = /[\\/](cli|testing|node)[\\/]|\.test\.tsx?$/;

/** Texts of the source files whose errors the page can meet. */
function sources(): string[] {
	const root = fileURLToPath(new URL('../..', import.meta.url));
	const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
	return files
		.filter((name) => !elsewhere.test(join('/', name)) && !name.includes('error-words'))
		.map((name) => readFileSync(join(root, name), 'utf8'));
}

test('every finding with Chinese words is one that the source can report', () => {
	const text = sources().join('\n');
	expect(Object.keys(findingsInChinese).filter((found) => !text.includes(`'${found}'`))).toEqual([]);
});

test('every error that the page can meet has words in Chinese', () => {
	const direct = /new UserError\(\{\s*code: '([a-z0-9-]+)'/g;
	const byHelper = /\b(?:refuse|misfit|\w*[eE]rror)\(\s*'([a-z0-9]+(?:-[a-z0-9]+)+)',/g;
	const codes = sources()
		.flatMap((text) => [...text.matchAll(direct), ...text.matchAll(byHelper)])
		.map(([, code]) => code);
	expect(codes.length).toBeGreaterThan(50);
	const untold = codes.filter((code) => errorSentences({ ...emptyCorpus, code }, 'zh').original === '');
	expect([...new Set(untold)]).toEqual([]);
});
