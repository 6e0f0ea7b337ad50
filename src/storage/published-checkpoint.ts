// The published program's state_dict, there and back. It holds the network's parameters under the names that are used
// here too, and beside them: the fixed position table about thirty times, the fusion once more in every layer, layers
// that the computation never uses, the maps from vocabulary ids to rows, and the decoding constraints.
// It does not hold the vocabularies, the lexicon, the labels or the settings (reference/checkpoint).

import { type DistanceOrigin, distanceOrigins, type FusionName, type ModelConfig } from '../experiment/config';
import { givenFeatures, type NetworkShape } from '../experiment/network-shape';
import { invariant } from '../util/errors';
import { type Refuse, refuser } from './refuse';
import { readFloats, readIntegers, type StoredTensor, storeNumbers } from './stored-tensor';
import type { StateDict } from './torch-state-dict';

/** Row of each vocabulary id in the two embedding tables. */
export interface RowMaps {
	lattice: Int32Array;
	/** Null in a network without bigrams. */
	bigram: Int32Array | null;
}

export interface PublishedNetwork {
	/** Drop rates are those of the published scripts: a state_dict does not tell them. */
	network: NetworkShape;
	/** The parameters that the computation uses, by name. */
	parameters: Map<string, StoredTensor>;
	rowOfId: RowMaps;
	/** Names of tensors that belong to none of this (a language model's weights), not read. */
	unused: string[];
}

/** Sinusoids of distances -reach..reach plus a shift, [2 reach + 1, width]: positionTable of model/position-table.ts. */
export type PositionTable = (reach: number, width: number, shift: number) => Float32Array;

const fusionPrefix = 'encoder.four_pos_fusion_embedding';
const distanceTables = ['pe_ss', 'pe_se', 'pe_es', 'pe_ee'];
/** Difference beyond which a position table was learned and is not the fixed one. */
const positionTolerance = 1e-4;

const usedNames = [
	/^(lattice|bigram)_embed\.embedding\.weight$/,
	/^(char|lex)_proj\.(weight|bias)$/,
	/^encoder\.four_pos_fusion_embedding\.(w_r|pos_\w+)\./,
	/^encoder\.layer_\d+\.attn\.(u|v)$/,
	/^encoder\.layer_\d+\.attn\.w_[qvr]\.(weight|bias)$/,
	/^encoder\.layer_\d+\.ff\.w[01]\.(weight|bias)$/,
	/^encoder\.layer_\d+\.layer_postprocess\.layer_norm\.(weight|bias)$/,
	/^output\.(weight|bias)$/,
	/^crf\.(trans_m|start_scores|end_scores)$/,
];
const idleNames = [
	/^encoder\.layer_\d+\.attn\.w_(k|final)\.(weight|bias)$/,
	/^encoder\.layer_\d+\.attn\.pos_\w+\./,
	/^(lattice|bigram)_embed\.words_to_words$/,
	/^crf\._constrain$/,
];
const positionName = /(^|\.)pe(_[se]{2})?$/;
const layerFusion = /^encoder\.layer_\d+\.four_pos_fusion_embedding\./;

/** Finds the network in a state_dict. Throws a UserError `published-…` when it computes something else: learned
 *  positions, a fusion per layer, further layers. Shapes are checked when the parameters are laid out. */
export function readPublishedStateDict(
	state: StateDict,
	positionTable: PositionTable,
	file?: string,
): PublishedNetwork {
	const refuse = refuser(file, remedy);
	const parameters = new Map<string, StoredTensor>();
	const unused: string[] = [];
	for (const [name, tensor] of state) {
		if (usedNames.some((pattern) => pattern.test(name))) parameters.set(name, tensor);
		else if (layerFusion.test(name) && !positionName.test(name)) checkAlias(state, name, refuse);
		else if (positionName.test(name) || idleNames.some((pattern) => pattern.test(name))) continue;
		else if (/^(encoder|char_proj|lex_proj|output|crf)\b/.test(name)) {
			refuse('published-unknown-parameter', 'the parameters of the published encoder and CRF', name);
		} else unused.push(name);
	}
	const network = deriveNetwork(state, refuse);
	network.model.distanceOrigin = findDistanceOrigin(state, network, positionTable, refuse);
	return { network, parameters, rowOfId: readRowMaps(state, network, refuse), unused };
}

