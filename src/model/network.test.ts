import { afterAll, beforeAll, expect, test } from 'vitest';
import { arrangeBatch } from '../data/arrange-batch';
import type { LatticeSentence } from '../data/lattice';
import type { ModelConfig } from '../experiment/config';
import type { NetworkShape } from '../experiment/network-shape';
import type { Device } from '../kernels/operations';
import { findParameter, trainedAlike } from '../kernels/parameters';
import { createReferenceDevice } from '../kernels/reference/device';
import { createWasmDevice } from '../kernels/wasm/device';
import { tinyLabels, tinySentences, tinyShape } from '../testing/tiny-network';
import { RandomStream } from '../util/random';
import { fusions } from './fusion/fusions';
import { initialParameters } from './initial-parameters';
import { hasContrast, Network, type TrainCall } from './network';
import { trainedEntries } from './shape';

let wasm: Device;
let cpu: Device;
beforeAll(async () => {
	wasm = await createWasmDevice();
	cpu = await createReferenceDevice();
});
afterAll(() => {
	wasm.dispose();
	cpu.dispose();
});

const call: TrainCall = { objective: 'crf', trains: 'all', temperature: 0.1, seed: 3, step: 5 };
const allDropouts = { embeddingDropout: 0.5, feedForwardDropout: 0.15, outputDropout: 0.3, wordDropout: 0.2 };

function openNetwork(
	device: Device,
	model: Partial<ModelConfig> = {},
	shape: NetworkShape = tinyShape(model),
): Network {
	const network = new Network(device, shape, tinyLabels);
	const stream = new RandomStream(9);
	const table = (rows: number, size: number) =>
		Float32Array.from({ length: rows * size }, () => stream.uniform() - 0.5);
	const tables = {
		lattice: table(shape.latticeRows, shape.latticeSize),
		bigram: table(shape.bigramRows, shape.bigramSize),
	};
	network.load(initialParameters(shape, network.layout, tables, 1));
	return network;
}

function batchFor({ device, shape }: Network, sentences: LatticeSentence[]) {
	const order = sentences.map((_, index) => index);
	return arrangeBatch(sentences, order, {
		layout: device.rowLayout,
		distanceKind: fusions[shape.model.fusion].distanceKind,
	});
}

async function lossAndGradients(device: Device, model: Partial<ModelConfig>, trainCall = call) {
	const network = openNetwork(device, model);
	const { loss } = await network.train(batchFor(network, tinySentences(4, 2)), trainCall);
	return { loss, gradients: await device.readGradients() };
}

test('the same dropout bits fall on both row layouts: loss and gradients agree with all dropouts on', async () => {
	for (const objective of ['crf', 'contrastive'] as const) {
		const ragged = await lossAndGradients(wasm, allDropouts, { ...call, objective });
		const padded = await lossAndGradients(cpu, allDropouts, { ...call, objective });
		expect(ragged.loss).toBeCloseTo(padded.loss, 4);
		const furthest = ragged.gradients.reduce(
			(most, value, index) => Math.max(most, Math.abs(value - padded.gradients[index])),
			0,
		);
		expect(furthest).toBeLessThan(2e-5);
	}
});

test('another step draws other dropouts, the same step the same', async () => {
	const first = await lossAndGradients(wasm, allDropouts);
	expect(await lossAndGradients(wasm, allDropouts)).toEqual(first);
	expect((await lossAndGradients(wasm, allDropouts, { ...call, step: 6 })).loss).not.toBe(first.loss);
});

test('gradients equal finite differences of the loss', async () => {
	const network = openNetwork(cpu, { fusion: 'gate', layers: 2, crfStartEnd: true });
	const batch = batchFor(network, tinySentences(2, 4));
	await network.train(batch, call);
	const gradients = await cpu.readGradients();
	const start = await cpu.readParameters();
	const step = 2e-3;
	for (const entry of network.layout.entries) {
		const at = entry.offset + Math.floor(entry.size / 2);
		const lossAt = async (delta: number) => {
			const moved = start.slice();
			moved[at] += delta;
			network.load(moved);
			return (await network.evaluate(batch, call)).loss;
		};
		const slope = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
		expect(Math.abs(slope - gradients[at])).toBeLessThan(2e-3 + 0.02 * Math.abs(slope));
	}
});

test('the head stage gives gradients to the output layer and the CRF alone', async () => {
	const network = openNetwork(wasm, allDropouts);
	await network.train(batchFor(network, tinySentences(3, 5)), { ...call, trains: 'head' });
	const gradients = await wasm.readGradients();
	const reached = network.layout.entries.filter(({ offset, size }) =>
		gradients.subarray(offset, offset + size).some((g) => g !== 0),
	);
	expect(reached.map(({ name }) => name)).toEqual(
		trainedEntries(network.layout, 'crf', 'head').map(({ name }) => name),
	);
	expect(reached.map(({ name }) => name)).toEqual(['output.weight', 'output.bias', 'crf.trans_m']);
});

