// Bigrams: each character with the one after it. The last character stands before an end mark (reference/lattice).

/** Stands after the last character. */
const endMark = '<end>';

/** One bigram a character; none for an empty sentence. */
export function bigramsOf(characters: readonly string[]): string[] {
	return characters.map((character, index) => character + (characters[index + 1] ?? endMark));
}
