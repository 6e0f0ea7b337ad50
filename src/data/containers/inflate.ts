// Unpacks deflate and gzip with the platform's own DecompressionStream.

import { copyBytes } from '../../util/copy-bytes';
import { streamChunks } from '../stream-chunks';
import { brokenFile, type Unpack } from './unpacking';

export const unpackGzip: Unpack = (packed, { file }) =>
	inflate(packed, 'gzip', () => brokenFile(file, 'gzip', 'gzip -t'));

/** Bytes larger than this are handed to the decompressor in pieces: a piece is unpacked in one go. */
const pieceBytes = 1 << 16;

/** Unpacks one stream. Errors of the source come through; any other is what `broken` makes. */
export async function* inflate(
	packed: AsyncIterable<Uint8Array>,
	format: CompressionFormat,
	broken: () => Error,
): AsyncGenerator<Uint8Array> {
	const iterator = pieces(packed);
	let sourceError: unknown = null;
	const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
		async pull(controller) {
			try {
				const { done, value } = await iterator.next();
				if (done) controller.close();
				else controller.enqueue(copyBytes(value));
			} catch (error) {
				sourceError = error;
				controller.error(error);
			}
		},
		async cancel() {
			await iterator.return(undefined);
		},
	});
	try {
		yield* streamChunks(stream.pipeThrough(new DecompressionStream(format)));
	} catch {
		if (sourceError !== null) throw sourceError;
		throw broken();
	}
}

async function* pieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
	for await (const chunk of source) {
		for (let start = 0; start < chunk.length; start += pieceBytes) yield chunk.subarray(start, start + pieceBytes);
	}
}
