// Text without tags, which the sample's vectors are trained on: the train split, more sentences of its templates with
// names of all shares, the same templates with names of the dictionary, and dictionary words in patterns of speech.

import { forkSeed, RandomStream } from '../../src/util/random';
import { expand, isTemplate, type Language, readLines } from './annotated-text';
import { chinese } from './chinese';
import { buildCorpus, chineseRecipe } from './corpus';
import type { DictionaryWord } from './dictionary';
import { Drawer } from './drawer';

const seed = 20261122;
/** Sentences of each of the three generated kinds. */
const sentencesOfKind = 18_000;

/** Rarer words are left out: many of them are odd. */
const leastFrequency = 3;

const otherPlace = /[山河江湖海岛峡湾路街桥港岭峰洋洲寺塔湖谷]$/u;

/** Dictionary words by what they can stand for. */
function wordsByUse(dictionary: readonly DictionaryWord[]) {
	const common = dictionary.filter(({ frequency }) => frequency >= leastFrequency);
	const ofKind = (kinds: readonly string[]) => common.filter(({ kind }) => kinds.includes(kind));
	const texts = (words: readonly DictionaryWord[]) => words.map(({ word }) => word);
	const places = texts(ofKind(['ns']));
	return {
		governed: places.filter((word) => !otherPlace.test(word)),
		otherPages: places.filter((word) => otherPlace.test(word)),
		people: texts(ofKind(['nr'])).filter((word) => word.length <= 3),
		organisations: texts(ofKind(['nt'])),
		nouns: ofKind(['n', 'vn', 'nz', 'l']),
		verbs: ofKind(['v', 'vn']),
		adjectives: ofKind(['a', 'ad', 'z']),
		adverbs: ofKind(['d']),
		times: ofKind(['t']),
		idioms: ofKind(['i', 'l']),
	};
}

/** Draws a word about as often as the square root of its frequency says. */
function weightedDraw(words: readonly DictionaryWord[]): (drawer: Drawer) => string {
	const sums: number[] = [];
	let sum = 0;
	for (const { frequency } of words) sums.push((sum += Math.sqrt(frequency)));
	return (drawer) => {
		const wanted = drawer.fraction() * sum;
		let low = 0;
		let high = sums.length - 1;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (sums[middle] > wanted) high = middle;
			else low = middle + 1;
		}
		return words[low].word;
	};
}

/** The Chinese language, but that mentions are names of the dictionary where it has such. */
function dictionaryLanguage(dictionary: readonly DictionaryWord[]): Language {
	const use = wordsByUse(dictionary);
	const slots = { ...chinese.slots };
	for (const slot of ['G市', 'G省', 'G县', 'G国']) slots[slot] = (drawer) => drawer.any(use.governed);
	for (const slot of ['L山', 'L水', 'L路', 'L景', 'L地']) slots[slot] = (drawer) => drawer.any(use.otherPages);
	for (const slot of ['P', 'P洋']) slots[slot] = (drawer) => drawer.any(use.people);
	for (const slot of ['O校', 'O企', 'O政', 'O会']) slots[slot] = (drawer) => drawer.any(use.organisations);
	const fillers = {
		...chinese.fillers,
		n: weightedDraw(use.nouns),
		v: weightedDraw(use.verbs),
		a: weightedDraw(use.adjectives),
		d: weightedDraw(use.adverbs),
		t: weightedDraw(use.times),
		i: weightedDraw(use.idioms),
	};
	return { ...chinese, slots, fillers };
}

/** All lines; always the same for the same dictionary. */
export function* unlabelledText(dictionary: readonly DictionaryWord[]): Generator<string> {
	for (const { tokens } of buildCorpus(chineseRecipe).train) yield tokens.join('');
	const templates = chineseRecipe.files.train
		.flatMap(readLines)
		.map(({ text }) => text)
		.filter(isTemplate);
	const patterns = readLines('speech-patterns.txt').map(({ text }) => text);
	const withDictionary = dictionaryLanguage(dictionary);
	for (const [name, lines, language] of [
		['more of the templates', templates, chinese],
		['names of the dictionary', templates, withDictionary],
		['patterns of speech', patterns, withDictionary],
	] as const) {
		const stream = new RandomStream(forkSeed(seed, name));
		const drawer = new Drawer('unlabelled', stream);
		for (let count = 0; count < sentencesOfKind; count++)
			yield expand(drawer.any(lines), drawer, language).tokens.join('');
	}
}
