// A corpus read once for all checks: each whole sentence with its mentions and its text as keys. All positions
// count from the first character of the sentence as imported.

import { type SentenceRef, type SplitName, splitNames } from '../corpus';
import type { CorpusView, ViewSentence } from '../corpus-changes';
import { foldedText, textKey } from '../sentence-text';
import { inSlices, type Slices } from '../slices';
import type { Span } from '../span';
import { spansOf } from '../spans';
import type { TagScheme } from '../tag-scheme';
import type { FoundSentence } from './finding';

export interface ExaminedSentence {
	ref: SentenceRef;
	split: SplitName;
	line: number;
	characters: readonly string[];
	/** Null for plain text. */
	tags: readonly string[] | null;
	/** Mentions as the published scorer reads them. */
	spans: readonly Span[];
	/** Equal for the same text. */
	key: string;
	/** Equal for texts that look the same: see foldedText. */
	foldedKey: string;
}

export interface ExaminedCorpus {
	/** Whole sentences, also where the view holds their pieces; in the order of the view. */
	sentences: ExaminedSentence[];
	perSplit: Record<SplitName, number>;
	/** Mentions of each type in each split; types by falling number, then by name. */
	types: Map<string, Record<SplitName, number>>;
	scheme: TagScheme;
	view: CorpusView;
}

export function* examineSentences(view: CorpusView): Slices<ExaminedCorpus> {
	const sentences: ExaminedSentence[] = [];
	const perSplit = { train: 0, dev: 0, test: 0 };
	const counts = new Map<string, Record<SplitName, number>>();
	for (const split of splitNames) {
		yield* inSlices(view.splits[split], (seen) => {
			if (seen.start > 0) return;
			const sentence = examineSentence(seen, split, view);
			sentences.push(sentence);
			perSplit[split]++;
			for (const { type } of sentence.spans) countType(counts, type)[split]++;
		});
	}
	const total = (count: Record<SplitName, number>) => count.train + count.dev + count.test;
	const types = new Map([...counts].sort(([a, left], [b, right]) => total(right) - total(left) || (a < b ? -1 : 1)));
	return { sentences, perSplit, types, scheme: view.scheme, view };
}

function examineSentence(
	{ ref, whole }: ViewSentence,
	split: SplitName,
	{ scheme, unit }: CorpusView,
): ExaminedSentence {
	const { characters, tags, line } = whole;
	const text = characters.join('');
	const isPlain = tags === null || tags.every((tag) => tag === 'O');
	return {
		ref,
		split,
		line,
		characters,
		tags,
		spans: isPlain ? [] : spansOf(tags, scheme),
		key: unit === 'word' ? textKey(characters) : text,
		foldedKey: foldedText(text),
	};
}

function countType(counts: Map<string, Record<SplitName, number>>, type: string): Record<SplitName, number> {
	let count = counts.get(type);
	if (!count) counts.set(type, (count = { train: 0, dev: 0, test: 0 }));
	return count;
}

/** The sentence as a finding lists it. */
export function found({ ref, split, line }: ExaminedSentence, more: Partial<FoundSentence> = {}): FoundSentence {
	return { ref, split, line, ...more };
}

/** The text of a mention as people read it; words of a language with spaces are joined by one. */
export function surfaceOf({ characters }: ExaminedSentence, { start, end }: Span, view: CorpusView): string {
	return characters.slice(start, end).join(view.unit === 'word' ? ' ' : '');
}

/** A sentence as people read it. */
export function textOf({ characters }: ExaminedSentence, view: CorpusView): string {
	return characters.join(view.unit === 'word' ? ' ' : '');
}

/** A list of values for each key. */
export class Gathered<Key, Value> extends Map<Key, Value[]> {
	add(key: Key, value: Value): void {
		const list = this.get(key);
		if (list) list.push(value);
		else this.set(key, [value]);
	}
}
