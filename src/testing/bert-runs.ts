// The published classes' own runs of BERT, and one with dropout, for tests of devices: what each gives beside what it should.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arrangePieces } from '../data/bert/piece-batch';
import { type BertConfig, bertTensors } from '../experiment/bert-config';
import type { Device } from '../kernels/operations';
import { layOutParameters, type ParameterLayout } from '../kernels/parameters';
import { type BertInput, encodeBert } from '../model/bert-encoder';
import { type MatrixNode, Tape } from '../model/tape';
import { parseBertConfig } from '../storage/bert/config-file';
import { readSafetensors } from '../storage/safetensors';
import { readFloats, readIntegers, type StoredTensor } from '../storage/stored-tensor';
import { invariant } from '../util/errors';
import { RandomStream } from '../util/random';
import { referencePath } from './shared-data';
import { tinyBatch } from './tiny-batch';

const folder = referencePath('bert-forward');
const windows = referencePath('windows');
/** Whether the references are there. */
export const hasBertRuns = folder !== null && windows !== null;

/** Those that are there: the project's own selection has some of them. */
export const forwardCases = [
	'three-layers',
	'token-types',
	'full-length',
	'relu-eps-1e-5',
	'one-layer-one-head-swish-no-eps-key',
	'large-scores',
].filter((name) => existsSync(join(folder ?? '', name)));
export const windowCases = ['120-stride-22', '120-stride-23-ties', 'batch-120-47-46-1-stride-10'];
const prefix = 'bert.';

/** Of the reference's own README, float32. */
const tolerances: Record<string, { output: number; gradient: number; relative: number }> = {
	'large-scores': { output: 2e-4, gradient: 5e-3, relative: 1e-4 },
};
const usual = { output: 1e-5, gradient: 5e-5, relative: 1e-5 };

const read = (...path: string[]) => readSafetensors(readFileSync(join(...path))).tensors;
const readJson = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

interface Case {
	config: BertConfig;
	parameters: Map<string, StoredTensor>;
	outputs: Map<string, StoredTensor>;
	gradients: Map<string, StoredTensor>;
	input: BertInput;
	/** Row of each piece in the padded arrays of the reference. */
	cells: Int32Array;
	lossWeights: Float32Array;
}

function floatsOf(tensors: Map<string, StoredTensor>, name: string): Float32Array {
	const tensor = tensors.get(name);
	invariant(tensor, `the reference has no ${name}`);
	return readFloats(tensor);
}

/** Row by row the cells [row, position] of a padded array that are pieces. */
function cellsOf(lengths: readonly number[], width: number): Int32Array {
	return Int32Array.from(
		lengths.flatMap((length, row) => Array.from({ length }, (_, position) => row * width + position)),
	);
}

function readCase(name: string): Case {
	const place = join(folder ?? '', name);
	const expected = readJson(place, 'expected.json');
	const inputs = read(place, 'inputs.safetensors');
	const integers = (list: string) => readIntegers(inputs.get(list) as StoredTensor);
	const [ids, segments] = [integers('input_ids'), integers('token_type_ids')];
	const lengths: number[] = expected.lengths;
	const width = ids.length / lengths.length;
	const cells = cellsOf(lengths, width);
	const ends = lengths.map((_, row) => lengths.slice(0, row + 1).reduce((sum, length) => sum + length, 0));
	return {
		config: parseBertConfig(JSON.stringify({ model_type: 'bert', ...expected.config }), name),
		parameters: read(place, expected.params),
		outputs: read(place, 'outputs.safetensors'),
		gradients: read(place, 'grads.safetensors'),
		input: {
			pieces: cells.map((cell) => ids[cell]),
			positions: cells.map((cell) => cell % width),
			segments: cells.map((cell) => segments[cell]),
			starts: Int32Array.from([0, ...ends]),
			rowKeys: cells.map((_, index) => index),
		},
		cells,
		lossWeights: floatsOf(inputs, 'loss_weights'),
	};
}

/** Rows of the reference's padded [B, L, columns] that are pieces. */
function rowsOf(values: Float32Array, cells: Int32Array, columns: number): Float32Array {
	const rows = new Float32Array(cells.length * columns);
	cells.forEach((cell, index) => {
		rows.set(values.subarray(cell * columns, (cell + 1) * columns), index * columns);
	});
	return rows;
}

/** How far the worst element is beyond its tolerance; at most 1 is right. Lists of other lengths are infinitely far. */
export function excess(found: Float32Array, expected: Float32Array, absolute: number, relative: number): number {
	if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
	let worst = 0;
	for (let index = 0; index < found.length; index++) {
		const allowed = Math.max(absolute, relative * Math.abs(expected[index]));
		const beyond = Math.abs(found[index] - expected[index]) / allowed;
		if (!(beyond <= worst)) worst = Number.isNaN(beyond) ? Number.POSITIVE_INFINITY : beyond;
	}
	return worst;
}

function openParameters(device: Device, parameters: Map<string, StoredTensor>): ParameterLayout {
	const layout = layOutParameters([...parameters].map(([name, { shape }]) => ({ name, shape: [...shape] })));
	const flat = new Float32Array(layout.size);
	for (const { name, offset } of layout.entries) flat.set(floatsOf(parameters, name), offset);
	device.openParameters(layout);
	device.writeParameters(flat);
	return layout;
}

