// New text for a trained model: lattices by the encoding that training used, and rows from stored vectors for
// characters, bigrams and words that the model has no row for. Without a stored vector they are read as `<unk>`.

import { pieceEncoder } from '../data/bert/bert-text';
import { requireBert } from '../data/bert/require-bert';
import { bigramsOf } from '../data/bigrams';
import { unknownRow } from '../data/embedding-table';
import { addRows, encodeSentence, matchedWords, type RowLookup, requireWidth } from '../data/encode-sentence';
import type { LatticeSentence } from '../data/lattice';
import { buildLexicon, type Lexicon } from '../data/lexicon';
import type { KeptVectors } from '../data/vector-file';
import type { LabelSet } from '../experiment/labels';
import type { NetworkShape } from '../experiment/network-shape';
import { findParameter } from '../kernels/parameters';
import type { NetworkBert } from '../model/open-network';
import { bigramTable, latticeTable, layOutNetwork, windowStride } from '../model/shape';
import { invariant } from '../util/errors';

/** A trained model with all that tagging needs; from a checkpoint or from a run of this process. */
export interface TrainedModel {
	shape: NetworkShape;
	labels: LabelSet;
	/** Rows of characters and lexicon words, and of bigrams. */
	latticeRows: RowLookup;
	bigramRows: RowLookup;
	/** Words to match in text; null when the model came without a lexicon. */
	lexiconWords: Iterable<string> | null;
	/** Whether rows from stored vectors are scaled to length 1, as in training. */
	normalizesEmbeddings: boolean;
	/** In the layout of `shape`, BERT's part left out. */
	parameters: Float32Array;
	/** Null for a network without BERT. */
	bert: NetworkBert | null;
}

/** Stored vectors for what the model does not know; each may be absent. Widths are those of the model's tables. */
export interface StoredVectors {
	characters: KeptVectors | null;
	bigrams: KeptVectors | null;
	words: KeptVectors | null;
}

export const noVectors: StoredVectors = { characters: null, bigrams: null, words: null };

/** Occurrences in the text, repeated ones counted. */
export interface LookupCount {
	total: number;
	/** Without a row in the model but with a stored vector. */
	lookedUp: number;
	/** Read as `<unk>`. */
	unknown: number;
}

export interface EncodedText {
	sentences: LatticeSentence[];
	/** The model's shape and parameters with the rows that were looked up behind its own. */
	shape: NetworkShape;
	parameters: Float32Array;
	counts: Record<'characters' | 'bigrams' | 'words', LookupCount>;
}

export interface TextSentence {
	/** At least one. */
	characters: readonly string[];
	/** BIO tags to measure against; null for plain text. */
	tags: readonly string[] | null;
}

/** Throws UserError: `vectors-other-width` when stored vectors do not fit the model's tables, `bert-missing` for a
 *  model whose BERT is not there. Sentences over BERT's positions are read in overlapping windows. */
