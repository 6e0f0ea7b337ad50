// Fixture group contrastive: the stage-1 loss alone, its value and gradient at several temperatures.

import { semanticClasses } from '../../experiment/labels';
import type { ContrastiveCall } from '../../kernels/operations';
import { layOutParameters } from '../../kernels/parameters';
import { hasContrast } from '../../model/network';
import { invariant } from '../../util/errors';
import { type Comparison, tolerances } from './comparison';
import { listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { batchOf, plainSentences, realCharacterRows, realPaddedCharacters, toCharacterRows } from './padded-fixture';

export const contrastive: FixtureGroup = {
	name: 'contrastive',
	needsDevice: true,
	cases: (folder) => stems(folder),
	async run(folder, name, comparison, device) {
		invariant(device, 'contrastive needs a device');
		const expected = readFixtureJson(folder, `${name}.json`);
		const tensors = readFixtureTensors(folder, `${name}.safetensors`);
		const [features, labels] = [tensors?.floats('x'), tensors?.integers('labels')];
		if (!expected || !tensors || !features || !labels) {
			comparison.missing('all', 'the case lacks its JSON, x or labels');
			return;
		}
		const width = features.shape[2];
		const tags = Object.keys(expected.id_to_label).map((id) => expected.id_to_label[id] as string);
		const classes = semanticClasses({ tags });
		const batch = batchOf(plainSentences(labels.values, lengthsOf(labels.values, labels.shape[0])), device, 'ff_two');
		const classOfCharacter = batch.tags.map((tag, index) => (batch.characterRow[index] < 0 ? -1 : classes.ofTag[tag]));
		device.openParameters(layOutParameters([{ name: 'none', shape: [1] }]));
		for (const [key, numbers] of Object.entries<Record<string, unknown>>(expected.temps)) {
			const values = toCharacterRows(features.values, batch, width);
			device.beginStep(batch);
			const call: ContrastiveCall = {
				features: device.upload(values, batch.characterRow.length, width),
				classes: classOfCharacter,
				classCount: classes.names.length,
				outsideClass: classes.outside,
				temperature: Number(key),
			};
			const { loss, perClass, saved } = device.contrastiveLoss(call);
			const gradient = await device.read(device.contrastiveLossBackward(call, saved));
			const hasGradient = hasContrast(classOfCharacter, classes.outside);
			comparison.compare('loss', await device.read(loss), [numbers.loss_f32 as number], tolerances.contrastiveLoss);
			comparePerClass(await device.read(perClass), classes.names, numbers.per_type_numpy, comparison);
			device.endStep();
			comparison.same('which batches are skipped', hasGradient, numbers.has_gradient);
			const padded = tensors.floats(`grad_temp_${key}`);
			const wanted = padded && realPaddedCharacters(padded.values, batch, width);
			const actual = realCharacterRows(gradient, batch, width);
			if (padded || hasGradient) comparison.compare('gradients', actual, wanted, tolerances.contrastiveGradient);
		}
	},
};

function comparePerClass(
	actual: Float32Array,
	names: readonly string[],
	expected: unknown,
	comparison: Comparison,
): void {
	const byName = (expected ?? {}) as Record<string, number>;
	const wanted = names.map((name) => byName[name] ?? 0);
	comparison.compare('loss per class', actual, wanted, tolerances.contrastiveLoss);
}

/** Length of each sentence: its labels up to the first `<pad>`. */
function lengthsOf(labels: Int32Array, sentences: number): Int32Array {
	const width = labels.length / sentences;
	return Int32Array.from({ length: sentences }, (_, row) => {
		const end = labels.subarray(row * width, (row + 1) * width).indexOf(0);
		return end < 0 ? width : end;
	});
}

/** Case names of a folder that holds `name.json` and `name.safetensors`. */
export function stems(folder: string): string[] {
	return listFolder(folder)
		.filter((file) => file.endsWith('.json'))
		.map((file) => file.slice(0, -'.json'.length));
}
