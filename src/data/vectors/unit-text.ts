// Raw text as the skip-gram trainer sees it: a sequence of units (characters, bigrams, lexicon words) by number. Words
// are not cut once for all: every lexicon word at every position is kept, and each epoch draws a cut of its own, so that
// 南京, 市长 and 南京市 all meet contexts (the idea of subword regularisation; Kudo 2018).

import { invariant, UserError } from '../../util/errors';
import type { RandomStream } from '../../util/random';
import { bigramsOf } from '../bigrams';
import { findMatches, type Lexicon } from '../lexicon';

/** What gets a vector. Words need a lexicon; where no word begins, the single character is the unit. */
export type VectorUnits = 'characters' | 'bigrams' | 'words';
export const vectorUnits: readonly VectorUnits[] = ['characters', 'bigrams', 'words'];

export interface UnitText {
	/** The units that are frequent enough, by falling count; ties in order of first appearance. */
	words: string[];
	/** How often each stands in the text; of words, all occurrences in the lattice. [words.length] */
	counts: Float64Array;
	/** Where each piece of text begins among the characters, and the end. [pieces + 1] */
	pieceStart: Int32Array;
	/** Unit at each character (-1: too rare), or, with `lattice`, at each entry of the lattice. */
	units: Int32Array;
	/** All units that begin at a character: entries [first[c], first[c + 1]), shortest first; null when there is one each. */
	lattice: { first: Int32Array; length: Uint16Array } | null;
}

/** Longer lines are trained in pieces of so many characters, as word2vec does. */
const pieceCharacters = 1000;

/** Takes lines one by one, so that the text itself is never held. */
export class UnitTextBuilder {
	private readonly idOf = new Map<string, number>();
	private readonly seen: number[] = [];
	private readonly unitIds = new GrowingInt32();
	private readonly pieceStarts = new GrowingInt32();
	private readonly firsts = new GrowingInt32();
	private readonly lengths = new GrowingInt32();
	private characters = 0;

	constructor(
		private readonly kind: VectorUnits,
		private readonly lexicon: Lexicon | null,
		/** Units of text beyond which it is refused: each takes four bytes or more. */
		private readonly maxUnits = Number.POSITIVE_INFINITY,
	) {
		invariant(kind !== 'words' || lexicon !== null, 'words are cut by a lexicon');
	}

	/** White space and control characters are left out; an empty line adds nothing. Throws `skip-gram-text-large`. */
	readonly add = (line: string): void => this.addCharacters([...line]);

	/** The same for a sentence that is cut already: into characters, or into the words of a language that parts them. */
	addCharacters(sentence: readonly string[]): void {
		const characters = sentence.filter((character) => character > ' ' && !/\s/.test(character));
		for (let start = 0; start < characters.length; start += pieceCharacters) {
			this.addPiece(characters.slice(start, start + pieceCharacters));
		}
		if (this.unitIds.length > this.maxUnits) throw tooLarge(this.maxUnits);
	}

	/** Units seen fewer than `minCount` times get no vector. */
	finish(minCount: number): UnitText {
		const kept = [...this.seen.keys()].filter((id) => this.seen[id] >= minCount);
		kept.sort((left, right) => this.seen[right] - this.seen[left] || left - right);
		const rank = new Int32Array(this.seen.length).fill(-1);
		kept.forEach((id, index) => {
			rank[id] = index;
		});
		const texts = [...this.idOf.keys()];
		this.pieceStarts.push(this.characters);
		this.firsts.push(this.unitIds.length);
		const lattice = { first: this.firsts.values(), length: Uint16Array.from(this.lengths.values()) };
		return {
			words: kept.map((id) => texts[id]),
			counts: Float64Array.from(kept, (id) => this.seen[id]),
			pieceStart: this.pieceStarts.values(),
			units: this.unitIds.values().map((id) => rank[id]),
			lattice: this.kind === 'words' ? lattice : null,
		};
	}

	private addPiece(characters: string[]): void {
		this.pieceStarts.push(this.characters);
		this.characters += characters.length;
		if (this.kind === 'characters') for (const character of characters) this.addUnit(character);
		else if (this.kind === 'bigrams') for (const bigram of bigramsOf(characters)) this.addUnit(bigram);
		else this.addWords(characters);
	}

	private addWords(characters: string[]): void {
		const { start, last } = findMatches(this.lexicon as Lexicon, characters);
		let match = 0;
		for (let position = 0; position < characters.length; position++) {
			this.firsts.push(this.unitIds.length);
			this.addUnit(characters[position]);
			this.lengths.push(1);
			for (; match < start.length && start[match] === position; match++) {
				const length = last[match] - position + 1;
				if (length === 1) continue;
				this.addUnit(characters.slice(position, position + length).join(''));
				this.lengths.push(length);
			}
		}
	}

	private addUnit(text: string): void {
		let id = this.idOf.get(text);
		if (id === undefined) {
			id = this.seen.push(0) - 1;
			this.idOf.set(text, id);
		}
		this.seen[id]++;
		this.unitIds.push(id);
	}
}

/** The longest word at a position is as likely as all shorter ones together. */
const longestShare = 0.5;

/** The units of one piece, in order, into `into`; returns how many. Words are cut by chance. Too rare units are left out. */
export function cutPiece(text: UnitText, piece: number, random: RandomStream, into: Int32Array): number {
	const { units, lattice, pieceStart } = text;
	const end = pieceStart[piece + 1];
	let count = 0;
	for (let position = pieceStart[piece]; position < end; ) {
		let entry = position;
		let length = 1;
		if (lattice !== null) {
			entry = drawEntry(lattice.first[position], lattice.first[position + 1], random);
			length = lattice.length[entry];
		}
		if (units[entry] >= 0) into[count++] = units[entry];
		position += length;
	}
	return count;
}

function drawEntry(first: number, end: number, random: RandomStream): number {
	const last = end - 1;
	if (first === last || random.uniform() < longestShare) return last;
	return first + random.below(last - first);
}

/** The longest piece, in characters. */
export function longestPiece({ pieceStart }: UnitText): number {
	let longest = 0;
	for (let piece = 1; piece < pieceStart.length; piece++) {
		longest = Math.max(longest, pieceStart[piece] - pieceStart[piece - 1]);
	}
	return longest;
}

function tooLarge(most: number): UserError {
	return new UserError({
		code: 'skip-gram-text-large',
		expected: `text of at most ${most / 1e6} million units in the browser`,
		found: 'more',
		remedy: 'Use a part of the text, or train on the command line: nerco vectors train.',
	});
}

class GrowingInt32 {
	private array = new Int32Array(1024);
	length = 0;

	push(value: number): void {
		if (this.length === this.array.length) {
			const larger = new Int32Array(this.array.length * 2);
			larger.set(this.array);
			this.array = larger;
		}
		this.array[this.length++] = value;
	}

	values(): Int32Array {
		return this.array.slice(0, this.length);
	}
}