const remedy = 'Use a state_dict of the published NerCo or FLAT program with the default architecture.';

function deriveNetwork(state: StateDict, refuse: Refuse): NetworkShape {
	const sizes = (name: string, dimensions: number): readonly number[] => {
		const shape = state.get(name)?.shape;
		if (shape?.length === dimensions && shape.every((size) => size > 0)) return shape;
		return refuse('published-missing', `a tensor ${name} of ${dimensions} dimensions`, shape ? `[${shape}]` : 'none');
	};
	const [latticeRows, latticeSize] = sizes('lattice_embed.embedding.weight', 2);
	const hasBigrams = state.has('bigram_embed.embedding.weight');
	const [bigramRows, bigramSize] = hasBigrams ? sizes('bigram_embed.embedding.weight', 2) : [2, latticeSize];
	const [heads, headSize] = sizes('encoder.layer_0.attn.u', 2);
	const [inner] = sizes('encoder.layer_0.ff.w0.weight', 2);
	const [tagCount] = sizes('output.weight', 2);
	const [distances] = sizes('pe', 2);
	const [, characterInputs] = sizes('char_proj.weight', 2);
	const featureWidth = characterInputs - latticeSize - (hasBigrams ? bigramSize : 0);
	if (featureWidth < 0) {
		refuse('published-shape', `char_proj.weight with at least ${latticeSize} columns`, `${characterInputs}`);
	}
	const model: ModelConfig = {
		encoder: featureWidth > 0 ? 'flat-bert' : 'flat',
		heads,
		headSize,
		layers: countLayers(state),
		feedForwardFactor: inner / (heads * headSize),
		fusion: findFusion(state, heads * headSize, refuse),
		distanceOrigin: 'centred', // set from the position table
		bigrams: hasBigrams,
		lexicon: state.has('lex_proj.weight'),
		embeddingSize: latticeSize,
		crfStartEnd: state.has('crf.start_scores'),
		constrainedDecoding: readFloatsOf(state, 'crf._constrain').some((score) => score !== 0),
		embeddingDropout: 0.5,
		feedForwardDropout: 0.15,
		outputDropout: 0.3,
		wordDropout: 0.01,
	};
	const maxDistance = (distances - 1) / 2;
	const bert = featureWidth > 0 ? givenFeatures(featureWidth) : null;
	return { model, latticeRows, latticeSize, bigramRows, bigramSize, tagCount, tagOffset: 0, maxDistance, bert };
}

function readFloatsOf(state: StateDict, name: string): Float32Array {
	const tensor = state.get(name);
	return tensor ? readFloats(tensor) : new Float32Array(0);
}

function countLayers(state: StateDict): number {
	let layers = 0;
	while (state.has(`encoder.layer_${layers}.attn.u`)) layers++;
	return layers;
}

/** Which fusion, by the names of its parameters; ff_two and ff differ by the number of tables that they join. */
function findFusion(state: StateDict, width: number, refuse: Refuse): FusionName {
	const has = (name: string) => state.has(`${fusionPrefix}.${name}`);
	if (has('pos_attn_score.0.weight')) return 'attn';
	if (has('pos_gate_score.0.weight')) return 'gate';
	if (has('pos_fusion_forward.weight')) return 'ff_linear';
	const inputs = state.get(`${fusionPrefix}.pos_fusion_forward.0.weight`)?.shape[1];
	if (inputs === 2 * width) return 'ff_two';
	if (inputs === 4 * width) return 'ff';
	return refuse('published-missing', `a position fusion under ${fusionPrefix}`, inputs ? `${inputs} inputs` : 'none');
}

/** A layer's fusion is the shared one under a second name; a fusion of its own would be another network. */
function checkAlias(state: StateDict, name: string, refuse: Refuse): void {
	const own = state.get(name)!;
	const shared = state.get(name.replace(layerFusion, `${fusionPrefix}.`));
	const isSame =
		shared !== undefined && own.bytes.length === shared.bytes.length && equalBytes(own.bytes, shared.bytes);
	if (!isSame) refuse('published-own-fusion', 'the same position fusion in all layers', `a different one in ${name}`);
}

function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
	return isSameView(left, right) || left.every((value, index) => value === right[index]);
}

