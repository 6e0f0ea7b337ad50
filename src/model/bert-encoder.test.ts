// BERT beside the published classes: every layer and every gradient of their runs.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { arrangePieces } from '../data/bert/piece-batch';
import { type BertConfig, bertTensors } from '../experiment/bert-config';
import type { Device } from '../kernels/operations';
import { findParameter, layOutParameters } from '../kernels/parameters';
import { createReferenceDevice } from '../kernels/reference/device';
import { parseBertConfig } from '../storage/bert/config-file';
import { readSafetensors } from '../storage/safetensors';
import { readFloats, readIntegers, type StoredTensor } from '../storage/stored-tensor';
import { referencePath } from '../testing/shared-data';
import { tinyBatch } from '../testing/tiny-batch';
import { openWasmBuilds } from '../testing/wasm-builds';
import { RandomStream } from '../util/random';
import { type BertInput, encodeBert } from './bert-encoder';
import { type MatrixNode, Tape } from './tape';

const folder = referencePath('bert-forward');
const prefix = 'bert.';
const devices: Record<string, Device> = {
	cpu: await createReferenceDevice(),
	...Object.fromEntries(await openWasmBuilds()),
};
afterAll(() => {
	for (const device of Object.values(devices)) device.dispose();
});

const names = [
	'three-layers',
	'token-types',
	'full-length',
	'relu-eps-1e-5',
	'one-layer-one-head-swish-no-eps-key',
	'large-scores',
].filter((name) => existsSync(join(folder ?? '', name))); // the project's own selection has some of them
/** Of the reference's own README, float32. */
const tolerances: Record<string, { output: number; gradient: number; relative: number }> = {
	'large-scores': { output: 2e-4, gradient: 5e-3, relative: 1e-4 },
};
const usual = { output: 1e-5, gradient: 5e-5, relative: 1e-5 };

const read = (path: string) => readSafetensors(readFileSync(join(folder ?? '', path))).tensors;

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

