import { afterEach, describe, expect, test } from 'vitest';
import { drawNumbers, firstDifference, numericGradient, weigh } from '../../testing/numeric-gradient';
import { openWasmBuilds } from '../../testing/wasm-builds';
import { dropThreshold, elementBits, rowBits, siteKey } from '../../util/counter-random';
import { findParameter, layOutParameters } from '../parameters';
import type { WasmDevice } from './device';

const devices = await openWasmBuilds();
afterEach(() => {
	for (const [, device] of devices) device.endStep();
});
const everything = { inputs: true, parameters: true };

/** x [n, in] times columns [start, start + in) of w [out, columns], transposed, plus b, then max(0, .) if asked. */
function linearOracle(
	x: ArrayLike<number>,
	w: ArrayLike<number>,
	b: ArrayLike<number> | null,
	{
		n,
		columns,
		start,
		inputs,
		outputs,
		relu,
	}: Record<'n' | 'columns' | 'start' | 'inputs' | 'outputs', number> & { relu: boolean },
): Float64Array {
	const y = new Float64Array(n * outputs);
	for (let row = 0; row < n; row++) {
		for (let out = 0; out < outputs; out++) {
			let sum = b ? b[out] : 0;
			for (let k = 0; k < inputs; k++) sum += x[row * inputs + k] * w[out * columns + start + k];
			y[row * outputs + out] = relu ? Math.max(0, sum) : sum;
		}
	}
	return y;
}

/** Opens parameters with these values. */
function openWith(device: WasmDevice, parts: Record<string, { shape: number[]; values: Float32Array }>) {
	const layout = layOutParameters(Object.entries(parts).map(([name, { shape }]) => ({ name, shape })));
	const flat = new Float32Array(layout.size);
	for (const [name, { values }] of Object.entries(parts)) flat.set(values, findParameter(layout, name).offset);
	device.openParameters(layout);
	device.writeParameters(flat);
	const entry = (name: string) => findParameter(layout, name);
	const gradient = async (name: string) => {
		const { offset, size } = entry(name);
		return (await device.readGradients()).slice(offset, offset + size);
	};
	return { entry, gradient };
}