function isSameView(left: Uint8Array, right: Uint8Array): boolean {
	return left.buffer === right.buffer && left.byteOffset === right.byteOffset && left.length === right.length;
}

/** Which of the two fixed tables the file's position tables are; all of them must be the same one. */
function findDistanceOrigin(
	state: StateDict,
	network: NetworkShape,
	positionTable: PositionTable,
	refuse: Refuse,
): DistanceOrigin {
	const width = network.model.heads * network.model.headSize;
	const reach = network.maxDistance;
	if (!Number.isInteger(reach)) refuse('published-shape', 'an odd number of rows in pe', `${2 * reach + 1}`);
	const main = state.get('pe')!;
	if (main.shape[1] !== width) refuse('published-shape', `pe with ${width} columns`, `${main.shape[1]}`);
	const isTable = (tensor: StoredTensor, origin: DistanceOrigin) => {
		const expected = positionTable(reach, width, origin === 'shifted' ? reach : 0);
		const values = readFloats(tensor);
		return (
			values.length === expected.length &&
			values.every((value, index) => Math.abs(value - expected[index]) <= positionTolerance)
		);
	};
	const origin = distanceOrigins.find((candidate) => isTable(main, candidate));
	for (const [name, tensor] of state) {
		if (!positionName.test(name)) continue;
		const isFixed = origin && (isSameView(tensor.bytes, main.bytes) || isTable(tensor, origin));
		if (!isFixed) refuse('published-learned-positions', 'the fixed sinusoidal table', `different values in ${name}`);
	}
	return origin ?? refuse('published-learned-positions', 'the fixed sinusoidal table', 'different values in pe');
}

function readRowMaps(state: StateDict, network: NetworkShape, refuse: Refuse): RowMaps {
	const read = (table: 'lattice' | 'bigram', rows: number) => {
		const name = `${table}_embed.words_to_words`;
		const map = state.get(name);
		if (!map) return Int32Array.from({ length: rows }, (_, row) => row);
		const rowOfId = readIntegers(map, name);
		const outside = rowOfId.find((row) => row < 0 || row >= rows);
		if (outside !== undefined) refuse('published-shape', `rows below ${rows} in ${name}`, `row ${outside}`);
		return rowOfId;
	};
	return {
		lattice: read('lattice', network.latticeRows),
		bigram: network.model.bigrams ? read('bigram', network.bigramRows) : null,
	};
}

/** Score of the two reserved tags that a network without them gets: low enough never to be decoded or to count. */
const neverTagged = -10000;

export interface PublishedExport {
	network: NetworkShape;
	parameters: ReadonlyMap<string, StoredTensor>;
	rowOfId: RowMaps;
	positionTable: PositionTable;
	/** Scores added while decoding, [K + 2, K + 2] over all tags; absent: none. */
	constraints?: Float32Array;
}

/** Tensors under every name that the published program expects, in its order, for writeTorchStateDict. Layers that it
 *  never uses are zeros. A network without `<pad>` and `<unk>` gets them as tags that never win. */
