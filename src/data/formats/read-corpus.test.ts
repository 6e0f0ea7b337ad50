import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { errorCodeOf, errorCodeOfAsync } from '../../testing/error-code';
import { parquetOf, parquetWithNames, parquetWithoutNames } from '../../testing/parquet-files';
import { sharedPath } from '../../testing/shared-data';
import { UserError } from '../../util/errors';
import { spansOf, strictSpansOf } from '../spans';
import { changesOf } from './changes';
import { readChoices } from './read-choices';
import { readCorpus, readCorpusFiles, readCorpusText } from './read-corpus';
import type { CorpusReading, ReadingChoices } from './reading';

const read = (text: string, choices: ReadingChoices = {}, file = 'a.txt') => readCorpusText(text, { file, choices });
const sentencesOf = ({ parts }: CorpusReading) => parts.flatMap(({ sentences }) => sentences);
/** Each sentence as its text, entities in brackets: `[海淀 LOC]好`. */
const marked = (reading: CorpusReading) =>
	sentencesOf(reading).map(({ characters, tags }) => {
		const gap = reading.unit === 'word' ? ' ' : '';
		const parts = [...characters];
		for (const { start, end, type } of tags && reading.scheme ? spansOf(tags, reading.scheme) : [])
			parts.splice(
				start,
				end - start,
				`[${characters.slice(start, end).join(gap)} ${type}]`,
				...new Array(end - start - 1).fill(''),
			);
		return parts.filter((part) => part !== '').join(gap);
	});
const codes = ({ notes }: CorpusReading) => notes.map(({ code, line }) => `${code}:${line}`);

function errorOf(text: string, choices: ReadingChoices = {}): UserError {
	try {
		read(text, choices);
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		return error as UserError;
	}
	throw new Error('nothing was thrown');
}

