// Fixture group windows: sentences over the positions of the model in overlapping windows: which window each piece takes
// its vector from, and the vectors.

import { join } from 'node:path';
import { arrangePieces, chosenWindows, pieceWindows } from '../../data/bert/piece-batch';
import { invariant } from '../../util/errors';
import { bertLayout, fixtureConfig, rowsAt, runBert } from './bert-pass';
import { tolerances } from './comparison';
import { listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { flatParameters } from './fixture-network';

export const windows: FixtureGroup = {
	name: 'windows',
	needsDevice: true,
	needsTransformer: true,
	cases: (folder) => listFolder(folder).filter((name) => listFolder(join(folder, name)).includes('expected.json')),
	async run(folder, name, comparison, device) {
		invariant(device, 'windows needs a device');
		const path = join(folder, name);
		const expected = readFixtureJson(path, 'expected.json');
		const [data, parameters] = ['data.safetensors', expected.params].map((file) => readFixtureTensors(path, file));
		const [padded, vectors] = [data?.integers('pieces'), data?.floats('vectors')];
		if (!padded || !vectors || !parameters) {
			comparison.missing('all', 'pieces, vectors or params are absent');
			return;
		}
		const config = fixtureConfig(expected.config);
		const stride: number = expected.stride_between_window_starts;
		const lengths: number[] = expected.lengths;
		const [, longest] = padded.shape;
		const cut = lengths.map((length) => pieceWindows(length, config.positions - 2, stride));
		const bounds = cut.map((some) => some.map(({ start, end }) => [start, end]));
		comparison.same('windows', bounds, expected.windows_start_end);
		const chosen = data?.integers('chosen_window')?.values;
		for (const [row, length] of lengths.entries()) {
			const wanted = chosen && [...chosen.subarray(row * longest, row * longest + length)];
			comparison.same('window of each piece', [...chosenWindows(length, cut[row])], wanted);
		}
		const sentences = lengths.map((length, row) => padded.values.subarray(row * longest, row * longest + length));
		const special = { first: expected.cls_id, last: expected.sep_id };
		const batch = arrangePieces(sentences, { ...special, positions: config.positions, stride });
		const input = { ...batch, segments: new Int32Array(batch.pieces.length) };
		const layout = bertLayout(config);
		const pass = { config, layout, parameters: flatParameters(layout, parameters), input };
		await runBert(device, pass, async ({ output }) => {
			const rows = device.gatherRows(output.value, device.uploadIndices(batch.pieceRow));
			const cells = lengths.flatMap((length, row) => Array.from({ length }, (_, piece) => row * longest + piece));
			const wanted = rowsAt(vectors.values, Int32Array.from(cells), config.width);
			comparison.compare('vectors', await device.read(rows), wanted, tolerances.bert.output);
		});
	},
};
