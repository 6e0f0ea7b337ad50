// Cuts a line of running text into sentences, as corpora have them: after 。！？… and their closing quotes and brackets.
// An own rule, good enough to tag by; dots of Latin text are left alone, because they stand in numbers and names too.

const ends = new Set('。！？!?…；');
const closers = new Set('”’"』」）)】》');

/** Pieces of a line in code points, white space at their borders dropped, none empty. */
export function cutAtSentenceEnds(line: string): string[][] {
	const pieces: string[][] = [];
	let current: string[] = [];
	const close = () => {
		const text = [...current.join('').trim()];
		if (text.length > 0) pieces.push(text);
		current = [];
	};
	const characters = [...line];
	for (const [index, character] of characters.entries()) {
		const next = characters[index + 1];
		const isAfterEnd = current.some((one) => ends.has(one));
		current.push(character);
		const mayEnd = ends.has(character) || (isAfterEnd && closers.has(character));
		if (mayEnd && next !== undefined && !ends.has(next) && !closers.has(next)) close();
	}
	close();
	return pieces;
}
