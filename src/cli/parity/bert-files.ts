// Fixture group bert-files: one tiny BERT in every container that models are published in: its tensors, and what the product
// computes with them; vocabulary files with odd lines.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePieces } from '../../data/bert/piece-vocabulary';
import type { Device } from '../../kernels/operations';
import { type OpenedBert, openBert } from '../../storage/bert/open-bert';
import { invariant } from '../../util/errors';
import { compareOutputs } from './bert-forward';
import { bertLayout, bertPrefix, lengthsOfMask, runBert, withoutPadding } from './bert-pass';
import { type Comparison, tolerances } from './comparison';
import { listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';

const vocabularies = 'vocab-files.json';

export const bertFiles: FixtureGroup = {
	name: 'bert-files',
	needsDevice: true,
	needsTransformer: true,
	cases: (folder) =>
		listFolder(folder).filter((file) => /^model.*\.(safetensors|bin)$/.test(file) || file === vocabularies),
	async run(folder, name, comparison, device) {
		invariant(device, 'bert-files needs a device');
		if (name === vocabularies) return compareVocabularies(folder, comparison);
		const bert = await openBert(
			['config.json', 'vocab.txt', name].map((file) => [file, new Blob([readFileSync(join(folder, file))])]),
			folder,
		);
		const isHalf = name.includes('f16');
		await compareTensors(bert, { folder, file: isHalf ? 'model-f16.safetensors' : 'model.safetensors', comparison });
		const forward = isHalf ? 'forward-f16-weights.safetensors' : 'forward.safetensors';
		await compareForward(bert, { folder, file: forward, comparison, device });
	},
};

async function compareVocabularies(folder: string, comparison: Comparison): Promise<void> {
	const files: Record<string, { text: string; entries_token_id: [string, number][] }> = readFixtureJson(
		folder,
		vocabularies,
	);
	for (const { text, entries_token_id } of Object.values(files)) {
		const entries = [...parsePieces(text).rows].sort(([, left], [, right]) => left - right);
		comparison.same('pieces and rows', entries, entries_token_id);
	}
}

interface Against {
	folder: string;
	file: string;
	comparison: Comparison;
}

async function compareTensors(bert: OpenedBert, { folder, file, comparison }: Against): Promise<void> {
	const expected = readFixtureTensors(folder, file);
	for (const { name } of bertLayout(bert.config).entries) {
		const values = await bert.read(name.slice(bertPrefix.length));
		comparison.compare('tensors', values, expected?.floats(name)?.values, tolerances.exact);
	}
}

async function compareForward(
	bert: OpenedBert,
	{ folder, file, comparison, device }: Against & { device: Device },
): Promise<void> {
	const expected = readFixtureTensors(folder, file);
	const inputs = readFixtureTensors(folder, 'forward.safetensors');
	const [ids, mask] = [inputs?.integers('input_ids'), inputs?.integers('attention_mask')];
	if (!expected || !ids || !mask) {
		comparison.missing('layer outputs', `${file} or its ids are absent`);
		return;
	}
	const pieces = withoutPadding(ids.values, inputs?.integers('token_type_ids')?.values ?? null, {
		lengths: lengthsOfMask(mask),
		width: ids.shape[1],
	});
	const layout = bertLayout(bert.config);
	const parameters = new Float32Array(layout.size);
	for (const { name, offset } of layout.entries) parameters.set(await bert.read(name.slice(bertPrefix.length)), offset);
	await runBert(device, { config: bert.config, layout, parameters, input: pieces.input }, (output) =>
		compareOutputs(output, expected, { device, pieces, tolerance: tolerances.bert.output, comparison }),
	);
}
