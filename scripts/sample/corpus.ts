// The sample corpora: train from templates and a few written lines; dev and test from written sentences and templates
// of their own. No sentence stands in two splits, none twice.

import { forkSeed, RandomStream } from '../../src/util/random';
import { expand, isTemplate, type Language, readLines, type TaggedSentence, type TextLine } from './annotated-text';
import { chinese } from './chinese';
import { Drawer, type Part } from './drawer';
import { english } from './english';

const seed = 20261122;

export interface Sample extends TaggedSentence {
	genre: string;
	/** True for sentences that stand in the text files as they are. */
	isWritten: boolean;
}

export type SampleSplit = 'train' | 'dev' | 'test';
export type SampleCorpus = Record<SampleSplit, Sample[]>;

export interface SampleRecipe {
	language: Language;
	/** The text files of each split. */
	files: Record<SampleSplit, readonly string[]>;
	/** Sentences of each split. */
	sizes: Record<SampleSplit, number>;
}

export const chineseRecipe: SampleRecipe = {
	language: chinese,
	files: {
		train: ['train-news.txt', 'train-social.txt', 'train-resume.txt'],
		dev: ['dev-written.txt', 'dev-patterns.txt'],
		test: ['test-written.txt', 'test-patterns.txt'],
	},
	sizes: { train: 2000, dev: 300, test: 400 },
};

export const englishRecipe: SampleRecipe = {
	language: english,
	files: { train: ['english-train.txt'], dev: ['english-dev.txt'], test: ['english-test.txt'] },
	sizes: { train: 200, dev: 50, test: 50 },
};

/** Endless sentences: each turn draws from every template once, in a new order. */
function* drawSentences(
	templates: readonly TextLine[],
	{ part, name, language }: { part: Part; name: string; language: Language },
): Generator<Sample> {
	const stream = new RandomStream(forkSeed(seed, name));
	const drawer = new Drawer(part, stream);
	for (;;)
		for (const index of stream.permutation(templates.length)) {
			const { text, genre } = templates[index];
			yield { ...expand(text, drawer, language), genre, isWritten: false };
		}
}

function shuffled<T>(items: readonly T[], name: string): T[] {
	return Array.from(new RandomStream(forkSeed(seed, name)).permutation(items.length), (index) => items[index]);
}

/** A split of the wanted size without sentences in `taken`, which learns the new ones. */
function buildSplit({ language, files, sizes }: SampleRecipe, split: SampleSplit, taken: Set<string>): Sample[] {
	const lines = files[split].flatMap(readLines);
	const templates = lines.filter(({ text }) => isTemplate(text));
	const sentences: Sample[] = [];
	const add = (sentence: Sample) => {
		const text = sentence.tokens.join(' ');
		if (taken.has(text) || sentences.length === sizes[split]) return;
		taken.add(text);
		sentences.push(sentence);
	};
	const drawer = new Drawer(split, new RandomStream(seed));
	for (const { text, genre } of lines.filter((line) => !templates.includes(line)))
		add({ ...expand(text, drawer, language), genre, isWritten: true });
	for (const sentence of drawSentences(templates, { part: split, name: `sentences of ${split}`, language })) {
		if (sentences.length === sizes[split]) break;
		add(sentence);
	}
	return shuffled(sentences, `order of ${split}`);
}

/** The whole corpus of a recipe; always the same. */
export function buildCorpus(recipe: SampleRecipe): SampleCorpus {
	const taken = new Set<string>();
	const test = buildSplit(recipe, 'test', taken);
	const dev = buildSplit(recipe, 'dev', taken);
	return { train: buildSplit(recipe, 'train', taken), dev, test };
}

/** Endless further sentences of the Chinese train templates with names from all shares, as plain text. */
export function* unlabelledSentences(): Generator<string> {
	const { language, files } = chineseRecipe;
	const templates = files.train.flatMap(readLines).filter(({ text }) => isTemplate(text));
	const sentences = drawSentences(templates, { part: 'unlabelled', name: 'unlabelled text', language });
	for (const { tokens } of sentences) yield tokens.join('');
}
