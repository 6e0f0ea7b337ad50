// Corpora for tests, written as people read them: `去[南京]GPE玩` is five characters and one mention.

import type { Corpus, Sentence, SplitName } from '../data/corpus';
import type { Span } from '../data/span';
import { tagsOf } from '../data/spans';
import type { TagScheme } from '../data/tag-scheme';

/** A sentence from its text with mentions in brackets, the type in ASCII after them. `line` is 1. */
export function markedSentence(marked: string, scheme: TagScheme = 'BIO'): Sentence {
	const characters: string[] = [];
	const spans: Span[] = [];
	for (const match of marked.matchAll(/\[([^\]]+)\]([A-Z.]+)|[^[]/gsu)) {
		const start = characters.length;
		characters.push(...(match[1] ?? match[0]));
		if (match[1]) spans.push({ start, end: characters.length, type: match[2] });
	}
	return { characters, tags: tagsOf(spans, characters.length, scheme), line: 1 };
}

/** A corpus of such sentences. */
export function tinyCorpus(splits: Partial<Record<SplitName, string[]>>, scheme: TagScheme = 'BIO'): Corpus {
	const read = (split: SplitName) => (splits[split] ?? []).map((marked) => markedSentence(marked, scheme));
	const all = { train: read('train'), dev: read('dev'), test: read('test') };
	return { name: 'tiny', unit: 'character', scheme, splits: all };
}
