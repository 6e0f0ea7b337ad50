import { afterAll, beforeAll, expect, test } from 'vitest';
import { presetConfig } from '../experiment/presets';
import type { Device } from '../kernels/operations';
import { createWasmDevice } from '../kernels/wasm/device';
import { initialParameters } from '../model/initial-parameters';
import { layOutNetwork, networkShape } from '../model/shape';
import { tinyData } from '../testing/tiny-data';
import { modelOfRun } from './prepared-model';
import { representText } from './represent-text';

let device: Device;
beforeAll(async () => {
	device = await createWasmDevice();
});
afterAll(() => device.dispose());

test('each character gets the row that it has in its sentence alone', async () => {
	const data = tinyData({ train: 3, dev: 1, test: 1 });
	const config = presetConfig('smoke');
	Object.assign(config.model, { heads: 2, headSize: 8, embeddingSize: 8 });
	const shape = networkShape(config, data);
	const tables = { lattice: data.lattice.values, bigram: data.bigram.values };
	const parameters = initialParameters(shape, layOutNetwork(shape), tables, 3);
	const model = modelOfRun({ config, data, lexiconWords: null }, parameters);
	const sentences = [['w3', 'w7', 'w9', 'w2'], ['w5'], ['w8', 'w4']];
	const { vectors, dimension } = await representText(device, model, sentences);
	expect([dimension, vectors.length]).toEqual([16, 7 * 16]);
	const alone = await representText(device, model, [sentences[2]]);
	for (const [k, value] of alone.vectors.entries()) expect(vectors[5 * 16 + k]).toBeCloseTo(value, 5);
	expect(new Set(vectors).size).toBeGreaterThan(100);
});
