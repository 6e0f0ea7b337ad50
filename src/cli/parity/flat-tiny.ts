// Fixture group flat-tiny: the encoder's activations, attention, both losses, all gradients, decoded paths.

import { join } from 'node:path';
import type { Batch } from '../../data/batch';
import type { Network, TrainCall } from '../../model/network';
import { trainedEntries, widthOf } from '../../model/shape';
import { invariant } from '../../util/errors';
import { type Comparison, tolerances } from './comparison';
import { type FixtureTensors, listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { fixtureNetwork, readSizes } from './fixture-network';
import {
	batchOf,
	eachPair,
	realCharacterRows,
	realNodeRows,
	realPaddedCharacters,
	realPaddedNodes,
	realPaddedScores,
	realScores,
	sentencesOf,
} from './padded-fixture';

export const flatTiny: FixtureGroup = {
	name: 'flat-tiny',
	needsDevice: true,
	cases: (folder) => listFolder(folder).filter((name) => listFolder(join(folder, name)).length > 0),
	async run(folder, name, comparison, device) {
		invariant(device, 'flat-tiny needs a device');
		const path = join(folder, name);
		const expected = readFixtureJson(path, 'expected.json');
		const [inputs, parameters] = [
			readFixtureTensors(path, 'inputs.safetensors'),
			readFixtureTensors(path, 'params.safetensors'),
		];
		if (!expected || !inputs || !parameters) {
			comparison.missing('all', 'expected.json, inputs or params are absent');
			return;
		}
		const sizes = readSizes(expected.config);
		const network = fixtureNetwork(device, sizes, parameters, { tags: expected.config.labels });
		const batch = batchOf(sentencesOf(inputs), device, sizes.fusion);
		await compareForward(network, batch, readFixtureTensors(path, 'outputs.safetensors'), comparison);
		await compareDecoding(network, batch, expected, comparison);
		await compareTraining(network, batch, { path, expected, comparison });
	},
};

async function compareForward(
	network: Network,
	batch: Batch,
	outputs: FixtureTensors | null,
	comparison: Comparison,
): Promise<void> {
	if (!outputs) {
		comparison.missing('forward', 'outputs.safetensors is absent');
		return;
	}
	const { device, shape } = network;
	const { heads, layers } = shape.model;
	const width = widthOf(shape.model);
	const nodes = (name: string, actual: Float32Array) => {
		const padded = outputs.floats(name);
		const expected = padded && realPaddedNodes(padded.values, batch, width);
		comparison.compare('encoder activations', realNodeRows(actual, batch, width), expected, tolerances.activation);
	};
	const scores = (name: string, quantity: string, actual: Float32Array) => {
		const padded = outputs.floats(name);
		const expected = padded && realPaddedScores(padded.values, batch, heads);
		comparison.compare(quantity, realScores(actual, batch, heads), expected, tolerances.activation);
	};
	await network.inspect(batch, async ({ lattice, ...pass }) => {
		invariant(lattice, 'the fixture has a lattice encoder');
		nodes('encoder_input', await device.read(lattice.input.value));
		compareDistances(await device.read(lattice.distances.value), outputs, { batch, width, comparison });
		for (let layer = 0; layer < layers; layer++) {
			const trace = lattice.layers[layer];
			scores(`layer_${layer}.attn_scores_masked`, 'attention scores', await device.readScores(trace.scores.value));
			scores(
				`layer_${layer}.attn_probs`,
				'attention probabilities',
				await device.readScores(trace.probabilities.value),
			);
			nodes(`layer_${layer}.attn_output`, await device.read(trace.attention.value));
			nodes(`layer_${layer}.output`, await device.read(trace.output.value));
		}
		const characters = (name: string, quantity: string, actual: Float32Array, columns: number) => {
			const padded = outputs.floats(name);
			const expected = padded && realPaddedCharacters(padded.values, batch, columns);
			comparison.compare(quantity, realCharacterRows(actual, batch, columns), expected, tolerances.activation);
		};
		characters('encoder_output_chars', 'encoder activations', await device.read(pass.characters.value), width);
		characters('output_logits', 'emissions', await device.read(pass.emissions.value), shape.tagCount);
	});
}

/** The fixture holds a vector for every pair of nodes, the network one for every distinct distance. */
function compareDistances(
	fused: Float32Array,
	outputs: FixtureTensors,
	{ batch, width, comparison }: { batch: Batch; width: number; comparison: Comparison },
): void {
	const padded = outputs.floats('rel_pos_embedding');
	if (!padded) {
		comparison.missing('fused distances', 'the fixture lacks it');
		return;
	}
	eachPair(batch, padded.shape[1], (pair) => {
		const from = batch.distances.index[pair.index] * width;
		const actual = fused.subarray(from, from + width);
		const expected = padded.values.subarray(pair.padded * width, (pair.padded + 1) * width);
		comparison.compare('fused distances', actual, expected, tolerances.activation);
	});
}

export async function compareDecoding(
	network: Network,
	batch: Batch,
	// biome-ignore lint/suspicious/noExplicitAny: JSON as the fixture's README describes it
	expected: any,
	comparison: Comparison,
): Promise<void> {
	const decoded = await network.decode(batch);
	comparison.compare('crf loss', [decoded.loss ?? Number.NaN], [expected.loss_crf_mean], tolerances.crf);
	const paths = decoded.tags.map((path) => [...path]);
	comparison.same('decoded paths', paths, expected.viterbi);
	comparison.compare('path scores', decoded.scores, expected.viterbi_score, tolerances.crf);
}

/** Loss and gradients of the CRF, and of the contrastive loss at every temperature that the folder holds. */
async function compareTraining(
	network: Network,
	batch: Batch,
	// biome-ignore lint/suspicious/noExplicitAny: JSON as the fixture's README describes it
	{ path, expected, comparison }: { path: string; expected: any; comparison: Comparison },
): Promise<void> {
	const call: TrainCall = { objective: 'crf', trains: 'all', temperature: 1, seed: 1, step: 1 };
	const crf = await network.train(batch, call);
	comparison.compare('crf loss', [crf.loss], [expected.loss_crf_mean], tolerances.crf);
	await compareGradients(network, call, readFixtureTensors(path, 'grads_crf.safetensors'), comparison);
	for (const key of Object.keys(expected).filter((name) => name.startsWith('loss_ctr_temp_'))) {
		const temperature = Number(key.slice('loss_ctr_temp_'.length));
		const contrastive: TrainCall = { ...call, objective: 'contrastive', temperature };
		const { loss } = await network.train(batch, contrastive);
		comparison.compare('contrastive loss', [loss], [expected[key]], tolerances.contrastiveLoss);
		const gradients = readFixtureTensors(path, `grads_ctr_t${key.slice('loss_ctr_temp_'.length)}.safetensors`);
		await compareGradients(network, contrastive, gradients, comparison);
	}
}

export async function compareGradients(
	network: Network,
	call: TrainCall,
	expected: FixtureTensors | null,
	comparison: Comparison,
): Promise<void> {
	const quantity = `gradients ${call.objective}`;
	const flat = await network.device.readGradients();
	network.device.zeroGradients();
	if (!expected) {
		comparison.missing(quantity, 'the gradients file is absent');
		return;
	}
	const trained = new Set(trainedEntries(network.layout, call));
	for (const entry of network.layout.entries) {
		const isHeld = entry.offset < flat.length; // what rests has no gradients at all
		const actual = isHeld ? flat.subarray(entry.offset, entry.offset + entry.size) : new Float32Array(entry.size);
		const gradient = expected.floats(entry.name);
		comparison.same('which parameters have gradients', trained.has(entry), gradient !== null);
		comparison.compare(quantity, actual, gradient?.values ?? new Float32Array(entry.size), tolerances.gradient);
	}
}
