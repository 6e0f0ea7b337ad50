import { gzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { errorCodeOfAsync } from '../../testing/error-code';
import { tarOf } from '../../testing/tiny-tar';
import { joinBytes } from '../../util/join-bytes';
import { readCorpusFiles } from './read-corpus';

const encode = (text: string) => new TextEncoder().encode(text);
const columns = '海 B-LOC\n淀 I-LOC\n\n好 O\n';

test('a packed file is read as what is in it', async () => {
	const [reading] = await readCorpusFiles([{ file: 'train.gz', bytes: gzipSync(encode(columns)) }]);
	expect([reading.format, reading.parts[0].split, reading.parts[0].sentences.length]).toEqual(['conll', 'train', 2]);
});

test('every file of a zip is read, texts and annotations together', async () => {
	const bytes = zipSync({
		'c/train.txt': encode(columns),
		'c/dev.jsonl': encode('{"text":"海","label":[[0,1,"LOC"]]}\n'),
		'c/doc.txt': encode('去海淀\n'),
		'c/doc.ann': encode('T1\tLOC 1 3\t海淀\n'),
		'c/README': encode('about'),
		'__MACOSX/._a': encode('x'),
	});
	const readings = await readCorpusFiles([{ file: 'c.zip', bytes }]);
	expect(readings.map(({ file, format, parts }) => [file, format, parts[0].split])).toEqual([
		['c.zip/c/train.txt', 'conll', 'train'],
		['c.zip/c/dev.jsonl', 'doccano', 'dev'],
		['c.zip/c/doc.txt', 'brat', null],
	]);
});

/** An archive with two entries of one name, which zipSync itself cannot make: the second is renamed in the bytes. */
function zipWithTwo(name: string): Uint8Array {
	const other = name.replace(/.$/, '_');
	const bytes = zipSync({ [name]: encode(columns), [other]: encode('新 O\n') });
	const text = new TextDecoder('latin1').decode(bytes);
	for (let at = text.indexOf(other); at >= 0; at = text.indexOf(other, at + 1)) bytes.set(encode(name), at);
	return bytes;
}

test('two files of one name in an archive are refused by that name', async () => {
	const tar = [tarOf({ 'train.txt': columns }).slice(0, -1024), tarOf({ 'train.txt': '新 O\n' })];
	const archives = { 'a.zip': zipWithTwo('train.txt'), 'a.tar': joinBytes(tar) };
	for (const [file, bytes] of Object.entries(archives)) {
		const error = await readCorpusFiles([{ file, bytes }]).catch((caught: unknown) => caught);
		expect(error).toMatchObject({ code: 'file-packed-twice', found: '"train.txt" twice', location: { file } });
	}
});

test('files of an archive may have any name', async () => {
	const bytes = zipSync({ constructor: encode(columns), 'toString.txt': encode(columns) });
	const readings = await readCorpusFiles([{ file: 'c.zip', bytes }]);
	expect(readings.map(({ file, parts }) => [file, parts[0].split])).toEqual([
		['c.zip/constructor', null],
		['c.zip/toString.txt', null],
	]);
});

test.each([
	['tar', (bytes: Uint8Array) => bytes],
	['tar.gz', (bytes: Uint8Array) => gzipSync(bytes)],
])('every file of a .%s is read', async (ending, pack) => {
	const files = {
		'c/README': 'about',
		'c/train.txt': columns,
		'c/.hidden': 'x',
		'c/dev.txt': columns,
		'c/test.txt': '海 O\n',
	};
	const readings = await readCorpusFiles([{ file: `c.${ending}`, bytes: pack(tarOf(files)) }]);
	expect(readings.map(({ file, parts }) => [file, parts[0].split, parts[0].sentences.length])).toEqual([
		[`c.${ending}/c/train.txt`, 'train', 2],
		[`c.${ending}/c/dev.txt`, 'dev', 2],
		[`c.${ending}/c/test.txt`, 'test', 1],
	]);
});

test('a tar that is cut off in its second file is refused', async () => {
	const bytes = tarOf({ 'a.txt': columns, 'b.txt': columns.repeat(50) }).subarray(0, 512 * 4);
	expect(await errorCodeOfAsync(() => readCorpusFiles([{ file: 'a.tar', bytes }]))).toBe('file-packed-broken');
});

test('a packed file that is cut off, or that grows without measure, is refused', async () => {
	const packed = gzipSync(encode(columns.repeat(500)));
	const read = (bytes: Uint8Array) => errorCodeOfAsync(() => readCorpusFiles([{ file: 'a.gz', bytes }]));
	expect(await read(packed.subarray(0, packed.length - 20))).toBe('file-packed-broken');
	expect(await read(gzipSync(new Uint8Array(40 * 2 ** 20)))).toBe('file-packed-bomb');
});

test('a zip archive whose bytes were changed is refused', async () => {
	const bytes = zipSync({ 'a.txt': encode(columns.repeat(50)), 'b.txt': encode(columns) });
	bytes[60] ^= 0x55;
	expect(await errorCodeOfAsync(() => readCorpusFiles([{ file: 'a.zip', bytes }]))).toBe('file-packed-broken');
});
