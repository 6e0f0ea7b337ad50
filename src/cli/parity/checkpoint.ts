// Fixture group checkpoint: state_dicts of the published program in both container forms: every tensor, and the outputs
// of the network made from them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Device } from '../../kernels/operations';
import { Network } from '../../model/network';
import { positionTable } from '../../model/position-table';
import { parametersOfTensors } from '../../storage/flat-parameters';
import { readPublishedStateDict } from '../../storage/published-checkpoint';
import { readDoubles } from '../../storage/stored-tensor';
import { readTorchStateDict } from '../../storage/torch-state-dict';
import { invariant, UserError } from '../../util/errors';
import { type Comparison, tolerances } from './comparison';
import { type FixtureTensors, listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { batchOf, realCharacterRows, realPaddedCharacters, sentencesOf } from './padded-fixture';

export const checkpoint: FixtureGroup = {
	name: 'checkpoint',
	needsDevice: true,
	cases: (folder) => listFolder(folder).filter((file) => /\.(pt|bin|pkl)$/.test(file)),
	async run(folder, name, comparison, device) {
		invariant(device, 'checkpoint needs a device');
		const bytes = new Uint8Array(readFileSync(join(folder, name)));
		if (name.startsWith('refuse-')) comparison.same('refused', isRefused(bytes, name), true);
		else if (name.startsWith('odd-')) compareOdd(bytes, name, folder, comparison);
		else await compareModel({ bytes, name, folder, device }, comparison);
	},
};

function isRefused(bytes: Uint8Array, name: string): boolean {
	try {
		readTorchStateDict(bytes, name);
		return false;
	} catch (error) {
		if (error instanceof UserError) return true;
		throw error;
	}
}

function compareOdd(bytes: Uint8Array, name: string, folder: string, comparison: Comparison): void {
	const state = readTorchStateDict(bytes, name);
	for (const [key, expected] of Object.entries<{ shape: number[]; values: unknown }>(
		readFixtureJson(folder, 'odd.json'),
	)) {
		const tensor = state.get(key);
		comparison.same('shapes', tensor?.shape, expected.shape);
		const values = [expected.values].flat(Number.POSITIVE_INFINITY).map(Number);
		comparison.compare('values', tensor ? readDoubles(tensor) : [], values, tolerances.exact);
	}
}

async function compareModel(
	{ bytes, name, folder, device }: { bytes: Uint8Array; name: string; folder: string; device: Device },
	comparison: Comparison,
): Promise<void> {
	const state = readTorchStateDict(bytes, name);
	const all = readFixtureTensors(folder, 'model.safetensors');
	for (const key of all?.names() ?? []) {
		const tensor = state.get(key);
		comparison.compare('tensors', tensor ? readDoubles(tensor) : [], all?.floats(key)?.values, tolerances.exact);
	}
	const published = readPublishedStateDict(state, positionTable, name);
	const tags: string[] = readFixtureJson(folder, 'vocab.json').label;
	const network = new Network(device, published.network, { tags });
	network.load(parametersOfTensors(network.layout, published.parameters, name));
	const forward = readFixtureTensors(folder, 'forward.safetensors');
	if (!forward) {
		comparison.missing('outputs', 'forward.safetensors is absent');
		return;
	}
	for (const split of ['train.', 'dev.'])
		await compareOutputs(network, forward.under(split), published.rowOfId, comparison);
}

async function compareOutputs(
	network: Network,
	expected: FixtureTensors,
	rows: { lattice: Int32Array; bigram: Int32Array | null },
	comparison: Comparison,
): Promise<void> {
	const { device, shape } = network;
	const sentences = sentencesOf(expected).map((sentence) => ({
		...sentence,
		characterRows: sentence.characterRows.map((id) => rows.lattice[id]),
		bigramRows: sentence.bigramRows.map((id) => rows.bigram?.[id] ?? 0),
		wordRows: sentence.wordRows.map((id) => rows.lattice[id]),
	}));
	const batch = batchOf(sentences, device, shape.model.fusion);
	await network.inspect(batch, async (pass) => {
		const compare = (name: string, actual: Float32Array, columns: number) => {
			const padded = expected.floats(name);
			const wanted = padded && realPaddedCharacters(padded.values, batch, columns);
			comparison.compare('outputs', realCharacterRows(actual, batch, columns), wanted, tolerances.activation);
		};
		compare('encoder_output_chars', await device.read(pass.characters.value), pass.characters.value.columns);
		compare('output_logits', await device.read(pass.emissions.value), shape.tagCount);
	});
	const { loss, tags } = await network.decode(batch);
	comparison.compare('crf loss', [loss ?? Number.NaN], expected.floats('loss_crf_mean')?.values, tolerances.crf);
	const paths = expected.integers('viterbi_path_raw');
	if (!paths) return;
	const [, width] = paths.shape;
	const wanted = tags.map((path, row) => [...paths.values.subarray(row * width, row * width + path.length)]);
	comparison.same(
		'decoded paths',
		tags.map((path) => [...path]),
		wanted,
	);
}
