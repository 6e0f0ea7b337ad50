// Bytes of a file as they come: unpacked where they are packed (containers/open-plain.ts), and cut into lines. Nothing
// here holds more than a chunk and one unfinished line.

import { copyBytes } from '../util/copy-bytes';
import { UserError } from '../util/errors';
import { joinBytes } from '../util/join-bytes';
import { type ContainerLayer, openPlain, type UnpackLimits } from './containers/open-plain';
import type { PeekableBytes } from './containers/peekable-bytes';
import { streamChunks } from './stream-chunks';

/** A file, a stream of the browser, or chunks from anywhere. */
export type ByteSource = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

export interface ByteOptions {
	/** Name of the file, for messages. */
	file: string;
	/** Called after each chunk with the bytes taken from the source so far (packed bytes of a packed file). */
	onProgress?: (bytes: number) => void;
	/** Told all bytes of the source in order, before they are used: for a hash of the whole file. */
	onBytes?: (chunk: Uint8Array) => void;
	/** Stops the reading: the call then throws the signal's reason. */
	signal?: AbortSignal;
	/** The entry to take from an archive; else its first file. */
	entry?: string;
	/** Leaves a tar archive as it is. */
	keepsTar?: boolean;
	/** Where files that grow without measure are refused. */
	limits?: UnpackLimits;
}

export interface OpenedBytes {
	/** What was packed round the plain bytes, outermost first. */
	layers: ContainerLayer[];
	bytes: PeekableBytes;
}

/** The plain bytes of a source, once their first are known. Throws what `openPlain` throws. */
export async function openSource(source: ByteSource, options: ByteOptions): Promise<OpenedBytes> {
	let taken = 0;
	const count = (chunk: Uint8Array) => {
		taken += chunk.length;
		options.onBytes?.(chunk);
	};
	const { file, entry, keepsTar, limits } = options;
	return openPlain(counted('getReader' in source ? streamChunks(source) : source, count, options), {
		file,
		entry,
		keepsTar,
		limits,
		packedBytes: () => taken,
	});
}

/** The plain bytes of a source. Throws what `openPlain` throws. */
export async function* openBytes(source: ByteSource, options: ByteOptions): AsyncGenerator<Uint8Array> {
	yield* (await openSource(source, options)).bytes;
}

async function* counted(
	chunks: AsyncIterable<Uint8Array>,
	count: (chunk: Uint8Array) => void,
	{ onProgress, signal }: ByteOptions,
) {
	let bytes = 0;
	for await (const chunk of chunks) {
		signal?.throwIfAborted();
		bytes += chunk.length;
		count(chunk);
		yield chunk;
		onProgress?.(bytes);
	}
}

/** Called with the bytes [start, end) of one line, without its line break. The array is only good during the call. */
export type LineVisitor = (bytes: Uint8Array, start: number, end: number) => void;

/** Longer lines are not of a file of words. */
const maxLineBytes = 1 << 20;

/** Visits every line of a source in turn. Throws `file-line-too-long` beyond 1 MiB without a line break. */
export async function visitLines(source: ByteSource, options: ByteOptions, visit: LineVisitor): Promise<void> {
	await visitPlainLines((await openSource(source, options)).bytes, options.file, visit);
}

/** The same for bytes that are plain already. */
export async function visitPlainLines(
	chunks: AsyncIterable<Uint8Array>,
	file: string,
	visit: LineVisitor,
): Promise<void> {
	let carried = new Uint8Array(0);
	let lines = 0;
	for await (const chunk of chunks) {
		const bytes = carried.length === 0 ? chunk : joinBytes([carried, chunk]);
		let start = 0;
		for (let end = bytes.indexOf(10, carried.length); end >= 0; end = bytes.indexOf(10, start)) {
			visit(bytes, start, bytes[end - 1] === 13 && end > start ? end - 1 : end);
			start = end + 1;
			lines++;
		}
		carried = copyBytes(bytes, start);
		if (carried.length > maxLineBytes) throw lineTooLong(file, lines + 1);
	}
	if (carried.length > 0) visit(carried, 0, carried.length);
}

function lineTooLong(file: string, line: number): UserError {
	return new UserError({
		code: 'file-line-too-long',
		location: { file, line },
		expected: 'lines of at most 1 MiB',
		found: 'a longer line',
		remedy: 'Choose a text file with one word per line.',
	});
}
