import { describe, expect, test } from 'vitest';
import { errorCodeOfAsync } from '../testing/error-code';
import { readZip } from './zip-archive';
import { ZipBlob } from './zip-blob';
import { ZipWriter } from './zip-writer';

const contents: [string, Uint8Array][] = [
	['a/ä.json', new TextEncoder().encode('{}')],
	['empty', new Uint8Array(0)],
	['b', Uint8Array.from({ length: 7000 }, (_, index) => (index * 7) % 251)],
];

async function write(isWide: boolean): Promise<Uint8Array<ArrayBuffer>> {
	const pieces: Uint8Array<ArrayBuffer>[] = [];
	const zip = new ZipWriter(async (bytes) => void pieces.push(Uint8Array.from(bytes)), isWide);
	for (const [name, data] of contents) await zip.add(name, data);
	await zip.finish();
	return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

const open = (bytes: Uint8Array<ArrayBuffer>) => ZipBlob.open(new Blob([bytes]), 'a.zip', 'Choose another file.');

describe.each([
	['narrow', false],
	['wide (zip64)', true],
])('an archive with %s fields', (_, isWide) => {
	test('comes back entry by entry', async () => {
		const zip = await open(await write(isWide));
		for (const [name, data] of contents) expect(await zip.read(name)).toEqual(data);
		expect(zip.has('c')).toBe(false);
	});

	test('is read by the reader of whole archives too', async () => {
		expect([...readZip(await write(isWide))]).toEqual(contents);
	});

	test('is refused when it is cut off anywhere', async () => {
		const bytes = await write(isWide);
		for (const length of [0, 10, 1000, bytes.length - 100, bytes.length - 1]) {
			expect(await errorCodeOfAsync(() => open(bytes.slice(0, length)))).toMatch(/^zip-/);
		}
	});
});

test('an entry with other bytes than its checksum says is refused, the others are read', async () => {
	const bytes = await write(false);
	bytes[5000] ^= 1;
	const zip = await open(bytes);
	expect(await errorCodeOfAsync(() => zip.read('b'))).toBe('zip-damaged');
	expect(await zip.read('empty')).toHaveLength(0);
});

describe('an entry', () => {
	/** Where the directory begins in the archive of `write(false)`. */
	const directoryOf = (bytes: Uint8Array) => Buffer.from(bytes).indexOf('PK\x01\x02');

	test.each<[string, (bytes: Uint8Array<ArrayBuffer>, at: number) => void, string]>([
		['that is encrypted', (bytes, at) => void (bytes[at + 8] |= 1), 'zip-packed'],
		['that is compressed', (bytes, at) => void (bytes[at + 10] = 8), 'zip-packed'],
		['whose header is not where the directory says', (bytes, at) => void (bytes[at + 42] = 1), 'zip-damaged'],
		['that is longer than the file', (bytes, at) => void (bytes[at + 23] = 1), 'zip-truncated'],
	])('%s is refused', async (_, change, code) => {
		const bytes = await write(false);
		change(bytes, directoryOf(bytes));
		expect(await errorCodeOfAsync(async () => (await open(bytes)).read('a/ä.json'))).toBe(code);
	});

	test('that is not there is refused, and has no size', async () => {
		const zip = await open(await write(false));
		expect(zip.sizeOf('none')).toBe(-1);
		expect(await errorCodeOfAsync(() => zip.read('none'))).toBe('zip-damaged');
	});

	test('that is there twice is refused', async () => {
		const pieces: Uint8Array<ArrayBuffer>[] = [];
		const zip = new ZipWriter(async (bytes) => void pieces.push(Uint8Array.from(bytes)));
		await zip.add('a', Uint8Array.of(1));
		await zip.add('a', Uint8Array.of(2));
		await zip.finish();
		const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
		expect(await errorCodeOfAsync(() => open(bytes))).toBe('zip-damaged');
	});
});

test('a directory beyond the end of the file is refused, and one before its last bytes is found', async () => {
	const bytes = await write(false);
	const end = bytes.length - 22;
	const moved = bytes.slice();
	moved.fill(0xfe, end + 16, end + 20);
	expect(await errorCodeOfAsync(() => open(moved))).toBe('zip-truncated');
	const pieces: Uint8Array<ArrayBuffer>[] = [];
	const zip = new ZipWriter(async (part) => void pieces.push(Uint8Array.from(part)));
	for (let index = 0; index < 1500; index++) await zip.add(`${'n'.repeat(60)}${index}`, new Uint8Array(0));
	await zip.finish();
	expect((await open(new Uint8Array(await new Blob(pieces).arrayBuffer()))).has(`${'n'.repeat(60)}1499`)).toBe(true);
});
