// Word vectors written as other tools read them: text with a header line `count dimension`, then a word and its numbers
// a line; and the binary form of word2vec.

export interface WritableVectors {
	words: readonly string[];
	dimension: number;
	/** [words.length, dimension] */
	values: Float32Array;
}

/** Five decimals are what published vectors have; `exact` writes as many digits as bring the same float32 back. */
export type NumberForm = 'five-decimals' | 'exact';

/** Text in pieces of many lines. */
export function* formatVectors(vectors: WritableVectors, form: NumberForm = 'five-decimals'): Generator<string> {
	const { words, dimension, values } = vectors;
	const textOf = form === 'exact' ? shortestText : (value: number) => value.toFixed(5);
	yield `${words.length} ${dimension}\n`;
	const piece = 256;
	for (let first = 0; first < words.length; first += piece) {
		const lines = words.slice(first, first + piece).map((word, index) => {
			const start = (first + index) * dimension;
			return `${word} ${Array.from(values.subarray(start, start + dimension), textOf).join(' ')}\n`;
		});
		yield lines.join('');
	}
}

/** Nine significant digits are always enough for a float32. */
function shortestText(value: number): string {
	for (let digits = 6; digits < 9; digits++) {
		const text = value.toPrecision(digits);
		if (Math.fround(Number(text)) === value) return String(Number(text));
	}
	return String(Number(value.toPrecision(9)));
}

/** Words with spaces cannot be told in this form: their spaces become underscores, as word2vec's own phrases have them. */
export function encodeBinaryVectors({ words, dimension, values }: WritableVectors): Uint8Array<ArrayBuffer> {
	const encoder = new TextEncoder();
	const header = encoder.encode(`${words.length} ${dimension}\n`);
	const names = words.map((word) => encoder.encode(`${word.replaceAll(' ', '_')} `));
	const nameBytes = names.reduce((sum, name) => sum + name.length, 0);
	const bytes = new Uint8Array(header.length + nameBytes + words.length * (4 * dimension + 1));
	const view = new DataView(bytes.buffer);
	bytes.set(header);
	let at = header.length;
	names.forEach((name, row) => {
		bytes.set(name, at);
		at += name.length;
		for (let column = 0; column < dimension; column++, at += 4) {
			view.setFloat32(at, values[row * dimension + column], true);
		}
		bytes[at++] = 10;
	});
	return bytes;
}