/** The tape of a step that trains everything, on a batch that says nothing. */
export function bertTape(
	device: Device,
	layout: ParameterLayout,
	random: { seed: number; step: number } | null = null,
): Tape {
	const batch = tinyBatch([{ characters: 2, words: 0 }], { layout: device.rowLayout });
	device.beginStep(batch);
	return new Tape(device, layout, batch, { trained: new Set(layout.entries.map(({ name }) => name)), random });
}

/** How far embeddings, every layer's parts and every gradient of a case are beyond their tolerance. */
export async function forwardExcess(device: Device, name: string): Promise<[string, number][]> {
	const { config, parameters, outputs, gradients, input, cells, lossWeights } = readCase(name);
	const { output: absolute, gradient: ofGradient, relative } = tolerances[name] ?? usual;
	const layout = openParameters(device, parameters);
	const tape = bertTape(device, layout);
	const { output, embeddingSum, embedding, layers } = encodeBert(tape, config, prefix, () => input);
	const nodes: [string, MatrixNode][] = [
		['embedding_sum', embeddingSum],
		['embedding_output', embedding],
		...layers.flatMap(({ context, attention, inner, output: rows }, layer): [string, MatrixNode][] => [
			[`layer_${layer}.context`, context],
			[`layer_${layer}.attention_output`, attention],
			[`layer_${layer}.intermediate`, inner],
			[`layer_${layer}.output`, rows],
		]),
	];
	const found: [string, number][] = [];
	for (const [key, { value }] of nodes) {
		const expected = rowsOf(floatsOf(outputs, key), cells, value.columns);
		found.push([key, excess(await device.read(value), expected, absolute, relative)]);
	}
	const weights = rowsOf(lossWeights, cells, output.value.columns);
	tape.receive(output, device.upload(weights, output.value.rows, output.value.columns));
	tape.backward();
	const all = await device.readGradients();
	for (const { name: tensor, offset, size } of layout.entries) {
		const expected = gradients.has(tensor) ? floatsOf(gradients, tensor) : new Float32Array(size);
		const own = all.subarray(offset, offset + size);
		found.push([`gradient of ${tensor}`, excess(own, expected, ofGradient, relative)]);
	}
	device.endStep();
	return found;
}

/** How far the vectors of sentences in windows are beyond their tolerance. */
export async function windowExcess(device: Device, name: string): Promise<number> {
	const place = join(windows ?? '', name);
	const expected = readJson(place, 'expected.json');
	const data = read(place, 'data.safetensors');
	const ids = readIntegers(data.get('pieces') as StoredTensor);
	const lengths: number[] = expected.lengths;
	const longest = ids.length / lengths.length;
	const config = parseBertConfig(JSON.stringify(expected.config), name);
	const batch = arrangePieces(
		lengths.map((length, row) => ids.subarray(row * longest, row * longest + length)),
		{
			...{ first: expected.cls_id, last: expected.sep_id, positions: config.positions },
			stride: expected.stride_between_window_starts,
		},
	);
	const tape = bertTape(device, openParameters(device, read(place, expected.params)));
	const input = { ...batch, segments: new Int32Array(batch.pieces.length) };
	const { output } = encodeBert(tape, config, prefix, () => input);
	const found = await device.read(device.gatherRows(output.value, device.uploadIndices(batch.pieceRow)));
	device.endStep();
	return excess(found, rowsOf(floatsOf(data, 'vectors'), cellsOf(lengths, longest), config.width), 1e-5, 1e-5);
}

// --- A small model with dropout and a projection behind its embeddings.

export const droppingConfig: BertConfig = {
	...parseBertConfig('{"model_type":"electra","hidden_size":12,"embedding_size":8,"num_attention_heads":3}', 'config'),
	...{ layers: 2, innerWidth: 20, pieces: 9, positions: 7, activation: 'silu' },
	...{ hiddenDropout: 0.2, attentionDropout: 0.3 },
};
export const droppingLayout = layOutParameters(
	Array.from(bertTensors(droppingConfig), ([name, shape]) => ({ name, shape })),
);
export const droppingInput: BertInput = {
	pieces: Int32Array.from([2, 5, 3, 2, 0, 8, 8, 7, 3]),
	positions: Int32Array.from([0, 1, 2, 0, 1, 2, 3, 4, 5]),
	segments: new Int32Array(9),
	starts: Int32Array.from([0, 3, 9]),
	rowKeys: Int32Array.from([1, 2, 3, 11, 12, 13, 14, 15, 16]),
};
const stream = new RandomStream(5);
export const droppingValues = Float32Array.from({ length: droppingLayout.size }, () => stream.uniform() - 0.5);
export const lossWeights = Float32Array.from({ length: 9 * 12 }, () => stream.uniform() - 0.5);

/** One step of it: vectors, gradients, and the weighted sum of the vectors, which is its loss. */
export async function runDropping(device: Device, { step = 3, values = droppingValues } = {}) {
	device.openParameters(droppingLayout);
	device.writeParameters(values);
	const tape = bertTape(device, droppingLayout, { seed: 4, step });
	const { output } = encodeBert(tape, droppingConfig, '', () => droppingInput);
	const rows = await device.read(output.value);
	tape.receive(output, device.upload(lossWeights, 9, 12));
	tape.backward();
	const gradients = await device.readGradients();
	device.endStep();
	return { rows, gradients, loss: rows.reduce((sum, value, index) => sum + value * lossWeights[index], 0) };
}
