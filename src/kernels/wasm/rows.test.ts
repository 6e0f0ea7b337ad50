import { afterEach, describe, expect, test } from 'vitest';
import { drawIntegers, drawNumbers, firstDifference, numericGradient, weigh } from '../../testing/numeric-gradient';
import { openWasmBuilds } from '../../testing/wasm-builds';
import { findParameter, layOutParameters } from '../parameters';

const devices = await openWasmBuilds();
afterEach(() => {
	for (const [, device] of devices) device.endStep();
});

describe.each(devices)('%s', (_, device) => {
	test.each([1, 4, 10])('rows of a table with %i columns, and what they add to its gradient', async (columns) => {
		const rows = 6;
		const layout = layOutParameters([{ name: 'table', shape: [rows, columns] }]);
		const table = findParameter(layout, 'table');
		const values = drawNumbers(1, layout.size);
		device.openParameters(layout);
		device.writeParameters(values);
		const ids = [3, 0, 5, -1, 3];
		const indices = device.uploadIndices(Int32Array.from(ids));
		const found = await device.read(device.embeddingRows(table, indices));
		const expected = ids.flatMap((id) =>
			Array.from({ length: columns }, (_, k) => (id < 0 ? 0 : values[id * columns + k])),
		);
		expect([...found]).toEqual(expected);

		const gradient = drawNumbers(2, ids.length * columns);
		device.embeddingRowsBackward(table, indices, device.upload(gradient, ids.length, columns));
		const added = new Float32Array(rows * columns);
		ids.forEach((id, i) => {
			for (let k = 0; k < columns; k++) if (id > 0) added[id * columns + k] += gradient[i * columns + k];
		});
		expect((await device.readGradients()).slice(0, rows * columns)).toEqual(added);
		device.endStep();
	});

	test('rows are gathered and placed, -1 being nothing', async () => {
		const values = Float32Array.of(1, 2, 3, 4, 5, 6);
		const matrix = device.upload(values, 3, 2);
		const rows = device.uploadIndices(Int32Array.of(2, -1, 0));
		expect([...(await device.read(device.gatherRows(matrix, rows)))]).toEqual([5, 6, 0, 0, 1, 2]);
		const part = { matrix: device.upload(Float32Array.of(7, 8), 1, 2), rows: device.uploadIndices(Int32Array.of(3)) };
		const placed = device.placeRows([{ matrix, rows }, part], 4);
		expect([...(await device.read(placed))]).toEqual([5, 6, 0, 0, 1, 2, 7, 8]);
		device.endStep();
	});

	test('columns are joined and split again', async () => {
		const widths = [1, 4, 6];
		const parts = widths.map((width, index) => drawNumbers(index, 3 * width));
		const joined = device.concatColumns(parts.map((values, index) => device.upload(values, 3, widths[index])));
		const first = await device.read(joined);
		expect([...first.subarray(0, 5)]).toEqual([parts[0][0], ...parts[1].subarray(0, 4)]);
		const split = device.splitColumns(joined, widths);
		expect(await Promise.all(split.map((part) => device.read(part)))).toEqual(parts);
		device.endStep();
	});

	test('matrices without rows pass through', async () => {
		const layout = layOutParameters([{ name: 'w', shape: [3, 4] }]);
		device.openParameters(layout);
		const empty = device.embeddingRows(layout.entries[0], device.uploadIndices(new Int32Array(0)));
		const weight = { entry: layout.entries[0], columnStart: 0, columnCount: 4 };
		const output = device.linear({ input: empty, weight, bias: null, relu: true });
		expect([output.rows, output.columns]).toEqual([0, 3]);
		const placed = device.placeRows([{ matrix: output, rows: device.uploadIndices(new Int32Array(0)) }], 2);
		expect([...(await device.read(placed))]).toEqual([0, 0, 0, 0, 0, 0]);
		device.endStep();
	});

	test('an index outside its matrix is refused', () => {
		const matrix = device.zeros(3, 2);
		expect(() => device.gatherRows(matrix, device.uploadIndices(Int32Array.of(0, 3)))).toThrow(/indices from 0 to 3/);
		expect(() => device.distanceRows([matrix], [device.uploadIndices(Int32Array.of(-1))], true)).toThrow(/from -1/);
		device.endStep();
	});

	test.each([3, 8])('sums of table rows with %i columns, with and without relu', async (columns) => {
		const sizes = [4, 6, 5];
		const count = 9;
		const tables = sizes.map((rows, t) => drawNumbers(t, rows * columns));
		const indices = sizes.map((rows, t) => drawIntegers(t + 10, count, 0, rows));
		const gradient = drawNumbers(20, count * columns);
		for (const relu of [false, true]) {
			const oracle = (given: ArrayLike<number>[]) =>
				Float64Array.from({ length: count * columns }, (_, i) => {
					const [p, k] = [Math.floor(i / columns), i % columns];
					const sum = given.reduce((total, table, t) => total + table[indices[t][p] * columns + k], 0);
					return relu ? Math.max(0, sum) : sum;
				});
			const matrices = tables.map((values, t) => device.upload(values, sizes[t], columns));
			const lists = indices.map((each) => device.uploadIndices(each));
			const output = device.distanceRows(matrices, lists, relu);
			expect(firstDifference(await device.read(output), oracle(tables), 1e-6)).toBe(null);
			const given = device.distanceRowsBackward(matrices, lists, relu, output, device.upload(gradient, count, columns));
			for (let t = 0; t < sizes.length; t++) {
				const replaced = (point: ArrayLike<number>) => tables.map((table, other) => (other === t ? point : table));
				const expected = numericGradient((point) => weigh(oracle(replaced(point)), gradient), tables[t]);
				expect(firstDifference(await device.read(given[t]), expected, 1e-5)).toBe(null);
			}
			device.endStep();
		}
	});

	test.each([
		[4, 1],
		[4, 6],
		[3, 9],
	])('softmax over %i groups of width %i', async (groups, width) => {
		const rows = 5;
		const columns = groups * width;
		const values = drawNumbers(1, rows * columns, 4);
		const gradient = drawNumbers(2, rows * columns);
		const oracle = (x: ArrayLike<number>) =>
			Float64Array.from({ length: rows * columns }, (_, i) => {
				const first = i - (i % columns) + (i % width);
				let sum = 0;
				for (let g = 0; g < groups; g++) sum += Math.exp(x[first + g * width]);
				return Math.exp(x[i]) / sum;
			});
		const output = device.softmaxGroups(device.upload(values, rows, columns), groups);
		expect(firstDifference(await device.read(output), oracle(values), 1e-6)).toBe(null);
		const given = device.softmaxGroupsBackward(output, groups, device.upload(gradient, rows, columns));
		const expected = numericGradient((point) => weigh(oracle(point), gradient), values);
		expect(firstDifference(await device.read(given), expected, 1e-6)).toBe(null);
		device.endStep();
	});

	test.each([
		[1, 1],
		[6, 1],
		[7, 7],
		[8, 8],
	])('mixtures of rows of %i columns with weights of width %i', async (columns, width) => {
		const [rows, count, terms] = [5, 7, 4];
		const values = drawNumbers(1, rows * columns);
		const weights = drawNumbers(2, count * terms * width);
		const gradient = drawNumbers(3, count * columns);
		const indices = Array.from({ length: terms }, (_, t) => drawIntegers(t + 10, count, 0, rows));
		const oracle = (v: ArrayLike<number>, w: ArrayLike<number>) =>
			Float64Array.from({ length: count * columns }, (_, i) => {
				const [p, k] = [Math.floor(i / columns), i % columns];
				return indices.reduce((sum, list, t) => {
					const weight = w[p * terms * width + t * width + (width > 1 ? k : 0)];
					return sum + weight * v[list[p] * columns + k];
				}, 0);
			});
		const lists = indices.map((each) => device.uploadIndices(each));
		const matrix = device.upload(values, rows, columns);
		const mixture = device.upload(weights, count, terms * width);
		const output = device.mixRows(matrix, lists, mixture);
		expect(firstDifference(await device.read(output), oracle(values, weights), 1e-6)).toBe(null);
		const given = device.mixRowsBackward(matrix, lists, mixture, device.upload(gradient, count, columns));
		const dValues = numericGradient((point) => weigh(oracle(point, weights), gradient), values);
		const dWeights = numericGradient((point) => weigh(oracle(values, point), gradient), weights);
		expect(firstDifference(await device.read(given.values), dValues, 1e-6)).toBe(null);
		expect(firstDifference(await device.read(given.weights), dWeights, 1e-6)).toBe(null);
		device.endStep();
	});
});
