// Frames as one animated PNG (APNG; PNG specification, third edition, 2025): the browser packs each frame as a PNG, their parts are joined
// here. Chosen over GIF for its colours, and over video because every browser and paper tool shows it and it is the same file each time.

import { invariant } from '../../../../util/errors';
import { joinBytes } from '../../../../util/join-bytes';

interface Chunk {
	type: string;
	data: Uint8Array;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** `frames`: PNG files of one size and colour type, as one canvas gives them. `frameMs` each is shown; the last one three times as long. */
export function animatedPng(frames: readonly Uint8Array[], frameMs: number): Uint8Array<ArrayBuffer> {
	invariant(frames.length > 0, 'an animation has frames');
	const read = frames.map(readChunks);
	const [header] = read[0];
	const size = new DataView(header.data.buffer, header.data.byteOffset);
	const [width, height] = [size.getUint32(0), size.getUint32(4)];
	const parts: Uint8Array[] = [
		signature,
		chunkBytes(header),
		chunkBytes({ type: 'acTL', data: words(frames.length, 0) }),
	];
	let sequence = 0;
	for (const [index, chunks] of read.entries()) {
		const shownMs = index === frames.length - 1 ? 3 * frameMs : frameMs;
		parts.push(chunkBytes({ type: 'fcTL', data: frameControl(sequence++, width, height, shownMs) }));
		for (const { type, data } of chunks) {
			if (type !== 'IDAT') continue;
			if (index === 0) parts.push(chunkBytes({ type, data }));
			else parts.push(chunkBytes({ type: 'fdAT', data: joinBytes([words(sequence++), data]) }));
		}
	}
	parts.push(chunkBytes({ type: 'IEND', data: new Uint8Array() }));
	return joinBytes(parts);
}

/** The chunks of a PNG file, in order. */
export function readChunks(file: Uint8Array): Chunk[] {
	invariant(
		signature.every((byte, index) => file[index] === byte),
		'a frame is a PNG file',
	);
	const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
	const chunks: Chunk[] = [];
	for (let at = signature.length; at + 12 <= file.length; ) {
		const length = view.getUint32(at);
		const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
		chunks.push({ type, data: file.subarray(at + 8, at + 8 + length) });
		at += 12 + length;
	}
	return chunks;
}

/** Sequence, size, position 0 0, delay as a fraction of thousandths, no disposal, no blending. */
function frameControl(sequence: number, width: number, height: number, shownMs: number): Uint8Array {
	const data = new Uint8Array(26);
	data.set(words(sequence, width, height, 0, 0));
	const view = new DataView(data.buffer);
	view.setUint16(20, shownMs);
	view.setUint16(22, 1000);
	return data;
}

function chunkBytes({ type, data }: Chunk): Uint8Array {
	const named = joinBytes([Uint8Array.from(type, (letter) => letter.charCodeAt(0)), data]);
	return joinBytes([words(data.length), named, words(crc32(named))]);
}

function words(...values: number[]): Uint8Array {
	const data = new Uint8Array(4 * values.length);
	const view = new DataView(data.buffer);
	for (const [index, value] of values.entries()) view.setUint32(4 * index, value);
	return data;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
	let value = byte;
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
	return value;
});

/** CRC-32 as PNG has it (ISO 3309). */
export function crc32(data: Uint8Array): number {
	let value = 0xffffffff;
	for (const byte of data) value = crcTable[(value ^ byte) & 255] ^ (value >>> 8);
	return (value ^ 0xffffffff) >>> 0;
}
