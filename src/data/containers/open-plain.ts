// From a file's bytes to the plain bytes inside: packed layers are recognised by their first bytes (the name is not
// asked) and unpacked as they come, one within another too (.tar.gz). What unpacks without end or measure is refused.

import { UserError } from '../../util/errors';
import { unpackBzip2 } from './bzip2';
import { unpackGzip } from './inflate';
import { PeekableBytes } from './peekable-bytes';
import { isTarHeader, unpackTar } from './tar';
import type { Unpack } from './unpacking';
import { unpackZip } from './zip';
import { unpackZstd } from './zstd';

export type ContainerName = 'gzip' | 'bzip2' | 'zip' | 'zstd' | 'tar';

/** One packed form that was taken off. */
export interface ContainerLayer {
	container: ContainerName;
	/** The file inside that was taken, where the form has names. */
	entry: string | null;
	/** The next file inside, which is not read: known where the first was taken and the archive was read to its end. */
	further: string | null;
}

export interface UnpackLimits {
	/** Most plain bytes of a file. */
	plainBytes: number;
	/** Most plain bytes for one packed byte, once `freeBytes` are exceeded; vectors pack by a factor of 3 to 10. */
	ratio: number;
	freeBytes: number;
}

const usualLimits: UnpackLimits = { plainBytes: 32 * 2 ** 30, ratio: 200, freeBytes: 64 * 2 ** 20 };

export interface OpenPlainOptions {
	/** Name of the file, for messages. */
	file: string;
	/** The entry to take from an archive; else its first file. */
	entry?: string;
	/** Leaves a tar archive as it is, for `tarFiles`. */
	keepsTar?: boolean;
	limits?: UnpackLimits;
	/** Bytes taken from the source so far. */
	packedBytes: () => number;
}

export interface PlainBytes {
	/** Outermost first; none for a plain file. */
	layers: ContainerLayer[];
	bytes: PeekableBytes;
}

/** Enough of a file to recognise it: a tar header. */
const headBytes = 512;
const mostLayers = 3;

const containers: readonly { name: ContainerName; matches(head: Uint8Array): boolean; unpack: Unpack }[] = [
	{ name: 'gzip', matches: startsWith(0x1f, 0x8b), unpack: unpackGzip },
	{ name: 'bzip2', matches: isBzip2, unpack: unpackBzip2 },
	{ name: 'zip', matches: startsWith(0x50, 0x4b, 0x03, 0x04), unpack: unpackZip },
	{ name: 'zstd', matches: startsWith(0x28, 0xb5, 0x2f, 0xfd), unpack: unpackZstd },
	{ name: 'tar', matches: isTarHeader, unpack: unpackTar },
];

/** Recognised only to be named. */
const foreign: readonly { name: string; matches(head: Uint8Array): boolean }[] = [
	{ name: 'an xz file', matches: startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a) },
	{ name: 'a 7-Zip file', matches: startsWith(0x37, 0x7a, 0xbc, 0xaf) },
	{ name: 'a RAR file', matches: startsWith(0x52, 0x61, 0x72, 0x21, 0x1a) },
	{ name: 'an empty zip file', matches: startsWith(0x50, 0x4b, 0x05, 0x06) },
	{ name: 'an LZ4 file', matches: startsWith(0x04, 0x22, 0x4d, 0x18) },
];

/**
 * Looks at the first bytes, takes off what packs them, and looks again. Throws UserError: `file-packed-unknown`,
 * `file-packed-broken`, `file-packed-unsupported`, `file-packed-no-entry`, `file-packed-deep`, `file-packed-bomb`, `file-too-large`.
 */
export async function openPlain(source: AsyncIterable<Uint8Array>, options: OpenPlainOptions): Promise<PlainBytes> {
	const layers: ContainerLayer[] = [];
	let bytes = new PeekableBytes(source);
	try {
		while (true) {
			const head = await bytes.peek(headBytes);
			const container = containers.find(({ matches }) => matches(head));
			if (!container || (options.keepsTar && container.name === 'tar')) {
				refuseForeign(head, options.file);
				return { layers, bytes: layers.length > 0 ? bytes : new PeekableBytes(limited(bytes, options)) };
			}
			if (layers.length === mostLayers) throw tooDeep(options.file);
			const layer: ContainerLayer = { container: container.name, entry: null, further: null };
			layers.push(layer);
			bytes = new PeekableBytes(unpackLayer(container.unpack, bytes, layer, options));
		}
	} catch (error) {
		await bytes.close();
		throw error;
	}
}