describe('is recognised by its content', () => {
	test.each<[string, string, string[]]>([
		['conll', '海\tB-LOC\n淀\tI-LOC\n\n好\tO\n', ['[海淀 LOC]', '好']],
		['conll', '海 B-LOC\r\n淀 E-LOC\r\n', ['[海淀 LOC]']],
		['conll-2003', '-DOCSTART- -X- O O\n\n海 NN B-NP B-LOC\n好 JJ B-AP O\n', ['[海 LOC]好']],
		['conll', 'B-LOC\t海\nI-LOC\t淀\n', ['[海淀 LOC]']],
		['inline-bar', '海|B-LOC 淀|I-LOC ||O\n好|O\n', ['[海淀 LOC]|', '好']],
		['inline-slash', '海/B-LOC 淀/I-LOC //O\n', ['[海淀 LOC]/']],
		[
			'doccano',
			'{"id":1,"text":"去海淀","label":[[1,3,"LOC"]]}\n{"id":2,"text":"好","label":[]}\n',
			['去[海淀 LOC]', '好'],
		],
		['doccano', '{"text":"去海淀","labels":[[1,3,"LOC"]]}', ['去[海淀 LOC]']],
		['doccano', '{"data":"去海淀","label":[[1,3,"LOC"]]}', ['去[海淀 LOC]']],
		[
			'doccano',
			'{"text":"去海淀","entities":[{"id":7,"label":"LOC","start_offset":1,"end_offset":3}],"relations":[]}',
			['去[海淀 LOC]'],
		],
		['doccano', '[{"text":"去海淀","annotations":[{"label":4,"start_offset":1,"end_offset":3}]}]', ['去[海淀 4]']],
		[
			'label-studio',
			'[{"id":1,"data":{"text":"去海淀"},"annotations":[{"result":[{"value":{"start":1,"end":3,"text":"海淀","labels":["LOC"]},"type":"labels"}]}]}]',
			['去[海淀 LOC]'],
		],
		[
			'label-studio',
			'[{"data":{"ner":"去海淀"},"completions":[{"result":[{"value":{"start":1,"end":3,"labels":["LOC"]}}]}]}]',
			['去[海淀 LOC]'],
		],
		[
			'label-studio-min',
			'[{"text":"去海淀","id":3,"label":[{"start":1,"end":3,"text":"海淀","labels":["LOC"]}],"annotator":1}]',
			['去[海淀 LOC]'],
		],
		[
			'cluener',
			'{"text":"去海淀","label":{"address":{"海淀":[[1,2]]}}}\n{"text":"海海","label":{"a":{"海":[[0,0],[1,1]]}}}\n',
			['去[海淀 address]', '[海 a][海 a]'],
		],
		['cluener', '{"id": 0, "text": "去海淀"}\n{"id": 1, "text": "好"}\n', ['去海淀', '好']],
		['w2ner', '[{"sentence":["去","海","淀"],"ner":[{"index":[1,2],"type":"LOC"}]}]', ['去[海淀 LOC]']],
		[
			'hugging-face',
			'{"id":"0","tokens":["海","淀"],"ner_tags":["B-LOC","I-LOC"]}\n{"tokens":["好"],"ner_tags":["O"]}\n',
			['[海淀 LOC]', '好'],
		],
		['hugging-face-json', '[{"words":["海","淀"],"labels":["B-LOC","I-LOC"]}]', ['[海淀 LOC]']],
		['spacy-jsonl', '{"text":"去海淀","spans":[{"start":1,"end":3,"label":"LOC"}]}', ['去[海淀 LOC]']],
		[
			'spacy-v2',
			'[{"id":0,"paragraphs":[{"raw":"去海淀","sentences":[{"tokens":[{"orth":"去","ner":"O"},{"orth":"海","ner":"B-LOC"},{"orth":"淀","ner":"L-LOC"}]}]}]}]',
			['去[海淀 LOC]'],
		],
		['spacy-v2', '[["去海淀",{"entities":[[1,3,"LOC"]]}]]', ['去[海淀 LOC]']],
		['plain-text', '去海淀。\n\n今天 好\n', ['去海淀。', '今天 好']],
	])('%s: %s', (format, text, expected) => {
		const reading = read(text, { unit: 'character' });
		expect(reading.format).toBe(format);
		expect(marked(reading)).toEqual(expected);
		expect(reading.notes.filter(({ code }) => code !== 'corpus-document-line')).toEqual([]);
	});

	test('rows as the data set server of Hugging Face gives them are read', () => {
		const text = '{"features":[],"rows":[{"row_idx":0,"row":{"tokens":["海","淀"],"ner_tags":["B-LOC","I-LOC"]}}]}';
		expect(marked(read(text))).toEqual(['[海淀 LOC]']);
	});

	test('an object of splits is several parts, with the lines of its records', () => {
		const text =
			'{"train":[\n{"text":"海","label":[[0,1,"LOC"]]},\n{"text":"淀","label":[]}],\n"validation":[{"text":"好","label":[]}]}';
		const { parts } = read(text);
		expect(parts.map(({ split, sentences }) => [split, sentences.map(({ line }) => line)])).toEqual([
			['train', [2, 3]],
			['dev', [4]],
		]);
	});

	test.each([
		['weiboNER_2nd_conll.train', 'train'],
		['data/train/eng.testa', 'dev'],
		['dev.char.bmes', 'dev'],
		['test.json', 'test'],
		['latest.txt', null],
	])('%s is the split %s by its name', (file, split) => {
		expect(read('好 O\n', {}, file).parts[0].split).toBe(split);
	});
});

