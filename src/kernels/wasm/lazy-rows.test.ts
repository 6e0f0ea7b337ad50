import { afterEach, describe, expect, test } from 'vitest';
import { drawIntegers, drawNumbers } from '../../testing/numeric-gradient';
import { tinyBatch } from '../../testing/tiny-batch';
import { openWasmBuilds } from '../../testing/wasm-builds';
import type { UpdateRule } from '../operations';
import { layOutParameters, trainedAlike } from '../parameters';
import type { WasmDevice } from './device';

const devices = await openWasmBuilds();
afterEach(() => {
	for (const [, device] of devices) device.endStep();
});

const columns = 23; // four vectors, one vector, three numbers
const layout = layOutParameters([
	{ name: 'table', shape: [40, columns] },
	{ name: 'weight', shape: [3, columns] },
]);
const [table, weight] = layout.entries;
const batch = tinyBatch([{ characters: 3, words: 1 }]);
const start = drawNumbers(1, layout.size).map((value, index) =>
	index < table.size || (index >= weight.offset && index < weight.offset + weight.size) ? value : 0,
);

const ruleOf = (step: number): UpdateRule & { kind: 'sgd' } => ({
	kind: 'sgd',
	learningRate: 0.01 * Math.min(1, (step + 1) / 30),
	momentum: 0.9,
	weightDecay: 0.05,
	clipNorm: 0,
	clipValue: 0.7,
});
const adamwRuleOf = (step: number): UpdateRule & { kind: 'adamw' } => ({
	kind: 'adamw',
	learningRate: 0.01 * Math.min(1, (step + 1) / 30),
	beta1: 0.9,
	beta2: 0.99,
	epsilon: 1e-8,
	weightDecay: 0.1,
	clipNorm: 0,
	clipValue: 0.7,
	count: step + 1,
});
/** A few rows a step, the padding row and "nothing" among them; many rows are left alone for long. */
const idsOf = (step: number) => Int32Array.from([...drawIntegers(step + 5, 3, 0, 40), 2, -1, 0]);

function open(device: WasmDevice): void {
	device.openParameters(layout);
	device.writeParameters(start);
}

/** One step that looks rows up, and gives them gradients. */
async function takeStep(device: WasmDevice, step: number, rule: UpdateRule, trained = [table, weight]) {
	const ids = idsOf(step);
	device.beginStep(batch);
	const list = device.uploadIndices(ids);
	const rows = await device.read(device.embeddingRows(table, list));
	const gradient = device.upload(drawNumbers(step, ids.length * columns), ids.length, columns);
	device.embeddingRowsBackward(table, list, gradient);
	device.addVectorBackward(weight, device.upload(drawNumbers(step + 1, weight.size), 1, weight.size));
	device.update(rule, trainedAlike(trained));
	device.endStep();
	return rows;
}

/** The rule on every number every step, each operation rounded to float32. */
function denseOracle(steps: number) {
	const values = Float32Array.from(start);
	const first = new Float32Array(layout.size);
	const round = Math.fround;
	const rows: Float32Array[] = [];
	for (let step = 0; step < steps; step++) {
		const { learningRate, momentum, weightDecay, clipValue } = ruleOf(step);
		const [rate, mu, decay, limit] = [learningRate, momentum, weightDecay, clipValue].map(round);
		const gradients = new Float32Array(layout.size);
		const ids = idsOf(step);
		const drawn = drawNumbers(step, ids.length * columns);
		const found = new Float32Array(ids.length * columns);
		ids.forEach((id, index) => {
			for (let k = 0; k < columns; k++) {
				if (id >= 0) found[index * columns + k] = values[id * columns + k];
				if (id >= 1) gradients[id * columns + k] += drawn[index * columns + k];
			}
		});
		rows.push(found);
		gradients.set(drawNumbers(step + 1, weight.size), weight.offset);
		for (let i = 0; i < layout.size; i++) {
			const clipped = Math.max(-limit, Math.min(limit, gradients[i]));
			first[i] = round(round(first[i] * mu) + round(clipped + round(values[i] * decay)));
			values[i] = round(values[i] - round(first[i] * rate));
		}
	}
	return { values, first, rows };
}

