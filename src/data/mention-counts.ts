// How often each text is a mention of each type in some sentences: what an annotator asks before deciding.

import type { ViewSentence } from './corpus-changes';
import { spansOf } from './spans';
import type { TagScheme } from './tag-scheme';

/** Counts by text, then by type. */
export type MentionCounts = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** `glue` joins the units of a mention: '' for characters, ' ' for words. */
export function countMentions(sentences: readonly ViewSentence[], scheme: TagScheme, glue = ''): MentionCounts {
	const counts = new Map<string, Map<string, number>>();
	for (const { sentence } of sentences) {
		for (const { start, end, type } of sentence.tags ? spansOf(sentence.tags, scheme) : []) {
			const text = sentence.characters.slice(start, end).join(glue);
			const byType = counts.get(text) ?? new Map<string, number>();
			byType.set(type, (byType.get(type) ?? 0) + 1);
			counts.set(text, byType);
		}
	}
	return counts;
}

/** The types of a text, the commonest first. */
export function typesOfMention(counts: MentionCounts, text: string): { type: string; count: number }[] {
	const types = [...(counts.get(text) ?? [])].map(([type, count]) => ({ type, count }));
	return types.sort((left, right) => right.count - left.count);
}

/** Each type with its mentions and its most frequent texts, the commonest type first. */
export function examplesOfTypes(counts: MentionCounts, most: number) {
	const types = new Map<string, { text: string; count: number }[]>();
	for (const [text, byType] of counts) {
		for (const [type, count] of byType) {
			const texts = types.get(type) ?? [];
			texts.push({ text, count });
			types.set(type, texts);
		}
	}
	const listed = [...types].map(([type, texts]) => ({
		type,
		mentions: texts.reduce((sum, { count }) => sum + count, 0),
		examples: texts.sort((left, right) => right.count - left.count).slice(0, most),
	}));
	return listed.sort((left, right) => right.mentions - left.mentions);
}
