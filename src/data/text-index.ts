// Whether a word occurs anywhere in a corpus, fast enough to ask it for every line of a large vector file: positions are
// chained by their first two code points, and a word is compared at the positions of its own.

import type { Sentence } from './corpus';

export interface TextIndex {
	/** Code points of all sentences, each followed by -1. */
	readonly codes: Int32Array;
	/** Last position of each pair of code points, first * 2^21 + second. */
	readonly lastPosition: ReadonlyMap<number, number>;
	/** The position before with the same pair, or -1. [codes.length] */
	readonly positionBefore: Int32Array;
}

export function buildTextIndex(sentences: Iterable<Sentence>): TextIndex {
	const list: number[] = [];
	for (const sentence of sentences) {
		for (const character of sentence.characters) for (const part of character) list.push(part.codePointAt(0) ?? 0);
		list.push(-1);
	}
	const codes = Int32Array.from(list);
	const lastPosition = new Map<number, number>();
	const positionBefore = new Int32Array(codes.length).fill(-1);
	for (let position = 0; position + 1 < codes.length; position++) {
		if (codes[position] < 0 || codes[position + 1] < 0) continue;
		const key = pairKey(codes[position], codes[position + 1]);
		positionBefore[position] = lastPosition.get(key) ?? -1;
		lastPosition.set(key, position);
	}
	return { codes, lastPosition, positionBefore };
}

function pairKey(first: number, second: number): number {
	return first * 0x200000 + second;
}

/** Whether a word of two or more code points stands within some sentence; false for shorter words. */
export function occursIn(index: TextIndex, word: string): boolean {
	const first = word.codePointAt(0);
	if (first === undefined) return false;
	const second = word.codePointAt(first > 0xffff ? 2 : 1);
	if (second === undefined) return false;
	let position = index.lastPosition.get(pairKey(first, second)) ?? -1;
	if (position < 0) return false;
	const codes = Array.from(word, (part) => part.codePointAt(0));
	while (position >= 0) {
		let length = 2;
		while (length < codes.length && index.codes[position + length] === codes[length]) length++;
		if (length === codes.length) return true;
		position = index.positionBefore[position];
	}
	return false;
}
