// The workload of the suite `bert`: BERT-base on ten sentences of 57 pieces, all real, with weights by a formula that
// bench/torch/bert_model.py writes too, so that every program computes the same numbers.

import { type BertConfig, bertTensors } from '../src/experiment/bert-config';
import { layOutParameters, type ParameterLayout } from '../src/kernels/parameters';
import type { BertInput } from '../src/model/bert-encoder';

export const bertBase: BertConfig = {
	family: 'bert',
	layers: 12,
	width: 768,
	heads: 12,
	innerWidth: 3072,
	embeddingWidth: 768,
	pieces: 21128,
	positions: 512,
	segmentTypes: 2,
	layerNormEpsilon: 1e-12,
	activation: 'gelu',
	hiddenDropout: 0,
	attentionDropout: 0,
};

export const sentences = 10;
export const sentencePieces = 57;
const firstSeed = 5_000_000;
const idSeed = firstSeed + 3000;
const lossSeed = firstSeed + 2000;

/** Well mixed bits of a counter (the finisher of MurmurHash3), minus a half: [-0.5, 0.5). */
function mixed(index: number, seed: number): number {
	let x = Math.imul(index + 1, 0x9e3779b1) ^ seed;
	x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
	x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
	return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32 - 0.5;
}

/** All of it may be frozen, as in a model of which BERT is a part. */
export function layOutBert(): ParameterLayout {
	const specs = Array.from(bertTensors(bertBase), ([name, shape]) => ({ name, shape }));
	return layOutParameters([], specs);
}

/** Tensor number k has seed `firstSeed` + k. */
export function formulaWeights({ entries, size }: ParameterLayout): Float32Array {
	const weights = new Float32Array(size);
	entries.forEach(({ name, offset, size: count }, number) => {
		const seed = firstSeed + number;
		const [centre, spread] = name.endsWith('LayerNorm.weight') ? [1, 0.2] : [0, name.endsWith('bias') ? 0.2 : 0.14];
		for (let index = 0; index < count; index++) weights[offset + index] = centre + spread * mixed(index, seed);
	});
	return weights;
}

/** Pieces from 4 on, drawn by the same formula. [sentences, pieces] */
export function pieceIds(): Int32Array {
	const range = bertBase.pieces - 4;
	return Int32Array.from({ length: sentences * sentencePieces }, (_, index) =>
		Math.floor(4 + (mixed(index, idSeed) + 0.5) * range),
	);
}

export function bertInput(): BertInput {
	const pieces = pieceIds();
	return {
		pieces,
		positions: pieces.map((_, index) => index % sentencePieces),
		segments: new Int32Array(pieces.length),
		starts: Int32Array.from({ length: sentences + 1 }, (_, index) => index * sentencePieces),
		rowKeys: pieces.map((_, index) => index),
	};
}

/** Of the loss, the sum of output * weight: its gradient with respect to the output. [pieces, width] */
export function lossWeights(): Float32Array {
	return Float32Array.from({ length: sentences * sentencePieces * bertBase.width }, (_, index) =>
		mixed(index, lossSeed),
	);
}
