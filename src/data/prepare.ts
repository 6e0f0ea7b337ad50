// From corpus, lexicon and vectors to what a run needs: tags in BIO, vocabularies, starting tables, lattices. In two
// phases, so that vector files are streamed once and only their useful rows are ever in memory:
// `wantedWords` says which rows the corpus can use; `prepareData` takes the rows that were kept.

import type { ExperimentConfig } from '../experiment/config';
import { type LabelSet, padTag, unknownTag } from '../experiment/labels';
import { UserError } from '../util/errors';
import { forkSeed, RandomStream } from '../util/random';
import { type BertText, type CountedWords, pieceEncoder, prepareBert } from './bert/bert-text';
import { requireBert, requirePositions } from './bert/require-bert';
import { bigramsOf } from './bigrams';
import { type ReadingNote, type Sentence, type Split, type SplitName, splitNames } from './corpus';
import { buildEmbeddingTable } from './embedding-table';
import { encodeSentence, matchedWords, rowLookup } from './encode-sentence';
import { buildLexicon, findMatches, type Lexicon } from './lexicon';
import type { EmbeddingTable, PreparedData, Vocabulary } from './prepared';
import { mapSplits, type RunSentences } from './run-sentences';
import type { TagScheme } from './tag-scheme';
import { buildTextIndex, occursIn } from './text-index';
import { type KeptVectors, mergeVectors } from './vector-file';
import { buildLabels, buildVocabulary } from './vocabulary';

/** Which rows of each vector file the corpus can use: the `wants` of `readVectors`. */
export interface WantedWords {
	character: (word: string) => boolean;
	bigram: (word: string) => boolean;
	/** Lexicon words: two or more code points that occur in some sentence. */
	word: (word: string) => boolean;
}

export function wantedWords(splits: readonly Split[]): WantedWords {
	const sentences = splits.flatMap((split) => split.sentences);
	const characters = new Set([padTag, unknownTag]);
	const bigrams = new Set([padTag, unknownTag]);
	for (const sentence of sentences) {
		for (const character of sentence.characters) characters.add(character);
		for (const bigram of bigramsOf(sentence.characters)) bigrams.add(bigram);
	}
	const index = buildTextIndex(sentences);
	return {
		character: (word) => characters.has(word),
		bigram: (word) => bigrams.has(word),
		word: (word) => word === padTag || word === unknownTag || occursIn(index, word),
	};
}

export interface PrepareInput {
	sentences: RunSentences;
	config: ExperimentConfig;
	/** Words of a lexicon of its own; null to take the words of `wordVectors`. One-character words are never matched. */
	lexiconWords: Iterable<string> | null;
	characterVectors: KeptVectors | null;
	bigramVectors: KeptVectors | null;
	wordVectors: KeptVectors | null;
	/** The BERT of the run; absent for a network without. */
	bert?: BertText | null;
	/** Seed of the run; the random rows have streams of their own. */
	seed: number;
}

export interface Coverage {
	/** Words of the vocabulary, `<pad>` and `<unk>` not counted. */
	words: number;
	/** With a row from the vector file; with a random row; without a row of their own. */
	found: number;
	random: number;
	unknown: number;
}

export interface PrepareReport {
	sentences: Record<SplitName, number>;
	characters: Record<SplitName, number>;
	/** Lexicon words matched, repeated ones too. */
	matches: Record<SplitName, number>;
	scheme: TagScheme;
	/** Training sentences that were cut into pieces. */
	clippedSentences: number;
	lattice: Coverage;
	bigram: Coverage;
	/** Everything that the readers and this step changed or found odd. */
	notes: ReadingNote[];
}

/**
 * The data's splits are those of the chosen sentences, entry by entry. Throws UserError: `bert-missing`, `sentence-over-positions`,
 * `vectors-match-nothing`, `vectors-widths-differ`.
 */
