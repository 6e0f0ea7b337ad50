import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { animatedPng, crc32, readChunks } from './animated-png';

/** A picture of one pixel, as any encoder writes it. */
function onePixel(red: number): Uint8Array {
	const chunk = (type: string, data: Uint8Array) => {
		const named = Buffer.concat([Buffer.from(type), data]);
		const numbers = Buffer.alloc(8);
		numbers.writeUInt32BE(data.length, 0);
		numbers.writeUInt32BE(crc32(named), 4);
		return Buffer.concat([numbers.subarray(0, 4), named, numbers.subarray(4)]);
	};
	const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
	const pixels = deflateSync(Buffer.from([0, red, 0, 0]));
	const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
	return new Uint8Array(
		Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]),
	);
}

test('the check value of CRC-32 is that of its standard', () => {
	expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});

test('frames keep their pixels, are numbered in one sequence and shown for their time', () => {
	const chunks = readChunks(animatedPng([onePixel(1), onePixel(2), onePixel(3)], 125));
	expect(chunks.map(({ type }) => type)).toEqual([
		'IHDR',
		'acTL',
		'fcTL',
		'IDAT',
		'fcTL',
		'fdAT',
		'fcTL',
		'fdAT',
		'IEND',
	]);
	const word = (index: number, at = 0) => {
		const { data } = chunks[index];
		return new DataView(data.buffer, data.byteOffset).getUint32(at);
	};
	expect(word(1)).toBe(3);
	expect([2, 4, 5, 6, 7].map((index) => word(index))).toEqual([0, 1, 2, 3, 4]);
	const delay = (index: number) => new DataView(chunks[index].data.buffer, chunks[index].data.byteOffset).getUint16(20);
	expect([delay(2), delay(6)]).toEqual([125, 375]);
	expect(chunks[5].data.subarray(4)).toEqual(readChunks(onePixel(2))[1].data);
});