describe.each(devices)('%s', (_, device) => {
	test('rows updated late have the bits of a table updated whole every step, over a warm-up', async () => {
		open(device);
		const expected = denseOracle(70);
		for (let step = 0; step < 70; step++)
			expect(await takeStep(device, step, ruleOf(step)), `rows of step ${step}`).toEqual(expected.rows[step]);
		expect(await device.readParameters()).toEqual(expected.values);
		expect((await device.readOptimizerState()).first).toEqual(expected.first);
	});

	test('reading in between changes nothing', async () => {
		open(device);
		const expected = denseOracle(20);
		for (let step = 0; step < 20; step++) {
			await takeStep(device, step, ruleOf(step));
			if (step === 7) await device.readParameters();
			if (step === 12) await device.readOptimizerState();
		}
		expect(await device.readParameters()).toEqual(expected.values);
	});

	test('a table that is not trained for a while keeps its values meanwhile', async () => {
		open(device);
		for (const step of [0, 1, 2]) await takeStep(device, step, ruleOf(step));
		const before = (await device.readParameters()).subarray(0, table.size);
		for (const step of [3, 4]) await takeStep(device, step, ruleOf(step), [weight]);
		const after = await device.readParameters();
		expect(after.subarray(0, table.size)).toEqual(before);
		expect(after[weight.offset]).not.toBe(start[weight.offset]);
	});

	test('gradients are 0 after an update, and after zeroGradients', async () => {
		open(device);
		await takeStep(device, 0, ruleOf(0));
		expect(new Set(await device.readGradients())).toEqual(new Set([0]));
		device.embeddingRowsBackward(
			table,
			device.uploadIndices(Int32Array.of(5)),
			device.upload(new Float32Array(columns).fill(1), 1, columns),
		);
		expect((await device.readGradients())[5 * columns]).toBe(1);
		device.zeroGradients();
		expect(new Set(await device.readGradients())).toEqual(new Set([0]));
	});

	test('gradients of two batches add up before an update', async () => {
		open(device);
		const give = (id: number) =>
			device.embeddingRowsBackward(
				table,
				device.uploadIndices(Int32Array.of(id)),
				device.upload(new Float32Array(columns).fill(0.25), 1, columns),
			);
		for (const id of [5, 6, 5]) give(id);
		device.update({ ...ruleOf(0), learningRate: 1, weightDecay: 0 }, trainedAlike([table]));
		const values = await device.readParameters();
		expect(start[5 * columns] - values[5 * columns]).toBeCloseTo(0.5, 6);
		expect(start[6 * columns] - values[6 * columns]).toBeCloseTo(0.25, 6);
		expect(values[7 * columns]).toBe(start[7 * columns]);
	});

	test('adamw updates rows late with the bits of a table updated whole every step', async () => {
		const run = async (isWhole: boolean) => {
			open(device);
			const rows: Float32Array[] = [];
			for (let step = 0; step < 70; step++) {
				// A gradient of zeros for the whole table has the device update all of it at once.
				if (isWhole) device.addVectorBackward(table, device.zeros(1, table.size));
				device.endStep();
				rows.push(await takeStep(device, step, adamwRuleOf(step)));
			}
			return { rows, values: await device.readParameters(), state: await device.readOptimizerState() };
		};
		expect(await run(false)).toEqual(await run(true));
	});

	test.each(['sgd', 'adamw'] as const)(
		'%s: rows of tables with other rates have the bits of tables updated whole',
		async (kind) => {
			const tables = layOutParameters([
				{ name: 'a', shape: [40, columns] },
				{ name: 'b', shape: [40, columns] },
				{ name: 'c', shape: [40, columns] },
			]);
			const run = async (isWhole: boolean) => {
				device.openParameters(tables);
				device.writeParameters(drawNumbers(1, tables.size));
				for (let step = 0; step < 40; step++) {
					const trained = tables.entries.map((entry, index) => ({
						entry,
						rate: index === 2 && step >= 20 ? 0.5 : [1, 0.05, 0.25][index], // c changes its rate on the way
						decays: index !== 1,
					}));
					for (const { entry } of trained) {
						const list = device.uploadIndices(idsOf(step + entry.offset));
						const gradient = device.upload(drawNumbers(step, list.length * columns), list.length, columns);
						device.embeddingRowsBackward(entry, list, gradient);
						if (isWhole) device.addVectorBackward(entry, device.zeros(1, entry.size));
					}
					const rule = kind === 'sgd' ? ruleOf(step) : adamwRuleOf(step);
					device.update({ ...rule, clipNorm: 3 }, step % 7 === 0 ? trained.slice(1) : trained);
					device.endStep();
				}
				return { values: await device.readParameters(), state: await device.readOptimizerState() };
			};
			expect(await run(false)).toEqual(await run(true));
		},
	);

	test('sgd after adamw finds every row up to date', async () => {
		const run = async (isRead: boolean) => {
			open(device);
			for (const step of [0, 1, 2, 3]) await takeStep(device, step, adamwRuleOf(step));
			if (isRead) await device.readParameters();
			for (const step of [4, 5]) await takeStep(device, step, ruleOf(step));
			return device.readParameters();
		};
		expect(await run(false)).toEqual(await run(true));
	});

	test('adamw after sgd finds every row up to date', async () => {
		const run = async (isRead: boolean) => {
			open(device);
			for (const step of [0, 1, 2, 3]) await takeStep(device, step, ruleOf(step));
			if (isRead) await device.readParameters();
			await takeStep(device, 4, { ...adamwRuleOf(4), count: 1 });
			return device.readParameters();
		};
		expect(await run(false)).toEqual(await run(true));
	});

	test('a full history is applied and started again', async () => {
		open(device);
		const rule = { ...ruleOf(40), learningRate: 1e-4 };
		const dense = Float32Array.from(start.subarray(3 * columns, 4 * columns));
		const first = new Float32Array(columns);
		const [rate, mu, decay] = [rule.learningRate, rule.momentum, rule.weightDecay].map(Math.fround);
		device.beginStep(batch);
		const [list, gradient] = [device.uploadIndices(Int32Array.of(2)), device.zeros(1, columns)];
		for (let step = 0; step < 4200; step++) {
			device.embeddingRowsBackward(table, list, gradient);
			device.update(rule, trainedAlike([table]));
			for (let k = 0; k < columns; k++) {
				first[k] = Math.fround(first[k] * mu) + Math.fround(dense[k] * decay);
				dense[k] -= Math.fround(first[k] * rate);
			}
		}
		const values = await device.readParameters();
		expect(values.subarray(3 * columns, 4 * columns)).toEqual(dense);
	});
});
