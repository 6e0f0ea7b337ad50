// Tokens of several characters cut into characters, where that is chosen.

import { spansOf, tagsOf } from '../spans';
import { note, type ReadingContext } from './reading';
import type { SettledTags } from './settle-tags';

/** Every code point a character; the spans stay where they are. */
export function splitTokens({ parts, scheme }: SettledTags, context: ReadingContext) {
	let first = 0;
	let count = 0;
	const split = parts.map((part) => ({
		...part,
		sentences: part.sentences.map((sentence) => {
			const pieces = sentence.characters.map((token) => [...token]);
			const characters = pieces.flat();
			if (characters.length === pieces.length) return sentence;
			first ||= sentence.line;
			count += pieces.filter((piece) => piece.length > 1).length;
			const starts = [0];
			for (const piece of pieces) starts.push(starts[starts.length - 1] + piece.length);
			const spans =
				sentence.tags && scheme
					? spansOf(sentence.tags, scheme).map((span) => ({
							...span,
							start: starts[span.start],
							end: starts[span.end],
						}))
					: null;
			return { ...sentence, characters, tags: spans && scheme ? tagsOf(spans, characters.length, scheme) : null };
		}),
	}));
	if (count > 0) note(context, 'corpus-tokens-split', first, `Tokens of several characters were split: ${count}`);
	return split;
}
