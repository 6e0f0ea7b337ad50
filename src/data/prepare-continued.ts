// Data for a run that continues a trained model with a corpus of its own: the model's tags and vocabularies stay as they
// are, so that every parameter keeps its meaning; new characters and words get rows from stored vectors behind the
// model's own, and without one they are read as `<unk>`.

import { UserError } from '../util/errors';
import { pieceEncoder } from './bert/bert-text';
import { requireBert, requirePositions } from './bert/require-bert';
import { bigramsOf } from './bigrams';
import type { Sentence } from './corpus';
import { splitNames } from './corpus';
import { addRows, encodeSentence, requireWidth, rowLookup } from './encode-sentence';
import { buildLexicon, type Lexicon } from './lexicon';
import { coverageOf, longest, longWords, type PrepareInput, type PrepareReport, wordsOf } from './prepare';
import type { EmbeddingTable, PreparedData } from './prepared';
import { mapSplits, type RunSentences } from './run-sentences';
import type { KeptVectors } from './vector-file';

/** What a trained model knows: its tags, its tables as trained, and the words that it matches in text. */
export type TrainedTables = Omit<PreparedData, 'splits'>;

/**
 * Dev and test may be empty. Throws UserError `labels-unknown-to-model` for an entity type that the model has no tags for,
 * and `vectors-other-width`, `bert-missing`, `sentence-over-positions`.
 */
export function prepareContinued(
	input: PrepareInput,
	trained: TrainedTables,
): { data: PreparedData; report: PrepareReport } {
	const { config, characterVectors, bigramVectors, wordVectors } = input;
	const { splits, scheme, clippedSentences, notes } = input.sentences;
	const bert = requireBert(config.model.encoder, trained.bert);
	if (bert) requirePositions(splits, bert, config.quirks.refuseLongSentences);
	requireKnownTags(splits, trained);
	const lexicon = config.model.lexicon ? lexiconOf(input, trained) : null;
	const wordLists = mapSplits((name) => splits[name].map((sentence) => wordsOf(sentence, lexicon)));
	const sentences = splitNames.flatMap((name) => splits[name]);
	const words = splitNames.flatMap((name) => wordLists[name].flat());
	const normalize = config.data.normalizeEmbeddings;
	const grow = (table: EmbeddingTable, wanted: Iterable<string>, vectors: KeptVectors | null) =>
		vectors ? growTable(table, wanted, vectors, normalize) : table;
	const characters = sentences.flatMap((sentence) => sentence.characters);
	const lattice = grow(grow(trained.lattice, words, wordVectors), characters, characterVectors);
	const bigrams = config.model.bigrams ? sentences.flatMap((sentence) => bigramsOf(sentence.characters)) : [];
	const bigram = grow(trained.bigram, bigrams, config.model.bigrams ? bigramVectors : null);
	const encoder = {
		latticeRows: rowLookup(lattice),
		bigramRows: config.model.bigrams ? rowLookup(bigram) : null,
		lexicon,
		tagIds: new Map(trained.labels.tags.map((tag, id) => [tag, id])),
		pieces: bert && pieceEncoder(bert),
	};
	const encoded = mapSplits((name) =>
		splits[name].map((sentence) => encodeSentence(sentence.characters, sentence.tags, encoder)),
	);
	const count = (lists: readonly { length: number }[]) => lists.reduce((sum, { length }) => sum + length, 0);
	return {
		data: {
			labels: trained.labels,
			lattice,
			bigram,
			bert,
			lexiconWords: [...new Set([...trained.lexiconWords, ...words])].sort(),
			splits: encoded,
			// Published networks count their distances from the longest sentence that they were trained on.
			maxCharacters:
				config.model.distanceOrigin === 'shifted'
					? trained.maxCharacters
					: Math.max(trained.maxCharacters, longest(sentences)),
		},
		report: {
			sentences: mapSplits((name) => encoded[name].length),
			characters: mapSplits((name) => count(splits[name].map((sentence) => sentence.characters))),
			matches: mapSplits((name) => count(wordLists[name])),
			scheme,
			clippedSentences,
			lattice: coverageOf(lattice),
			bigram: coverageOf(bigram),
			notes,
		},
	};
}

function requireKnownTags(splits: RunSentences['splits'], { labels }: TrainedTables): void {
	const known = new Set(labels.tags);
	const unknown = new Map<string, number>();
	for (const { tags } of splitNames.flatMap((name): readonly Sentence[] => splits[name])) {
		for (const type of new Set(tags?.filter((tag) => !known.has(tag)).map((tag) => tag.slice(2)))) {
			unknown.set(type, (unknown.get(type) ?? 0) + 1);
		}
	}
	if (unknown.size === 0) return;
	const types = new Set(labels.tags.flatMap((tag) => (/^[BI]-/.test(tag) ? [tag.slice(2)] : [])));
	throw new UserError({
		code: 'labels-unknown-to-model',
		expected: `entity types known to the model: ${[...types].join(', ')}`,
		found: [...unknown]
			.map(([type, count]) => `${type} in ${count} ${count === 1 ? 'sentence' : 'sentences'}`)
			.join(', '),
		remedy: 'Train a new model on this corpus to learn all its types, or rename or ignore these types in Data.',
	});
}

function lexiconOf({ lexiconWords, wordVectors }: PrepareInput, trained: TrainedTables): Lexicon | null {
	const words = new Set([...trained.lexiconWords, ...(lexiconWords ?? wordVectors?.words ?? [])]);
	return words.size > 0 ? buildLexicon(longWords(words)) : null;
}

/** The table with rows behind its own for wanted words that it reads as `<unk>` and that have a vector. */
function growTable(
	table: EmbeddingTable,
	wanted: Iterable<string>,
	vectors: KeptVectors,
	normalize: boolean,
): EmbeddingTable {
	const { vocabulary, rowCount, dimension } = table;
	requireWidth(vectors, dimension);
	const added = addRows(rowLookup(table), rowCount, wanted, vectors, normalize);
	if (added.words.length === 0) return table;
	const listed = new Set(vocabulary.words);
	const words = [...vocabulary.words, ...added.words.filter((word) => !listed.has(word))];
	const rows = rowLookup(table);
	const values = new Float32Array((rowCount + added.words.length) * dimension);
	values.set(table.values);
	values.set(added.values, rowCount * dimension);
	return {
		...table,
		vocabulary: {
			words,
			hasOwnEntry: Uint8Array.from(words, (_, id) => vocabulary.hasOwnEntry[id] ?? 0),
		},
		rowOfId: Int32Array.from(words, (word) => added.rows.get(word) ?? rows.get(word) ?? 1),
		rowCount: rowCount + added.words.length,
		values,
		foundCount: table.foundCount + added.words.length,
	};
}
