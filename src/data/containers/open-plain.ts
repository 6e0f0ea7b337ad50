// From a file's bytes to the plain bytes inside: packed layers are recognised by their first bytes (the name is not
// asked) and unpacked as they come, one within another too (.tar.gz). What unpacks without end or measure is refused.

import { UserError } from '../../util/errors';
import { type ContainerName, containers, foreignContainers, startsWith } from './container-registry';
import { PeekableBytes } from './peekable-bytes';
import type { Unpack } from './unpacking';

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

const defaultLimits: UnpackLimits = { plainBytes: 32 * 2 ** 30, ratio: 200, freeBytes: 64 * 2 ** 20 };

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
const maxLayers = 3;

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
			if (layers.length === maxLayers) throw tooDeep(options.file);
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
		if (taken > (options.limits ?? defaultLimits).plainBytes) throw tooLarge(options);
		yield chunk;
	}
}

function checkLimits(unpacked: number, options: OpenPlainOptions): void {
	const { plainBytes, ratio, freeBytes } = options.limits ?? defaultLimits;
	if (unpacked > plainBytes) throw tooLarge(options);
	if (unpacked <= freeBytes || unpacked <= ratio * options.packedBytes()) return;
	throw new UserError({
		code: 'file-packed-bomb',
		location: { file: options.file },
		expected: `a compressed file that grows at most ${ratio} times when decompressed`,
		found: `${Math.round(unpacked / 2 ** 20)} MiB from ${Math.ceil(options.packedBytes() / 1024)} KiB`,
		remedy: 'Choose another file; if this one is right, decompress it first.',
	});
}

function tooLarge({ file, limits = defaultLimits }: OpenPlainOptions): UserError {
	return new UserError({
		code: 'file-too-large',
		location: { file },
		expected: `at most ${limits.plainBytes / 2 ** 30} GiB after decompression`,
		found: 'more',
		remedy: 'Choose a smaller file, or split this one into parts.',
	});
}

function tooDeep(file: string): UserError {
	return new UserError({
		code: 'file-packed-deep',
		location: { file },
		expected: `at most ${maxLayers} layers of compression`,
		found: 'one more layer',
		remedy: 'Decompress the file first.',
	});
}

function refuseForeign(head: Uint8Array, file: string): void {
	const kind = foreignContainers.find(({ magic }) => startsWith(head, magic));
	if (!kind) return;
	throw new UserError({
		code: 'file-packed-unknown',
		location: { file },
		expected: 'a plain file, or a .gz, .bz2, .zip, .zst or .tar.gz file',
		found: kind.title,
		remedy: 'Decompress the file first, or compress it with gzip.',
	});
}
