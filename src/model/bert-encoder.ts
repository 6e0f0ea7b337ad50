// The BERT encoder (Devlin et al. 2019) over ragged sentences of pieces: sums of embeddings, then layers of self-attention and
// feed-forward, each with its residual and LayerNorm behind it. Letters: n pieces of all sentences, B sentences, H width.

import type { BertConfig } from '../experiment/bert-config';
import type { Indices, StepFacts } from '../kernels/operations';
import { bertSites } from './dropout-sites';
import { keepingResultAlone } from './recompute';
import type { MatrixNode, Tape } from './tape';
import { activation, add, layerNorm, selfAttention, tableRows } from './transformer-steps';

/** Pieces of the sentences, [CLS] and [SEP] included, one sentence after another. Rows behind the last sentence, which fill up to
 *  a common size, have -1 in every list. */
export interface BertInput {
	/** Rows of the piece table. [n] */
	pieces: Int32Array;
	/** From 0 in each sentence. [n] */
	positions: Int32Array;
	/** [n] */
	segments: Int32Array;
	/** First piece of each sentence, and the number of real pieces. [B + 1] */
	starts: Int32Array;
	/** Names of the pieces for the draws of dropout. [n] */
	rowKeys: Int32Array;
}

/** The pieces of any step, which must follow from its facts alone. */
export type BertInputOf = (facts: StepFacts) => BertInput;

/** What one layer computed, for inspection. [n, H] but `inner`. */
export interface BertLayerTrace {
	context: MatrixNode;
	attention: MatrixNode;
	/** After the activation. [n, inner width] */
	inner: MatrixNode;
	output: MatrixNode;
}

export interface BertOutput {
	/** Of the last layer. [n, H] */
	output: MatrixNode;
	/** Before LayerNorm. [n, embedding width] */
	embeddingSum: MatrixNode;
	/** What the first layer reads. [n, H] */
	embedding: MatrixNode;
	/** Empty where what layers compute inside is not kept. */
	layers: BertLayerTrace[];
}

export interface BertOptions {
	/** Whether layers keep their results alone and are run again in the backward pass: less memory, a third more time. */
	recompute?: boolean;
}

/** The lists of a step on the device. */
interface BertLists extends Record<'pieces' | 'positions' | 'segments' | 'rowKeys', Indices> {
	starts: Int32Array;
	startsOf: (facts: StepFacts) => Int32Array;
}

/** `prefix` stands before the names of `bertTensors`; `inputOf` is asked once for each step's facts. Layers behind which nothing
 *  is trained keep their results alone in any case. */
export function encodeBert(
	tape: Tape,
	config: BertConfig,
	prefix: string,
	inputOf: BertInputOf,
	{ recompute = false }: BertOptions = {},
): BertOutput {
	const lists = listsOf(tape, prefix, inputOf);
	const { sum, embedding } = embed(tape, config, prefix, lists);
	const layers: BertLayerTrace[] = [];
	let rows = embedding;
	for (let layer = 0; layer < config.layers; layer++) {
		const name = `${prefix}encoder.layer.${layer}`;
		const isTrained = rows.isTrained || tape.trainsAny(`${name}.`);
		const run = (on: Tape, from: MatrixNode) => bertLayer(on, config, name, { layer, rows: from, lists });
		if (isTrained && !recompute) {
			layers.push(run(tape, rows));
			rows = layers[layers.length - 1].output;
		} else rows = keepingResultAlone(tape, rows, isTrained, (on, from) => run(on, from).output);
	}
	return { output: rows, embeddingSum: sum, embedding, layers };
}

function listsOf(tape: Tape, prefix: string, inputOf: BertInputOf): BertLists {
	const known = new WeakMap<StepFacts, BertInput>();
	const read = (facts: StepFacts): BertInput => {
		const input = known.get(facts) ?? inputOf(facts);
		known.set(facts, input);
		return input;
	};
	const list = (name: 'pieces' | 'positions' | 'segments' | 'rowKeys') =>
		tape.indices(`${prefix}${name}`, (facts) => read(facts)[name]);
	const startsOf = (facts: StepFacts) => read(facts).starts;
	return {
		...{ pieces: list('pieces'), positions: list('positions'), segments: list('segments'), rowKeys: list('rowKeys') },
		...{ starts: startsOf(tape.facts), startsOf },
	};
}

function embed(
	tape: Tape,
	{ embeddingWidth, width, layerNormEpsilon: epsilon, hiddenDropout }: BertConfig,
	prefix: string,
	{ pieces, positions, segments, rowKeys }: BertLists,
): { sum: MatrixNode; embedding: MatrixNode } {
	const table = (name: string, ids: Indices) => tableRows(tape, `${prefix}embeddings.${name}.weight`, ids);
	const words = table('word_embeddings', pieces);
	const placed = add(tape, words, table('position_embeddings', positions));
	const sum = add(tape, placed, table('token_type_embeddings', segments)); // [n, E]
	const normal = layerNorm(tape, sum, null, { name: `${prefix}embeddings.LayerNorm`, epsilon });
	const kept = tape.dropout(normal, hiddenDropout, bertSites.embedding, rowKeys);
	const projection = `${prefix}embeddings_project`;
	const embedding = embeddingWidth === width ? kept : tape.linear(kept, `${projection}.weight`, `${projection}.bias`);
	return { sum, embedding };
}

function bertLayer(
	tape: Tape,
	config: BertConfig,
	name: string,
	{ layer, rows, lists }: { layer: number; rows: MatrixNode; lists: BertLists },
): BertLayerTrace {
	const { heads, activation: kind, hiddenDropout, attentionDropout, layerNormEpsilon: epsilon } = config;
	const sites = bertSites.layer(layer);
	const { rowKeys, starts, startsOf } = lists;
	const linear = (from: MatrixNode, part: string) =>
		tape.linear(from, `${name}.${part}.weight`, `${name}.${part}.bias`);

	const query = linear(rows, 'attention.self.query');
	const key = linear(rows, 'attention.self.key');
	const value = linear(rows, 'attention.self.value');
	const draws = Array.from({ length: heads }, (_, head) =>
		tape.draws(attentionDropout, sites.probabilities(head), rowKeys),
	);
	const dropout = draws.every((draw) => draw !== null) ? draws : null;
	const context = selfAttention(tape, { query, key, value }, { heads, starts, startsOf, dropout });
	const dense = tape.dropout(linear(context, 'attention.output.dense'), hiddenDropout, sites.attention, rowKeys);
	const attention = layerNorm(tape, dense, rows, { name: `${name}.attention.output.LayerNorm`, epsilon });

	const inner = activation(tape, linear(attention, 'intermediate.dense'), kind);
	const outer = tape.dropout(linear(inner, 'output.dense'), hiddenDropout, sites.output, rowKeys);
	const output = layerNorm(tape, outer, attention, { name: `${name}.output.LayerNorm`, epsilon });
	return { context, attention, inner, output };
}
