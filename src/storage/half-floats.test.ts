import { expect, test } from 'vitest';
import { halvesOf } from './half-floats';
import { readFloats } from './stored-tensor';

function throughHalves(values: readonly number[]): number[] {
	const halves = halvesOf(Float32Array.from(values));
	return [...readFloats({ type: 'F16', shape: [values.length], bytes: new Uint8Array(halves.buffer) })];
}

test('halves of known values have the bits of the standard', () => {
	// IEEE 754-2008, binary16: 1, -2, the greatest, the least normal, the least of all, one third, infinity.
	const values = [1, -2, 65504, 2 ** -14, 2 ** -24, 1 / 3, Number.POSITIVE_INFINITY, 65520, 0];
	const wanted = [0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x3555, 0x7c00, 0x7c00, 0];
	expect([...halvesOf(Float32Array.from(values))]).toEqual(wanted);
	expect(throughHalves([Number.NaN])[0]).toBeNaN();
});

test('every half comes back as itself', () => {
	const all = Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits);
	const values = readFloats({ type: 'F16', shape: [all.length], bytes: new Uint8Array(all.buffer) });
	expect(halvesOf(values)).toEqual(all);
});

test('rounding is to the nearest, ties to even', () => {
	const step = 2 ** -10;
	expect(throughHalves([1 + 0.49 * step, 1 + 0.5 * step, 1 + 1.5 * step, 1 + 0.51 * step, -1 - 1.5 * step])).toEqual([
		1,
		1,
		1 + 2 * step,
		1 + step,
		-1 - 2 * step,
	]);
	expect(throughHalves([2 ** -25, 3 * 2 ** -25])).toEqual([0, 2 ** -23]);
});
