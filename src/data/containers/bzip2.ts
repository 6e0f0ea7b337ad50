// bzip2, block by block. An own decoder because the packages at hand take hostile run lengths for ever, pull Node's
// streams into the page and read single bits. Format: Tsai, "bzip2 format specification" (2016); the stages backwards
// are Huffman codes, runs of the first symbol, move-to-front, Burrows and Wheeler's transform, runs of bytes.

import { Bzip2Bits, OutOfBits } from './bzip2-bits';
import { BrokenBlock, type LinkedBlock, readBlock } from './bzip2-block';
import type { PeekableBytes } from './peekable-bytes';
import { brokenFile, type Unpack } from './unpacking';

const blockMagic = [0x314159, 0x265359];
const endMagic = [0x177245, 0x385090];
const outputBytes = 1 << 18;

export const unpackBzip2: Unpack = async function* (packed, { file }) {
	const bits = new Bzip2Bits();
	const state = { crc: 0, level: 0 };
	try {
		await fill(bits, packed, 4);
		while (true) {
			readHeader(bits, state);
			while (yield* unpackBlock(bits, packed, state));
			bits.align();
			await fill(bits, packed, 4);
			if (bits.isEmpty()) return;
		}
	} catch (error) {
		if (error instanceof OutOfBits || error instanceof BrokenBlock) throw brokenFile(file, 'bzip2', 'bzip2 -t');
		throw error;
	}
};

interface StreamState {
	/** Sum over the blocks read. */
	crc: number;
	/** Block size in units of 100,000 bytes. */
	level: number;
}

function readHeader(bits: Bzip2Bits, state: StreamState): void {
	if (bits.read(24) !== 0x425a68) throw new BrokenBlock();
	state.level = bits.read(8) - 0x30;
	if (state.level < 1 || state.level > 9) throw new BrokenBlock();
	state.crc = 0;
}

/** One block; false at the end of the stream. A packed block is hardly larger than its bytes. */
async function* unpackBlock(
	bits: Bzip2Bits,
	packed: PeekableBytes,
	state: StreamState,
): AsyncGenerator<Uint8Array, boolean> {
	await fill(bits, packed, 125_000 * state.level + 50_000);
	const magic = [bits.read(24), bits.read(24)];
	const crc = (bits.read(16) << 16) | bits.read(16);
	if (magic[0] === endMagic[0] && magic[1] === endMagic[1]) {
		if (crc !== state.crc) throw new BrokenBlock();
		return false;
	}
	if (magic[0] !== blockMagic[0] || magic[1] !== blockMagic[1]) throw new BrokenBlock();
	const text = new BlockText(readBlock(bits, 100_000 * state.level));
	for (let output = new Uint8Array(outputBytes), size = text.write(output); size > 0; size = text.write(output)) {
		yield output.subarray(0, size);
		output = new Uint8Array(outputBytes);
	}
	if (~text.crc !== crc) throw new BrokenBlock();
	state.crc = ((state.crc << 1) | (state.crc >>> 31)) ^ crc;
	return true;
}

async function fill(bits: Bzip2Bits, packed: PeekableBytes, wanted: number): Promise<void> {
	const missing = wanted - bits.bytesLeft();
	if (missing > 0) bits.append(await packed.take(missing));
}

const longestRun = 255;

/** Follows the links of the transform and spells out runs (four equal bytes, then how many more). */
class BlockText {
	crc = -1;
	private index = 0;
	private link: number;
	/** Equal bytes in a row up to here, and which. */
	private run = 0;
	private previous = -1;

	constructor(private readonly block: LinkedBlock) {
		this.link = block.links[block.links[block.origin] >>> 8];
	}

	/** The next bytes; fewer than a run leaves room for only at the end. State is held in variables: this loop waits for memory as it is. */
	write(output: Uint8Array): number {
		const { links, count } = this.block;
		const limit = output.length - longestRun;
		let { index, link, run, previous, crc } = this;
		let filled = 0;
		for (; index < count && filled <= limit; index++) {
			const byte = link & 255;
			link = links[link >>> 8];
			if (run === 4) {
				for (let copies = byte; copies > 0; copies--) {
					crc = (crc << 8) ^ crcTable[(crc >>> 24) ^ previous];
					output[filled++] = previous;
				}
				run = 0;
				previous = -1;
				continue;
			}
			run = byte === previous ? run + 1 : 1;
			previous = byte;
			crc = (crc << 8) ^ crcTable[(crc >>> 24) ^ byte];
			output[filled++] = byte;
		}
		Object.assign(this, { index, link, run, previous, crc });
		return filled;
	}
}

/** CRC-32 with the highest bit first, polynomial 0x04c11db7. */
const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
	let rest = byte << 24;
	for (let bit = 0; bit < 8; bit++) rest = (rest << 1) ^ (rest < 0 ? 0x04c11db7 : 0);
	return rest;
});