describe.each(devices)('%s', (_, device) => {
	// Below, at and above the tiles (4 or 6 rows, 8 columns) and the blocks (512 deep, 1024 wide, 6144 numbers of A).
	test.each([
		[1, 1, 1],
		[3, 2, 5],
		[4, 8, 8],
		[6, 5, 7],
		[7, 20, 9],
		[13, 33, 19],
		[50, 130, 24],
		[3, 1030, 12],
		[9, 17, 1037],
		[1, 600, 200],
	])('a linear layer of %i rows, %i inputs, %i outputs', async (n, inputs, outputs) => {
		const sizes = { n, columns: inputs + 3, start: 2, inputs, outputs };
		const x = drawNumbers(1, n * inputs);
		const w = drawNumbers(2, outputs * sizes.columns);
		const b = drawNumbers(3, outputs);
		const dy = drawNumbers(4, n * outputs);
		const { entry, gradient } = openWith(device, {
			w: { shape: [outputs, sizes.columns], values: w },
			b: { shape: [outputs], values: b },
		});
		for (const relu of [false, true]) {
			device.zeroGradients();
			const weight = { entry: entry('w'), columnStart: 2, columnCount: inputs };
			const call = { input: device.upload(x, n, inputs), weight, bias: entry('b'), relu };
			const output = device.linear(call);
			const y = linearOracle(x, w, b, { ...sizes, relu });
			expect(firstDifference(await device.read(output), y, 1e-5)).toBe(null);

			const outputGradient = device.upload(dy, n, outputs);
			const given = device.linearBackward(call, output, outputGradient, everything)!;
			const masked = dy.map((value, index) => (!relu || y[index] > 0 ? value : 0));
			const dx = new Float64Array(n * inputs);
			const dw = new Float64Array(outputs * sizes.columns);
			const db = new Float64Array(outputs);
			for (let row = 0; row < n; row++) {
				for (let out = 0; out < outputs; out++) {
					const d = masked[row * outputs + out];
					db[out] += d;
					for (let k = 0; k < inputs; k++) {
						dx[row * inputs + k] += d * w[out * sizes.columns + 2 + k];
						dw[out * sizes.columns + 2 + k] += d * x[row * inputs + k];
					}
				}
			}
			expect(firstDifference(await device.read(given), dx, 2e-5)).toBe(null);
			expect(firstDifference(await gradient('w'), dw, 1e-5)).toBe(null);
			expect(firstDifference(await gradient('b'), db, 1e-5)).toBe(null);
			device.endStep();
		}
	});

	test('a second backward step adds to the gradients of the parameters', async () => {
		const { entry, gradient } = openWith(device, { w: { shape: [3, 2], values: drawNumbers(1, 6) } });
		const weight = { entry: entry('w'), columnStart: 0, columnCount: 2 };
		const call = { input: device.upload(drawNumbers(2, 8), 4, 2), weight, bias: null, relu: false };
		const output = device.linear(call);
		const dy = device.upload(drawNumbers(3, 12), 4, 3);
		device.linearBackward(call, output, dy, { inputs: false, parameters: true });
		const once = await gradient('w');
		expect(device.linearBackward(call, output, dy, { inputs: false, parameters: true })).toBe(null);
		expect(
			firstDifference(
				await gradient('w'),
				once.map((value) => 2 * value),
				1e-6,
			),
		).toBe(null);
		device.endStep();
	});

	test('gradients that are not wanted are not touched', async () => {
		const { entry } = openWith(device, {
			w: { shape: [3, 2], values: drawNumbers(1, 6) },
			gain: { shape: [3], values: drawNumbers(2, 3) },
		});
		const inputsOnly = { inputs: true, parameters: false };
		const weight = { entry: entry('w'), columnStart: 0, columnCount: 2 };
		const call = { input: device.upload(drawNumbers(2, 8), 4, 2), weight, bias: entry('gain'), relu: true };
		const output = device.linear(call);
		device.linearBackward(call, output, output, inputsOnly);
		const norm = { input: output, residual: output, gain: entry('gain'), bias: entry('gain') };
		device.residualLayerNormBackward(norm, device.residualLayerNorm(norm).saved, output, inputsOnly);
		expect(new Set(await device.readGradients())).toEqual(new Set([0]));
		device.endStep();
	});

	test.each([1, 3, 8, 21])('residual and LayerNorm over %i columns', async (columns) => {
		const rows = 5;
		const [x, r, dy] = [5, 6, 7].map((seed) => drawNumbers(seed, rows * columns));
		const [gain, bias] = [8, 9].map((seed) => drawNumbers(seed, columns));
		const oracle = (input: ArrayLike<number>, g: ArrayLike<number>, b: ArrayLike<number>) => {
			const y = new Float64Array(rows * columns);
			for (let row = 0; row < rows; row++) {
				const z = Array.from({ length: columns }, (_, k) => input[row * columns + k] + r[row * columns + k]);
				const mean = z.reduce((sum, value) => sum + value, 0) / columns;
				const variance = z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / columns;
				for (let k = 0; k < columns; k++) {
					y[row * columns + k] = ((z[k] - mean) / Math.sqrt(variance + 1e-5)) * g[k] + b[k];
				}
			}
			return y;
		};
		const { entry, gradient } = openWith(device, {
			gain: { shape: [columns], values: gain },
			bias: { shape: [columns], values: bias },
		});
		const call = {
			input: device.upload(x, rows, columns),
			residual: device.upload(r, rows, columns),
			gain: entry('gain'),
			bias: entry('bias'),
		};
		const { output, saved } = device.residualLayerNorm(call);
		const given = device.residualLayerNormBackward(call, saved, device.upload(dy, rows, columns), everything)!;
		const dx = numericGradient((point) => weigh(oracle(point, gain, bias), dy), x);
		const dGain = numericGradient((point) => weigh(oracle(x, point, bias), dy), gain);
		const dBias = numericGradient((point) => weigh(oracle(x, gain, point), dy), bias);
		expect(firstDifference(await device.read(output), oracle(x, gain, bias), 3e-6)).toBe(null);
		expect(firstDifference(await device.read(given), dx, 1e-5)).toBe(null);
		expect(firstDifference(await gradient('gain'), dGain, 3e-6)).toBe(null);
		expect(firstDifference(await gradient('bias'), dBias, 3e-6)).toBe(null);
		device.endStep();
	});

	test.each([1, 4, 11])('dropout draws the bits of the counter-based generator in %i columns', async (columns) => {
		const rows = 6;
		const keys = Int32Array.of(0, 1, 65536, 2 * 65536 + 7, 39 * 65536 + 180, -1);
		const x = drawNumbers(1, rows * columns).map((value) => value + 2);
		for (const rate of [0, 0.15, 0.5, 0.9]) {
			const key = siteKey(1080956, 77, 3);
			const dropout = { rate, key, rowKeys: device.uploadIndices(keys) };
			const actual = await device.read(device.dropout(device.upload(x, rows, columns), dropout));
			const scale = Math.fround(1 / (1 - rate));
			const expected = x.map((value, index) => {
				const row = rowBits(key, keys[Math.floor(index / columns)]);
				return elementBits(row, index % columns) >= dropThreshold(rate) ? value * scale : 0;
			});
			expect(actual).toEqual(expected);
		}
		device.endStep();
	});

	test('sums, vectors added to rows, and their column sums', async () => {
		const [rows, columns] = [5, 7];
		const [a, b] = [drawNumbers(1, rows * columns), drawNumbers(2, rows * columns)];
		const vector = drawNumbers(3, columns);
		const { entry, gradient } = openWith(device, { v: { shape: [1, columns], values: vector } });
		const [left, right] = [device.upload(a, rows, columns), device.upload(b, rows, columns)];
		expect(await device.read(device.add(left, right))).toEqual(a.map((value, index) => value + b[index]));
		const moved = await device.read(device.addVector(left, entry('v')));
		expect(moved).toEqual(a.map((value, index) => value + vector[index % columns]));
		device.addVectorBackward(entry('v'), right);
		const sums = Array.from(vector, (_, k) =>
			b.reduce((sum, value, index) => sum + (index % columns === k ? value : 0), 0),
		);
		expect(firstDifference(await gradient('v'), sums, 1e-6)).toBe(null);
		device.endStep();
	});
});
