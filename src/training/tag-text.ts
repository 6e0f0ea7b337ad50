// Finds entities in plain text with a trained model. Sentences of like size share a batch; very long ones are cut at
// sentence ends, because attention's cost grows with the square of the length.

import { pathLogProbability } from '../analysis/path-probability';
import { spanAlternatives } from '../analysis/span-alternatives';
import { spanMarginals } from '../analysis/span-marginals';
import type { TaggedSentence, TaggedSpan } from '../analysis/tagged-sentence';
import { clipSentence } from '../data/clip-sentence';
import { type LatticeSentence, nodeCount } from '../data/lattice';
import type { Span } from '../data/span';
import { parseTag, tagsToSpans } from '../data/tag-scheme';
import type { LabelSet } from '../experiment/labels';
import type { Device } from '../kernels/operations';
import { crfScores } from '../model/crf-scores';
import type { Network } from '../model/network';
import { openNetwork } from '../model/open-network';
import { batchesInSize } from './capture-space';
import { type EncodedText, encodeText, type StoredVectors, type TrainedModel } from './encode-text';
import { arrangeFor, tagNames } from './evaluate';

/** What to say beside the spans. */
export interface TaggingDetails {
	confidences: boolean;
	alternatives: boolean;
	words: boolean;
	/** How probable the labelling of the whole sentence is; with confidences only. */
	probabilities?: boolean;
}

export interface TaggedText {
	sentences: TaggedSentence[];
	counts: EncodedText['counts'];
}

/** Pieces near this many characters. */
const longestPiece = 500;
/** Lattice nodes of a batch, padding included. */
const nodesPerBatch = 2000;

const onlySpans: TaggingDetails = { confidences: false, alternatives: false, words: false };

/** Tags each sentence (a list of characters, possibly empty). Takes the device's parameters over. `breathe` is awaited between
 *  batches: lets the caller's thread receive a stop. */
export async function tagText(
	device: Device,
	model: TrainedModel,
	texts: readonly (readonly string[])[],
	vectors?: StoredVectors,
	details: TaggingDetails = onlySpans,
	breathe?: () => Promise<void>,
): Promise<TaggedText> {
	const pieces = texts.flatMap((characters, text) => {
		const whole = { characters: [...characters], tags: null, line: 0 };
		let start = 0;
		return clipSentence(whole, longestPiece).map((piece) => {
			const clipped = { text, start, characters: piece.characters, tags: null };
			start += piece.characters.length;
			return clipped;
		});
	});
	const sentences: TaggedSentence[] = texts.map((characters) => ({
		characters: [...characters],
		spans: [],
		...(details.probabilities ? { probability: 1 } : {}),
	}));
	const encoded = encodeText(model, pieces, vectors);
	if (pieces.length > 0) {
		const network = await openNetwork(device, { ...encoded, labels: model.labels, bert: model.bert });
		const describe = details.confidences ? spanDescriber(network, model.labels, encoded.parameters, details) : null;
		for (const indices of batchesInSize(encoded.sentences.map(nodeCount), nodesPerBatch)) {
			await breathe?.();
			const batch = arrangeFor(network, encoded.sentences, indices);
			const { tags, emissions } = await network.decode(batch, { hasTags: false, readsEmissions: describe !== null });
			for (const [position, index] of indices.entries()) {
				const { text, start } = pieces[index];
				const found: TaggedSpan[] = spansOf(model.labels, tags[position]);
				const described =
					describe && emissions ? describe(found, emissions[position], tags[position]) : { spans: found };
				const sentence = sentences[text];
				sentence.spans.push(...described.spans.map((span) => moved(span, start)));
				if (sentence.probability !== undefined) sentence.probability *= described.probability ?? 1;
			}
		}
	}
	if (details.words) addWords(sentences, pieces, encoded.sentences);
	for (const { spans } of sentences) spans.sort((left, right) => left.start - right.start);
	return { sentences, counts: encoded.counts };
}

interface DescribedPiece {
	spans: TaggedSpan[];
	/** Of the piece's whole labelling; only when asked for. */
	probability?: number;
}

/** A function that adds to the spans of one piece what its emissions say of them. */
function spanDescriber(
	{ layout, shape }: Network,
	labels: LabelSet,
	parameters: Float32Array,
	{ alternatives, probabilities }: TaggingDetails,
): (spans: readonly Span[], emissions: Float32Array, tags: Int32Array) => DescribedPiece {
	const scores = crfScores(shape, labels, layout, parameters);
	const types = [...new Set(scores.tags.filter((tag) => tag.startsWith('B-')).map((tag) => tag.slice(2)))];
	return (spans, emissions, tags) => {
		if (spans.length === 0 && !probabilities) return { spans: [] };
		const chain = { emissions, ...scores };
		const marginals = spanMarginals(chain);
		const length = emissions.length / scores.tags.length;
		const described = spans.map((span) => ({
			...span,
			confidence: marginals.probability(span.start, span.end, span.type),
			...(alternatives ? { alternatives: spanAlternatives(marginals, { span, length, types }) } : {}),
		}));
		if (!probabilities) return { spans: described };
		const path = tags.map((tag) => tag - shape.tagOffset);
		const probability = Math.min(1, Math.exp(pathLogProbability(chain, path, marginals.logPartition)));
		return { spans: described, probability };
	};
}

/** A span of a piece, in characters of the whole sentence. */
function moved(span: TaggedSpan, by: number): TaggedSpan {
	const shift = <Part extends { start: number; end: number }>(part: Part): Part => ({
		...part,
		start: part.start + by,
		end: part.end + by,
	});
	return { ...shift(span), ...(span.alternatives ? { alternatives: span.alternatives.map(shift) } : {}) };
}

function addWords(
	sentences: readonly TaggedSentence[],
	pieces: readonly { text: number; start: number }[],
	encoded: readonly LatticeSentence[],
): void {
	for (const sentence of sentences) sentence.words = [];
	for (const [index, { text, start }] of pieces.entries()) {
		const { wordStart, wordLast } = encoded[index];
		const { characters, words } = sentences[text];
		for (const [word, first] of wordStart.entries()) {
			const [from, to] = [start + first, start + wordLast[word] + 1];
			words?.push({ start: from, end: to, text: characters.slice(from, to).join('') });
		}
	}
}

/** Spans of tag ids. `<pad>` and `<unk>`, which a model as published can predict, name no entity. */
function spansOf(labels: LabelSet, ids: Int32Array): Span[] {
	const tags = tagNames(labels, ids).map((tag) => (parseTag(tag) ? tag : 'O'));
	return tagsToSpans(tags, 'BIO');
}
