// What sort of file somebody dropped, by its first bytes: a corpus, word vectors, a lexicon, a checkpoint, a whole
// workspace. Which format a corpus has, its own readers say.

import { isZip } from './containers/container-registry';
import type { VectorUnits } from './vectors/unit-text';

export type FileSort =
	| { kind: 'corpus' | 'lexicon' | 'checkpoint' | 'workspace' }
	/** What its words are: characters, pairs of them, or words of any length. */
	| { kind: 'vectors'; units: VectorUnits };

export interface FileHead {
	/** Decides only between what the content leaves open. */
	name: string;
	/** The first bytes as the file has them, and unpacked. */
	packed: Uint8Array;
	plain: Uint8Array;
}

/** The last line of the head may be cut off; it is not looked at where there are others. */
export function recogniseFile({ name, packed, plain }: FileHead): FileSort {
	if (isZip(packed)) {
		// The first entry's name stands behind thirty bytes of sizes and checks.
		const head = decode(packed.subarray(30, 1024));
		if (/^(corpus|lexicon|vectors|run|checkpoint|setting|unknown)\/\d+\.\d+\//.test(head)) return { kind: 'workspace' };
		if (head.startsWith('manifest.json')) return { kind: 'workspace' };
		if (/\.pkl|\/data\.pkl|archive\/|\.(pt|pth)$/.test(head) || /\.(pt|pth)$/i.test(name))
			return { kind: 'checkpoint' };
	}
	if (/\.safetensors$/i.test(name) || isSafetensors(packed)) return { kind: 'checkpoint' };
	const lines = completeLines(decode(plain));
	const words = binaryWords(plain) ?? rowWords(lines);
	if (words) return { kind: 'vectors', units: unitsOf(words) };
	return { kind: isWordList(lines) ? 'lexicon' : 'corpus' };
}

/** Eight bytes of length, then a JSON object. */
function isSafetensors(bytes: Uint8Array): boolean {
	return bytes.length > 9 && bytes[8] === 0x7b && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0 && bytes[4] === 0;
}

function decode(bytes: Uint8Array): string {
	return new TextDecoder().decode(bytes);
}

function completeLines(text: string): string[] {
	const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
	return (lines.length > 1 ? lines.slice(0, -1) : lines).slice(0, 400);
}

/** Words of word2vec's binary form: a header of two counts, then words between blocks of floats. Null for others. */
function binaryWords(bytes: Uint8Array): string[] | null {
	const lineEnd = bytes.subarray(0, 64).indexOf(10);
	const header = lineEnd < 0 ? null : /^(\d+) (\d+)\s*$/.exec(decode(bytes.subarray(0, lineEnd)));
	if (!header || !bytes.subarray(lineEnd, lineEnd + 4096).some((byte) => byte === 0 || byte > 0xf4)) return null;
	const width = Number(header[2]) * 4;
	const words: string[] = [];
	for (let at = lineEnd + 1; words.length < 200; ) {
		while (bytes[at] === 10) at++;
		const end = bytes.indexOf(32, at);
		if (end < 0) return words;
		words.push(decode(bytes.subarray(at, end)));
		at = end + 1 + width;
		if (at >= bytes.length) return words;
	}
	return words;
}

const minNumbers = 5;
const rowPattern = new RegExp(`^(.+?)((?:\\s+[+-]?\\d*\\.?\\d+(?:[eE][+-]?\\d+)?){${minNumbers},})\\s*$`, 'u');

/** First fields of rows of numbers; null when the lines are none. */
function rowWords(lines: readonly string[]): string[] | null {
	const rows = /^\d+\s+\d+\s*$/.test(lines[0] ?? '') ? lines.slice(1) : lines;
	const words = rows.slice(0, 200).map((line) => (line.length > 20_000 ? null : (rowPattern.exec(line)?.[1] ?? null)));
	const found = words.filter((word) => word !== null);
	return found.length > 0 && found.length >= words.length * 0.9 ? found : null;
}

/** Marks such as </s> and -unk- say nothing. */
function unitsOf(words: readonly string[]): VectorUnits {
	const lengths = words.filter((word) => !/^[<[-].*[>\]-]$/.test(word)).map((word) => [...word].length);
	const share = (length: number) => lengths.filter((other) => other === length).length / Math.max(1, lengths.length);
	if (share(1) >= 0.9) return 'characters';
	return share(2) >= 0.9 ? 'bigrams' : 'words';
}

/** One short word a line, or jieba's `word frequency part-of-speech`; no empty line parts sentences, no tag follows, no
 *  mark that ends sentences stands behind. */
function isWordList(lines: readonly string[]): boolean {
	const filled = lines.filter((line) => line.trim() !== '');
	if (filled.length < 3 || filled.length < lines.length * 0.98) return false;
	const isEntry = (line: string) =>
		/^\S{1,24}(\s+\d+(\s+[a-z]{1,6})?)?\s*$/iu.test(line) && !/[。，！？；：,!?;{}[\]].|.[。！？；]/u.test(line);
	const fits = filled.filter(isEntry).length / filled.length;
	return fits >= 0.98;
}
