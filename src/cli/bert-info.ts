// `nerco info FOLDER`: what a BERT model is, once all its files are checked.

import type { OpenedBert } from '../storage/bert/open-bert';
import { openBertFolder } from '../storage/node/bert-folder';
import { exitCodes } from './command-line';
import { printJson, printLines } from './terminal';

export async function bertInfo(folder: string, isJson: boolean): Promise<number> {
	const bert = await openBertFolder(folder);
	const { config, weightsFile, pieces, tokenizer, parameters, sizeBytes, hash, notes } = bert;
	if (isJson)
		printJson({ folder, weightsFile, config, pieces: pieces.length, tokenizer, parameters, sizeBytes, hash, notes });
	else printLines(...linesOf(bert));
	return exitCodes.done;
}

function linesOf({ folder, config, weightsFile, pieces, tokenizer, parameters, sizeBytes, hash, notes }: OpenedBert) {
	const { family, layers, width, heads, innerWidth, embeddingWidth, positions, segmentTypes, activation } = config;
	const count = (value: number) => value.toLocaleString('en-US');
	const text = [
		tokenizer.lowerCase ? 'lower-cased' : 'cased',
		tokenizer.stripAccents ? 'without accents' : 'with accents',
		tokenizer.splitsChinese ? 'Chinese characters apart' : 'Chinese characters not apart',
	];
	return [
		folder,
		`  family      ${family}`,
		`  encoder     ${layers} layers of width ${width}, ${heads} heads, inner width ${innerWidth}, ${activation}`,
		`  embeddings  of width ${embeddingWidth}, ${positions} positions, ${segmentTypes} segment types`,
		`  pieces      ${count(pieces.length)}`,
		`  text        ${text.join(', ')}`,
		`  parameters  ${count(parameters)}`,
		`  weights     ${weightsFile}, ${count(sizeBytes)} bytes`,
		`  hash        ${hash}`,
		...notes.map((note) => `note: ${note}`),
	];
}
