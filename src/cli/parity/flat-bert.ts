// Fixture group flat-bert: the whole model with BERT: its features, activations, both losses, all gradients with BERT at rest
// and trained, decoded paths.

import { join } from 'node:path';
import type { Batch } from '../../data/batch';
import type { ParameterGroup } from '../../experiment/config';
import type { Network, TrainCall } from '../../model/network';
import { loadBert } from '../../model/open-network';
import { bertPrefix, widthOf } from '../../model/shape';
import { invariant } from '../../util/errors';
import { type FixtureBert, fixtureBert } from './bert-fixture';
import { type Comparison, tolerances } from './comparison';
import { type FixtureTensors, listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { fixtureNetwork, readSizes } from './fixture-network';
import { compareDecoding, compareGradients } from './flat-tiny';
import {
	batchOf,
	realCharacterRows,
	realNodeRows,
	realPaddedCharacters,
	realPaddedNodes,
	sentencesOf,
} from './padded-fixture';

export const flatBert: FixtureGroup = {
	name: 'flat-bert',
	needsDevice: true,
	cases: (folder) => listFolder(folder).filter((name) => listFolder(join(folder, name)).includes('expected.json')),
	async run(folder, name, comparison, device) {
		invariant(device, 'flat-bert needs a device');
		const path = join(folder, name);
		const expected = readFixtureJson(path, 'expected.json');
		const read = (file: string) => readFixtureTensors(path, `${file}.safetensors`);
		const [inputs, parameters, model, outputs] = [read('inputs'), read('params'), read('bert-model'), read('outputs')];
		if (!inputs || !parameters || !model || !outputs) {
			comparison.missing('all', 'inputs, params, bert-model or outputs are absent');
			return;
		}
		const bert = fixtureBert(expected, expected.lattice_vocabulary_in_id_order__word_count_onlyDevTest, comparison);
		const sizes = readSizes(expected.config);
		const network = fixtureNetwork(device, sizes, parameters, { tags: expected.config.labels }, bert.shape);
		await compareTable(network, bert, { model, parameters }, comparison);
		const batch = batchOf(bert.withPieces(sentencesOf(inputs)), device, sizes.fusion);
		await compareForward(network, batch, outputs, comparison);
		const decoding = { ...expected, loss_crf_mean: expected.loss.crf_mean };
		await compareDecoding(network, batch, { ...decoding, viterbi_score: paths(outputs) }, comparison);
		await compareTraining(network, batch, { path, expected, comparison });
	},
};

function paths(outputs: FixtureTensors): number[] {
	return [...(outputs.floats('viterbi_score')?.values ?? [])];
}

/** BERT as its files have it, its table cut down, is BERT as the fixture's parameters have it. */
async function compareTable(
	network: Network,
	{ prepared }: FixtureBert,
	{ model, parameters }: { model: FixtureTensors; parameters: FixtureTensors },
	comparison: Comparison,
): Promise<void> {
	const weights = {
		async read(name: string) {
			const tensor = model.floats(`bert.${name}`);
			invariant(tensor, `the fixture lacks bert.${name}`);
			return tensor.values;
		},
	};
	await loadBert(network, { prepared, weights, isTrained: false });
	for (const { name, offset, size } of network.layout.entries.filter((entry) => entry.name.startsWith(bertPrefix))) {
		const loaded = await network.device.readParameters({ start: offset, end: offset + size });
		comparison.compare('weights of BERT', loaded, parameters.floats(name)?.values, tolerances.exact);
	}
}

async function compareForward(
	network: Network,
	batch: Batch,
	outputs: FixtureTensors,
	comparison: Comparison,
): Promise<void> {
	const { device, shape } = network;
	const width = widthOf(shape.model);
	const characters = (name: string, quantity: string, actual: Float32Array, columns: number) => {
		const padded = outputs.floats(name);
		const expected = padded && realPaddedCharacters(padded.values, batch, columns);
		comparison.compare(quantity, realCharacterRows(actual, batch, columns), expected, tolerances.activation);
	};
	const features = await network.features(batch);
	characters('bert_embed', 'features of BERT', features, shape.bert?.config.width ?? 0);
	const withFeatures = { ...batch, features };
	for (const given of [batch, withFeatures])
		await network.inspect(given, async (pass) => {
			const nodes = (name: string, actual: Float32Array) => {
				const padded = outputs.floats(name);
				const expected = padded && realPaddedNodes(padded.values, batch, width);
				comparison.compare('encoder activations', realNodeRows(actual, batch, width), expected, tolerances.activation);
			};
			invariant(pass.lattice, 'the fixture has a lattice encoder');
			nodes('encoder_input', await device.read(pass.lattice.input.value));
			characters('encoder_output_chars', 'encoder activations', await device.read(pass.characters.value), width);
			characters('output_logits', 'emissions', await device.read(pass.emissions.value), shape.tagCount);
		});
}

/** Losses and gradients with BERT at rest, where the folder has them, and trained. */
async function compareTraining(
	network: Network,
	batch: Batch,
	// biome-ignore lint/suspicious/noExplicitAny: JSON as the fixture's README describes it
	{ path, expected, comparison }: { path: string; expected: any; comparison: Comparison },
): Promise<void> {
	const objectives = [
		{ objective: 'crf', short: 'crf', loss: expected.loss.crf_mean, tolerance: tolerances.crf },
		{ objective: 'contrastive', short: 'ctr', loss: expected.loss.contrastive, tolerance: tolerances.contrastiveLoss },
	] as const;
	for (const [resting, word] of [[['bert'], 'frozen'] as const, [[], 'unfrozen'] as const]) {
		if (word === 'unfrozen') network.device.openFrozen();
		for (const { objective, short, loss, tolerance } of objectives) {
			const gradients = readFixtureTensors(path, `grads_${short}_${word}.safetensors`);
			if (!gradients && word === 'frozen') continue; // those of all but BERT are the same
			const call: TrainCall = {
				objective,
				trains: 'all',
				resting: resting as readonly ParameterGroup[],
				temperature: expected.config.temp,
				seed: 1,
				step: 1,
			};
			const result = await network.train(batch, call);
			comparison.compare(`${objective} loss`, [result.loss], [loss], tolerance);
			await compareGradients(network, call, gradients, comparison);
		}
	}
}
