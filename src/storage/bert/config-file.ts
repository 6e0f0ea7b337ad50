// Reads the `config.json` of a BERT model. What the encoder does not compute is refused by name, with the reason.

import type { Activation, BertConfig } from '../../experiment/bert-config';
import { ownValue } from '../../util/own-value';
import { type Refuse, refuser } from '../refuse';

/** Model types whose encoder is BERT's. */
const families: Readonly<Record<string, BertConfig['family']>> = { bert: 'bert', electra: 'electra', ernie: 'ernie' };

/** Why models of these types are another computation. */
const otherTypes: Readonly<Record<string, string>> = {
	albert: 'its layers share their weights',
	roberta: 'its pieces are bytes and its positions begin at 2',
	'xlm-roberta': 'its pieces are SentencePiece and its positions begin at 2',
	distilbert: 'its tensors have other names and no segment types',
	deberta: 'its attention is over relative positions',
	'deberta-v2': 'its attention is over relative positions',
	nezha: 'its attention is over relative positions',
	roformer: 'its positions are rotations',
	mpnet: 'its attention is over relative positions',
	modernbert: 'its positions are rotations and its layers are normalised first',
	longformer: 'its attention is sparse',
	big_bird: 'its attention is sparse',
	gpt2: 'it reads in one direction',
	t5: 'it is an encoder and a decoder',
	bart: 'it is an encoder and a decoder',
};

const activationNames: Readonly<Record<string, Activation>> = {
	gelu: 'gelu',
	gelu_python: 'gelu',
	gelu_new: 'gelu_new',
	gelu_pytorch_tanh: 'gelu_new',
	relu: 'relu',
	silu: 'silu',
	swish: 'silu',
};

/** More than any model of the family has; a file that says so is damaged. */
const maxCount = 1_000_000;
const maxLayers = 200;

const remedy =
	'Use the folder of a BERT model: BERT, BERT-wwm, RoBERTa-wwm-ext, MacBERT, RBT3, MiniRBT, ELECTRA or ERNIE (without task ids).';

/**
 * Keys that are missing have the defaults of transformers' BertConfig. Throws a UserError: `bert-config-broken` for what is no
 * JSON object of a model, `bert-config-type` for another kind of model, `bert-config-value` for a value that cannot be.
 */
export function parseBertConfig(text: string, file: string): BertConfig {
	const refuse = refuser(file, remedy);
	const keys = readObject(text, refuse);
	const family = familyOf(keys, refuse);
	refuseVariants(keys, refuse);
	const count = (key: string, standard: number, max = maxCount) => countOf(keys, key, standard, max, refuse);
	const rate = (key: string) => numberOf(keys, key, 0.1, (value) => value >= 0 && value < 1, '0 to below 1', refuse);
	const width = count('hidden_size', family === 'electra' ? 256 : 768);
	const heads = count('num_attention_heads', family === 'electra' ? 4 : 12);
	if (width % heads !== 0)
		refuse('bert-config-value', `a hidden_size that ${heads} attention heads divide`, `hidden_size ${width}`);
	return {
		family,
		layers: count('num_hidden_layers', 12, maxLayers),
		width,
		heads,
		innerWidth: count('intermediate_size', family === 'electra' ? 1024 : 3072),
		embeddingWidth: count('embedding_size', family === 'electra' ? 128 : width),
		pieces: count('vocab_size', 30522, 10_000_000),
		positions: count('max_position_embeddings', 512),
		segmentTypes: count('type_vocab_size', family === 'ernie' ? 4 : 2),
		layerNormEpsilon: numberOf(
			keys,
			'layer_norm_eps',
			1e-12,
			(value) => value > 0 && value < 1,
			'a number above 0 and below 1',
			refuse,
		),
		activation: activationOf(keys, refuse),
		hiddenDropout: rate('hidden_dropout_prob'),
		attentionDropout: rate('attention_probs_dropout_prob'),
	};
}

type Keys = Readonly<Record<string, unknown>>;

function readObject(text: string, refuse: Refuse): Keys {
	let value: unknown = null;
	try {
		value = JSON.parse(text.replace(/^\ufeff/, ''));
	} catch {
		// said below
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		return refuse('bert-config-broken', 'the JSON object of a config.json', 'something else');
	const isModel = ['model_type', 'hidden_size', 'num_hidden_layers', 'architectures'].some((key) =>
		Object.hasOwn(value, key),
	);
	if (!isModel) return refuse('bert-config-broken', 'the config.json of a model', 'JSON of something else');
	return value as Keys;
}

function familyOf(keys: Keys, refuse: Refuse): BertConfig['family'] {
	const type = keys.model_type ?? typeOfArchitecture(keys.architectures);
	const name = String(type).slice(0, 40);
	const family = ownValue(families, name);
	if (family) return family;
	const reason = ownValue(otherTypes, name);
	return refuse('bert-config-type', 'a model of the BERT family', `"${name}"${reason ? `: ${reason}` : ''}`);
}

/** Of files from before `model_type`: `BertForMaskedLM` is a bert. */
function typeOfArchitecture(architectures: unknown): string {
	const name = Array.isArray(architectures) ? String(architectures[0] ?? '') : '';
	const known = /^(Bert|Electra|Ernie|Albert|Roberta|DistilBert|Nezha|Deberta)(?=For|Model)/.exec(name)?.[1];
	return known ? known.toLowerCase() : name === '' ? 'bert' : name;
}

/** Forms of the same model types that compute something else. */
function refuseVariants(keys: Keys, refuse: Refuse): void {
	const positions = keys.position_embedding_type ?? 'absolute';
	if (positions !== 'absolute')
		refuse('bert-config-type', 'absolute positions', `position_embedding_type "${String(positions).slice(0, 40)}"`);
	if (keys.use_task_id === true) refuse('bert-config-type', 'an ERNIE without task ids', 'use_task_id true');
	for (const key of ['is_decoder', 'add_cross_attention'])
		if (keys[key] === true) refuse('bert-config-type', 'an encoder', `${key} true`);
}

function activationOf(keys: Keys, refuse: Refuse): Activation {
	const name = String(keys.hidden_act ?? 'gelu').slice(0, 40);
	const found = ownValue(activationNames, name);
	return found ?? refuse('bert-config-value', 'hidden_act gelu, gelu_new, relu or silu', `"${name}"`);
}

function countOf(keys: Keys, key: string, standard: number, max: number, refuse: Refuse): number {
	const isCount = (value: number) => Number.isInteger(value) && value >= 1 && value <= max;
	return numberOf(keys, key, standard, isCount, `a whole number from 1 to ${max}`, refuse);
}

function numberOf(
	keys: Keys,
	key: string,
	standard: number,
	isRight: (value: number) => boolean,
	expected: string,
	refuse: Refuse,
): number {
	const value = keys[key] ?? standard;
	if (typeof value === 'number' && isRight(value)) return value;
	return refuse('bert-config-value', `${key} ${expected}`, (JSON.stringify(value) ?? 'none').slice(0, 40));
}
