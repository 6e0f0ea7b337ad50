// Fixture group crf: negative log likelihood, gradients, best paths; with start and end scores, constraints, ties.

import type { CrfParameters, Device } from '../../kernels/operations';
import { findParameter, layOutParameters } from '../../kernels/parameters';
import { invariant } from '../../util/errors';
import { type Comparison, tolerances } from './comparison';
import { stems } from './contrastive';
import { type CrfGradients, crfGradients } from './crf-float64';
import { type FixtureTensors, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { batchOf, plainSentences, realCharacterRows, realPaddedCharacters, toCharacterRows } from './padded-fixture';

export const crf: FixtureGroup = {
	name: 'crf',
	needsDevice: true,
	cases: (folder) => stems(folder),
	async run(folder, name, comparison, device) {
		invariant(device, 'crf needs a device');
		const expected = readFixtureJson(folder, `${name}.json`);
		const tensors = readFixtureTensors(folder, `${name}.safetensors`);
		const emissions = tensors?.floats('emissions');
		const tags = tensors?.integers('tags');
		if (!expected || !tensors || !emissions || !tags) {
			comparison.missing('all', 'the case lacks its JSON, emissions or tags');
			return;
		}
		const [, , tagCount] = emissions.shape;
		const parameters = openParameters(device, tensors, tagCount);
		const batch = batchOf(plainSentences(tags.values, Int32Array.from(expected.seq_len)), device, 'ff_two');
		device.beginStep(batch);
		const rows = toCharacterRows(emissions.values, batch, tagCount);
		const matrix = device.upload(rows, batch.characterRow.length, tagCount);
		const indices = device.uploadIndices(batch.tags);
		const { perSentence, saved } = device.crfLoss(matrix, parameters, indices);
		const wanted = { inputs: true, parameters: true };
		const weight = 1 / batch.sentenceCount;
		const gradient = device.crfLossBackward(matrix, parameters, indices, saved, weight, wanted);
		comparison.compare('losses', await device.read(perSentence), expected.nll, tolerances.crf);
		const truth = crfGradients({
			emissions: emissions.values,
			tags: tags.values,
			lengths: expected.seq_len,
			tagCount,
			transitions: tensors.floats('transitions')?.values ?? [],
			start: tensors.floats('start_scores')?.values ?? null,
			end: tensors.floats('end_scores')?.values ?? null,
		});
		const padded = tensors.floats('grad_emissions_of_mean_nll');
		const actual = realCharacterRows(await device.read(gradient), batch, tagCount);
		const real = (values: Float32Array) => realPaddedCharacters(values, batch, tagCount);
		const trueEmissions = real(Float32Array.from(truth.emissions));
		comparison.compare('gradients', actual, padded && real(padded.values), tolerances.crf, trueEmissions);
		comparison.compare('gradients against float64', actual, trueEmissions, tolerances.crf);
		await compareParameterGradients(device, parameters, { tensors, truth }, comparison);
		const constraints = expected.constrained ? (tensors.floats('constrain')?.values ?? null) : null;
		const decoded = await device.crfDecode(matrix, parameters, constraints);
		const marginals = await device.crfMarginals(matrix, parameters);
		device.endStep();
		const paths = Array.from(batch.characterCount, (count, sentence) => {
			const start = batch.characterOffset[sentence];
			return [...decoded.tags.subarray(start, start + count)];
		});
		comparison.same('decoded paths', paths, expected.viterbi);
		comparison.compare('path scores', decoded.scores, expected.viterbi_score, tolerances.crf);
		const sums = sumRows(realCharacterRows(marginals, batch, tagCount), tagCount);
		comparison.compare(
			'sums of marginals',
			sums,
			sums.map(() => 1),
			tolerances.crf,
		);
	},
};

function openParameters(device: Device, tensors: FixtureTensors, tagCount: number): CrfParameters {
	const hasEnds = tensors.names().includes('start_scores');
	const vectors = hasEnds ? ['start_scores', 'end_scores'] : [];
	const layout = layOutParameters([
		{ name: 'transitions', shape: [tagCount, tagCount] },
		...vectors.map((name) => ({ name, shape: [tagCount] })),
	]);
	device.openParameters(layout);
	const values = new Float32Array(layout.size);
	for (const entry of layout.entries) values.set(tensors.floats(entry.name)?.values ?? [], entry.offset);
	device.writeParameters(values);
	return {
		transitions: findParameter(layout, 'transitions'),
		start: hasEnds ? findParameter(layout, 'start_scores') : null,
		end: hasEnds ? findParameter(layout, 'end_scores') : null,
	};
}

async function compareParameterGradients(
	device: Device,
	parameters: CrfParameters,
	{ tensors, truth }: { tensors: FixtureTensors; truth: CrfGradients },
	comparison: Comparison,
): Promise<void> {
	const flat = await device.readGradients();
	const named = { transitions: parameters.transitions, start: parameters.start, end: parameters.end };
	for (const name of ['transitions', 'start', 'end'] as const) {
		const entry = named[name];
		if (entry === null) continue;
		const actual = flat.subarray(entry.offset, entry.offset + entry.size);
		const expected = tensors.floats(`grad_${name}_of_mean_nll`)?.values;
		comparison.compare('gradients', actual, expected, tolerances.crf, truth[name]);
		comparison.compare('gradients against float64', actual, truth[name], tolerances.crf);
	}
}

function sumRows(rows: Float32Array, columns: number): number[] {
	const sums = new Array<number>(rows.length / columns).fill(0);
	rows.forEach((value, index) => {
		sums[Math.floor(index / columns)] += value;
	});
	return sums;
}
