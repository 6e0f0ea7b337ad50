// Lays chosen sentences out in rows, as data/batch.ts describes: without any padding ('ragged'), or with equal rows a
// sentence and rounded sizes ('padded'). Both hold the same numbers in the same order; only padding lies between.

import { invariant } from '../util/errors';
import type { Batch, RowLayout } from './batch';
import { type BatchSize, chooseSize } from './batch-buckets';
import { type DistanceKind, distinctDistances, padDistances } from './distances';
import { type LatticeSentence, nodeCount } from './lattice';

export interface ArrangeOptions {
	layout: RowLayout;
	distanceKind: DistanceKind;
	/** Shapes to prefer in the padded layout, from small to large; see data/batch-buckets.ts. */
	buckets?: readonly BatchSize[];
}

/** Most nodes of one sentence: a row's name keeps 16 bits for the node. */
const maxNodes = 65535;

/**
 * The batch of the sentences `split[sentenceIndex[b]]`, in that order. Sentences have at least one character; words may
 * be missing altogether (M is 0 when ragged). An empty list, an empty sentence or one of too many nodes is a bug.
 */
export function arrangeBatch(
	split: readonly LatticeSentence[],
	sentenceIndex: ArrayLike<number>,
	options: ArrangeOptions,
): Batch {
	const sentences = Array.from(sentenceIndex, (index) => split[index]);
	checkSentences(sentences);
	const counts = Int32Array.from(sentences, nodeCount);
	const real = distinctDistances({ kind: options.distanceKind, nodeCount: counts, ...nodeSpans(sentences, counts) });
	const isPadded = options.layout === 'padded';
	const realSize = measureBatch(sentences, real.count);
	const size = isPadded ? chooseSize(realSize, options.buckets) : realSize;
	const blockSize = isPadded ? new Int32Array(counts.length).fill(size.nodes) : counts;
	const rowOffset = runningSum(blockSize);
	const pairOffset = runningSum(blockSize.map((side) => side * side));
	const characterCount = Int32Array.from(sentences, (sentence) => sentence.characterRows.length);
	return {
		layout: options.layout,
		sentenceCount: sentences.length,
		rowCount: rowOffset[sentences.length],
		rowOffset: rowOffset.slice(0, sentences.length),
		nodeCount: counts,
		characterCount,
		characterOffset: runningSum(characterCount).slice(0, sentences.length),
		blockSize,
		pairOffset: pairOffset.slice(0, sentences.length),
		pairCount: pairOffset[sentences.length],
		sentenceIndex: Int32Array.from(sentenceIndex),
		...fillRows(sentences, rowOffset, size),
		...joinPieces(sentences),
		realCharacterCount: realSize.characters,
		distances: isPadded ? padDistances(real, counts, size.nodes, size.distances) : real,
	};
}

/** Sizes of batches of a split before any rounding: what `planBuckets` plans from, e.g. one epoch's batches. */
export function measureBatches(
	split: readonly LatticeSentence[],
	batches: readonly ArrayLike<number>[],
	kind: DistanceKind,
): BatchSize[] {
	return batches.map((indices) => {
		const sentences = Array.from(indices, (index) => split[index]);
		const counts = Int32Array.from(sentences, nodeCount);
		const distances = distinctDistances({ kind, nodeCount: counts, ...nodeSpans(sentences, counts) });
		return measureBatch(sentences, distances.count);
	});
}

/** Sizes of a batch before any rounding, given its number of distinct distances. */
function measureBatch(sentences: readonly LatticeSentence[], distances: number): BatchSize {
	const size = { nodes: 0, characters: 0, words: 0, distances };
	for (const sentence of sentences) {
		size.nodes = Math.max(size.nodes, nodeCount(sentence));
		size.characters += sentence.characterRows.length;
		size.words += sentence.wordRows.length;
	}
	return size;
}

function checkSentences(sentences: readonly LatticeSentence[]): void {
	invariant(sentences.length > 0, 'a batch without sentences');
	for (const sentence of sentences) {
		invariant(sentence, 'a batch names a sentence that its split does not have');
		invariant(sentence.characterRows.length > 0, 'a sentence without characters');
		invariant(nodeCount(sentence) <= maxNodes, `a lattice of ${nodeCount(sentence)} nodes`);
	}
}

/** First and last character of every node, sentence after sentence. */
function nodeSpans(sentences: readonly LatticeSentence[], counts: Int32Array): { start: Int32Array; last: Int32Array } {
	const total = counts.reduce((sum, count) => sum + count, 0);
	const start = new Int32Array(total);
	const last = new Int32Array(total);
	let node = 0;
	for (const { characterRows, wordStart, wordLast } of sentences) {
		for (let position = 0; position < characterRows.length; position++, node++) start[node] = last[node] = position;
		start.set(wordStart, node);
		last.set(wordLast, node);
		node += wordStart.length;
	}
	return { start, last };
}

/** Everything that has one entry a row, a character or a word. */
function fillRows(sentences: readonly LatticeSentence[], rowOffset: Int32Array, size: BatchSize) {
	const nothing = (length: number) => new Int32Array(length).fill(-1);
	const rowKey = nothing(rowOffset[sentences.length]);
	const characterRow = nothing(size.characters);
	const characterKey = nothing(size.characters);
	const characterIds = nothing(size.characters);
	const bigramIds = nothing(size.characters);
	const tags = new Int32Array(size.characters);
	const wordRow = nothing(size.words);
	const wordKey = nothing(size.words);
	const wordIds = nothing(size.words);
	let character = 0;
	let word = 0;
	sentences.forEach((sentence, index) => {
		const length = sentence.characterRows.length;
		characterIds.set(sentence.characterRows, character);
		bigramIds.set(sentence.bigramRows, character);
		tags.set(sentence.tags, character);
		wordIds.set(sentence.wordRows, word);
		for (let node = 0; node < nodeCount(sentence); node++) {
			const row = rowOffset[index] + node;
			const key = index * 65536 + node;
			rowKey[row] = key;
			if (node < length) {
				characterRow[character] = row;
				characterKey[character++] = key;
			} else {
				wordRow[word] = row;
				wordKey[word++] = key;
			}
		}
	});
	return { rowKey, characterRow, characterKey, characterIds, bigramIds, tags, wordRow, wordKey, wordIds };
}

/** Pieces of all sentences, where they have some. */
function joinPieces(sentences: readonly LatticeSentence[]): Pick<Batch, 'pieces'> {
	const lists = sentences.flatMap(({ pieces }) => pieces ?? []);
	if (lists.length === 0) return {};
	invariant(lists.length === sentences.length, 'pieces in some sentences only');
	const counts = lists.map(({ starts }) => starts.slice(1).map((end, token) => end - starts[token]));
	return {
		pieces: {
			rows: Int32Array.from(lists.flatMap(({ rows }) => [...rows])),
			starts: runningSum(Int32Array.from(counts.flatMap((count) => [...count]))),
		},
	};
}

/** Sums of all entries before each, and of all at the end. [length + 1] */
function runningSum(counts: Int32Array): Int32Array {
	const sums = new Int32Array(counts.length + 1);
	for (let index = 0; index < counts.length; index++) sums[index + 1] = sums[index] + counts[index];
	return sums;
}
