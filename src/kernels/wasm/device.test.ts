import { afterEach, describe, expect, test } from 'vitest';
import type { Batch } from '../../data/batch';
import { drawNumbers } from '../../testing/numeric-gradient';
import { tinyBatch } from '../../testing/tiny-batch';
import { openWasmBuilds } from '../../testing/wasm-builds';
import { siteKey } from '../../util/counter-random';
import type { Device } from '../operations';
import { findParameter, layOutParameters, trainedAlike } from '../parameters';
import { createWasmDevice } from './device';

const devices = await openWasmBuilds();
afterEach(() => {
	for (const [, device] of devices) device.endStep();
});
const [heads, width, tagCount] = [2, 12, 5];
const layout = layOutParameters([
	{ name: 'table', shape: [9, width] },
	{ name: 'query', shape: [width, width] },
	{ name: 'bias', shape: [width] },
	{ name: 'gain', shape: [width] },
	{ name: 'output', shape: [tagCount, width] },
	{ name: 'transitions', shape: [tagCount, tagCount] },
]);
const parameter = (name: string) => findParameter(layout, name);

const batches = [
	[5, 3, 8],
	[12, 1],
	[7, 7, 7, 2],
].map((lengths, seed) =>
	tinyBatch(
		lengths.map((characters) => ({ characters, words: characters % 3 })),
		{ seed },
	),
);

function open(device: Device): void {
	device.openParameters(layout);
	device.writeParameters(drawNumbers(1, layout.size, 0.5));
}

/** One training step through most of the operations; the losses. */
async function trainStep(device: Device, batch: Batch, step: number): Promise<Float32Array> {
	device.beginStep(batch);
	const everything = { inputs: true, parameters: true };
	const key = siteKey(5, step, 1);
	const dropout = { rate: 0.3, key, rowKeys: device.uploadIndices(batch.rowKey) };
	const ids = device.uploadIndices(batch.rowKey.map((name) => 1 + ((name + step) % 8)));
	const rows = device.dropout(device.embeddingRows(parameter('table'), ids), dropout); // [R, H]
	const weight = { entry: parameter('query'), columnStart: 0, columnCount: width };
	const call = { input: rows, weight, bias: parameter('bias'), relu: false };
	const query = device.linear(call);
	const relative = device.constant(
		'relative',
		drawNumbers(2, 400 * width).subarray(0, batch.distances.count * width),
		batch.distances.count,
		width,
	);
	const scores = device.relativeScores(query, rows, query, relative, heads);
	const probabilities = device.maskedSoftmax(scores);
	const attention = device.weightedValues(probabilities, rows);
	const norm = { input: rows, residual: attention, gain: parameter('gain'), bias: parameter('bias') };
	const { output, saved } = device.residualLayerNorm(norm);
	const characterRows = device.uploadIndices(batch.characterRow);
	const head = {
		input: device.gatherRows(output, characterRows),
		weight: { entry: parameter('output'), columnStart: 0, columnCount: width },
		bias: null,
		relu: false,
	};
	const emissions = device.linear(head);
	const crf = { transitions: parameter('transitions'), start: null, end: null };
	const tags = device.uploadIndices(batch.tags);
	const loss = device.crfLoss(emissions, crf, tags);
	const dEmissions = device.crfLossBackward(emissions, crf, tags, loss.saved, 1, everything);
	const dCharacters = device.linearBackward(head, emissions, dEmissions, everything)!;
	const dOutput = device.placeRows([{ matrix: dCharacters, rows: characterRows }], batch.rowCount);
	const dSum = device.residualLayerNormBackward(norm, saved, dOutput, everything)!;
	const dValues = device.weightedValuesBackward(probabilities, rows, dSum);
	const dScores = device.maskedSoftmaxBackward(probabilities, dValues.probabilities);
	const given = device.relativeScoresBackward(query, rows, query, relative, dScores);
	const dQuery = device.linearBackward(call, query, device.add(given.contentQuery, given.positionQuery), everything)!;
	device.embeddingRowsBackward(parameter('table'), ids, device.dropout(device.add(dQuery, given.key), dropout));
	device.update(
		{ kind: 'sgd', learningRate: 0.01, momentum: 0.9, weightDecay: 0.01, clipNorm: 0, clipValue: 5 },
		trainedAlike(layout.entries),
	);
	const losses = await device.read(loss.perSentence);
	device.endStep();
	return losses;
}

