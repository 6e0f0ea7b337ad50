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
	/** How many of them come from the templates of train, filled with the split's own names. */
	fromTrainTemplates: Record<'dev' | 'test', number>;
}

export const chineseRecipe: SampleRecipe = {
	language: chinese,
	files: {
		train: ['train-news.txt', 'train-social.txt', 'train-resume.txt', 'train-more.txt', 'train-words.txt'],
		dev: ['dev-written.txt', 'dev-patterns.txt'],
		test: ['test-written.txt', 'test-patterns.txt'],
	},
	sizes: { train: 2000, dev: 300, test: 400 },
	fromTrainTemplates: { dev: 75, test: 110 },
};

export const englishRecipe: SampleRecipe = {
	language: english,
	files: { train: ['english-train.txt'], dev: ['english-dev.txt'], test: ['english-test.txt'] },
	sizes: { train: 200, dev: 50, test: 50 },
	fromTrainTemplates: { dev: 0, test: 0 },
};

/** The lines that have nothing to be drawn. */
function writtenSentences(lines: readonly TextLine[], language: Language): Sample[] {
	const drawer = new Drawer('train', new RandomStream(seed));
	const written = lines.filter(({ text }) => !isTemplate(text));
	return written.map(({ text, genre }) => ({ ...expand(text, drawer, language), genre, isWritten: true }));
}

/** Endless sentences: each turn draws from every template once, in a new order. */
function* drawSentences(
	lines: readonly TextLine[],
	{ part, name, language }: { part: Part; name: string; language: Language },
): Generator<Sample> {
	const templates = lines.filter(({ text }) => isTemplate(text));
	const stream = new RandomStream(forkSeed(seed, name));
	const drawer = new Drawer(part, stream);
	for (;;)
		for (const index of stream.permutation(templates.length)) {
			const { text, genre } = templates[index];
			yield { ...expand(language.goOn(text, genre, drawer), drawer, language), genre, isWritten: false };
		}
}

function shuffled<T>(items: readonly T[], name: string): T[] {
	return Array.from(new RandomStream(forkSeed(seed, name)).permutation(items.length), (index) => items[index]);
}

/** A split of the wanted size without sentences in `taken`, which learns the new ones. */
function buildSplit(recipe: SampleRecipe, split: SampleSplit, taken: Set<string>): Sample[] {
	const { language, files, sizes, fromTrainTemplates } = recipe;
	const sentences: Sample[] = [];
	/** Takes new sentences until the split holds `size`. */
	const fill = (source: Iterable<Sample>, size: number) => {
		for (const sentence of source) {
			if (sentences.length >= size) return;
			const text = sentence.tokens.join(' ');
			if (!taken.has(text)) sentences.push(sentence);
			taken.add(text);
		}
	};
	const lines = files[split].flatMap(readLines);
	const size = sizes[split];
	fill(writtenSentences(lines, language), size);
	const own = split === 'train' ? size : size - fromTrainTemplates[split];
	fill(drawSentences(lines, { part: split, name: `sentences of ${split}`, language }), own);
	const trainLines = files.train.flatMap(readLines);
	fill(drawSentences(trainLines, { part: split, name: `train templates in ${split}`, language }), size);
	return shuffled(sentences, `order of ${split}`);
}

/** The whole corpus of a recipe; always the same. */
export function buildCorpus(recipe: SampleRecipe): SampleCorpus {
	const taken = new Set<string>();
	const test = buildSplit(recipe, 'test', taken);
	const dev = buildSplit(recipe, 'dev', taken);
	return { train: buildSplit(recipe, 'train', taken), dev, test };
}
