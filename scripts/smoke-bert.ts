// Makes the tiny BERT in models/smoke-bert: random weights from a seed, pieces from the smoke corpus.
// `npx tsx scripts/smoke-bert.ts`; the same files every time.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { specialPieces } from '../src/data/bert/piece-vocabulary';
import { bertTensors } from '../src/experiment/bert-config';
import { parseBertConfig } from '../src/storage/bert/config-file';
import { halvesOf } from '../src/storage/half-floats';
import { writeSafetensors } from '../src/storage/safetensors';
import { elementCount, type StoredTensor } from '../src/storage/stored-tensor';
import { RandomStream } from '../src/util/random';

const root = fileURLToPath(new URL('..', import.meta.url));
const seed = 14;
/** Rarer characters are left to [UNK]: a real model does not know all of a corpus either. */
const leastCount = 2;

const settings = {
	architectures: ['BertModel'],
	model_type: 'bert',
	attention_probs_dropout_prob: 0.1,
	hidden_act: 'gelu',
	hidden_dropout_prob: 0.1,
	hidden_size: 64,
	initializer_range: 0.02,
	intermediate_size: 128,
	layer_norm_eps: 1e-12,
	max_position_embeddings: 128,
	num_attention_heads: 4,
	num_hidden_layers: 2,
	type_vocab_size: 2,
};

/** Files by name. */
export function makeSmokeBert(): Map<string, Uint8Array> {
	const pieces = smokePieces();
	const config = { ...settings, vocab_size: pieces.length };
	const tokenizer = {
		do_lower_case: true,
		strip_accents: null,
		tokenize_chinese_chars: true,
		tokenizer_class: 'BertTokenizer',
	};
	const encode = (text: string) => new TextEncoder().encode(text);
	const json = (value: unknown) => encode(`${JSON.stringify(value, null, '\t')}\n`);
	return new Map([
		['config.json', json(config)],
		['tokenizer_config.json', json(tokenizer)],
		['vocab.txt', encode(pieces.map((piece) => `${piece}\n`).join(''))],
		['model.safetensors', writeSafetensors(randomWeights(JSON.stringify(config)), { format: 'pt' })],
	]);
}

/** Special pieces, digits and letters at the beginning of a word and inside, the common characters of the smoke corpus. */
function smokePieces(): string[] {
	const counts = new Map<string, number>();
	for (const split of ['train', 'dev', 'test'])
		for (const line of readFileSync(join(root, `public/smoke/${split}.conll`), 'utf8').split('\n')) {
			const character = line.split(' ')[0];
			if (character !== '') counts.set(character, (counts.get(character) ?? 0) + 1);
		}
	const common = [...counts].filter(([, count]) => count >= leastCount).sort(([, left], [, right]) => right - left);
	const latin = Array.from('0123456789abcdefghijklmnopqrstuvwxyz');
	const all = [
		...Object.values(specialPieces),
		...latin,
		...latin.map((character) => `##${character}`),
		...common.map(([character]) => character),
	];
	return [...new Set(all)];
}

/** As BERT is initialised: numbers around 0, LayerNorm 1 and 0; half precision, as many models are published. */
function randomWeights(config: string): [string, StoredTensor][] {
	const random = new RandomStream(seed);
	return Array.from(bertTensors(parseBertConfig(config, 'config.json')), ([name, shape]) => {
		const draw = (): number => {
			if (name.endsWith('LayerNorm.weight')) return 1;
			return name.endsWith('bias') ? 0 : settings.initializer_range * normal(random);
		};
		const halves = halvesOf(Float32Array.from({ length: elementCount(shape) }, draw));
		return [name, { type: 'F16', shape, bytes: new Uint8Array(halves.buffer) }];
	});
}

/** Twelve uniform numbers less six: the same on every machine, which logarithm and cosine are not. */
function normal(random: RandomStream): number {
	let sum = -6;
	for (let count = 0; count < 12; count++) sum += random.uniform();
	return sum;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
	const folder = join(root, 'models/smoke-bert');
	mkdirSync(folder, { recursive: true });
	for (const [name, bytes] of makeSmokeBert()) writeFileSync(join(folder, name), bytes);
}
