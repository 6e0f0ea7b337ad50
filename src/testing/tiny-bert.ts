// A BERT of a few hundred numbers as files, for tests.

import { type BertConfig, bertTensors } from '../experiment/bert-config';
import { writeSafetensors } from '../storage/safetensors';
import { elementCount, type StoredTensor, storeNumbers } from '../storage/stored-tensor';

export const tinyBertConfig: BertConfig = {
	family: 'bert',
	layers: 2,
	width: 4,
	heads: 2,
	innerWidth: 6,
	embeddingWidth: 4,
	pieces: 7,
	positions: 5,
	segmentTypes: 2,
	layerNormEpsilon: 1e-12,
	activation: 'gelu',
	hiddenDropout: 0.1,
	attentionDropout: 0.1,
};

export const tinyBertPieces = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '北', '京'];

/** Numbers that count up; the same in every precision down to float16 for the first tensors. */
export function tinyBertTensors(config = tinyBertConfig, prefix = 'bert.'): Map<string, StoredTensor> {
	let next = 0;
	return new Map(
		Array.from(bertTensors(config), ([name, shape]) => {
			const values = Float32Array.from({ length: elementCount(shape) }, () => next++ / 64);
			return [prefix + name, storeNumbers(values, shape)];
		}),
	);
}

/** `config.json` as transformers writes it. */
export function tinyBertJson(change: Readonly<Record<string, unknown>> = {}): string {
	const { layers, width, heads, innerWidth, pieces, positions } = tinyBertConfig;
	return JSON.stringify({
		model_type: 'bert',
		hidden_size: width,
		num_hidden_layers: layers,
		num_attention_heads: heads,
		intermediate_size: innerWidth,
		vocab_size: pieces,
		max_position_embeddings: positions,
		...change,
	});
}

/** `tokenizer.json` as transformers writes it. */
export function tinyTokenizerJson(
	pieces: readonly string[] = tinyBertPieces,
	change: Readonly<Record<string, unknown>> = {},
): string {
	return JSON.stringify({
		version: '1.0',
		added_tokens: [{ id: 0, content: '[PAD]', special: true }],
		normalizer: {
			type: 'BertNormalizer',
			clean_text: true,
			handle_chinese_chars: true,
			strip_accents: null,
			lowercase: true,
		},
		pre_tokenizer: { type: 'BertPreTokenizer' },
		model: {
			type: 'WordPiece',
			unk_token: '[UNK]',
			continuing_subword_prefix: '##',
			max_input_chars_per_word: 100,
			vocab: Object.fromEntries(pieces.map((piece, row) => [piece, row])),
		},
		...change,
	});
}

export type TinyFiles = Readonly<Record<string, string | Uint8Array<ArrayBuffer> | null>>;

/** The files of a folder; `change` puts others in their place, beside them, or takes them away. */
export function tinyBertFiles(change: TinyFiles = {}): [string, Blob][] {
	const files: TinyFiles = {
		'config.json': tinyBertJson(),
		'vocab.txt': tinyBertPieces.map((piece) => `${piece}\n`).join(''),
		'model.safetensors': writeSafetensors(tinyBertTensors()),
		...change,
	};
	return Object.entries(files).flatMap(([name, content]): [string, Blob][] =>
		content === null ? [] : [[name, new Blob([content])]],
	);
}
