// One run through updates of parameters with rates and decays of their own, clipped by their common norm, in a layout whose last
// part is frozen at first, for comparing devices with each other. For tests.

import { RandomStream } from '../util/random';
import type { ConformanceResult } from './conformance';
import type { Device, UpdateRule } from './operations';
import { layOutParameters, type ParameterEntry, type TrainedParameter } from './parameters';
import { transformerOf } from './transformer-operations';

const width = 13;
const layout = layOutParameters(
	[
		{ name: 'table', shape: [11, width] },
		{ name: 'vector', shape: [width] },
		{ name: 'idle', shape: [3, 5] },
	],
	[
		{ name: 'frozen.table', shape: [17, width] },
		{ name: 'frozen.vector', shape: [width] },
	],
);
const [table, vector, , frozenTable, frozenVector] = layout.entries;
const task: TrainedParameter[] = [
	{ entry: table, rate: 1, decays: true },
	{ entry: vector, rate: 0.5, decays: false },
];
const frozen: TrainedParameter[] = [
	{ entry: frozenTable, rate: 0.05, decays: true, updatesBefore: 3 },
	{ entry: frozenVector, rate: 0.25, decays: true, updatesBefore: 3 },
];

const common = { gradientScale: 0.5, learningRate: 0.05, weightDecay: 0.1, clipValue: 0.6 };
const moments = { beta1: 0.9, beta2: 0.99, epsilon: 1e-6 };

function ruleOf(kind: UpdateRule['kind'], count: number, clipNorm: number): UpdateRule {
	if (kind === 'sgd') return { kind, momentum: 0.9, ...common, clipNorm };
	return { kind, count, ...moments, ...common, clipNorm };
}

/** Leaves the device without an open step, its parameters replaced. */
export async function runUpdateConformance(device: Device, seed = 11): Promise<ConformanceResult[]> {
	const results: ConformanceResult[] = [];
	for (const kind of ['sgd', 'adamw'] as const) {
		const random = new RandomStream(seed);
		const draw = (length: number) => Float32Array.from({ length }, () => 2 * random.uniform() - 1);
		const note = (name: string, values: ArrayLike<number>) => results.push({ name: `${kind}/${name}`, values });
		openWith(device, draw);
		for (const count of [1, 2, 3, 4, 5, 6, 7]) {
			if (count === 4) {
				note('frozen values', await device.readParameters({ start: layout.frozenOffset, end: layout.size }));
				device.openFrozen();
			}
			const trained = count < 4 ? task : [...task, ...frozen];
			giveGradients(device, trained, draw, count);
			note(`norm ${count}`, [await device.gradientNorm(trained.map(({ entry }) => entry))]);
			device.update(ruleOf(kind, count, count % 3 === 0 ? 0 : 1.5), trained);
			device.endStep();
			if (count === 4) note('across the border', await device.readParameters({ start: 150, end: 250 }));
		}
		note('trained size', [device.trainedSize]);
		note('values', await device.readParameters());
		const { first, second } = await device.readOptimizerState();
		note('first', first);
		if (kind === 'adamw') note('second', second ?? []);
	}
	return results;
}

/** Opens the layout and writes its values in three runs, one of which ends inside a parameter. */
function openWith(device: Device, draw: (length: number) => Float32Array): void {
	const values = new Float32Array(layout.size);
	for (const { offset, size } of layout.entries) values.set(draw(size), offset);
	device.openParameters(layout);
	for (const [start, end] of [
		[0, 40],
		[40, layout.frozenOffset + 5],
		[layout.frozenOffset + 5, layout.size],
	])
		device.writeParameters(values.subarray(start, end), start);
}

/** A few rows of each table, row 0 of the frozen one among them, and all of each vector. */
function giveGradients(
	device: Device,
	trained: readonly TrainedParameter[],
	draw: (length: number) => Float32Array,
	count: number,
): void {
	const rows = (entry: ParameterEntry) => Int32Array.of(0, (3 * count) % entry.rows, 2, (5 * count) % entry.rows);
	const upload = (rowCount: number) => device.upload(draw(rowCount * width), rowCount, width);
	for (const { entry } of trained) {
		if (entry === table) device.embeddingRowsBackward(entry, device.uploadIndices(rows(entry)), upload(4));
		else if (entry === frozenTable)
			transformerOf(device).tableRowsBackward(entry, device.uploadIndices(rows(entry)), upload(4));
		else device.addVectorBackward(entry, upload(2));
	}
}
