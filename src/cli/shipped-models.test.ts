import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConll } from '../data/conll';
import type { Device } from '../kernels/operations';
import { createWasmDevice } from '../kernels/wasm/device';
import { Network } from '../model/network';
import { modelOf } from '../training/checkpoint-model';
import { encodeText } from '../training/encode-text';
import { evaluateSplit } from '../training/evaluate';
import { tagText } from '../training/tag-text';
import { loadCheckpoint } from './load-model';

interface ShippedModel {
	name: string;
	file: string;
	sizeBytes: number;
	testF1: number;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { models } = JSON.parse(read('models/models.json')) as { models: ShippedModel[] };
const checkpointOf = (model: ShippedModel) => loadCheckpoint(join(root, 'models', model.file));
const percent = (value: number) => (value * 100).toFixed(2);

let device: Device;
beforeAll(async () => {
	device = await createWasmDevice();
});
afterAll(() => device.dispose());

it('both methods are shipped', () => {
	expect(models.map(({ name }) => name)).toEqual(['sample-flat', 'sample-nerco']);
});

describe.each(models)('the shipped model $name', (model) => {
	it('tags a sentence that no split holds', async () => {
		const text = '王小明在北京大学读书，周末去了长江。';
		const { sentences } = await tagText(device, modelOf(await checkpointOf(model)), [Array.from(text)]);
		const found = sentences[0].spans.map(({ start, end, type }) => [text.slice(start, end), type.toUpperCase()]);
		expect(found).toContainEqual(['王小明', 'PER']);
		expect(found).toContainEqual(['北京大学', 'ORG']);
	});

	it('reaches the test F1 that models.json states', async () => {
		const trained = modelOf(await checkpointOf(model));
		const quirks = { dropHashLines: false, stopAtMalformedLine: false };
		const { sentences } = readConll(read('public/sample/test.conll'), { file: 'test.conll', quirks });
		const tagged = sentences.map(({ characters, tags }) => ({ characters, tags: tags as string[] }));
		const encoded = encodeText(trained, tagged);
		const network = new Network(device, encoded.shape, trained.labels);
		network.load(encoded.parameters);
		const evaluation = await evaluateSplit(network, trained.labels, encoded.sentences, {
			objective: 'crf',
			temperature: 1,
			batchSize: 5,
			clock: () => 0,
			goldOf: (index) => tagged[index].tags,
		});
		expect(evaluation?.scores?.published.micro.f1).toBeCloseTo(model.testF1, 3);
	});

	it('has a card with the same F1 and a size below 6 MB', () => {
		expect(read(`models/${model.name}/README.md`)).toContain(percent(model.testF1));
		expect(model.sizeBytes).toBeLessThan(6_000_000);
	});
});
