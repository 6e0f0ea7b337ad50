// Where segments begin.

import { expect, test } from 'vitest';
import { layOutParameters } from '../parameters';
import { ParameterSegments } from './parameter-segments';

const layout = layOutParameters(
	[
		{ name: 'table', shape: [10, 16] },
		{ name: 'a.weight', shape: [16] },
		{ name: 'a.bias', shape: [16] },
		{ name: 'b.weight', shape: [16] },
	],
	[
		{ name: 'c.weight', shape: [16] },
		{ name: 'c.bias', shape: [16] },
		{ name: 'd.weight', shape: [16] },
	],
);
const [table, weight, bias, other, frozen] = layout.entries;

test('a layer lies in one segment, and the part that may be frozen in others', () => {
	const { ranges } = new ParameterSegments(layout, 4 * 40);
	expect(ranges).toEqual([
		{ start: 0, end: 160 }, // larger than a segment
		{ start: 160, end: 192 },
		{ start: 192, end: 208 },
		{ start: 208, end: 240 },
		{ start: 240, end: 256 },
	]);
	expect(new ParameterSegments(layout).ranges).toEqual([
		{ start: 0, end: 208 },
		{ start: 208, end: 256 },
	]);
});

test('an address says the segment and both places, and a range is cut at the borders', () => {
	const segments = new ParameterSegments(layout, 4 * 40);
	expect(segments.value(bias, 2)).toEqual({ segment: 1, local: 18, flat: 178 });
	expect(segments.value(table)).toEqual({ segment: 0, local: 0, flat: 0 });
	expect(segments.partsOf({ start: weight.offset - 3, end: other.offset + 1 })).toEqual([
		{ segment: 0, local: 157, flat: 157, length: 3 },
		{ segment: 1, local: 0, flat: 160, length: 32 },
		{ segment: 2, local: 0, flat: 192, length: 1 },
	]);
	expect(segments.partsOf({ start: 5, end: 5 })).toEqual([]);
});

test('a frozen parameter has no gradient', () => {
	const segments = new ParameterSegments(layout);
	expect(segments.gradient(other)).toEqual(segments.value(other));
	expect(() => segments.gradient(frozen)).toThrow('c.weight is frozen');
	segments.trainedSize = layout.size;
	expect(segments.gradient(frozen)).toEqual({ segment: 1, local: 0, flat: 208 });
});
