// Damaged files of every container and form: each is read or refused by name, soon, and takes little memory.

import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { UserError } from '../../util/errors';
import { RandomStream } from '../../util/random';
import { readVectors } from '../vector-file';
import { readWordList } from '../word-list';
import { encodeBinaryVectors } from './vector-text';

const random = new RandomStream(11);
const words = Array.from(
	{ length: 60 },
	(_, index) => String.fromCodePoint(0x4e00 + 7 * index) + (index % 9 === 0 ? ' x' : ''),
);
const values = Float32Array.from({ length: 240 }, () => random.uniform() - 0.5);
const rows = words.map((word, row) => `${word} ${[...values.subarray(4 * row, 4 * row + 4)].join(' ')}\n`);
const text = new TextEncoder().encode(`60 4\n${rows.join('')}`);

/** The text as a ustar archive of one file. */
function tarOf(content: Uint8Array): Uint8Array {
	const header = new Uint8Array(512);
	const put = (at: number, field: string) => header.set(new TextEncoder().encode(field), at);
	put(0, 'a.vec');
	put(124, content.length.toString(8).padStart(11, '0'));
	put(156, '0');
	put(257, 'ustar');
	header.fill(32, 148, 156);
	put(
		148,
		header
			.reduce((sum, byte) => sum + byte, 0)
			.toString(8)
			.padStart(6, '0'),
	);
	const padding = new Uint8Array((512 - (content.length % 512)) % 512);
	return Buffer.concat([header, content, padding, new Uint8Array(1024)]);
}

/** A program's output for the text, or none where it is missing. */
function packedBy(command: string, ...args: string[]): Uint8Array[] {
	try {
		return [execFileSync(command, args, { input: text, stdio: ['pipe', 'pipe', 'ignore'] })];
	} catch {
		return [];
	}
}

const originals = [
	text,
	encodeBinaryVectors({ words, dimension: 4, values }),
	gzipSync(text),
	zipSync({ 'a.vec': text }),
	zipSync({ 'a.vec': [text, { level: 0 }] }),
	tarOf(text),
	gzipSync(tarOf(text)),
	...packedBy('bzip2', '-c'),
	...packedBy('zstd', '-q', '-c'),
	...packedBy('zip', '-q', '-', '-'),
];

/** One to three changes: bytes flipped, set, swapped, cut out, doubled, or the end lost. */
function mutate(original: Uint8Array): Uint8Array {
	let bytes = original.slice();
	for (let change = random.below(3); change >= 0; change--) {
		if (bytes.length < 4) return bytes;
		const [one, other] = [random.below(bytes.length), random.below(bytes.length)];
		const [start, end] = [Math.min(one, other), Math.max(one, other)];
		switch (random.below(7)) {
			case 0:
				bytes[one] ^= 1 << random.below(8);
				break;
			case 1:
				bytes[one] = [0, 10, 32, 127, 255][random.below(5)];
				break;
			case 2:
				[bytes[one], bytes[other]] = [bytes[other], bytes[one]];
				break;
			case 3:
				bytes = bytes.slice(0, end);
				break;
			case 4:
				bytes = Buffer.concat([bytes.subarray(0, start), bytes.subarray(Math.min(end, start + 40))]);
				break;
			case 5:
				bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
				break;
			default:
				bytes[random.below(Math.min(64, bytes.length))] = random.below(256); // headers matter most
		}
	}
	return bytes;
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	const size = 1 + random.below(bytes.length + 1);
	for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const limits = { plainBytes: 1 << 20, ratio: 200, freeBytes: 1 << 19 };

/** Reads as vectors, or as a word list; what came out is sound. */
async function readEither(bytes: Uint8Array, asVectors: boolean): Promise<'read' | string> {
	try {
		if (asVectors) {
			const kept = await readVectors(chunks(bytes), { file: 'a', limits, wants: () => true });
			expect(kept.values).toHaveLength(kept.words.length * kept.dimension);
			expect(kept.values.every(Number.isFinite)).toBe(true);
			expect(kept.entryCount).toBeGreaterThanOrEqual(kept.words.length);
		} else await readWordList(chunks(bytes), { file: 'a', limits });
		return 'read';
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		return error.code;
	}
}

test('5,000 damaged files are read or refused by name', async () => {
	const outcomes = new Map<string, number>();
	for (let round = 0; round < 5000; round++) {
		const bytes = mutate(originals[round % originals.length]);
		const outcome = await readEither(bytes, round % 5 !== 0);
		outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
	}
	expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(5000);
	expect(outcomes.size).toBeGreaterThan(5);
	expect(process.memoryUsage().rss).toBeLessThan(600e6);
});

test('noise behind each magic number is refused or read as what it is', async () => {
	const magics = [
		[0x1f, 0x8b, 8],
		[...'BZh91AY&SY'].map((letter) => letter.charCodeAt(0)),
		[0x50, 0x4b, 3, 4],
		[0x28, 0xb5, 0x2f, 0xfd],
		[],
	];
	for (let round = 0; round < 1000; round++) {
		const noise = Uint8Array.from({ length: random.below(600) }, () => random.below(256));
		const outcome = await readEither(Uint8Array.from([...magics[round % magics.length], ...noise]), true);
		expect(outcome).toMatch(/^(read|file-|vectors-)/);
	}
});

const [bzip2File] = packedBy('bzip2', '-c');

test.skipIf(!bzip2File)('bits of noise inside a bzip2 block end in a refusal', async () => {
	for (let round = 0; round < 300; round++) {
		const bytes = bzip2File.slice();
		for (let at = 14 + random.below(40); at < bytes.length; at++) bytes[at] = random.below(256);
		expect(await readEither(bytes, true)).toBe('file-packed-broken');
	}
});