/** Unpacks a layer under the limits; bytes that wait inside the unpacker count from the time they are made. */
async function* unpackLayer(
	unpack: Unpack,
	packed: PeekableBytes,
	layer: ContainerLayer,
	options: OpenPlainOptions,
): AsyncGenerator<Uint8Array> {
	let announced = 0;
	let handedOn = 0;
	const onUnpacked = (sizeBytes: number) => {
		announced += sizeBytes;
		checkLimits(announced, options);
	};
	const onEntry = (name: string) => void (layer.entry = name);
	const onFurther = (name: string) => void (layer.further = name);
	const unpacking = { ...options, onUnpacked, onEntry, onFurther };
	try {
		for await (const bytes of unpack(packed, unpacking)) {
			handedOn += bytes.length;
			checkLimits(Math.max(handedOn, announced), options);
			yield bytes;
		}
	} finally {
		await packed.close();
	}
}

async function* limited(bytes: PeekableBytes, options: OpenPlainOptions): AsyncGenerator<Uint8Array> {
	let taken = 0;
	for await (const chunk of bytes) {
		taken += chunk.length;
		if (taken > (options.limits ?? usualLimits).plainBytes) throw tooLarge(options);
		yield chunk;
	}
}

function checkLimits(unpacked: number, options: OpenPlainOptions): void {
	const { plainBytes, ratio, freeBytes } = options.limits ?? usualLimits;
	if (unpacked > plainBytes) throw tooLarge(options);
	if (unpacked <= freeBytes || unpacked <= ratio * options.packedBytes()) return;
	throw new UserError({
		code: 'file-packed-bomb',
		place: { file: options.file },
		expected: `a compressed file that grows at most ${ratio} times when decompressed`,
		found: `${Math.round(unpacked / 2 ** 20)} MiB from ${Math.ceil(options.packedBytes() / 1024)} KiB`,
		remedy: 'Choose another file; if this one is right, decompress it first.',
	});
}

function tooLarge({ file, limits = usualLimits }: OpenPlainOptions): UserError {
	return new UserError({
		code: 'file-too-large',
		place: { file },
		expected: `at most ${limits.plainBytes / 2 ** 30} GiB after decompression`,
		found: 'more',
		remedy: 'Choose a smaller file, or split this one into parts.',
	});
}

function tooDeep(file: string): UserError {
	return new UserError({
		code: 'file-packed-deep',
		place: { file },
		expected: `at most ${mostLayers} layers of compression`,
		found: 'one more layer',
		remedy: 'Decompress the file first.',
	});
}

function refuseForeign(head: Uint8Array, file: string): void {
	const kind = foreign.find(({ matches }) => matches(head));
	if (!kind) return;
	throw new UserError({
		code: 'file-packed-unknown',
		place: { file },
		expected: 'a plain file, or a .gz, .bz2, .zip, .zst or .tar.gz file',
		found: kind.name,
		remedy: 'Decompress the file first, or compress it with gzip.',
	});
}

function startsWith(...magic: number[]): (head: Uint8Array) => boolean {
	return (head) => magic.every((byte, index) => head[index] === byte);
}

/** `BZh`, the block size, then the mark of a block or of the end: text may begin with the letters too. */
function isBzip2(head: Uint8Array): boolean {
	const next = head.subarray(4, 10);
	const isMark = (mark: readonly number[]) => next.every((byte, index) => byte === mark[index]);
	const isSized = head[3] >= 0x31 && head[3] <= 0x39;
	return startsWith(0x42, 0x5a, 0x68)(head) && isSized && bzip2Marks.some(isMark);
}

const bzip2Marks = [
	[0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
	[0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
];
