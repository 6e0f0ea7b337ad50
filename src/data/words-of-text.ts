// Running text of languages with spaces as words, as corpora of words have them (CoNLL-2003): marks stand alone, those within
// a word or number stay in it, a genitive's 's is cut off. An own rule, good enough to tag by.

import type { TextUnit } from './corpus';

export interface WordPosition {
	text: string;
	/** [start, end) in code points of the text. */
	start: number;
	end: number;
}

const word = /[\p{L}\p{M}\p{N}]+(?:(?!['’]s(?!\p{L}))[.,&'’-][\p{L}\p{M}\p{N}]+)*|['’]s(?!\p{L})|\S/gu;

/** Letters of a word whose dot may end a sentence: the dots of Mr, Dr, Inc and initials do not. */
const shortestEnd = 4;

export function wordPositions(text: string): WordPosition[] {
	let start = 0;
	let unit = 0;
	return [...text.matchAll(word)].map((match) => {
		start += [...text.slice(unit, match.index)].length;
		unit = match.index + match[0].length;
		const end = start + [...match[0]].length;
		const position = { text: match[0], start, end };
		start = end;
		return position;
	});
}

/** Sentences of a line in words: cut after ! and ?, and after a dot behind a longer word where a capital follows. */
export function cutIntoWords(line: string): string[][] {
	const words = wordPositions(line).map(({ text }) => text);
	const pieces: string[][] = [];
	let start = 0;
	for (const [index, mark] of words.entries()) {
		const next = words[index + 1] ?? '';
		const isDot = mark === '.' && (words[index - 1] ?? '').length >= shortestEnd;
		if (!(isDot || mark === '!' || mark === '?') || !/^\p{Lu}/u.test(next)) continue;
		pieces.push(words.slice(start, index + 1));
		start = index + 1;
	}
	return start < words.length ? [...pieces, words.slice(start)] : pieces;
}

/** What a text or vocabulary is made of: words when more than half of its entries have several code points. */
export function unitOfTokens(tokens: Iterable<string>): TextUnit {
	let several = 0;
	let all = 0;
	for (const token of tokens) {
		all++;
		if ([...token].length > 1) several++;
	}
	return several * 2 > all ? 'word' : 'character';
}

/** Whether a model was trained on words or on characters, by its vocabulary without the words of its lexicon. */
export function unitOfVocabulary(tokens: Iterable<string>, lexiconWords: Iterable<string> | null): TextUnit {
	const lexicon = new Set(lexiconWords ?? []);
	return unitOfTokens([...tokens].filter((token) => !lexicon.has(token)));
}