export function prepareData(input: PrepareInput): { data: PreparedData; report: PrepareReport } {
	const { config } = input;
	const { splits, scheme, clippedSentences } = input.sentences;
	const notes = [...input.sentences.notes];
	const bertText = requireBert(config.model.encoder, input.bert ?? null);
	const lexicon = config.model.lexicon ? lexiconOf(input, notes) : null;
	const wordLists = mapSplits((name) => splits[name].map((sentence) => wordsOf(sentence, lexicon)));

	const latticeText = mapSplits((name) =>
		wordLists[name].map((words, at) => [...splits[name][at].characters, ...words]),
	);
	const latticeVocabulary = vocabularyOf(latticeText, config);
	const lattice = buildEmbeddingTable({
		vocabulary: latticeVocabulary,
		vectors: latticeVectors(input, latticeVocabulary, lexicon !== null),
		dimension: config.model.embeddingSize,
		normalize: config.data.normalizeEmbeddings,
		random: new RandomStream(forkSeed(input.seed, 'lattice-rows')),
	});
	const bigram = bigramTable(input, splits);
	const labels = labelsOf(splits, config, notes);
	const bert =
		bertText && prepareBert(bertText, config.quirks.bareWordPieces, countedWords(latticeText, latticeVocabulary));
	if (bert) requirePositions(splits, bert, config.quirks.refuseLongSentences);
	const encoder = {
		latticeRows: rowLookup(lattice),
		bigramRows: config.model.bigrams ? rowLookup(bigram) : null,
		lexicon,
		tagIds: new Map(labels.tags.map((tag, id) => [tag, id])),
		pieces: bert && pieceEncoder(bert),
	};
	const encoded = mapSplits((name) =>
		splits[name].map(({ characters, tags }) => encodeSentence(characters, tags, encoder)),
	);
	const total = (name: SplitName, count: (sentence: (typeof encoded)[SplitName][number]) => number) =>
		encoded[name].reduce((sum, sentence) => sum + count(sentence), 0);
	return {
		data: {
			labels,
			lattice,
			bigram,
			bert,
			lexiconWords: [...new Set(splitNames.flatMap((name) => wordLists[name].flat()))].sort(),
			splits: encoded,
			maxCharacters: Math.max(...splitNames.map((name) => longest(splits[name]))),
		},
		report: {
			sentences: mapSplits((name) => encoded[name].length),
			characters: mapSplits((name) => total(name, (sentence) => sentence.characterRows.length)),
			matches: mapSplits((name) => total(name, (sentence) => sentence.wordRows.length)),
			scheme,
			clippedSentences,
			lattice: coverageOf(lattice),
			bigram: coverageOf(bigram),
			notes,
		},
	};
}

function lexiconOf({ lexiconWords, wordVectors }: PrepareInput, notes: ReadingNote[]): Lexicon | null {
	const words = lexiconWords ?? wordVectors?.words;
	if (words) return buildLexicon(longWords(words));
	const message = 'There is no lexicon and no word vectors: the lattices contain only characters';
	notes.push({ code: 'lexicon-missing', file: '', line: 0, message });
	return null;
}

/** Words of two code points and more: only they are nodes of a lattice beside the characters. */
export function* longWords(words: Iterable<string>): Generator<string> {
	for (const word of words) if (!isOneCharacter(word) && word !== padTag && word !== unknownTag) yield word;
}

function isOneCharacter(word: string): boolean {
	return word.length === 1 || (word.length === 2 && (word.codePointAt(0) ?? 0) > 0xffff);
}

/** The lexicon words of a sentence, repeated ones too. */
export function wordsOf(sentence: Sentence, lexicon: Lexicon | null): string[] {
	if (lexicon === null) return [];
	const { start, last } = findMatches(lexicon, sentence.characters);
	return matchedWords(sentence.characters, start, last);
}

