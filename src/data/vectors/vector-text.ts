// Word vectors as text, in the form that word2vec writes and every reader knows: a header line `count dimension`, then
// a word and its numbers a line, single spaces between, five decimals.

/** Text in pieces of many lines. `values` is [words.length, dimension]. */
export function* formatVectors(vectors: {
	words: readonly string[];
	dimension: number;
	values: Float32Array;
}): Generator<string> {
	const { words, dimension, values } = vectors;
	yield `${words.length} ${dimension}\n`;
	const piece = 256;
	for (let first = 0; first < words.length; first += piece) {
		const lines = words.slice(first, first + piece).map((word, index) => {
			const start = (first + index) * dimension;
			const numbers = Array.from(values.subarray(start, start + dimension), (value) => value.toFixed(5));
			return `${word} ${numbers.join(' ')}\n`;
		});
		yield lines.join('');
	}
}
