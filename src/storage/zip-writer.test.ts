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
