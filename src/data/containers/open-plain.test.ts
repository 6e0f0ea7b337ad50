import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { errorCodeOfAsync } from '../../testing/error-code';
import { tarOf } from '../../testing/tiny-tar';
import { RandomStream } from '../../util/random';
import { openSource } from '../byte-stream';

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function unpack(packed: Uint8Array, options: { size?: number; entry?: string } = {}) {
	const { layers, bytes } = await openSource(chunks(packed, options.size ?? 1000), { file: 'a', ...options });
	const hash = createHash('sha256');
	let length = 0;
	for await (const chunk of bytes) {
		hash.update(chunk);
		length += chunk.length;
	}
	return { layers, length, hash: hash.digest('hex') };
}

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const encode = (text: string) => new TextEncoder().encode(text);

/** Text that packs, runs, and noise: what each stage of a packer has a case for. */
function mixture(): Uint8Array {
	const random = new RandomStream(4);
	const words = Array.from({ length: 6000 }, () => `字${random.below(900)} ${random.uniform().toFixed(5)}\n`).join('');
	const noise = Uint8Array.from({ length: 30_000 }, () => random.below(256));
	return Uint8Array.from([...encode(words), ...new Uint8Array(9000).fill(120), ...noise, ...new Uint8Array(300)]);
}
const content = mixture();

