// Fixture group bert-forward: BERT alone on padded ids: every layer, every gradient, and dropouts with given masks.

import { join } from 'node:path';
import type { BertConfig } from '../../experiment/bert-config';
import type { Device } from '../../kernels/operations';
import type { BertOutput } from '../../model/bert-encoder';
import { bertSites } from '../../model/dropout-sites';
import type { MatrixNode, Tape } from '../../model/tape';
import { invariant } from '../../util/errors';
import { bertLayout, fixtureConfig, type PaddedPieces, rowsAt, runBert, withoutPadding } from './bert-pass';
import { type Comparison, type Tolerance, tolerances } from './comparison';
import { type FixtureTensors, listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { flatParameters } from './fixture-network';
import type { MaskGroup, MaskRow } from './given-masks';

export const bertForward: FixtureGroup = {
	name: 'bert-forward',
	needsDevice: true,
	needsTransformer: true,
	cases: (folder) => listFolder(folder).filter((name) => listFolder(join(folder, name)).includes('expected.json')),
	async run(folder, name, comparison, device) {
		invariant(device, 'bert-forward needs a device');
		const path = join(folder, name);
		const expected = readFixtureJson(path, 'expected.json');
		const read = (file: string) => readFixtureTensors(path, `${file}.safetensors`);
		const [inputs, outputs, gradients] = [read('inputs'), read('outputs'), read('grads')];
		const parameters = readFixtureTensors(path, expected.params);
		if (!inputs || !parameters || !outputs) {
			comparison.missing('all', 'inputs, params or outputs are absent');
			return;
		}
		const rate = { hiddenDropout: expected.dropout_p, attentionDropout: expected.dropout_p };
		const config = { ...fixtureConfig(expected.config), ...(expected.dropout_p ? rate : {}) };
		const pieces = piecesOf(inputs, expected.lengths);
		const layout = bertLayout(config);
		const masks = expected.dropout_p ? masksOf(inputs, config, pieces) : undefined;
		const pass = { config, layout, parameters: flatParameters(layout, parameters), input: pieces.input, masks };
		const kind = name === 'large-scores' ? tolerances.bertPeaked : tolerances.bert;
		await runBert(device, pass, async (output, tape) => {
			await compareOutputs(output, outputs, { device, pieces, tolerance: kind.output, comparison });
			const weights = inputs.floats('loss_weights');
			if (!weights || !gradients) comparison.missing('gradients', 'loss_weights or grads are absent');
			else {
				descend(output, tape, rowsAt(weights.values, pieces.cells, config.width));
				await compareGradients(output, tape, gradients, { pieces, tolerance: kind.gradient, comparison });
			}
		});
	},
};

function piecesOf(inputs: FixtureTensors, lengths: readonly number[]): PaddedPieces {
	const ids = inputs.integers('input_ids');
	invariant(ids, "the fixture's inputs lack input_ids");
	const segments = inputs.integers('token_type_ids');
	return withoutPadding(ids.values, segments?.values ?? null, { lengths, width: ids.shape[1] });
}

/** The given masks: of vectors row by row, of probabilities query by query and head by head. */
function masksOf(
	inputs: FixtureTensors,
	{ layers, width, heads }: BertConfig,
	{ cells, lengths, width: longest }: PaddedPieces,
): MaskGroup[] {
	const read = (name: string): Float32Array => {
		const mask = inputs.floats(name);
		invariant(mask, `the fixture's inputs lack the mask ${name}`);
		return mask.values;
	};
	const rowOf = (
		values: Float32Array,
		row: number,
		{ stride, columns }: { stride: number; columns: number },
	): MaskRow => Array.from({ length: columns }, (_, column) => values[row * stride + column] === 0);
	const ofVectors = (name: string) => {
		const values = read(name);
		return Array.from(cells, (cell) => rowOf(values, cell, { stride: width, columns: width }));
	};
	const masks: MaskGroup[] = [new Map([[bertSites.embedding as number, ofVectors('embedding_dropout')]])];
	for (let layer = 0; layer < layers; layer++) {
		const sites = bertSites.layer(layer);
		masks.push(new Map([[sites.attention, ofVectors(`layer_${layer}.attention_output_dropout`)]]));
		masks.push(new Map([[sites.output, ofVectors(`layer_${layer}.output_dropout`)]]));
		const probabilities = read(`layer_${layer}.attention_probs_dropout`);
		const ofHead = (head: number) =>
			Array.from(cells, (cell) => {
				const sentence = Math.floor(cell / longest);
				const row = (sentence * heads + head) * longest + (cell % longest);
				return rowOf(probabilities, row, { stride: longest, columns: lengths[sentence] });
			});
		masks.push(new Map(Array.from({ length: heads }, (_, head) => [sites.probabilities(head), ofHead(head)])));
	}
	return masks;
}

interface Against {
	pieces: PaddedPieces;
	tolerance: Tolerance;
	comparison: Comparison;
}

/** Every vector that the pass holds. */
export async function compareOutputs(
	output: BertOutput,
	expected: FixtureTensors,
	{ device, pieces, tolerance, comparison }: Against & { device: Device },
): Promise<void> {
	const compare = async (quantity: string, name: string, { value }: MatrixNode) => {
		const padded = expected.floats(name);
		if (!padded) return;
		const wanted = rowsAt(padded.values, pieces.cells, value.columns);
		comparison.compare(quantity, await device.read(value), wanted, tolerance);
	};
	invariant(output.layers.length > 0, 'a pass whose layers kept nothing');
	await compare('embeddings', 'embedding_sum', output.embeddingSum);
	await compare('embeddings', 'embedding_output', output.embedding);
	for (const [index, layer] of output.layers.entries()) {
		await compare('attention', `layer_${index}.context`, layer.context);
		await compare('attention', `layer_${index}.attention_output`, layer.attention);
		await compare('feed-forward', `layer_${index}.intermediate`, layer.inner);
		await compare('layer outputs', `layer_${index}.output`, layer.output);
	}
}

/** The backward pass of sum(output * weights). */
export function descend(output: BertOutput, tape: Tape, weights: Float32Array): void {
	const { rows, columns } = output.output.value;
	tape.receive(output.output, tape.device.upload(weights, rows, columns));
	tape.backward();
}

async function compareGradients(
	{ embedding }: BertOutput,
	{ device, layout }: Tape,
	expected: FixtureTensors,
	{ pieces, tolerance, comparison }: Against,
): Promise<void> {
	const input = expected.floats('embedding_output');
	if (input && embedding.gradient) {
		const wanted = rowsAt(input.values, pieces.cells, embedding.value.columns);
		comparison.compare('gradients', await device.read(embedding.gradient), wanted, tolerance);
	}
	const flat = await device.readGradients();
	for (const { name, offset, size } of layout.entries) {
		const gradient = expected.floats(name);
		comparison.compare('gradients', flat.subarray(offset, offset + size), gradient?.values, tolerance);
	}
}
