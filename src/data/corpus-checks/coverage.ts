// What vectors and a lexicon know of a corpus: characters without a vector, mentions that are words, sentences in which
// no word is found.

import type { SplitName } from '../corpus';
import { findMatches, type Lexicon, type LexiconMatches } from '../lexicon';
import { inSlices, type Slices } from '../slices';
import type { Span } from '../span';
import { type ExaminedCorpus, found } from './examined';
import type { Finding, FindingGroup, FoundSentence } from './finding';

/**
 * `characters-without-vector`: counts.kinds of counts.allKinds characters, which are counts.occurrences of
 * counts.allOccurrences; a group for each with its occurrences per split, the most frequent first.
 */
export function* findWithoutVector(
	corpus: ExaminedCorpus,
	hasVector: (character: string) => boolean,
): Slices<Finding[]> {
	const known = new Set<string>();
	const missing = new Map<string, Record<SplitName, number>>();
	const lacking: { sentence: FoundSentence; characters: string[] }[] = [];
	let allOccurrences = 0;
	yield* inSlices(corpus.sentences, (sentence) => {
		const places: number[] = [];
		allOccurrences += sentence.characters.length;
		sentence.characters.forEach((character, place) => {
			if (known.has(character)) return;
			let counts = missing.get(character);
			if (!counts && hasVector(character)) {
				known.add(character);
				return;
			}
			if (!counts) missing.set(character, (counts = { train: 0, dev: 0, test: 0 }));
			counts[sentence.split]++;
			places.push(place);
		});
		if (places.length === 0) return;
		lacking.push({
			sentence: found(sentence, { places }),
			characters: places.map((place) => sentence.characters[place]),
		});
	});
	if (missing.size === 0) return [];
	const total = (counts: Record<SplitName, number>) => counts.train + counts.dev + counts.test;
	const sorted = [...missing].sort(([, left], [, right]) => total(right) - total(left));
	const groupOf = new Map(sorted.map(([character], group) => [character, group]));
	const counts = {
		kinds: missing.size,
		allKinds: missing.size + known.size,
		occurrences: sorted.reduce((sum, [, each]) => sum + total(each), 0),
		allOccurrences,
	};
	// A sentence is listed under the rarest of its characters, so that every character that nothing else shows is found.
	const rarest = (characters: readonly string[]) => Math.max(...characters.map((name) => groupOf.get(name) ?? 0));
	const sentences = lacking.map(({ sentence, characters }) => ({ ...sentence, group: rarest(characters) }));
	const groups = sorted.map(([text, each]): FindingGroup => ({ text, counts: { ...each } }));
	return [{ code: 'characters-without-vector', severity: 'info', counts, groups, sentences, actions: [] }];
}

/**
 * `lexicon-coverage`: counts.matches words of two or more characters in counts.sentences; counts.withoutMatch sentences
 * have none and are listed; of counts.mentions of two or more characters, counts.words are words of the lexicon and
 * counts.crossed are partly covered by a word that also covers text outside. A group for each type, a finding always.
 */
export function* findLexiconCoverage(corpus: ExaminedCorpus, lexicon: Lexicon): Slices<Finding[]> {
	const counts = { sentences: 0, withoutMatch: 0, matches: 0, mentions: 0, words: 0, crossed: 0 };
	const perType = new Map([...corpus.types.keys()].map((type) => [type, { mentions: 0, words: 0, crossed: 0 }]));
	const without: FoundSentence[] = [];
	yield* inSlices(corpus.sentences, (sentence) => {
		const words = findMatches(lexicon, sentence.characters);
		let matches = 0;
		for (let word = 0; word < words.start.length; word++) if (words.last[word] > words.start[word]) matches++;
		counts.sentences++;
		counts.matches += matches;
		if (matches === 0) without.push(found(sentence));
		for (const span of sentence.spans) {
			const ofType = perType.get(span.type);
			if (span.end - span.start < 2 || !ofType) continue;
			const { isWord, isCrossed } = compareWithWords(words, span);
			ofType.mentions++;
			if (isWord) ofType.words++;
			if (isCrossed) ofType.crossed++;
		}
	});
	counts.withoutMatch = without.length;
	for (const ofType of perType.values()) {
		counts.mentions += ofType.mentions;
		counts.words += ofType.words;
		counts.crossed += ofType.crossed;
	}
	const groups = [...perType].map(([text, ofType]): FindingGroup => ({ text, counts: ofType }));
	const severity = counts.matches < counts.sentences ? 'warning' : 'info';
	return [{ code: 'lexicon-coverage', severity, counts, groups, sentences: without, actions: [] }];
}

/** Whether a mention is a word of the sentence, and whether a word begins or ends inside it and extends beyond it. */
function compareWithWords({ start, last }: LexiconMatches, span: Span): { isWord: boolean; isCrossed: boolean } {
	let isWord = false;
	let isCrossed = false;
	for (let word = 0; word < start.length && start[word] < span.end; word++) {
		const from = start[word];
		const to = last[word] + 1;
		if (from === span.start && to === span.end) isWord = true;
		else if (from < span.start && to > span.start && to < span.end) isCrossed = true;
		else if (from > span.start && to > span.end) isCrossed = true;
	}
	return { isWord, isCrossed };
}