/** What the trimmed table of pieces needs to know of the lattice vocabulary. */
function countedWords(text: Record<SplitName, string[][]>, { words, hasOwnEntry }: Vocabulary): CountedWords {
	const counts = new Map<string, number>();
	for (const name of splitNames) for (const word of text[name].flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
	const trained = new Set(words.filter((_, id) => hasOwnEntry[id] === 1));
	return { words: words.slice(2), counts, isTrained: (word) => trained.has(word) };
}

function vocabularyOf(text: Record<SplitName, string[][]>, config: ExperimentConfig): Vocabulary {
	return buildVocabulary(text.train, [text.dev, text.test], config.quirks.countDevAndTest);
}

/** As published: the word file without its one-character entries, followed by the character file. */
function latticeVectors(input: PrepareInput, vocabulary: Vocabulary, hasWords: boolean): KeptVectors | null {
	const { characterVectors, wordVectors } = input;
	const known = new Set(vocabulary.words);
	const parts: KeptVectors[] = [];
	if (wordVectors && hasWords) {
		const words = withoutCharacters(wordVectors);
		requireMatches(words, known, 'words of the lexicon');
		parts.push(words);
	}
	if (characterVectors) {
		requireMatches(characterVectors, known, 'characters');
		parts.push(characterVectors);
	}
	return parts.length > 0 ? mergeVectors(parts) : null;
}

function withoutCharacters(vectors: KeptVectors): KeptVectors {
	const { dimension, values } = vectors;
	const rows = vectors.words.flatMap((word, row) => (isOneCharacter(word) ? [] : [row]));
	const kept = new Float32Array(rows.length * dimension);
	rows.forEach((row, index) => {
		kept.set(values.subarray(row * dimension, (row + 1) * dimension), index * dimension);
	});
	return { ...vectors, words: rows.map((row) => vectors.words[row]), values: kept };
}

function requireMatches(vectors: KeptVectors, known: ReadonlySet<string>, what: string): void {
	if (vectors.words.some((word) => known.has(word) && word !== padTag && word !== unknownTag)) return;
	throw new UserError({
		code: 'vectors-match-nothing',
		location: { file: vectors.file },
		expected: `vectors for ${what} of the corpus`,
		found: `none among ${vectors.entryCount} entries`,
		remedy: 'Check that the character, bigram and word vector files are not mixed up, and that the encoding is right.',
	});
}

/** The bigram table; `<pad>` and `<unk>` alone when the model takes no bigrams. */
function bigramTable(input: PrepareInput, splits: RunSentences['splits']): EmbeddingTable {
	const { config, bigramVectors } = input;
	const isUsed = config.model.bigrams;
	const text = mapSplits((name) => (isUsed ? splits[name].map((sentence) => bigramsOf(sentence.characters)) : []));
	const vocabulary = vocabularyOf(text, config);
	if (bigramVectors && isUsed) requireMatches(bigramVectors, new Set(vocabulary.words), 'bigrams');
	return buildEmbeddingTable({
		vocabulary,
		vectors: isUsed ? bigramVectors : null,
		dimension: config.model.embeddingSize,
		normalize: config.data.normalizeEmbeddings,
		random: new RandomStream(forkSeed(input.seed, 'bigram-rows')),
	});
}

/** As published, tags that only dev or test have are `<unk>`; as intended they stand behind those of train. */
function labelsOf(splits: RunSentences['splits'], config: ExperimentConfig, notes: ReadingNote[]): LabelSet {
	const tags = mapSplits((name) => splits[name].map((sentence) => sentence.tags ?? []));
	const all = buildLabels(tags.train, [tags.dev, tags.test]);
	const trained = buildLabels(tags.train);
	const unseen = all.tags.slice(trained.tags.length);
	if (unseen.length > 0) {
		const message = `Tags that do not occur in train: ${unseen.join(', ')}`;
		notes.push({ code: 'tags-unseen', file: '', line: 0, message });
	}
	return config.quirks.padTag ? trained : all;
}

export function coverageOf({ vocabulary, foundCount, randomCount }: EmbeddingTable): Coverage {
	const words = vocabulary.words.length - 2;
	return { words, found: foundCount, random: randomCount, unknown: words - foundCount - randomCount };
}

/** Characters of the longest sentence. */
export function longest(sentences: readonly Sentence[]): number {
	return sentences.reduce((most, sentence) => Math.max(most, sentence.characters.length), 0);
}
