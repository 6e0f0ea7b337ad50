// Fixture group bert-base-synthetic: BERT-base at real size, its weights from a formula: outputs of every layer, samples of
// every gradient.

import type { BertConfig } from '../../experiment/bert-config';
import type { BertOutput } from '../../model/bert-encoder';
import type { Tape } from '../../model/tape';
import { invariant } from '../../util/errors';
import { descend } from './bert-forward';
import { bertLayout, fixtureConfig, type PaddedPieces, rowsAt, runBert, withoutPadding } from './bert-pass';
import { type Comparison, tolerances } from './comparison';
import { type FixtureTensors, listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';

interface GradientSample {
	l2_norm: number;
	max_abs: number;
	entries: [index: number, value: number][];
	float32_max_abs_difference: number;
}

interface SyntheticCase {
	config: Record<string, unknown>;
	lengths: number[];
	tensors_in_order_name_shape_seed: [name: string, shape: number[], seed: number][];
	gradients_float64: Record<string, GradientSample>;
}

/** Seed of the loss's weights, beyond that of the first tensor. */
const lossSeed = 2000;

export const bertBaseSynthetic: FixtureGroup = {
	name: 'bert-base-synthetic',
	needsDevice: true,
	needsTransformer: true,
	isSlow: () => true,
	cases: (folder) => (listFolder(folder).includes('expected.json') ? [''] : []),
	async run(folder, _, comparison, device) {
		invariant(device, 'bert-base-synthetic needs a device');
		const one: SyntheticCase = readFixtureJson(folder, 'expected.json');
		const data = readFixtureTensors(folder, 'data.safetensors');
		const ids = data?.integers('input_ids');
		if (!data || !ids) {
			comparison.missing('all', 'data or its input_ids are absent');
			return;
		}
		const config = fixtureConfig(one.config);
		const layout = bertLayout(config);
		const parameters = syntheticParameters(one, data, comparison);
		const pieces = withoutPadding(ids.values, null, { lengths: one.lengths, width: ids.shape[1] });
		await runBert(device, { config, layout, parameters, input: pieces.input }, async (output, tape) => {
			await compareOutputs(output, tape, { data, pieces, comparison });
			descend(output, tape, lossWeights(one, config, pieces));
			await compareGradients(tape, one, comparison);
		});
	},
};

/** Formula of the README: 32-bit mixing of a counter, then a uniform number from -0.5 to 0.5. */
function uniform(index: number, seed: number): number {
	let x = Math.imul(index + 1, 0x9e3779b1) ^ seed;
	x ^= x >>> 16;
	x = Math.imul(x, 0x85ebca6b);
	x ^= x >>> 13;
	x = Math.imul(x, 0xc2b2ae35);
	x ^= x >>> 16;
	return (x >>> 0) / 2 ** 32 - 0.5;
}

function syntheticParameters(one: SyntheticCase, data: FixtureTensors, comparison: Comparison): Float32Array {
	const layout = bertLayout(fixtureConfig(one.config));
	const parameters = new Float32Array(layout.size);
	const seeds = new Map(one.tensors_in_order_name_shape_seed.map(([name, , seed]) => [name, seed]));
	const first = data.floats('first_8_weights_of_every_tensor');
	const order = [...seeds.keys()];
	for (const { name, offset, size } of layout.entries) {
		const seed = seeds.get(name);
		invariant(seed !== undefined, `the fixture lacks a seed for ${name}`);
		const [middle, scale] = name.endsWith('LayerNorm.weight') ? [1, 0.2] : [0, name.endsWith('bias') ? 0.2 : 0.14];
		for (let index = 0; index < size; index++) parameters[offset + index] = middle + scale * uniform(index, seed);
		const row = order.indexOf(name);
		const wanted = first?.values.subarray(row * 8, row * 8 + 8);
		comparison.compare('weights', parameters.subarray(offset, offset + 8), wanted, tolerances.exact);
	}
	return parameters;
}

function lossWeights(one: SyntheticCase, { width }: BertConfig, { cells }: PaddedPieces): Float32Array {
	const seed = one.tensors_in_order_name_shape_seed[0][2] + lossSeed;
	const weights = new Float32Array(cells.length * width);
	for (const [row, cell] of cells.entries())
		for (let column = 0; column < width; column++) weights[row * width + column] = uniform(cell * width + column, seed);
	return weights;
}

async function compareOutputs(
	{ output, layers }: BertOutput,
	{ device }: Tape,
	{ data, pieces, comparison }: { data: FixtureTensors; pieces: PaddedPieces; comparison: Comparison },
): Promise<void> {
	const { columns } = output.value;
	const last = data.floats('last_layer_output');
	const wanted = last && rowsAt(last.values, pieces.cells, columns);
	comparison.compare('last layer', await device.read(output.value), wanted, tolerances.bertBase);
	const firsts = data.floats('cls_of_every_layer')?.values;
	const sentences = pieces.lengths.length;
	for (const [index, layer] of layers.entries()) {
		const rows = device.gatherRows(
			layer.output.value,
			device.uploadIndices(pieces.input.starts.subarray(0, sentences)),
		);
		const expected = firsts?.subarray(index * sentences * columns, (index + 1) * sentences * columns);
		comparison.compare('[CLS] of every layer', await device.read(rows), expected, tolerances.bertBase);
	}
}

/** Each tensor has its own tolerance: how far the published float32 run is from float64, five times. */
async function compareGradients({ device, layout }: Tape, one: SyntheticCase, comparison: Comparison): Promise<void> {
	const flat = await device.readGradients();
	for (const { name, offset, size } of layout.entries) {
		const sample = one.gradients_float64[name];
		if (!sample) {
			comparison.missing('gradients', `the fixture lacks ${name}`);
			continue;
		}
		const gradient = flat.subarray(offset, offset + size);
		const allowed = 5 * sample.float32_max_abs_difference + 1e-6 * sample.max_abs;
		const found = sample.entries.map(([index]) => gradient[index] / allowed);
		const wanted = sample.entries.map(([, value]) => value / allowed);
		comparison.compare('gradients, in what each tensor allows', found, wanted, tolerances.whole);
		const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
		const far = allowed * Math.sqrt(size);
		comparison.compare(
			'gradient norms, in what each tensor allows',
			[norm / far],
			[sample.l2_norm / far],
			tolerances.whole,
		);
	}
}