describe('English', () => {
	test('columns of words stay words', () => {
		const reading = read('EU NNP I-NP I-ORG\nrejects VBZ I-VP O\nGerman JJ I-NP I-MISC\n');
		expect([reading.unit, reading.fileScheme, reading.scheme]).toEqual(['word', 'IOB1', 'BIO']);
		expect(marked(reading)).toEqual(['[EU ORG] rejects [German MISC]']);
	});

	test('text with spans becomes words, cut where an entity ends', () => {
		const text = '{"text":"He lives in New York, USA.","label":[[12,20,"GPE"],[22,25,"GPE"]]}';
		expect(marked(read(text))).toEqual(['He lives in [New York GPE] , [USA GPE] .']);
		expect(marked(read(text, { unit: 'character' }))).toEqual(['He lives in [New York GPE], [USA GPE].']);
	});

	test('punctuation parts words where that is chosen, but not inside them', () => {
		const reading = read('{"text":"\\"Don\'t go (yet), 3.5 times.\\""}', { unit: 'word', words: 'punctuation' });
		expect(marked(reading)).toEqual(['" Don\'t go ( yet ) , 3.5 times . "']);
	});
});

describe('columns between other characters than tabs and spaces', () => {
	const rows = ['李 B-PER', '明 I-PER', '住 O', '', '北 B-LOC', '京 I-LOC', '。 O'];
	test.each([';', ',', '; ', '|', '/', ':', '\u3000', '\u00a0'])('%j before each tag', (mark) => {
		const reading = read(rows.join('\r\n').replaceAll(' ', mark));
		expect(marked(reading)).toEqual(['[李明 PER]住', '[北京 LOC]。']);
		expect([reading.format, reading.columns?.separator, codes(reading)]).toEqual(['conll', mark[0], []]);
	});

	test('the mark can be a token; of three columns the last is the tag; what breaks off is named at its place', () => {
		expect(marked(read('北,B-LOC\n京,I-LOC\n,,O\n好,O\n'))).toEqual(['[北京 LOC],好']);
		expect(marked(read('李,NR,B-PER\n明,NR,I-PER\n住,V,O\n'))).toEqual(['[李明 PER]住']);
		expect(errorOf(`${'北,B-LOC\n'.repeat(9)}京`)).toMatchObject({
			code: 'corpus-missing-column',
			location: { line: 10 },
		});
		const named = errorOf(`text,label\n${'北,B-LOC\n'.repeat(9)}`);
		expect(named).toMatchObject({ code: 'corpus-unknown-tag', location: { line: 1, column: 6 } });
	});

	test('sentences on lines of their own stay sentences', () => {
		const inline = read('李|B-PER 明|I-PER\n好|O\n他|O 在|O\n');
		expect([inline.format, marked(inline)]).toEqual(['inline-bar', ['[李明 PER]', '好', '他在']]);
		expect(read('他说：好\n甲,乙\n丙,丁\n').format).toBe('plain-text');
	});
});

