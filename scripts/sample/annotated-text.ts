// The notation of the sample's texts: `[G南京市]` is a mention written out (P person, O organisation, G place with a
// government, L other place), `(O校)` a mention to be drawn, `{日}` a word to be drawn. `== news` opens a genre.

import { readFileSync } from 'node:fs';
import { invariant } from '../../src/util/errors';
import type { Drawer } from './drawer';

const typeOfLetter: Record<string, string> = { P: 'PER', O: 'ORG', G: 'GPE', L: 'LOC' };

export type Draw = (drawer: Drawer) => string;

/** How text becomes tokens, and what templates may draw. The first letter of a slot's name says its type. */
export interface Language {
	split: (text: string) => string[];
	slots: Record<string, Draw>;
	fillers: Record<string, Draw>;
	/** Makes a template longer, or not, by chance. */
	goOn: (text: string, genre: string, drawer: Drawer) => string;
}

/** Tokens with their BIO tags. */
export interface TaggedSentence {
	tokens: string[];
	tags: string[];
}

/** A line of a text file and its genre. */
export interface TextLine {
	text: string;
	genre: string;
}

/** The lines of a file in text/, without blank ones. */
export function readLines(name: string): TextLine[] {
	let genre = '';
	const lines: TextLine[] = [];
	for (const text of readFileSync(new URL(`./text/${name}`, import.meta.url), 'utf8').split('\n')) {
		if (text.startsWith('== ')) genre = text.slice(3);
		else if (text !== '') lines.push({ text, genre });
	}
	return lines;
}

const piece = /\[(?<letter>[POGL])(?<name>[^\]]+)\]|\((?<slot>[^)]+)\)|\{(?<filler>[^}]+)\}|(?<plain>[^[({]+|\[)/gu;

/** True where the line has something to be drawn, so that it makes many sentences. */
export function isTemplate(text: string): boolean {
	return /[({]/u.test(text);
}

function append(sentence: TaggedSentence, tokens: readonly string[], type: string): void {
	sentence.tokens.push(...tokens);
	sentence.tags.push(...tokens.map((_, index) => (type === '' ? 'O' : `${index === 0 ? 'B' : 'I'}-${type}`)));
}

/** The sentence that a line stands for. Throws on a slot or filler that does not exist, and on white space in a token. */
export function expand(text: string, drawer: Drawer, { split, slots, fillers }: Language): TaggedSentence {
	const sentence: TaggedSentence = { tokens: [], tags: [] };
	for (const { groups = {} } of text.matchAll(piece)) {
		const { letter, name, slot, filler, plain } = groups;
		if (letter !== undefined) append(sentence, split(name), typeOfLetter[letter]);
		else if (plain !== undefined) append(sentence, split(plain), '');
		else {
			const draw = slot === undefined ? fillers[filler] : slots[slot];
			invariant(draw !== undefined, `nothing is called ${slot ?? filler} in: ${text}`);
			append(sentence, split(draw(drawer)), slot === undefined ? '' : typeOfLetter[slot[0]]);
		}
	}
	invariant(!sentence.tokens.some((token) => /\s/u.test(token)), `white space in: ${text}`);
	return sentence;
}

/** A split in CoNLL columns: token, space, tag; a blank line after each sentence. */
export function toConll(sentences: readonly TaggedSentence[]): string {
	return sentences.map(({ tokens, tags }) => tokens.map((token, at) => `${token} ${tags[at]}\n`).join('')).join('\n');
}
