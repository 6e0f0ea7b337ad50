// Finds entities in plain text with a trained model. Sentences of like size share a batch; very long ones are cut at
// sentence ends, because attention's cost grows with the square of the length.

import { clipSentence } from '../data/clip-sentence';
import type { Span } from '../data/corpus';
import { nodeCount } from '../data/lattice';
import { parseTag, tagsToSpans } from '../data/tag-scheme';
import type { LabelSet } from '../experiment/labels';
import type { Device } from '../kernels/operations';
import { Network } from '../model/network';
import { type EncodedText, encodeText, type StoredVectors, type TrainedModel } from './encode-text';
import { arrangeFor, tagNames } from './evaluate';

export interface TaggedSentence {
	/** One code point each. */
	characters: string[];
	/** In order, without overlap; positions count characters. */
	spans: Span[];
}

export interface TaggedText {
	sentences: TaggedSentence[];
	counts: EncodedText['counts'];
}

/** Pieces near this many characters. */
const longestPiece = 500;
/** Lattice nodes of a batch, padding included. */
const nodesPerBatch = 2000;

/** Tags each sentence (a list of characters, possibly empty). Takes the device's parameters over. */
export async function tagText(
	device: Device,
	model: TrainedModel,
	texts: readonly (readonly string[])[],
	vectors?: StoredVectors,
): Promise<TaggedText> {
	const pieces = texts.flatMap((characters, text) => {
		const whole = { characters: [...characters], tags: null, line: 0 };
		let start = 0;
		return clipSentence(whole, longestPiece).map((piece) => {
			const place = { text, start, characters: piece.characters, tags: null };
			start += piece.characters.length;
			return place;
		});
	});
	const sentences: TaggedSentence[] = texts.map((characters) => ({ characters: [...characters], spans: [] }));
	const encoded = encodeText(model, pieces, vectors);
	if (pieces.length > 0) {
		const network = new Network(device, encoded.shape, model.labels);
		network.load(encoded.parameters);
		for (const indices of batchesBySize(encoded.sentences.map(nodeCount))) {
			const batch = arrangeFor(network, encoded.sentences, indices);
			const { tags } = await network.decode(batch, { hasTags: false });
			for (const [place, index] of indices.entries()) {
				const { text, start } = pieces[index];
				const spans = spansOf(model.labels, tags[place]);
				sentences[text].spans.push(
					...spans.map((span) => ({ ...span, start: span.start + start, end: span.end + start })),
				);
			}
		}
	}
	for (const { spans } of sentences) spans.sort((left, right) => left.start - right.start);
	return { sentences, counts: encoded.counts };
}

/** Spans of tag ids. `<pad>` and `<unk>`, which a model as published can predict, name no entity. */
function spansOf(labels: LabelSet, ids: Int32Array): Span[] {
	const tags = tagNames(labels, ids).map((tag) => (parseTag(tag) ? tag : 'O'));
	return tagsToSpans(tags, 'BIO');
}

/** Sentence numbers from short to long, cut so that a batch holds at most `nodesPerBatch` nodes with padding. */
function batchesBySize(sizes: readonly number[]): number[][] {
	const order = sizes.map((_, index) => index).sort((left, right) => sizes[left] - sizes[right]);
	const batches: number[][] = [];
	let current: number[] = [];
	for (const index of order) {
		if (current.length > 0 && (current.length + 1) * sizes[index] > nodesPerBatch) {
			batches.push(current);
			current = [];
		}
		current.push(index);
	}
	if (current.length > 0) batches.push(current);
	return batches;
}
