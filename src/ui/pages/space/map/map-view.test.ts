import { expect, test } from 'vitest';
import { normalizedMap, panBy, toMap, toScreen, viewOf, wholeMap, zoomAt } from './map-view';

const size = { width: 640, height: 480 };

test('the middle of the map is in the middle of the pane, and positions convert there and back', () => {
	expect(toScreen(wholeMap, size, { x: 0, y: 0 })).toEqual({ x: 320, y: 240 });
	const view = { x: 0.3, y: -0.2, zoom: 3.5 };
	const back = toMap(view, size, toScreen(view, size, { x: 0.41, y: 0.07 }));
	expect(back.x).toBeCloseTo(0.41);
	expect(back.y).toBeCloseTo(0.07);
});

test('zooming keeps the position under the pointer, also at the limits', () => {
	const at = { x: 500, y: 100 };
	for (const factor of [1.7, 0.3, 1e9]) {
		const before = toMap(wholeMap, size, at);
		const after = toMap(zoomAt(wholeMap, size, factor, at), size, at);
		expect(after.x).toBeCloseTo(before.x);
		expect(after.y).toBeCloseTo(before.y);
	}
});

test('panning moves what is seen by as many pixels', () => {
	const moved = toScreen(panBy(wholeMap, size, 30, -12), size, { x: 0.1, y: 0.1 });
	const before = toScreen(wholeMap, size, { x: 0.1, y: 0.1 });
	expect(moved.x - before.x).toBeCloseTo(30);
	expect(moved.y - before.y).toBeCloseTo(-12);
});

test('a view of a rectangle contains its corners', () => {
	const view = viewOf({ x: 0.2, y: 0.2 }, { x: 0.4, y: 0.3 });
	expect(view.zoom).toBeCloseTo(10);
	for (const corner of [toScreen(view, size, { x: 0.2, y: 0.2 }), toScreen(view, size, { x: 0.4, y: 0.3 })]) {
		expect(Math.abs(corner.x - size.width / 2)).toBeLessThanOrEqual(size.width / 2);
		expect(Math.abs(corner.y - size.height / 2)).toBeLessThanOrEqual(size.height / 2);
	}
});

test('a map fills the square with one scale for both axes', () => {
	const map = normalizedMap(Float32Array.of(10, 0, 14, 1, 12, 2));
	expect([...map]).toEqual([-1, -0.5, 1, 0, 0, 0.5]);
});

test('points that are not numbers are skipped, equal points are in the middle, and no points are fine', () => {
	expect([...normalizedMap(Float32Array.of(Number.NaN, 1, 4, 1, 2, 1)).slice(2)]).toEqual([1, 0, -1, 0]);
	expect([...normalizedMap(Float32Array.of(3, 4, 3, 4))]).toEqual([0, 0, 0, 0]);
	expect(normalizedMap(new Float32Array()).length).toBe(0);
});