describe('brat', () => {
	const text = new TextEncoder();
	const files = (txt: string, ann: string) => [
		{ file: 'd/a.txt', bytes: text.encode(txt) },
		{ file: 'd/a.ann', bytes: text.encode(ann) },
	];

	test('text and annotations are one corpus, a sentence a line; line ends count, other annotations are noted', async () => {
		const readings = await readCorpusFiles(
			files('去𠮷淀\n\n王明\n', 'T1\tLOC 1 3\t𠮷淀\nR1\tIn Arg1:T1 Arg2:T2\nT2\tPER 5 7\t王明\n'),
		);
		expect(readings).toHaveLength(1);
		expect(marked(readings[0])).toEqual(['去[𠮷淀 LOC]', '[王明 PER]']);
		expect(sentencesOf(readings[0]).map(({ line }) => line)).toEqual([1, 3]);
		expect(codes(readings[0])).toEqual(['corpus-other-annotation:2']);
	});

	test('with CRLF the positions may count one or two characters a line end', async () => {
		const counting = async (start: number) =>
			marked((await readCorpusFiles(files('好\r\n王明\r\n', `T1\tPER ${start} ${start + 2}\t王明\n`)))[0]);
		expect(await counting(2)).toEqual(['好', '[王明 PER]']);
		expect(await counting(3)).toEqual(['好', '[王明 PER]']);
	});

	test('lines that an entity runs across stay together', async () => {
		const [reading] = await readCorpusFiles(files('去海\n淀好\n是\n', 'T1\tLOC 1 4\t海 淀\n'));
		expect(sentencesOf(reading).map(({ characters }) => characters.join(''))).toEqual(['去海\n淀好', '是']);
		expect(codes(reading)).toEqual(['corpus-entity-over-lines:1']);
	});

	test('an entity in pieces is refused with its place, left out, or joined', async () => {
		const pieces = files('海淀区好', 'T1\tLOC 0 1;2 3\t海 区\n');
		const error = (await readCorpusFiles(pieces).catch((thrown) => thrown)) as UserError;
		expect([error.code, error.location]).toEqual(['corpus-entity-in-pieces', { file: 'd/a.ann', line: 1 }]);
		expect(marked((await readCorpusFiles(pieces, { discontinuous: 'skip' }))[0])).toEqual(['海淀区好']);
		expect(marked((await readCorpusFiles(pieces, { discontinuous: 'join' }))[0])).toEqual(['[海淀区 LOC]好']);
	});

	test('annotations without their text are refused', async () => {
		const [, annotations] = files('', 'T1\tLOC 0 1\t海\n');
		expect(await errorCodeOfAsync(() => readCorpusFiles([annotations]))).toBe('corpus-brat-text-missing');
	});
});

describe('what is wrong is named with its line', () => {
	test.each<[string, number | undefined, string]>([
		['corpus-span-outside', 2, '{"text":"好","label":[]}\n{"text":"海","label":[[0,2,"A"]]}'],
		['corpus-span-outside', 1, '{"text":"海","label":[[1,1,"A"]]}'],
		['corpus-span-outside', 1, '{"text":"海","label":[[-1,1,"A"]]}'],
		['corpus-span-outside', 1, '{"text":"海","label":[[0,0.5,"A"]]}'],
		['corpus-span-text', 1, '{"text":"海淀","label":{"a":{"淀":[[0,0]]}}}'],
		['corpus-overlapping-spans', 1, '{"text":"海淀区","label":[[0,2,"A"],[1,3,"B"]]}'],
		['corpus-record-shape', 2, '{"text":"海","label":[[0,1,"A"]]}\n{"text":7,"label":[]}'],
		['corpus-record-shape', 1, '{"tokens":["海","淀"],"ner_tags":["O"]}'],
		['corpus-record-shape', 1, '{"text":"海","label":[[0,1,""]]}'],
		['corpus-tag-names-missing', 1, '{"tokens":["海"],"ner_tags":[1]}'],
		['corpus-unknown-json', 1, '{"title":"海"}'],
		['json-broken', 2, '{"text":"海","label":[]}\n{"text":"海","label":[}\n'],
		['corpus-entity-in-pieces', 1, '[{"sentence":["海","淀","区"],"ner":[{"index":[0,2],"type":"A"}]}]'],
		['corpus-missing-tag', 2, '海|O 淀|O\n海|O 淀\n'],
		['corpus-unknown-tag', 1, '海|X 淀|O 好|O 好|O\n'],
		['corpus-not-text', undefined, 'a\0b'],
		['corpus-empty', undefined, ''],
		['corpus-empty', undefined, '[]'],
		['corpus-sentence-too-long', 1, 'x'.repeat(1_000_001)],
		['json-too-deep', 1, `${'['.repeat(100)}${']'.repeat(100)}`],
	])('%s in line %s', (code, line, text) => {
		const error = errorOf(text);
		expect(error.code).toBe(code);
		expect(error.location).toMatchObject({ file: 'a.txt' });
		expect(error.location.line).toBe(line);
		expect(error.remedy).not.toBe('');
		expect(error.message.length).toBeLessThan(700);
	});

	test('packed files say that they have to be unpacked', async () => {
		const gzip = Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
		expect(await errorCodeOfAsync(() => readCorpus(gzip, { file: 'a.gz' }))).toBe('corpus-packed');
	});
});