describe.each(devices)('%s', (build, device) => {
	test('five hundred steps on three shapes take no more memory than the first of each', async () => {
		const fresh = await createWasmDevice({ build });
		open(fresh);
		const held: unknown[] = [];
		for (const shape of [0, 1, 2]) await trainStep(fresh, batches[shape], shape);
		for (const shape of [0, 1, 2]) {
			await trainStep(fresh, batches[shape], 3 + shape);
			held.push(fresh.memory());
		}
		for (let step = 6; step < 500; step++) {
			const shape = (step * step + (step >> 3)) % 3;
			await trainStep(fresh, batches[shape], step);
			expect(fresh.memory()).toEqual(held[shape]);
		}
	});

	test('the same steps give the same bits on another device', async () => {
		const run = async () => {
			const fresh = await createWasmDevice({ build });
			open(fresh);
			const losses: Float32Array[] = [];
			for (let step = 0; step < 6; step++) losses.push(await trainStep(fresh, batches[step % 3], step));
			return { losses, values: await fresh.readParameters() };
		};
		expect(await run()).toEqual(await run());
	});

	test('a step lowers its own loss', async () => {
		open(device);
		const before = await trainStep(device, batches[0], 0);
		let after = before;
		for (let count = 0; count < 30; count++) after = await trainStep(device, batches[0], 0);
		const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
		expect(sum(after)).toBeLessThan(0.5 * sum(before));
	});

	test('a matrix of an ended step is refused', () => {
		const matrix = device.zeros(2, 2);
		device.endStep();
		expect(() => device.add(matrix, matrix)).toThrow('used after its step');
	});

	test('a constant outlives steps and is replaced by its key', async () => {
		const first = device.constant('key', Float32Array.of(1, 2), 1, 2);
		device.endStep();
		device.zeros(50, 50);
		expect([...(await device.read(first))]).toEqual([1, 2]);
		const second = device.constant('key', Float32Array.of(3, 4, 5), 3, 1);
		device.endStep();
		expect([...(await device.read(second))]).toEqual([3, 4, 5]);
	});

	test('steps do not nest, and ending none is harmless', () => {
		device.beginStep(batches[0]);
		expect(() => device.beginStep(batches[1])).toThrow('a step is open already');
		device.endStep();
		device.endStep();
	});

	test('rows are sliced without moving', async () => {
		const matrix = device.upload(Float32Array.of(1, 2, 3, 4, 5, 6), 3, 2);
		expect([...(await device.read(device.sliceRows(matrix, 1, 2)))]).toEqual([3, 4, 5, 6]);
		expect(() => device.sliceRows(matrix, 2, 2)).toThrow('rows 2 + 2 of 3');
		device.endStep();
	});

	test('too little memory is an error with a remedy', async () => {
		const small = await createWasmDevice({ build, maximumBytes: 8 * 1024 * 1024 });
		expect(() => small.zeros(2000, 2000)).toThrow(/MiB.*smaller batch size/);
		expect([...(await small.read(small.zeros(1, 2)))]).toEqual([0, 0]);
	});

	test('a disposed device refuses to work', async () => {
		const gone = await createWasmDevice({ build });
		open(gone);
		gone.dispose();
		expect(gone.memory()).toMatchObject({ allocations: 0, bytes: 0 });
		expect(() => gone.zeros(1, 1)).toThrow('disposed');
	});
});