export function encodeText(
	model: TrainedModel,
	sentences: readonly TextSentence[],
	vectors: StoredVectors = noVectors,
): EncodedText {
	const { shape, normalizesEmbeddings: normalize } = model;
	const { lexicon: usesLexicon, bigrams: usesBigrams } = shape.model;
	const bert = requireBert(shape.model.encoder, model.bert);
	const pieces = bert && pieceEncoder(bert.prepared);
	const lexicon = usesLexicon ? lexiconOf(model) : null;
	const tagIds = new Map(model.labels.tags.map((tag, id) => [tag, id]));
	const encodeWith = (latticeRows: RowLookup, bigramRows: RowLookup) =>
		sentences.map(({ characters, tags }) =>
			encodeSentence(characters, tags, {
				latticeRows,
				bigramRows: usesBigrams ? bigramRows : null,
				lexicon,
				tagIds,
				pieces,
			}),
		);
	const known = encodeWith(model.latticeRows, model.bigramRows);

	const characters = new Set(sentences.flatMap((sentence) => sentence.characters));
	const words = new Set(
		known.flatMap(({ wordStart, wordLast }, index) => matchedWords(sentences[index].characters, wordStart, wordLast)),
	);
	const bigrams = usesBigrams ? new Set(sentences.flatMap((sentence) => bigramsOf(sentence.characters))) : [];
	const table = (
		rows: RowLookup,
		rowCount: number,
		wanted: Iterable<string>,
		from: KeptVectors | null,
		size: number,
	) => {
		if (from === null) return { rows, words: [], values: new Float32Array(0) };
		requireWidth(from, size);
		return addRows(rows, rowCount, wanted, from, normalize);
	};
	const { latticeRows: latticeCount, latticeSize, bigramRows: bigramCount, bigramSize } = shape;
	const withWords = table(model.latticeRows, latticeCount, words, vectors.words, latticeSize);
	const withCharacters = table(
		withWords.rows,
		latticeCount + withWords.words.length,
		characters,
		vectors.characters,
		latticeSize,
	);
	const withBigrams = table(model.bigramRows, bigramCount, bigrams, vectors.bigrams, bigramSize);
	const encoded = encodeWith(withCharacters.rows, withBigrams.rows);
	const grown: NetworkShape = {
		...shape,
		latticeRows: latticeCount + withWords.words.length + withCharacters.words.length,
		bigramRows: bigramCount + withBigrams.words.length,
		bert: shape.bert && { ...shape.bert, stride: windowStride(shape.bert.config) },
	};
	return {
		sentences: encoded,
		shape: grown,
		parameters: growTables(model, grown, {
			[latticeTable]: [withWords.values, withCharacters.values],
			[bigramTable]: [withBigrams.values],
		}),
		counts: {
			characters: countLookups(known, encoded, (sentence) => sentence.characterRows),
			bigrams: countLookups(known, encoded, (sentence) => sentence.bigramRows),
			words: countLookups(known, encoded, (sentence) => sentence.wordRows),
		},
	};
}

/** Text is tagged many times with one model; its lexicon is built once. */
const builtLexicons = new WeakMap<TrainedModel, Lexicon>();

function lexiconOf(model: TrainedModel): Lexicon | null {
	if (!model.lexiconWords) return null;
	const built = builtLexicons.get(model) ?? buildLexicon(model.lexiconWords);
	builtLexicons.set(model, built);
	return built;
}

/** The parameters laid out for the grown shape, with the added rows behind the tables' own. */
function growTables(model: TrainedModel, grown: NetworkShape, added: Record<string, Float32Array[]>): Float32Array {
	const layout = layOutNetwork(model.shape);
	const { frozenOffset } = layout;
	invariant(model.parameters.length === frozenOffset, `${model.parameters.length} parameters, not ${frozenOffset}`);
	const target = layOutNetwork(grown);
	const values = new Float32Array(target.frozenOffset);
	for (const entry of layout.entries.filter(({ offset }) => offset < frozenOffset)) {
		let offset = findParameter(target, entry.name).offset;
		values.set(model.parameters.subarray(entry.offset, entry.offset + entry.size), offset);
		offset += entry.size;
		for (const rows of added[entry.name] ?? []) {
			values.set(rows, offset);
			offset += rows.length;
		}
	}
	return values;
}

function countLookups(
	known: readonly LatticeSentence[],
	encoded: readonly LatticeSentence[],
	rowsOf: (sentence: LatticeSentence) => Int32Array,
): LookupCount {
	const unknownIn = (sentences: readonly LatticeSentence[]) =>
		sentences.reduce((sum, sentence) => sum + rowsOf(sentence).filter((row) => row === unknownRow).length, 0);
	const total = encoded.reduce((sum, sentence) => sum + rowsOf(sentence).length, 0);
	const unknown = unknownIn(encoded);
	return { total, lookedUp: unknownIn(known) - unknown, unknown };
}