describe('choices', () => {
	const overlapping = '{"text":"海淀区好","label":[[0,2,"A"],[1,3,"B"],[0,3,"C"],[0,3,"C"]]}';

	test('of overlapping entities the longest stay, the others are listed', () => {
		const reading = read(overlapping, { overlaps: 'longest' });
		expect(marked(reading)).toEqual(['[海淀区 C]好']);
		expect(codes(reading)).toEqual(['corpus-span-twice:1', 'corpus-overlap-dropped:1', 'corpus-overlap-dropped:1']);
	});

	test('spans that fit nowhere may be left out', () => {
		expect(marked(read('{"text":"海","label":[[0,1,"A"],[4,9,"B"]]}', { badSpans: 'skip' }))).toEqual(['[海 A]']);
	});

	test('positions in UTF-16 units are found by the texts beside them, or chosen', () => {
		const span = '{"start":3,"end":4,"text":"淀","labels":["A"]}';
		const reading = read(`[{"text":"😀海淀","label":[${span}]}]`);
		expect(marked(reading)).toEqual(['😀海[淀 A]']);
		expect(codes(reading)).toEqual(['corpus-utf16-offsets:1']);
		const bare = '{"text":"😀海淀","label":[[2,3,"A"]]}';
		expect(marked(read(bare))).toEqual(['😀海[淀 A]']);
		expect(marked(read(bare, { offsets: 'utf-16' }))).toEqual(['😀[海 A]淀']);
	});

	test('integer tags take their names in order', () => {
		const text = '{"tokens":["海","淀"],"ner_tags":[1,2]}';
		expect(marked(read(text, { tagNames: ['O', 'B-LOC', 'I-LOC'] }))).toEqual(['[海淀 LOC]']);
		expect(errorCodeOf(() => read(text, { tagNames: ['O', 'B-LOC'] }))).toBe('corpus-record-shape');
	});

	test('a line with one column is refused, read as O, or ends the file before its sentence', () => {
		const text = '海 B-LOC\n\n好 O\n坏\n\n后 O\n';
		expect(errorOf(text)).toMatchObject({ code: 'corpus-missing-column', location: { line: 4, column: 2 } });
		expect(marked(read(text, { malformed: 'outside' }))).toEqual(['[海 LOC]', '好坏', '后']);
		const stopped = read(text, { malformed: 'stop' });
		expect(marked(stopped)).toEqual(['[海 LOC]']);
		expect(codes(stopped)).toEqual(['corpus-rest-left-out:3']);
	});

	test('other columns can be read', () => {
		const text = '海 B-NP B-LOC\n好 O O\n';
		expect(marked(read(text))).toEqual(['[海 LOC]好']);
		expect(marked(read(text, { tagColumn: 2 }))).toEqual(['[海 NP]好']);
	});

	test('stray inside tags open an entity or become O', () => {
		const text = '海 I-LOC\n淀 O\n好 B-LOC\n';
		expect(read(text).notes.map(({ code }) => code)).toEqual(['corpus-illegal-transition']);
		expect(marked(read(text))).toEqual(['[海 LOC]淀[好 LOC]']);
		expect(marked(read(text, { strays: 'outside' }))).toEqual(['海淀[好 LOC]']);
	});

	test('tags can be brought into another scheme, IOB1 is unless it is kept', () => {
		const iob1 = '海 I-LOC\n淀 I-LOC\n好 B-LOC\n';
		expect(sentencesOf(read(iob1))[0].tags).toEqual(['B-LOC', 'I-LOC', 'B-LOC']);
		expect(sentencesOf(read(iob1, { iob1: 'keep' }))[0].tags).toEqual(['I-LOC', 'I-LOC', 'B-LOC']);
		expect(sentencesOf(read(iob1, { scheme: 'BMES' }))[0].tags).toEqual(['B-LOC', 'E-LOC', 'S-LOC']);
	});

	test('tokens of several characters can be split, their entities stay', () => {
		const reading = read('中国 B-LOC\n人民 I-LOC\n好 O\n', { tokens: 'split' });
		expect([reading.unit, sentencesOf(reading)[0].tags?.join(' ')]).toEqual(['character', 'B-LOC I-LOC I-LOC I-LOC O']);
		expect(codes(reading)).toEqual(['corpus-tokens-split:1']);
	});

	test('a record of several lines can be several sentences', () => {
		const text = '{"text":"去海淀\\n\\n好","label":[[1,3,"LOC"]]}';
		expect(marked(read(text, { sentences: 'lines' }))).toEqual(['去[海淀 LOC]', '好']);
		expect(sentencesOf(read(text))).toHaveLength(1);
	});

	test('are checked when they come as words', () => {
		expect(readChoices({ overlaps: 'longest', tagColumn: '-1', encoding: 'big5', tagNames: 'O, B-A' })).toEqual({
			overlaps: 'longest',
			tagColumn: -1,
			encoding: 'Big5',
			tagNames: ['O', 'B-A'],
		});
		expect(errorCodeOf(() => readChoices({ overlap: 'longest' }))).toBe('corpus-unknown-choice');
		expect(errorCodeOf(() => readChoices({ tagColumn: '0' }))).toBe('corpus-choice-value');
	});
});

