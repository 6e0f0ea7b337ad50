// Makes the sample's files again, byte for byte: `npx tsx scripts/sample/build.ts` the corpora (seconds), with
// `--vectors` the Chinese lexicon and vectors too (a quarter of an hour). `--dictionary FILE` spares fetching it.

import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { vectorUnits } from '../../src/data/vectors/unit-text';
import { toConll } from './annotated-text';
import { buildCorpus, chineseRecipe, englishRecipe, type SampleCorpus } from './corpus';
import { readDictionary } from './dictionary';
import { chooseLexicon, trainVectors } from './resources';
import { unlabelledText } from './unlabelled';

function writeFile(path: string, content: string | Uint8Array): void {
	const url = new URL(`../../public/${path}`, import.meta.url);
	mkdirSync(new URL('.', url), { recursive: true });
	writeFileSync(url, content);
	console.log(`public/${path}: ${content.length} bytes`);
}

/** The vector files of the Chinese sample by the lattice's tables. */
const vectorFiles = {
	characterVectors: 'characters.vec.gz',
	bigramVectors: 'bigrams.vec.gz',
	wordVectors: 'words.vec.gz',
	lexicon: 'lexicon.txt',
};

/** The splits, and sample.json: what a program needs to know of the folder. */
function writeCorpus(folder: string, corpus: SampleCorpus, name: { en: string; zh: string }, more = {}): void {
	const files: Record<string, string> = {};
	const counts: Record<string, { sentences: number; tokens: number; mentions: number }> = {};
	for (const [split, sentences] of Object.entries(corpus)) {
		files[split] = `${split}.conll`;
		writeFile(`${folder}/${files[split]}`, toConll(sentences));
		counts[split] = {
			sentences: sentences.length,
			tokens: sentences.flatMap(({ tokens }) => tokens).length,
			mentions: sentences.flatMap(({ tags }) => tags.filter((tag) => tag.startsWith('B-'))).length,
		};
	}
	const index = { name, scheme: 'BIO', types: ['PER', 'ORG', 'GPE', 'LOC'], files: { ...files, ...more }, counts };
	writeFile(`${folder}/sample.json`, `${JSON.stringify(index, null, '\t')}\n`);
}

function writeResources(corpus: SampleCorpus, dictionaryPath: string | undefined): void {
	const dictionary = readDictionary(dictionaryPath);
	const corpusTexts = Object.values(corpus).flatMap((split) => split.map(({ tokens }) => tokens.join('')));
	const lexicon = chooseLexicon(dictionary, corpusTexts);
	writeFile('sample/lexicon.txt', `${lexicon.join('\n')}\n`);
	const lines = [...unlabelledText(dictionary)];
	for (const units of vectorUnits) {
		const text = trainVectors({ units, lexicon, corpusTexts, lines });
		writeFile(`sample/${units}.vec.gz`, gzipSync(text, { level: 9 }));
	}
}

const { values } = parseArgs({ options: { vectors: { type: 'boolean' }, dictionary: { type: 'string' } } });
const corpus = buildCorpus(chineseRecipe);
writeCorpus('sample', corpus, { en: 'Chinese sample', zh: '中文示例语料' }, vectorFiles);
writeCorpus('sample-en', buildCorpus(englishRecipe), { en: 'English sample', zh: '英文示例语料' });
if (values.vectors) writeResources(corpus, values.dictionary);
