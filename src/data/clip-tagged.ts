// Clips a sentence with tags of any scheme as clip-sentence.ts clips BIO, and counts what that did: the published rule
// cuts at a full stop or comma even inside a mention.

import { clipSentence } from './clip-sentence';
import type { Sentence } from './corpus';
import { spansOf } from './spans';
import { type TagScheme, toBio } from './tag-scheme';

/** Sums over sentences. */
export interface ClipReport {
	/** Sentences that were cut. */
	sentences: number;
	/** Pieces that they became. */
	pieces: number;
	/** Mentions with a cut inside. */
	torn: number;
}

/** The pieces of a sentence above `length` characters, with their own tags as they stood, or the sentence itself. Adds to `report`. */
export function clipTagged(sentence: Sentence, scheme: TagScheme, length: number, report: ClipReport): Sentence[] {
	const { characters, tags } = sentence;
	if (characters.length <= length) return [sentence];
	const pieces = clipSentence({ ...sentence, tags: tags && toBio(tags, scheme) }, length);
	if (pieces.length === 1) return [sentence];
	const spans = tags ? spansOf(tags, scheme) : [];
	report.sentences++;
	report.pieces += pieces.length;
	let start = 0;
	return pieces.map((piece) => {
		const end = start + piece.characters.length;
		const cut = end;
		report.torn += spans.filter((span) => span.start < cut && span.end > cut).length;
		const own = { ...piece, tags: tags?.slice(start, end) ?? null };
		start = end;
		return own;
	});
}
