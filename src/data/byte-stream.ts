// Bytes of a file as they come: unpacked where the first bytes say that they are packed (the name is not asked), and cut
// into lines. Nothing here holds more than a chunk and one unfinished line.

import { UserError } from '../util/errors';

/** A file, a stream of the browser, or chunks from anywhere. */
export type ByteSource = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

export interface ByteOptions {
	/** Name of the file, for messages. */
	file: string;
	/** Called after each chunk with the bytes taken from the source so far (packed bytes of a packed file). */
	onProgress?: (bytes: number) => void;
}

type Unpack = (source: AsyncIterable<Uint8Array>, file: string) => AsyncIterable<Uint8Array>;

/** Packed forms by their first bytes. Those without `unpack` are recognised only to be named. */
const containers: readonly { name: string; magic: readonly number[]; unpack?: Unpack }[] = [
	{ name: 'gzip', magic: [0x1f, 0x8b], unpack: unpackGzip },
	{ name: 'bzip2', magic: [0x42, 0x5a, 0x68] },
	{ name: 'zip', magic: [0x50, 0x4b, 0x03, 0x04] },
	{ name: 'Zstandard', magic: [0x28, 0xb5, 0x2f, 0xfd] },
	{ name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58] },
];

/** The plain bytes of a source. Throws UserError: `file-packed-unknown`, `file-packed-broken`. */
export async function* openBytes(source: ByteSource, { file, onProgress }: ByteOptions): AsyncGenerator<Uint8Array> {
	const iterator = counted(chunksOf(source), onProgress)[Symbol.asyncIterator]();
	const head = await readAtLeast(iterator, 4);
	const container = containers.find(({ magic }) => magic.every((byte, index) => head[index] === byte));
	const whole = chain(head, iterator);
	if (!container) yield* whole;
	else if (container.unpack) yield* container.unpack(whole, file);
	else {
		await iterator.return?.();
		throw new UserError({
			code: 'file-packed-unknown',
			place: { file },
			expected: 'a plain text file or one packed with gzip',
			found: `a ${container.name} file`,
			remedy: 'Unpack the file first, or pack it with gzip.',
		});
	}
}

/** The chunks of either kind of source; a stream's reader is released at the end, and the stream cancelled if left early. */
async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array> {
	if (!('getReader' in source)) {
		yield* source;
		return;
	}
	const reader = source.getReader();
	let isDone = false;
	try {
		while (true) {
			const { done, value } = await reader.read();
			isDone = done;
			if (done) return;
			yield value;
		}
	} finally {
		if (!isDone) await reader.cancel().catch(() => undefined); // the error that ended the reading is on its way already
		reader.releaseLock();
	}
}

async function* counted(chunks: AsyncIterable<Uint8Array>, onProgress?: (bytes: number) => void) {
	let bytes = 0;
	for await (const chunk of chunks) {
		bytes += chunk.length;
		yield chunk;
		onProgress?.(bytes);
	}
}

async function readAtLeast(iterator: AsyncIterator<Uint8Array>, count: number): Promise<Uint8Array> {
	let head = new Uint8Array(0);
	while (head.length < count) {
		const { done, value } = await iterator.next();
		if (done) break;
		head = join(head, value);
	}
	return head;
}

async function* chain(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
	try {
		yield head;
		for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
	} finally {
		await rest.return?.();
	}
}

async function* unpackGzip(source: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
	const iterator = source[Symbol.asyncIterator]();
	let sourceError: unknown = null;
	const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
		async pull(controller) {
			try {
				const { done, value } = await iterator.next();
				if (done) controller.close();
				else controller.enqueue(value.slice());
			} catch (error) {
				sourceError = error;
				controller.error(error);
			}
		},
		async cancel() {
			await iterator.return?.();
		},
	});
	try {
		yield* chunksOf(packed.pipeThrough(new DecompressionStream('gzip')));
	} catch (error) {
		if (sourceError !== null) throw sourceError;
		if (error instanceof UserError) throw error;
		throw new UserError({
			code: 'file-packed-broken',
			place: { file },
			expected: 'a whole gzip file',
			found: 'one that is cut short or damaged',
			remedy: 'Download or copy the file again; `gzip -t FILE` checks it.',
		});
	}
}

/** Called with the bytes [start, end) of one line, without its line break. The array is only good during the call. */
export type LineVisitor = (bytes: Uint8Array, start: number, end: number) => void;

/** Longer lines are not of a file of words. */
const maxLineBytes = 1 << 20;

/** Visits every line of a source in turn. Throws `file-line-too-long` beyond 1 MiB without a line break. */
export async function visitLines(source: ByteSource, options: ByteOptions, visit: LineVisitor): Promise<void> {
	let carried = new Uint8Array(0);
	let lines = 0;
	for await (const chunk of openBytes(source, options)) {
		const bytes = carried.length === 0 ? chunk : join(carried, chunk);
		let start = 0;
		for (let end = bytes.indexOf(10, carried.length); end >= 0; end = bytes.indexOf(10, start)) {
			visit(bytes, start, bytes[end - 1] === 13 && end > start ? end - 1 : end);
			start = end + 1;
			lines++;
		}
		carried = bytes.slice(start);
		if (carried.length > maxLineBytes) throw lineTooLong(options.file, lines + 1);
	}
	if (carried.length > 0) visit(carried, 0, carried.length);
}

function lineTooLong(file: string, line: number): UserError {
	return new UserError({
		code: 'file-line-too-long',
		place: { file, line },
		expected: 'lines of at most 1 MiB',
		found: 'a longer one',
		remedy: 'Choose a text file with one word a line.',
	});
}

function join(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
	const joined = new Uint8Array(left.length + right.length);
	joined.set(left);
	joined.set(right, left.length);
	return joined;
}
