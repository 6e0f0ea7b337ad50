import { expect, test } from 'vitest';
import { dropThreshold, elementBits, mix32, rowBits, siteKey } from './counter-random';

test('the mixer gives the published values of lowbias32', () => {
	// From its definition, by hand: 0 is a fixed point; 1 worked through with 32-bit integers.
	expect(mix32(0)).toBe(0);
	const reference = (start: bigint) => {
		const mask = 0xffffffffn;
		let x = start & mask;
		x = ((x ^ (x >> 16n)) * 0x7feb352dn) & mask;
		x = ((x ^ (x >> 15n)) * 0x846ca68bn) & mask;
		return Number(x ^ (x >> 16n));
	};
	for (const value of [1, 2, 12345, 0x7fffffff, 0x80000000, 0xffffffff])
		expect(mix32(value)).toBe(reference(BigInt(value)));
});

test('elements are dropped at the asked-for rate, differently at each site and step', () => {
	const threshold = dropThreshold(0.3);
	const dropped = (step: number, site: number) => {
		const flags: boolean[] = [];
		for (let row = 0; row < 200; row++) {
			const bits = rowBits(siteKey(7, step, site), row);
			for (let column = 0; column < 50; column++) flags.push(elementBits(bits, column) < threshold);
		}
		return flags;
	};
	const share = (flags: boolean[]) => flags.filter(Boolean).length / flags.length;
	const first = dropped(1, 1);
	expect(share(first)).toBeCloseTo(0.3, 1);
	for (const other of [dropped(2, 1), dropped(1, 2)]) {
		const both = first.filter((flag, index) => flag && other[index]).length / first.length;
		expect(both).toBeCloseTo(0.09, 1);
	}
});

test('a threshold never wraps around', () => {
	expect(dropThreshold(0)).toBe(0);
	expect(dropThreshold(0.5)).toBe(2147483648);
	expect(dropThreshold(0.9999999999)).toBe(0xffffffff);
});