test('changes are grouped by kind, with all lines, what becomes of them and what else could', () => {
	const choices = { strays: 'outside' } as const;
	const [change] = changesOf(read('海 I-A\n淀 O\n区 I-A\n、 O\n好 B-A\n', choices), choices);
	expect(change).toMatchObject({ code: 'corpus-illegal-transition', count: 2, lines: [1, 3] });
	expect(change.choice).toEqual({ name: 'strays', value: 'outside', values: ['open', 'outside'] });
});

describe('Parquet of the datasets library', () => {
	test('rows come with the names of their tags, which are in the metadata', async () => {
		const reading = await readCorpus(parquetWithNames(), { file: 'train-00000-of-00001.parquet' });
		expect([reading.format, reading.encoding, reading.parts[0].split]).toEqual(['hugging-face-parquet', null, 'train']);
		expect(marked(reading)).toEqual(['[王明 PER]去[海淀 LOC]', '𠮷好']);
	});

	test('without names in the file they are asked for', async () => {
		const reading = (tagNames?: string[]) => readCorpus(parquetWithoutNames(), { file: 'a', choices: { tagNames } });
		expect(await errorCodeOfAsync(() => reading())).toBe('corpus-tag-names-missing');
		expect(marked(await reading(['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC']))[0]).toBe('[王明 PER]去[海淀 LOC]');
	});

	const tokens = {
		name: 'tokens',
		data: [
			['王', '明', '去'],
			['𠮷', '好'],
		],
	};
	const tags = {
		name: 'ner_tags',
		data: [
			['B-PER', 'I-PER', 'O'],
			['O', 'O'],
		],
	};

	test.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4', 'LZ4_RAW'] as const)(
		'pages packed by %s are read, from a Buffer of Node too',
		async (packing) => {
			const bytes = parquetOf({ columns: [tokens, tags], packing });
			const pool = Buffer.concat([Buffer.from('something else'), bytes]);
			for (const file of [bytes, pool.subarray(14)]) {
				expect(marked(await readCorpus(file, { file: 'a.parquet' }))).toEqual(['[王明 PER]去', '𠮷好']);
			}
		},
	);

	test('rows of nulls are passed over and named, null tags are none', async () => {
		const columns = [
			{ name: 'tokens', data: [['王', '明'], null, ['好'], null] },
			{ name: 'ner_tags', data: [['B-PER', 'I-PER'], null, null, null] },
		];
		const reading = await readCorpus(parquetOf({ columns }), { file: 'a.parquet' });
		expect(marked(reading)).toEqual(['[王明 PER]', '好']);
		expect(reading.parts[0].sentences[1].tags).toBeNull();
		expect(reading.notes.filter(({ code }) => code === 'corpus-empty-record').map(({ line }) => line)).toEqual([2, 4]);
		const empty = parquetOf({ columns: [{ name: 'tokens', data: [null, null] }] });
		expect(await errorCodeOfAsync(() => readCorpus(empty, { file: 'a.parquet' }))).toBe('corpus-empty');
	});

	test('a null among tokens is refused with the number of its row', async () => {
		const columns = [{ name: 'tokens', data: [['好'], ['王', null]] }];
		await expect(readCorpus(parquetOf({ columns }), { file: 'a.parquet' })).rejects.toMatchObject({
			code: 'corpus-record-shape',
			location: { line: 2 },
		});
	});

	test('texts with spans are read, also with names of types in the metadata, also as an object of lists', async () => {
		const text = { name: 'text', data: ['𠮷王明去海淀', '好', null] };
		const spans = [
			[
				{ start: 1, end: 3, label: 0 },
				{ start: 4, end: 6, label: 1 },
			],
			[],
			null,
		];
		const byLists = [{ start: [1, 4], end: [3, 6], label: [0, 1] }, { start: [], end: [], label: [] }, null];
		const label = { names: ['PER', 'LOC'], _type: 'ClassLabel' };
		for (const [data, features] of [
			[spans, { entities: [{ start: {}, end: {}, label }] }],
			[byLists, { entities: { feature: { start: {}, end: {}, label }, _type: 'Sequence' } }],
		] as const) {
			const bytes = parquetOf({ columns: [text, { name: 'entities', data: [...data] }], features });
			const reading = await readCorpus(bytes, { file: 'a.parquet' });
			expect(marked(reading)).toEqual(['𠮷[王明 PER]去[海淀 LOC]', '好']);
			expect(reading.format).toBe('hugging-face-parquet');
		}
	});

	test('a file that was cut off is refused', async () => {
		const bytes = parquetWithNames();
		expect(await errorCodeOfAsync(() => readCorpus(bytes.subarray(0, 200), { file: 'a' }))).toBe(
			'corpus-parquet-broken',
		);
	});
});

