// Cuts a long training sentence into pieces near a given length, as the published program prepares MSRA and OntoNotes:
// at a sentence end, else at a comma, else where no entity is torn.

import type { Sentence } from './corpus';

const sentenceEnds = new Set('。！？');
const commas = new Set('，；');
/** How far behind the wished length a mark is looked for. */
const slack = 10;

/** The pieces of a sentence with BIO tags, or the sentence itself. `length` is the wished number of characters, above 0. */
export function clipSentence(sentence: Sentence, length: number): Sentence[] {
	const { characters, tags, line } = sentence;
	const pieces: Sentence[] = [];
	let start = 0;
	while (start < characters.length) {
		const end = cutPosition(characters, tags, start, length);
		pieces.push({
			characters: characters.slice(start, end),
			tags: tags?.slice(start, end) ?? null,
			line: line === 0 ? 0 : line + start,
		});
		start = end;
	}
	return pieces;
}

/** End (exclusive) of the piece that begins at `start`. */
function cutPosition(
	characters: readonly string[],
	tags: readonly string[] | null,
	start: number,
	length: number,
): number {
	const wished = start + length;
	const latest = wished + slack;
	if (characters.length <= wished) return characters.length;
	for (const marks of [sentenceEnds, commas]) {
		for (let end = wished; end < Math.min(latest, characters.length); end++)
			if (marks.has(characters[end - 1])) return end;
	}
	let end = Math.min(latest, characters.length);
	while (end < characters.length && tags?.[end].startsWith('I-')) end++;
	return end;
}
