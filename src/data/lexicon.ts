// The lexicon as a trie over code points, and all its words in a sentence. Nodes are numbers; the step from a node along
// a code point is found in one open-addressed hash table, so that building needs no sorting and little memory.

import { mix32 } from '../util/counter-random';

export interface Lexicon {
	/** Number of distinct words. */
	readonly wordCount: number;
	/** Nodes, the root (0) included. */
	readonly nodeCount: number;
	/** Whether a word ends at each node. */
	readonly isWord: Uint8Array;
	/** The table: a step from `from` along `along` leads to `to`; `to` is 0 in an empty slot. Length is a power of two. */
	readonly from: Int32Array;
	readonly along: Int32Array;
	readonly to: Int32Array;
}

/** Words of a sentence, ordered by start, then by end. */
export interface LexiconMatches {
	/** First character of each match. [M] */
	start: Int32Array;
	/** Last character, inclusive. [M] */
	last: Int32Array;
}

function slotOf(table: Pick<Lexicon, 'from' | 'along' | 'to'>, node: number, codePoint: number): number {
	const mask = table.to.length - 1;
	let slot = mix32(Math.imul(node, 0x9e3779b1) ^ codePoint) & mask;
	while (table.to[slot] !== 0 && (table.from[slot] !== node || table.along[slot] !== codePoint))
		slot = (slot + 1) & mask;
	return slot;
}

/** The trie of all words but the empty one; a repeated word counts once. Nothing else is left out. */
export function buildLexicon(words: Iterable<string>): Lexicon {
	let table = emptyTable(1 << 12);
	let isWord = new Uint8Array(1 << 11);
	let nodeCount = 1;
	let wordCount = 0;
	for (const word of words) {
		let node = 0;
		for (let index = 0; index < word.length; index++) {
			const codePoint = word.codePointAt(index) ?? 0;
			if (codePoint > 0xffff) index++;
			const slot = slotOf(table, node, codePoint);
			if (table.to[slot] === 0) {
				table.from[slot] = node;
				table.along[slot] = codePoint;
				table.to[slot] = nodeCount;
				node = nodeCount++;
				if (nodeCount * 2 > table.to.length) table = largerTable(table);
				if (nodeCount > isWord.length) isWord = larger(isWord);
			} else node = table.to[slot];
		}
		if (node === 0 || isWord[node] === 1) continue;
		isWord[node] = 1;
		wordCount++;
	}
	return { wordCount, nodeCount, isWord, ...table };
}

function emptyTable(size: number) {
	return { from: new Int32Array(size), along: new Int32Array(size), to: new Int32Array(size) };
}

function largerTable(old: Pick<Lexicon, 'from' | 'along' | 'to'>) {
	const table = emptyTable(old.to.length * 2);
	for (let index = 0; index < old.to.length; index++) {
		if (old.to[index] === 0) continue;
		const slot = slotOf(table, old.from[index], old.along[index]);
		table.from[slot] = old.from[index];
		table.along[slot] = old.along[index];
		table.to[slot] = old.to[index];
	}
	return table;
}

function larger(flags: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
	const copy = new Uint8Array(flags.length * 2);
	copy.set(flags);
	return copy;
}

/**
 * Every word of the lexicon at every position of a sentence, overlapping ones too, one-character ones if the lexicon has
 * them. A character may be a token of several code points; words then begin and end with whole tokens.
 */
export function findMatches(lexicon: Lexicon, characters: readonly string[]): LexiconMatches {
	const start: number[] = [];
	const last: number[] = [];
	for (let first = 0; first < characters.length; first++) {
		let node = 0;
		for (let position = first; position < characters.length; position++) {
			node = walk(lexicon, node, characters[position]);
			if (node === 0) break;
			if (lexicon.isWord[node] === 0) continue;
			start.push(first);
			last.push(position);
		}
	}
	return { start: Int32Array.from(start), last: Int32Array.from(last) };
}

/** The node after all code points of a text, or 0 when the trie ends before. */
function walk(lexicon: Lexicon, from: number, text: string): number {
	let node = from;
	for (let index = 0; index < text.length; index++) {
		const codePoint = text.codePointAt(index) ?? 0;
		if (codePoint > 0xffff) index++;
		node = lexicon.to[slotOf(lexicon, node, codePoint)];
		if (node === 0) return 0;
	}
	return node;
}