describe.skipIf(!sharedPath('data'))('published corpora (skipped: no shared data)', () => {
	test.each([
		['weibo/weiboNER_2nd_conll.train', 'BIO', 1350, 1895, 1885],
		['weibo/weiboNER_2nd_conll.dev', 'BIO', 270, 389, 389],
		['weibo/weiboNER_2nd_conll.test', 'BIO', 270, 418, 414],
		['resume/train.char.bmes', 'BMES', 3821, 13440, 13438],
		['resume/dev.char.bmes', 'BMES', 463, 1497, 1497],
		['resume/test.char.bmes', 'BMES', 477, 1630, 1630],
		['msra/msra_test_bio.txt', 'BIO', 3442, 6190, 6190],
	])('%s: %s, %i sentences, %i mentions, %i by B and S alone', async (file, scheme, sentences, mentions, strict) => {
		const reading = await readCorpus(readFileSync(sharedPath(`data/${file}`) as string), { file });
		const all = sentencesOf(reading).map(({ tags }) => tags ?? []);
		const count = (spans: typeof spansOf) =>
			all.reduce((sum, tags) => sum + spans(tags, reading.scheme ?? 'BIO').length, 0);
		expect([reading.format, reading.scheme, reading.encoding, all.length]).toEqual([
			'conll',
			scheme,
			'UTF-8',
			sentences,
		]);
		expect([count(spansOf), count(strictSpansOf)]).toEqual([mentions, strict]);
	});
});