/** What a packer of the system makes of bytes; null where there is none. */
function packWith(command: string, args: readonly string[], bytes: Uint8Array = content): Uint8Array | null {
	const folder = mkdtempSync(join(tmpdir(), 'containers-'));
	try {
		writeFileSync(join(folder, 'a.vec'), bytes);
		const stdio = ['ignore', 'pipe', 'ignore'] as const;
		return new Uint8Array(execFileSync(command, args, { cwd: folder, maxBuffer: 1 << 26, stdio: [...stdio] }));
	} catch {
		return null;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const systemPackers: readonly [string, string[], string[]][] = [
	['bzip2', ['-9', '-c', 'a.vec'], ['bzip2']],
	['bzip2', ['-1', '-c', 'a.vec'], ['bzip2']],
	['zstd', ['-q', '-c', 'a.vec'], ['zstd']],
	['zip', ['-q', '-', 'a.vec'], ['zip']],
	['tar', ['-cf', '-', 'a.vec'], ['tar']],
	['tar', ['-czf', '-', 'a.vec'], ['gzip', 'tar']],
	['tar', ['-cjf', '-', 'a.vec'], ['bzip2', 'tar']],
];

for (const [command, args, layers] of systemPackers) {
	const packed = packWith(command, args);
	test.skipIf(packed === null)(`${command} ${args.join(' ')} gives back every byte, however it is cut`, async () => {
		for (const size of [97, 4096, 1 << 20]) {
			const found = await unpack(packed as Uint8Array, { size });
			expect(found.layers.map((layer) => layer.container)).toEqual(layers);
			expect(found.hash).toBe(sha(content));
		}
	});
}

const small = encode('天气 1 2\n好 3 4\n');
/** The small file as the programs bzip2 1.0.8 and zstd 1.5.4 pack it. */
const smallBzip2 = Buffer.from(
	'QlpoOTFBWSZTWVeHad8AAAhYOQAQQAA8AAQABiBAAgMAIAAxAAAGpowmNDK7XEAWRWEjNF3JFOFCQV4dp3w=',
	'base64',
);
const smallZstd = Buffer.from('KLUv/SQTmQAA5aSp5rCUIDEgMgrlpb0gMyA0CnR5ne8=', 'base64');

test.each<[string, Uint8Array, string]>([
	['bzip2', smallBzip2, 'bzip2'],
	['zstd', smallZstd, 'zstd'],
	['gzip', gzipSync(small), 'gzip'],
	['zip, deflated', zipSync({ 'a.vec': small }), 'zip'],
	['zip, stored', zipSync({ 'a.vec': [small, { level: 0 }] }), 'zip'],
])('%s is recognised by its first bytes', async (_, packed, container) => {
	const found = await unpack(packed, { size: 5 });
	expect(found.layers.map((layer) => layer.container)).toEqual([container]);
	expect(found.hash).toBe(sha(small));
});

test('concatenated bzip2 files are one file, as parallel packers write them', async () => {
	const { hash } = await unpack(Buffer.concat([smallBzip2, smallBzip2]));
	expect(hash).toBe(sha(Buffer.concat([small, small])));
});

test('text that begins like a packed file is text', async () => {
	for (const text of ['BZh91 is a word\n', 'PK\n', 'Rar 1 2\n']) {
		expect(await unpack(encode(text))).toEqual({ layers: [], length: text.length, hash: sha(encode(text)) });
	}
});

test('the first file of an archive is taken, or the one asked for', async () => {
	const files = { '__MACOSX/._a': encode('x'), 'README.md': encode('y'), 'v/a.vec': small, 'v/b.vec': encode('b') };
	const packed = zipSync(files);
	expect(await unpack(packed)).toMatchObject({ layers: [{ entry: 'v/a.vec' }], hash: sha(small) });
	expect(await unpack(packed, { entry: 'v/b.vec' })).toMatchObject({ length: 1 });
	expect(await errorCodeOfAsync(() => unpack(packed, { entry: 'v/c.vec' }))).toBe('file-packed-no-entry');
	expect(await errorCodeOfAsync(() => unpack(zipSync({ 'README.md': small })))).toBe('file-packed-no-entry');
});

test.each<[string, Uint8Array]>([
	['bzip2', smallBzip2],
	['zip', zipSync({ 'a.vec': [content.slice(0, 5000), { level: 0 }] })],
	['zip, deflated', zipSync({ 'a.vec': content.slice(0, 5000) })],
	['gzip', gzipSync(content.slice(0, 5000))],
])('%s that is cut short, or changed where it matters, is refused', async (_, packed) => {
	expect(await errorCodeOfAsync(() => unpack(packed.slice(0, packed.length >> 1)))).toBe('file-packed-broken');
	const damaged = packed.slice();
	damaged[packed.length >> 1] ^= 0x10;
	expect(await errorCodeOfAsync(() => unpack(damaged))).toBe('file-packed-broken');
});

test('what unpacks to very much more than it is stops early', async () => {
	const limits = { plainBytes: 2 ** 40, ratio: 50, freeBytes: 1 << 18 };
	const zeros = new Uint8Array(6_000_000);
	const bombs = [
		gzipSync(zeros),
		zipSync({ a: zeros }),
		packWith('bzip2', ['-c', 'a.vec'], zeros),
		packWith('zstd', ['-q', '-c', 'a.vec'], zeros),
	];
	for (const bomb of bombs) {
		if (bomb === null) continue; // no such packer here
		let length = 0;
		const read = async () => {
			const { bytes } = await openSource(chunks(bomb, 1 << 16), { file: 'a', limits });
			for await (const chunk of bytes) length += chunk.length;
		};
		expect(await errorCodeOfAsync(read)).toBe('file-packed-bomb');
		expect(length).toBeLessThan(2_000_000);
	}
});

test('a stream without end stops at the limit, packed or not', async () => {
	const limits = { plainBytes: 1 << 20, ratio: 50, freeBytes: 1 << 20 };
	async function* endless() {
		while (true) yield new Uint8Array(1 << 16);
	}
	const read = async () => {
		for await (const _ of (await openSource(endless(), { file: 'a', limits })).bytes);
	};
	expect(await errorCodeOfAsync(read)).toBe('file-too-large');
});

test('layers of packing are taken off up to three', async () => {
	const twice = gzipSync(gzipSync(gzipSync(small)));
	expect((await unpack(twice)).hash).toBe(sha(small));
	expect(await errorCodeOfAsync(() => unpack(gzipSync(twice)))).toBe('file-packed-deep');
});

test('reading stops when it is told to, and lets go of the source', async () => {
	const abort = new AbortController();
	let isClosed = false;
	async function* source() {
		try {
			for (let chunk = 0; chunk < 50; chunk++) yield new Uint8Array(1000).fill(65);
		} finally {
			isClosed = true;
		}
	}
	const onProgress = (bytes: number) => bytes >= 5000 && abort.abort();
	const { bytes } = await openSource(source(), { file: 'a', signal: abort.signal, onProgress });
	let length = 0;
	await expect(async () => {
		for await (const chunk of bytes) length += chunk.length;
	}).rejects.toThrow('aborted');
	expect(length).toBeLessThan(7000);
	expect(isClosed).toBe(true);
});

test.each([
	[
		'zip',
		(files: Record<string, string>) =>
			zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, encode(text)]))),
	],
	['tar', tarOf],
])('a second file in a %s is told, a note about the archive is not', async (_, pack) => {
	const furtherOf = async (files: Record<string, string>) => (await unpack(pack(files))).layers[0].further;
	expect(await furtherOf({ 'a.vec': 'a 1\n', README: 'about', 'b.vec': 'b 2\n', 'c.vec': 'c 3\n' })).toBe('b.vec');
	expect(await furtherOf({ 'a.vec': 'a 1\n', README: 'about' })).toBeNull();
});
