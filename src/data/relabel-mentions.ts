// Gives the mentions of chosen tokens another type: one change for all sentences, and an account of every token. Pure.

import type { SentenceRef } from './corpus';
import { splitNames } from './corpus';
import type { CorpusChange, CorpusView } from './corpus-changes';
import type { Span } from './span';
import { spansOf } from './spans';
import { refKey } from './take-back';

export interface SentenceTokens {
	ref: SentenceRef;
	/** Positions of tokens in the whole sentence. */
	positions: number[];
}

export interface RelabelPlan {
	/** Null when nothing would change. */
	change: CorpusChange | null;
	/** Mentions that get the new type, and the sentences that they are in. */
	mentions: number;
	sentences: number;
	/** Mentions of these tokens that have the type already. */
	unchanged: number;
	/** Tokens outside mentions. */
	outside: number;
	/** Tokens of sentences that are no longer in the corpus. */
	missing: number;
}

/** `type` null takes labels away. A mention counts once however many of its tokens are named. */
export function planRelabel(view: CorpusView, tokens: readonly SentenceTokens[], type: string | null): RelabelPlan {
	const spansBySentence = spansByName(view, new Set(tokens.map(({ ref }) => refKey(ref))));
	const labels: { sentence: SentenceRef; spans: Span[] }[] = [];
	const plan = { mentions: 0, sentences: 0, unchanged: 0, outside: 0, missing: 0 };
	for (const { ref, positions } of tokens) {
		const spans = spansBySentence.get(refKey(ref));
		if (!spans) {
			plan.missing += positions.length;
			continue;
		}
		const meant = new Set<Span>();
		for (const position of positions) {
			const span = spans.find(({ start, end }) => start <= position && position < end);
			if (span) meant.add(span);
			else plan.outside++;
		}
		const touched = new Set([...meant].filter((span) => span.type !== type));
		plan.unchanged += meant.size - touched.size;
		plan.mentions += touched.size;
		if (touched.size > 0) labels.push({ sentence: ref, spans: withType(spans, touched, type) });
	}
	plan.sentences = labels.length;
	return { ...plan, change: labels.length > 0 ? { kind: 'relabel-sentences', sentences: labels } : null };
}

/** The mentions of whole sentences, also of those that are clipped. */
function spansByName({ splits, scheme }: CorpusView, wanted: ReadonlySet<string>): Map<string, Span[]> {
	const found = new Map<string, Span[]>();
	for (const split of splitNames) {
		for (const { ref, start, whole } of splits[split]) {
			if (start === 0 && wanted.has(refKey(ref))) found.set(refKey(ref), spansOf(whole.tags ?? [], scheme));
		}
	}
	return found;
}

function withType(spans: readonly Span[], touched: ReadonlySet<Span>, type: string | null): Span[] {
	return spans.flatMap((span) => {
		if (!touched.has(span)) return [span];
		return type === null ? [] : [{ ...span, type }];
	});
}
