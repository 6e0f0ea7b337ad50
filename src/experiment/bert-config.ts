// The shape of a BERT model, as its `config.json` says it (transformers, configuration_bert.py).

export const activations = ['gelu', 'gelu_new', 'relu', 'silu'] as const;
/** `gelu` is the exact one, by the error function; `gelu_new` its approximation by a hyperbolic tangent. */
export type Activation = (typeof activations)[number];

export interface BertConfig {
	/** Of the files: `bert` is also BERT-wwm, RoBERTa-wwm-ext, MacBERT and their small ones. */
	family: 'bert' | 'electra' | 'ernie';
	layers: number;
	/** Of the vectors between layers; a multiple of `heads`. */
	width: number;
	heads: number;
	innerWidth: number;
	/** Of the embeddings; where it is not `width` a projection follows them. */
	embeddingWidth: number;
	/** Pieces of the table in the file. */
	pieces: number;
	/** Pieces of a sentence at most, [CLS] and [SEP] counted. */
	positions: number;
	segmentTypes: number;
	layerNormEpsilon: number;
	activation: Activation;
	/** After embeddings and sublayers, 0 to below 1. */
	hiddenDropout: number;
	/** Of attention probabilities, 0 to below 1. */
	attentionDropout: number;
}

const families: readonly unknown[] = ['bert', 'electra', 'ernie'] satisfies BertConfig['family'][];

/** Whether a value from outside is a shape that a network can have. */
export function isBertConfig(value: object): value is BertConfig {
	const config = value as Partial<Record<keyof BertConfig, unknown>>;
	const sizes = [
		config.layers,
		config.width,
		config.heads,
		config.innerWidth,
		config.embeddingWidth,
		config.pieces,
		config.positions,
		config.segmentTypes,
	];
	const isSized = sizes.every((size) => Number.isSafeInteger(size) && (size as number) >= 1);
	const rates = [config.hiddenDropout, config.attentionDropout, config.layerNormEpsilon];
	const isRated = rates.every((rate) => typeof rate === 'number' && rate >= 0 && rate < 1);
	const isKnown = families.includes(config.family) && activations.some((name) => name === config.activation);
	return isSized && isRated && isKnown && (config.width as number) % (config.heads as number) === 0;
}

/** Tensors of a model by their names without prefix, with their shapes, in the order of the published files. */
export function bertTensors(config: BertConfig): Map<string, number[]> {
	const { layers, width, innerWidth, embeddingWidth, pieces, positions, segmentTypes } = config;
	const tensors = new Map<string, number[]>();
	const dense = (name: string, output: number, input: number) => {
		tensors.set(`${name}.weight`, [output, input]);
		tensors.set(`${name}.bias`, [output]);
	};
	const norm = (name: string, columns: number) => {
		tensors.set(`${name}.weight`, [columns]);
		tensors.set(`${name}.bias`, [columns]);
	};
	tensors.set('embeddings.word_embeddings.weight', [pieces, embeddingWidth]);
	tensors.set('embeddings.position_embeddings.weight', [positions, embeddingWidth]);
	tensors.set('embeddings.token_type_embeddings.weight', [segmentTypes, embeddingWidth]);
	norm('embeddings.LayerNorm', embeddingWidth);
	if (embeddingWidth !== width) dense('embeddings_project', width, embeddingWidth);
	for (let layer = 0; layer < layers; layer++) {
		const name = `encoder.layer.${layer}`;
		for (const part of ['query', 'key', 'value']) dense(`${name}.attention.self.${part}`, width, width);
		dense(`${name}.attention.output.dense`, width, width);
		norm(`${name}.attention.output.LayerNorm`, width);
		dense(`${name}.intermediate.dense`, innerWidth, width);
		dense(`${name}.output.dense`, width, innerWidth);
		norm(`${name}.output.LayerNorm`, width);
	}
	return tensors;
}

/** Of the pooler, which the published files hold and nothing here uses. */
export function poolerTensors({ width }: BertConfig): Map<string, number[]> {
	return new Map([
		['pooler.dense.weight', [width, width]],
		['pooler.dense.bias', [width]],
	]);
}