export function publishedTensors(source: PublishedExport): [string, StoredTensor][] {
	const { network, rowOfId } = source;
	const { model } = network;
	const width = model.heads * model.headSize;
	const shift = model.distanceOrigin === 'shifted' ? network.maxDistance : 0;
	const positions = storeNumbers(source.positionTable(network.maxDistance, width, shift), [
		2 * network.maxDistance + 1,
		width,
	]);
	const entries: [string, StoredTensor][] = [];
	const put = (name: string, tensor: StoredTensor) => entries.push([name, tensor]);
	const take = (name: string) => {
		const tensor = source.parameters.get(name);
		invariant(tensor, `no parameter ${name}`);
		put(name, tensor);
	};
	const zeros = (name: string, ...shape: number[]) => put(name, storeZeros(shape));
	const takeLinear = (name: string) => [take(`${name}.weight`), take(`${name}.bias`)];
	const zeroLinear = (name: string, outputs: number, inputs: number) => [
		zeros(`${name}.weight`, outputs, inputs),
		zeros(`${name}.bias`, outputs),
	];
	const putDistanceTables = (prefix: string) => {
		for (const table of distanceTables) put(`${prefix}${table}`, positions);
	};
	const putEmbedding = (table: 'lattice' | 'bigram', rows: Int32Array) => {
		put(`${table}_embed.words_to_words`, storeNumbers(BigInt64Array.from(rows, BigInt), [rows.length]));
		take(`${table}_embed.embedding.weight`);
	};
	const fusion = [...source.parameters].filter(([name]) => name.startsWith(`${fusionPrefix}.`));
	const putFusion = (prefix: string) => {
		putDistanceTables(`${prefix}.`);
		put(`${prefix}.pe`, positions);
		for (const [name, tensor] of fusion) put(name.replace(fusionPrefix, prefix), tensor);
	};

	put('pe', positions);
	putDistanceTables('');
	putEmbedding('lattice', rowOfId.lattice);
	if (rowOfId.bigram && model.bigrams) putEmbedding('bigram', rowOfId.bigram);
	takeLinear('char_proj');
	if (model.lexicon) takeLinear('lex_proj');
	else zeroLinear('lex_proj', width, network.latticeSize);
	put('encoder.pe', positions);
	putDistanceTables('encoder.');
	putFusion(fusionPrefix);
	for (let layer = 0; layer < model.layers; layer++) {
		const prefix = `encoder.layer_${layer}`;
		putDistanceTables(`${prefix}.`);
		put(`${prefix}.pe`, positions);
		putFusion(`${prefix}.four_pos_fusion_embedding`);
		takeLinear(`${prefix}.layer_postprocess.layer_norm`);
		putDistanceTables(`${prefix}.attn.`);
		take(`${prefix}.attn.u`);
		take(`${prefix}.attn.v`);
		put(`${prefix}.attn.pe`, positions);
		if (hasSecondFusion(model.fusion)) {
			for (const [name, { shape }] of fusion) {
				const part = name.slice(fusionPrefix.length + 1);
				if (part.startsWith('pos_')) zeros(`${prefix}.attn.${part}`, ...shape);
			}
		}
		zeroLinear(`${prefix}.attn.w_k`, width, width);
		for (const projection of ['w_q', 'w_v', 'w_r']) takeLinear(`${prefix}.attn.${projection}`);
		zeroLinear(`${prefix}.attn.w_final`, width, width);
		takeLinear(`${prefix}.ff.w0`);
		takeLinear(`${prefix}.ff.w1`);
	}
	for (const [name, tensor] of tagTensors(source)) put(name, tensor);
	return entries;
}

/** In these the published attention holds an idle fusion network of its own. */
function hasSecondFusion(fusion: FusionName): boolean {
	return fusion === 'ff' || fusion === 'attn' || fusion === 'gate';
}

/** Output layer and CRF over all tags, the reserved ones included. */
function tagTensors({ network, parameters, constraints }: PublishedExport): [string, StoredTensor][] {
	const { tagOffset, tagCount } = network;
	const width = network.model.heads * network.model.headSize;
	const all = tagCount + tagOffset;
	const pad = (name: string, columns: number, columnOffset: number, reserved: number) => {
		const tensor = parameters.get(name);
		invariant(tensor, `no parameter ${name}`);
		const values = readFloats(tensor);
		const padded = new Float32Array(all * columns).fill(reserved, 0, tagOffset * columns);
		for (let tag = 0; tag < tagCount; tag++) {
			const row = values.subarray(tag * (columns - columnOffset), (tag + 1) * (columns - columnOffset));
			padded.set(row, (tag + tagOffset) * columns + columnOffset);
		}
		return storeNumbers(padded, tensor.shape.length === 1 ? [all] : [all, columns]);
	};
	const constraintShape = [all + 2, all + 2];
	const entries: [string, StoredTensor][] = [
		['output.weight', pad('output.weight', width, 0, 0)],
		['output.bias', pad('output.bias', 1, 0, neverTagged)],
		['crf.trans_m', pad('crf.trans_m', all, tagOffset, 0)],
	];
	if (network.model.crfStartEnd) {
		entries.push(['crf.start_scores', pad('crf.start_scores', 1, 0, 0)]);
		entries.push(['crf.end_scores', pad('crf.end_scores', 1, 0, 0)]);
	}
	entries.push([
		'crf._constrain',
		constraints ? storeNumbers(constraints, constraintShape) : storeZeros(constraintShape),
	]);
	return entries;
}

function storeZeros(shape: readonly number[]): StoredTensor {
	return storeNumbers(new Float32Array(shape.reduce((product, size) => product * size, 1)), shape);
}
