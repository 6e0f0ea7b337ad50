// Makes the sample's files again, byte for byte: `npx tsx scripts/sample/build.ts`.

import { mkdirSync, writeFileSync } from 'node:fs';
import { toConll } from './annotated-text';
import { buildCorpus, chineseRecipe, englishRecipe, type SampleRecipe } from './corpus';

function writeCorpus(folderName: string, recipe: SampleRecipe): void {
	const folder = new URL(`../../public/${folderName}/`, import.meta.url);
	mkdirSync(folder, { recursive: true });
	for (const [split, sentences] of Object.entries(buildCorpus(recipe)))
		writeFileSync(new URL(`${split}.conll`, folder), toConll(sentences));
}

writeCorpus('sample', chineseRecipe);
writeCorpus('sample-en', englishRecipe);
