// The sample's lexicon and vectors: which words of the dictionary it keeps, and the skip-gram training on the text
// without tags. Rows that neither the corpus nor frequent text needs are dropped.

import { bigramsOf } from '../../src/data/bigrams';
import { buildLexicon } from '../../src/data/lexicon';
import { skipGramDefaults, type TrainedVectors, trainSkipGram } from '../../src/data/vectors/skip-gram';
import { UnitTextBuilder, type VectorUnits } from '../../src/data/vectors/unit-text';
import type { DictionaryWord } from './dictionary';

const seed = 1;
const epochs = 3;
/** Digits after the point: rows have length 1, so a number is off by at most a two-hundredth of its usual size. */
const digits = 3;

const longestWord = 8;
/** Words that the corpus does not hold stay when they are at least so frequent; names of places and bodies earlier. */
const frequentWord = 1500;
const frequentName = 100;

/** All pieces of 2 to 8 characters of the texts. */
function piecesOf(texts: readonly string[]): Set<string> {
	const pieces = new Set<string>();
	for (const text of texts) {
		const characters = Array.from(text);
		for (let start = 0; start < characters.length; start++)
			for (let length = 2; length <= longestWord && start + length <= characters.length; length++)
				pieces.add(characters.slice(start, start + length).join(''));
	}
	return pieces;
}

/** The sample's lexicon, in order of code points. */
export function chooseLexicon(dictionary: readonly DictionaryWord[], corpusTexts: readonly string[]): string[] {
	const pieces = piecesOf(corpusTexts);
	const isWanted = ({ word, frequency, kind }: DictionaryWord) =>
		pieces.has(word) || frequency >= (kind === 'ns' || kind === 'nt' ? frequentName : frequentWord);
	return [...new Set(dictionary.filter(isWanted).map(({ word }) => word))].sort();
}

/** Rarer units get no vector. */
const leastCount: Record<VectorUnits, number> = { characters: 1, bigrams: 2, words: 1 };
/** Of the units that the corpus does not hold, the most frequent so many are kept. */
const furtherRows: Record<VectorUnits, number> = { characters: 6000, bigrams: 6000, words: 20_000 };

/** The units that the corpus holds. */
function unitsOf(units: VectorUnits, texts: readonly string[]): Set<string> {
	if (units === 'words') return piecesOf(texts);
	const characters = texts.map((text) => Array.from(text));
	return new Set(characters.flatMap(units === 'bigrams' ? bigramsOf : (text) => text));
}

export interface VectorRequest {
	units: VectorUnits;
	lexicon: readonly string[];
	/** Sentences of the corpus; the rows that they need are kept. */
	corpusTexts: readonly string[];
	/** Text to train on. */
	lines: readonly string[];
}

/** Trains vectors and gives the rows that are kept as word2vec text, each row scaled to length 1. */
export function trainVectors({ units, lexicon, corpusTexts, lines }: VectorRequest): string {
	const builder = new UnitTextBuilder(units, units === 'words' ? buildLexicon(lexicon) : null);
	for (const line of lines) builder.add(line);
	const training = trainSkipGram(builder.finish(leastCount[units]), { ...skipGramDefaults, epochs }, seed);
	for (;;) {
		const { done, value } = training.next();
		if (done) return formatRows(value, unitsOf(units, corpusTexts), furtherRows[units]);
	}
}

function formatRows({ words, dimension, values }: TrainedVectors, needed: ReadonlySet<string>, furtherRows: number) {
	let further = 0;
	const rows: string[] = [];
	for (const [index, word] of words.entries()) {
		if (!needed.has(word) && ++further > furtherRows) continue;
		const row = values.subarray(index * dimension, (index + 1) * dimension);
		const norm = Math.hypot(...row);
		rows.push(`${word} ${Array.from(row, (number) => (number / norm).toFixed(digits)).join(' ')}`);
	}
	return `${rows.length} ${dimension}\n${rows.join('\n')}\n`;
}