function readCase(name: string): Case {
	const expected = JSON.parse(readFileSync(join(folder ?? '', name, 'expected.json'), 'utf8'));
	const inputs = read(`${name}/inputs.safetensors`);
	const parameters = read(join(name, expected.params));
	const [rows, width] = inputs.get('input_ids')!.shape;
	const ids = readIntegers(inputs.get('input_ids')!);
	const segments = readIntegers(inputs.get('token_type_ids')!);
	const lengths: number[] = expected.lengths;
	expect(lengths).toHaveLength(rows);
	const cells = Int32Array.from(
		lengths.flatMap((length, row) => Array.from({ length }, (_, position) => row * width + position)),
	);
	const starts = Int32Array.from([0, ...lengths.map((_, row) => lengths.slice(0, row + 1).reduce((a, b) => a + b, 0))]);
	return {
		config: parseBertConfig(JSON.stringify({ model_type: 'bert', ...expected.config }), name),
		parameters,
		outputs: read(`${name}/outputs.safetensors`),
		gradients: read(`${name}/grads.safetensors`),
		input: {
			pieces: cells.map((cell) => ids[cell]),
			positions: cells.map((cell) => cell % width),
			segments: cells.map((cell) => segments[cell]),
			starts,
			rowKeys: cells.map((_, index) => index),
		},
		cells,
		lossWeights: readFloats(inputs.get('loss_weights')!),
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

/** How far the worst element is beyond its tolerance; at most 1 is right. */
function excess(found: Float32Array, expected: Float32Array, absolute: number, relative: number): number {
	expect(found.length).toBe(expected.length);
	let worst = 0;
	for (let index = 0; index < found.length; index++) {
		const allowed = Math.max(absolute, relative * Math.abs(expected[index]));
		worst = Math.max(worst, Math.abs(found[index] - expected[index]) / allowed);
	}
	return worst;
}

describe.skipIf(!folder)('BERT (skipped: no shared data)', () => {
	const runs = Object.keys(devices).flatMap((device) => names.map((name) => [name, device] as const));
	test.each(runs)('%s on %s: embeddings, layers and gradients are the published ones', async (name, deviceName) => {
		const device = devices[deviceName];
		const { config, parameters, outputs, gradients, input, cells, lossWeights } = readCase(name);
		const tolerance = tolerances[name] ?? usual;
		const specs = [...parameters].map(([key, { shape }]) => ({ name: key, shape: [...shape] }));
		const layout = layOutParameters(specs);
		const flat = new Float32Array(layout.size);
		for (const entry of layout.entries) flat.set(readFloats(parameters.get(entry.name)!), entry.offset);
		device.openParameters(layout);
		device.writeParameters(flat);
		const batch = tinyBatch([{ characters: 2, words: 0 }], { layout: device.rowLayout });
		device.beginStep(batch);
		const trained = new Set(layout.entries.map((entry) => entry.name));
		const tape = new Tape(device, layout, batch, { trained, random: null });
		const { output, embeddingSum, embedding, layers } = encodeBert(tape, config, prefix, input);

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
		const off: [string, number][] = [];
		for (const [key, node] of nodes) {
			const expected = rowsOf(readFloats(outputs.get(key)!), cells, node.value.columns);
			const found = await device.read(node.value);
			off.push([key, excess(found, expected, tolerance.output, tolerance.relative)]);
		}
		const weights = rowsOf(lossWeights, cells, output.value.columns);
		tape.receive(output, device.upload(weights, output.value.rows, output.value.columns));
		tape.backward();
		const all = await device.readGradients();
		for (const entry of layout.entries) {
			const stored = gradients.get(entry.name);
			const found = all.subarray(entry.offset, entry.offset + entry.size);
			const expected = stored ? readFloats(stored) : new Float32Array(entry.size);
			off.push([`gradient of ${entry.name}`, excess(found, expected, tolerance.gradient, tolerance.relative)]);
		}
		device.endStep();
		expect(off.filter(([, worst]) => !(worst <= 1))).toEqual([]);
		expect(off.length).toBeGreaterThan(25);
	});
});

const windows = referencePath('windows');

describe.skipIf(!windows)('long sentences in windows (skipped: no shared data)', () => {
	const cases = ['120-stride-22', '120-stride-23-ties', 'batch-120-47-46-1-stride-10'];
	test.each(cases)('%s: every piece has the vector of its window', async (name) => {
		const expected = JSON.parse(readFileSync(join(windows ?? '', name, 'expected.json'), 'utf8'));
		const open = (path: string) => readSafetensors(readFileSync(join(windows ?? '', name, path))).tensors;
		const data = open('data.safetensors');
		const parameters = open(expected.params);
		const [rows, longest] = data.get('pieces')!.shape;
		const ids = readIntegers(data.get('pieces')!);
		const lengths: number[] = expected.lengths;
		const sentences = lengths.map((length, row) => ids.subarray(row * longest, row * longest + length));
		const config = parseBertConfig(JSON.stringify(expected.config), name);
		const batch = arrangePieces(sentences, {
			...{ first: expected.cls_id, last: expected.sep_id, positions: config.positions },
			stride: expected.stride_between_window_starts,
		});
		const layout = layOutParameters([...parameters].map(([key, { shape }]) => ({ name: key, shape: [...shape] })));
		const flat = new Float32Array(layout.size);
		for (const entry of layout.entries) flat.set(readFloats(parameters.get(entry.name)!), entry.offset);
		const vectors = readFloats(data.get('vectors')!);
		const cells = Int32Array.from(
			lengths.flatMap((length, row) => Array.from({ length }, (_, piece) => row * longest + piece)),
		);
		expect(rows).toBe(lengths.length);
		for (const device of Object.values(devices)) {
			device.openParameters(layout);
			device.writeParameters(flat);
			const step = tinyBatch([{ characters: 2, words: 0 }], { layout: device.rowLayout });
			device.beginStep(step);
			const tape = new Tape(device, layout, step, { trained: new Set(), random: null });
			const input = { ...batch, segments: new Int32Array(batch.pieces.length) };
			const { output } = encodeBert(tape, config, prefix, input);
			const chosen = device.gatherRows(output.value, device.uploadIndices(batch.pieceRow));
			const found = await device.read(chosen);
			device.endStep();
			expect(excess(found, rowsOf(vectors, cells, config.width), 1e-5, 1e-5)).toBeLessThan(1);
		}
	});
});

describe('with dropout', () => {
	const config: BertConfig = {
		...parseBertConfig(
			'{"model_type":"electra","hidden_size":12,"embedding_size":8,"num_attention_heads":3}',
			'config',
		),
		...{
			layers: 2,
			innerWidth: 20,
			pieces: 9,
			positions: 7,
			activation: 'silu',
			hiddenDropout: 0.2,
			attentionDropout: 0.3,
		},
	};
	const input: BertInput = {
		pieces: Int32Array.from([2, 5, 3, 2, 0, 8, 8, 7, 3]),
		positions: Int32Array.from([0, 1, 2, 0, 1, 2, 3, 4, 5]),
		segments: new Int32Array(9),
		starts: Int32Array.from([0, 3, 9]),
		rowKeys: Int32Array.from([1, 2, 3, 11, 12, 13, 14, 15, 16]),
	};
	const layout = layOutParameters(Array.from(bertTensors(config), ([name, shape]) => ({ name, shape })));
	const random = new RandomStream(5);
	const flat = Float32Array.from({ length: layout.size }, () => random.uniform() - 0.5);
	const weights = Float32Array.from({ length: 9 * 12 }, () => random.uniform() - 0.5);

	async function run(device: Device, { step = 3, change = (_: Float32Array) => {} } = {}) {
		device.openParameters(layout);
		const values = flat.slice();
		change(values);
		device.writeParameters(values);
		const batch = tinyBatch([{ characters: 2, words: 0 }], { layout: device.rowLayout });
		device.beginStep(batch);
		const trained = new Set(layout.entries.map((entry) => entry.name));
		const tape = new Tape(device, layout, batch, { trained, random: { seed: 4, step } });
		const { output } = encodeBert(tape, config, '', input);
		const rows = await device.read(output.value);
		tape.receive(output, device.upload(weights, 9, 12));
		tape.backward();
		const gradients = await device.readGradients();
		device.endStep();
		return { rows, gradients, loss: rows.reduce((sum, value, index) => sum + value * weights[index], 0) };
	}

	test('every device draws the same and computes the same, and another step draws anew', async () => {
		const expected = await run(devices.cpu);
		for (const device of Object.values(devices)) {
			const { rows, gradients } = await run(device);
			expect(excess(rows, expected.rows, 1e-5, 1e-5)).toBeLessThan(1);
			expect(excess(gradients, expected.gradients, 2e-5, 1e-5)).toBeLessThan(1);
			expect(excess((await run(device, { step: 4 })).rows, expected.rows, 1e-5, 1e-5)).toBeGreaterThan(100);
		}
	});

	test('gradients are the slopes of the loss', async () => {
		const { gradients } = await run(devices.cpu);
		for (const name of [
			'embeddings_project.weight',
			'encoder.layer.0.attention.self.query.weight',
			'encoder.layer.1.output.dense.bias',
		]) {
			const { offset } = findParameter(layout, name);
			const width = 1e-2;
			const moved = (by: number) =>
				run(devices.cpu, {
					change: (values) => {
						values[offset] += by;
					},
				});
			const slope = ((await moved(width)).loss - (await moved(-width)).loss) / (2 * width);
			expect(Math.abs(slope - gradients[offset])).toBeLessThan(5e-3 * Math.max(1, Math.abs(slope)));
		}
	});
});