test('a batch without contrast has loss 0 and adds no gradient', async () => {
	const network = openNetwork(wasm);
	const outside = tinySentences(2, 6).map((sentence) => ({ ...sentence, tags: sentence.tags.map(() => 2) }));
	const result = await network.train(batchFor(network, outside), { ...call, objective: 'contrastive' });
	expect(result).toMatchObject({ loss: 0, isSkipped: true });
	expect((await wasm.readGradients()).every((value) => value === 0)).toBe(true);
	expect(await network.evaluate(batchFor(network, outside), { ...call, objective: 'contrastive' })).toEqual({
		loss: 0,
	});
});

test("a device's failure is what a step throws, whether it trains or decodes", async () => {
	const failure = new Error('the GPU was lost');
	const failing: Device = Object.create(wasm, { failure: { value: () => failure } });
	const network = openNetwork(failing);
	const batch = batchFor(network, tinySentences(2, 3));
	await expect(network.train(batch, call)).rejects.toBe(failure);
	await expect(network.decode(batch)).rejects.toBe(failure);
	const recording: Device = Object.create(failing, { runStep: { value: async () => [Float32Array.of(1)] } });
	await expect(openNetwork(recording).train(batch, call)).rejects.toBe(failure);
});

test('distances that are shifted by the longest sentence give another loss than centred ones', async () => {
	const shifted = await lossAndGradients(wasm, { distanceOrigin: 'shifted' });
	expect(shifted.loss).not.toBe((await lossAndGradients(wasm, { distanceOrigin: 'centred' })).loss);
});

test('contrast needs two tokens of an entity class and one of another', () => {
	const outside = 0;
	expect(hasContrast(Int32Array.of(0, 0, 1), outside)).toBe(false);
	expect(hasContrast(Int32Array.of(1, 1, -1), outside)).toBe(false);
	expect(hasContrast(Int32Array.of(1, 1, 0), outside)).toBe(true);
	expect(hasContrast(Int32Array.of(1, 1, 2), outside)).toBe(true);
});

test('without the reserved tags the CRF scores and decodes the others only', async () => {
	const shape = { ...tinyShape(), tagCount: tinyLabels.tags.length - 2, tagOffset: 2 };
	const network = openNetwork(wasm, {}, shape);
	const sentences = tinySentences(3, 7);
	const { loss, tags } = await network.decode(batchFor(network, sentences));
	expect(loss).toBeGreaterThan(0);
	expect(tags.map((path) => path.length)).toEqual(sentences.map((sentence) => sentence.characterRows.length));
	expect(tags.every((path) => path.every((tag) => tag >= 2 && tag < 7))).toBe(true);
});

test('constrained decoding gives well-formed tags where free decoding does not', async () => {
	const sentences = tinySentences(6, 8);
	const isWellFormed = (path: Int32Array) =>
		path.every((tag, index) => (tag !== 4 && tag !== 6) || (index > 0 && [tag - 1, tag].includes(path[index - 1])));
	const decodeAll = async (constrainedDecoding: boolean) => {
		const network = openNetwork(wasm, { constrainedDecoding });
		const values = await wasm.readParameters();
		values[findParameter(network.layout, 'output.bias').offset + 4] += 3; // makes I-PER likely anywhere
		network.load(values);
		return (await network.decode(batchFor(network, sentences))).tags;
	};
	expect((await decodeAll(false)).every(isWellFormed)).toBe(false);
	expect((await decodeAll(true)).every(isWellFormed)).toBe(true);
});

test('bigrams, lexicon and given features can be left out and brought in', async () => {
	const plain = openNetwork(wasm, { bigrams: false, lexicon: false });
	const bare = tinySentences(2, 9).map((sentence) => ({
		...sentence,
		wordRows: new Int32Array(0),
		wordStart: new Int32Array(0),
		wordLast: new Int32Array(0),
	}));
	expect((await plain.train(batchFor(plain, bare), call)).loss).toBeGreaterThan(0);
	expect(plain.layout.entries.some(({ name }) => name.startsWith('bigram') || name.startsWith('lex_proj'))).toBe(false);

	const extended = openNetwork(wasm, { extraFeatureSize: 3 });
	const batch = batchFor(extended, bare);
	const lossWith = async (value: number) => {
		batch.extraFeatures = new Float32Array(batch.characterIds.length * 3).fill(value);
		return (await extended.evaluate(batch, call)).loss;
	};
	expect(await lossWith(1)).not.toBe(await lossWith(2));
	const withZeros = await lossWith(0);
	delete batch.extraFeatures;
	expect((await extended.evaluate(batch, call)).loss).toBe(withZeros);
});

test('no step leaves anything on the device', async () => {
	for (const device of [wasm, cpu]) {
		const network = openNetwork(device, allDropouts);
		const batch = batchFor(network, tinySentences(3, 10));
		const runAll = async () => {
			await network.train(batch, call);
			await network.train(batch, { ...call, objective: 'contrastive' });
			await network.decode(batch);
			await network.represent(batch);
			device.update(
				{ kind: 'sgd', learningRate: 0.01, momentum: 0.9, weightDecay: 0, clipNorm: 0, clipValue: 5 },
				trainedAlike(network.layout.entries),
			);
		};
		await runAll();
		const before = device.memory();
		for (let round = 0; round < (device === wasm ? 50 : 5); round++) await runAll();
		expect(device.memory()).toEqual(before);
	}
});
