// From tags to spans and back, in the two readings that people count mentions by: the published scorer's, which lets a
// stray inside tag open a mention, and the strict one, where only a begin or a single does.

import type { Span } from './span';
import { spansToTags, type TagScheme, tagsToSpans, toBio } from './tag-scheme';

/** Mentions in order, without overlap. An inside or end tag that continues nothing opens one, as the published scorer
 *  reads it; positions count characters (or words). */
export function spansOf(tags: readonly string[], scheme: TagScheme): Span[] {
	return tagsToSpans(tags, scheme);
}

/** Mentions that begin as their scheme says: with B, or with S, U, W where it has them. Tags that continue nothing belong
 *  to no mention. In IOB1 an inside tag may begin one, so nothing is stray there. */
export function strictSpansOf(tags: readonly string[], scheme: TagScheme): Span[] {
	const begins = toBio(tags, scheme);
	return tagsToSpans(tags, scheme).filter(({ start }) => begins[start][0] === 'B');
}

/** Tags of `length` characters for spans that lie inside, are not empty and do not overlap. */
export function tagsOf(spans: readonly Span[], length: number, scheme: TagScheme): string[] {
	return spansToTags(spans, length, scheme);
}
