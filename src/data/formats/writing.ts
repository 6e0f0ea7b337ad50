// What the writers of all formats are given: a sentence seen both as tokens with tags and as one text with spans.

import type { Sentence, TextUnit } from '../corpus';
import type { Span } from '../span';
import { spansOf, tagsOf } from '../spans';
import type { TagScheme } from '../tag-scheme';

export interface SentenceToWrite {
	/** Characters, or words. */
	tokens: readonly string[];
	/** Tags in the scheme that is written; null for a text that nobody has labelled. */
	tags: readonly string[] | null;
	/** Spans over the tokens. */
	tokenSpans: readonly Span[] | null;
	/** The tokens joined: words by a space, characters by nothing. */
	text: string;
	/** Code points of the text. */
	points: readonly string[];
	/** Spans over the code points. */
	spans: readonly Span[] | null;
	/** The tokens by their positions in the text, in code points. */
	words: readonly { text: string; start: number; end: number }[];
}

/** Tags of one scheme in another. The same scheme keeps them letter by letter; another one keeps their spans. */
export function convertTags(tags: readonly string[], from: TagScheme, to: TagScheme): string[] {
	return from === to ? [...tags] : tagsOf(spansOf(tags, from), tags.length, to);
}

export function sentenceToWrite(sentence: Sentence, unit: TextUnit, from: TagScheme, to: TagScheme): SentenceToWrite {
	const { characters: tokens, tags } = sentence;
	const gap = unit === 'word' ? 1 : 0;
	let end = -gap;
	const words = tokens.map((text) => {
		const start = end + gap;
		end = start + (text.length === 1 ? 1 : [...text].length);
		return { text, start, end };
	});
	const tokenSpans = tags && spansOf(tags, from);
	const text = tokens.join(unit === 'word' ? ' ' : '');
	return {
		tokens,
		tags: tags && convertTags(tags, from, to),
		tokenSpans,
		text,
		points: [...text],
		spans:
			tokenSpans?.map((span) => ({ ...span, start: words[span.start].start, end: words[span.end - 1].end })) ?? null,
		words,
	};
}
