// Predictions read as mentions under one scoring rule: what is right and wrong in each sentence, the list of errors with
// its filters, and counts for scores and comparisons. Types are named as in the tags, whatever case the rule uses.

import type { PredictedSentence } from '../data/predicted-sentence';
import type { ScoringRule } from '../experiment/events';
import { type ErrorKind, errorKinds, type MentionPair, pairMentions } from './entity-errors';
import { type Mention, readMentions } from './span-readings';
import { countMatches, type MatchCounts } from './span-scores';

export interface SentenceReading {
	gold: Mention[];
	predicted: Mention[];
	/** Right and wrong ones. */
	pairs: MentionPair[];
}

/** Where a filter names a type: no mention on that side. */
export const outsideType = 'O';

export interface ErrorFilter {
	kind?: ErrorKind;
	/** A type, or 'O' for none. */
	gold?: string;
	predicted?: string;
	/** Part of the sentence's text. */
	text?: string;
}

export interface ListedError {
	/** Index of the sentence in its split. */
	sentence: number;
	pair: MentionPair;
}

/** Entity types of tags on both sides, by falling number of gold mentions, then by name. */
export function typesOf(sentences: readonly PredictedSentence[]): string[] {
	const counts = new Map<string, number>();
	const count = (tags: readonly string[], weight: number) => {
		for (const tag of tags) {
			const type = typeOf(tag);
			if (type !== null) counts.set(type, (counts.get(type) ?? 0) + (tag.startsWith('B-') ? weight : 0));
		}
	};
	for (const { gold, predicted } of sentences) {
		count(gold, 1);
		count(predicted, 0);
	}
	return [...counts]
		.sort(([left, many], [right, more]) => more - many || (left < right ? -1 : 1))
		.map(([type]) => type);
}

/** Null for O and for tags that are none, such as `<pad>`. */
function typeOf(tag: string): string | null {
	return tag[1] === '-' && tag.length > 2 ? tag.slice(2) : null;
}

/** The name that a rule gives a type (the published one: in lower case) as the tags have it. */
export function readableType(type: string, types: readonly string[]): string {
	return types.includes(type) ? type : (types.find((name) => name.toLowerCase() === type) ?? type);
}

/** The mentions of both sides of each sentence under a rule, in pairs; types in the case that `types` has them in. */
export function readPredictions(
	sentences: readonly PredictedSentence[],
	rule: ScoringRule,
	types: readonly string[] = typesOf(sentences),
): SentenceReading[] {
	const read = (tags: readonly string[]): Mention[] =>
		readMentions(tags, rule).map((mention) => ({ ...mention, type: readableType(mention.type, types) }));
	return sentences.map(({ gold, predicted }) => {
		const [left, right] = [read(gold), read(predicted)];
		return { gold: left, predicted: right, pairs: pairMentions(left, right) };
	});
}

/** Errors in the order of the sentences, and how many of each kind the other filters let through. */
export function listErrors(
	sentences: readonly PredictedSentence[],
	readings: readonly SentenceReading[],
	{ kind, gold, predicted, text = '' }: ErrorFilter,
): { errors: ListedError[]; kinds: Record<ErrorKind, number> } {
	const kinds = Object.fromEntries(errorKinds.map((name) => [name, 0])) as Record<ErrorKind, number>;
	const errors: ListedError[] = [];
	const wanted = text.toLowerCase();
	readings.forEach(({ pairs }, sentence) => {
		if (wanted !== '' && !sentences[sentence].characters.join('').toLowerCase().includes(wanted)) return;
		for (const pair of pairs) {
			if (pair.kind === 'correct' || !isSide(pair.gold, gold) || !isSide(pair.predicted, predicted)) continue;
			kinds[pair.kind]++;
			if (kind === undefined || pair.kind === kind) errors.push({ sentence, pair });
		}
	});
	return { errors, kinds };
}

function isSide(mention: Mention | null, type: string | undefined): boolean {
	return type === undefined || (mention?.type ?? outsideType) === type;
}

/** Matches of each sentence alone, over all types. */
export function countsBySentence(sentences: readonly PredictedSentence[], rule: ScoringRule): MatchCounts[] {
	return sentences.map((sentence) => {
		const total: MatchCounts = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
		for (const counts of countMatches([sentence], rule).values()) {
			total.truePositives += counts.truePositives;
			total.falsePositives += counts.falsePositives;
			total.falseNegatives += counts.falseNegatives;
		}
		return total;
	});
}
