import { afterAll, describe, expect, test } from 'vitest';
import { type BertConfig, bertTensors } from '../experiment/bert-config';
import type { Device } from '../kernels/operations';
import { layOutParameters } from '../kernels/parameters';
import { createReferenceDevice } from '../kernels/reference/device';
import { createWasmDevice } from '../kernels/wasm/device';
import { tinyBatch } from '../testing/tiny-batch';
import { openWasmBuilds } from '../testing/wasm-builds';
import { RandomStream } from '../util/random';
import { encodeBert } from './bert-encoder';
import { Tape } from './tape';

const devices: Record<string, Device> = {
	cpu: await createReferenceDevice(),
	...Object.fromEntries(await openWasmBuilds()),
	threads: await createWasmDevice({ threads: 2 }),
};
afterAll(() => {
	for (const device of Object.values(devices)) device.dispose();
});

const config: BertConfig = {
	family: 'bert',
	...{ layers: 3, width: 12, heads: 3, innerWidth: 20, embeddingWidth: 12, pieces: 9, positions: 7, segmentTypes: 2 },
	...{ layerNormEpsilon: 1e-12, activation: 'gelu', hiddenDropout: 0.2, attentionDropout: 0.3 },
};
const input = {
	pieces: Int32Array.from([2, 5, 3, 2, 0, 8, 8, 7, 3]),
	positions: Int32Array.from([0, 1, 2, 0, 1, 2, 3, 4, 5]),
	segments: new Int32Array(9),
	starts: Int32Array.from([0, 3, 9]),
	rowKeys: Int32Array.from([1, 2, 3, 11, 12, 13, 14, 15, 16]),
};
const layout = layOutParameters(Array.from(bertTensors(config), ([name, shape]) => ({ name, shape })));
const random = new RandomStream(5);
const draw = (length: number) => Float32Array.from({ length }, () => random.uniform() - 0.5);
const values = draw(layout.size);
const [weights, ofEmbedding] = [draw(9 * 12), draw(9 * 12)];
const all = layout.entries.map(({ name }) => name);

/** The embedding is read from outside too, as features may be. */
async function run(device: Device, trained: readonly string[], recompute: boolean) {
	device.openParameters(layout);
	device.writeParameters(values);
	const batch = tinyBatch([{ characters: 2, words: 0 }], { layout: device.rowLayout });
	device.beginStep(batch);
	const before = device.memory().allocations;
	const tape = new Tape(device, layout, batch, { trained: new Set(trained), random: { seed: 4, step: 3 } });
	const { output, embedding, layers } = encodeBert(tape, config, '', () => input, { recompute });
	const kept = device.memory().allocations - before;
	const rows = await device.read(output.value);
	tape.receive(embedding, device.upload(ofEmbedding, 9, 12));
	tape.receive(output, device.upload(weights, 9, 12));
	tape.backward();
	const gradients = await device.readGradients();
	const held = device.memory().allocations - before;
	device.endStep();
	return { rows, gradients, kept, held, layers };
}

describe('a layer whose inside is computed again', () => {
	const parts = {
		'all of BERT': all,
		'the upper layers': all.filter((name) => /layer\.[12]\./.test(name)),
		'the embeddings': all.filter((name) => name.startsWith('embeddings.')),
		'one projection in the middle': all.filter((name) => name.includes('layer.1.attention.self.query')),
	};
	test.each(Object.entries(parts))('training %s it gives the same bits, dropout included', async (_, trained) => {
		for (const device of Object.values(devices)) {
			const whole = await run(device, trained, false);
			const again = await run(device, trained, true);
			expect(again.rows).toEqual(whole.rows);
			expect(again.gradients).toEqual(whole.gradients);
			expect(whole.gradients.some((gradient) => gradient !== 0)).toBe(true);
			expect(again.layers).toEqual([]);
		}
	});

	test('holds one matrix a layer after either pass', async () => {
		for (const device of Object.values(devices)) {
			const whole = await run(device, all, false);
			const again = await run(device, all, true);
			expect(whole.kept).toBeGreaterThan(again.kept + 10 * config.layers);
			// The lists and steps of the embedding, then each layer's result and its input's gradient.
			const embeddingAlone = await run(device, [], true);
			expect(again.held).toBeLessThan(embeddingAlone.held + 2 * config.layers + 12);
			expect(whole.held).toBeGreaterThan(again.held + 20 * config.layers);
		}
	});

	test('a layer behind which nothing is trained keeps its result alone without being asked', async () => {
		for (const device of Object.values(devices)) {
			const frozen = await run(device, [], false);
			const whole = await run(device, all, false);
			expect(frozen.rows).toEqual(whole.rows);
			expect(frozen.layers).toEqual([]);
			expect(frozen.kept).toBeLessThan(whole.kept - 10 * config.layers);
		}
	});
});
