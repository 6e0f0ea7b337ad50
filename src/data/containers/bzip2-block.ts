// One block of a bzip2 file: from its bits to the links of Burrows and Wheeler's transform. Every count is checked
// before it is used, so that a damaged block ends in BrokenBlock and nothing else.

import type { Bzip2Bits } from './bzip2-bits';

/** The block breaks a rule of the format. */
export class BrokenBlock extends Error {}

export interface LinkedBlock {
	/** A byte in the lowest 8 bits, above it the position of the next. */
	links: Uint32Array;
	count: number;
	/** Where the first byte stands. */
	origin: number;
}

const symbolsOfGroup = 50;
const maxCodeBits = 20;
const codeMask = (1 << maxCodeBits) - 1;
/** Codes up to this length are found in one step. */
const tableBits = 10;

export function readBlock(bits: Bzip2Bits, sizeLimit: number): LinkedBlock {
	if (bits.read(1) === 1) throw new BrokenBlock(); // randomised: of versions before 0.9.5
	const origin = bits.read(24);
	const alphabet = readAlphabet(bits);
	const groupCount = bits.read(3);
	if (groupCount < 2 || groupCount > 6) throw new BrokenBlock();
	const selectors = readSelectors(bits, groupCount);
	const codes = Array.from({ length: groupCount }, () => readCode(bits, alphabet.length + 2));
	const links = new Uint32Array(sizeLimit);
	const count = readSymbols(bits, { alphabet, selectors, codes, links });
	if (origin >= count) throw new BrokenBlock();
	linkUp(links, count);
	return { links, count, origin };
}

/** The bytes that occur: a map of 16 ranges, then a map of each range that is used. */
function readAlphabet(bits: Bzip2Bits): Uint8Array {
	const ranges = bits.read(16);
	const bytes: number[] = [];
	for (let range = 0; range < 16; range++) {
		if ((ranges & (0x8000 >> range)) === 0) continue;
		const used = bits.read(16);
		for (let low = 0; low < 16; low++) if (used & (0x8000 >> low)) bytes.push(16 * range + low);
	}
	if (bytes.length === 0) throw new BrokenBlock();
	return Uint8Array.from(bytes);
}

/** Which code each group of fifty symbols uses: unary numbers, moved to front. */
function readSelectors(bits: Bzip2Bits, groupCount: number): Uint8Array {
	const selectors = new Uint8Array(bits.read(15));
	if (selectors.length === 0) throw new BrokenBlock();
	const recent = Uint8Array.from({ length: groupCount }, (_, group) => group);
	for (let index = 0; index < selectors.length; index++) {
		let position = 0;
		while (bits.read(1) === 1) if (++position >= groupCount) throw new BrokenBlock();
		const group = recent[position];
		recent.copyWithin(1, 0, position);
		recent[0] = group;
		selectors[index] = group;
	}
	return selectors;
}

/** A canonical Huffman code. */
interface Code {
	/** By the next `tableBits` bits: symbol * 32 + length, or 0 where the code is longer. */
	table: Uint16Array;
	/** Largest code of each length, filled up to 20 bits; the symbols in order of their codes, and where a length begins. */
	limit: Int32Array;
	offset: Int32Array;
	symbols: Uint16Array;
}

function readCode(bits: Bzip2Bits, symbolCount: number): Code {
	const lengths = new Uint8Array(symbolCount);
	let length = bits.read(5);
	for (let symbol = 0; symbol < symbolCount; symbol++) {
		while (true) {
			if (length < 1 || length > maxCodeBits) throw new BrokenBlock();
			if (bits.read(1) === 0) break;
			length += bits.read(1) === 0 ? 1 : -1;
		}
		lengths[symbol] = length;
	}
	return buildCode(lengths);
}

function buildCode(lengths: Uint8Array): Code {
	const symbols = new Uint16Array(lengths.length);
	const limit = new Int32Array(maxCodeBits + 1).fill(-1);
	const offset = new Int32Array(maxCodeBits + 1);
	const table = new Uint16Array(1 << tableBits);
	let code = 0;
	let position = 0;
	for (let length = 1; length <= maxCodeBits; length++) {
		offset[length] = position - code;
		for (let symbol = 0; symbol < lengths.length; symbol++) {
			if (lengths[symbol] !== length) continue;
			if (code >= 1 << length) throw new BrokenBlock(); // more codes than there are
			const free = tableBits - length;
			if (free >= 0) table.fill(symbol * 32 + length, code << free, (code + 1) << free);
			symbols[position++] = symbol;
			code++;
		}
		limit[length] = (code << (maxCodeBits - length)) - 1;
		code <<= 1;
	}
	return { table, limit, offset, symbols };
}

interface SymbolCall {
	alphabet: Uint8Array;
	selectors: Uint8Array;
	codes: readonly Code[];
	/** Takes the bytes. */
	links: Uint32Array;
}

/**
 * Symbols until the end mark; returns the number of bytes. Symbols 0 and 1 are digits of a run, the last one is the end.
 * The state of the bits is held in variables here: this loop is half of the time.
 */
function readSymbols(bits: Bzip2Bits, { alphabet, selectors, codes, links }: SymbolCall): number {
	const recent = alphabet.slice();
	const end = alphabet.length + 1;
	const { bytes } = bits;
	let { at, loaded, held } = bits;
	let count = 0;
	let runLength = 0;
	let runDigit = 1;
	for (const selector of selectors) {
		const { table, limit, offset, symbols } = codes[selector];
		for (let left = symbolsOfGroup; left > 0; left--) {
			while (held < maxCodeBits) {
				loaded = (loaded << 8) | bytes[at++]; // undefined behind the end counts as 0
				held += 8;
			}
			const next = (loaded >>> (held - maxCodeBits)) & codeMask;
			let symbol = table[next >> (maxCodeBits - tableBits)];
			if (symbol !== 0) {
				held -= symbol & 31;
				symbol >>= 5;
			} else {
				let length = tableBits + 1;
				while (length <= maxCodeBits && next > limit[length]) length++;
				if (length > maxCodeBits) throw new BrokenBlock();
				held -= length;
				symbol = symbols[(next >> (maxCodeBits - length)) + offset[length]];
			}
			if (symbol <= 1) {
				runLength += runDigit << symbol;
				runDigit <<= 1;
				if (runLength > links.length) throw new BrokenBlock();
				continue;
			}
			if (runLength > 0) {
				if (count + runLength > links.length) throw new BrokenBlock();
				links.fill(recent[0], count, count + runLength);
				count += runLength;
				runLength = 0;
				runDigit = 1;
			}
			if (symbol === end) {
				Object.assign(bits, { at, loaded, held });
				bits.checkEnd();
				return count;
			}
			if (count === links.length) throw new BrokenBlock();
			links[count++] = moveToFront(recent, symbol - 1);
		}
	}
	throw new BrokenBlock();
}

function moveToFront(recent: Uint8Array, position: number): number {
	const byte = recent[position];
	for (let index = position; index > 0; index--) recent[index] = recent[index - 1];
	recent[0] = byte;
	return byte;
}

/** The position of each byte among all bytes in order tells where its follower stands. */
function linkUp(links: Uint32Array, count: number): void {
	const next = new Uint32Array(256);
	for (let index = 0; index < count; index++) next[links[index]]++;
	let sum = 0;
	for (let byte = 0; byte < 256; byte++) {
		const occurs = next[byte];
		next[byte] = sum;
		sum += occurs;
	}
	for (let index = 0; index < count; index++) links[next[links[index] & 255]++] |= index << 8;
}
