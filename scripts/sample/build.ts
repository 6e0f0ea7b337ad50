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

function writeCorpus(folder: string, corpus: SampleCorpus): void {
	for (const [split, sentences] of Object.entries(corpus)) writeFile(`${folder}/${split}.conll`, toConll(sentences));
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
writeCorpus('sample', corpus);
writeCorpus('sample-en', buildCorpus(englishRecipe));
if (values.vectors) writeResources(corpus, values.dictionary);
