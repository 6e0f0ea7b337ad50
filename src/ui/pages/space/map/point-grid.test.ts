import { expect, test } from 'vitest';
import { RandomStream } from '../../../../util/random';
import { nearestInDirection, PointGrid } from './point-grid';

function drawPositions(count: number): Float32Array {
	const random = new RandomStream(7);
	return new Float32Array(2 * count).map(() => random.uniform() * 2 - 1);
}

function bruteNearest(positions: Float32Array, x: number, y: number, reach: number): number {
	let best = -1;
	let nearest = reach;
	for (let point = 0; point < positions.length / 2; point++) {
		const distance = Math.hypot(positions[2 * point] - x, positions[2 * point + 1] - y);
		if (distance <= nearest) [best, nearest] = [point, distance];
	}
	return best;
}

test('the nearest point is the one that a full search finds', () => {
	const positions = drawPositions(300);
	const grid = new PointGrid(positions);
	const random = new RandomStream(8);
	for (let trial = 0; trial < 200; trial++) {
		const [x, y] = [random.uniform() * 2.4 - 1.2, random.uniform() * 2.4 - 1.2];
		expect(grid.nearest({ x, y }, 0.1)).toBe(bruteNearest(positions, x, y, 0.1));
	}
});

test('points that do not pass, are too far or are not numbers are not found', () => {
	const grid = new PointGrid(Float32Array.of(0, 0, 0.1, 0, Number.NaN, 0));
	expect(grid.nearest({ x: 0, y: 0 }, 0.5, (point) => point !== 0)).toBe(1);
	expect(grid.nearest({ x: 5, y: 5 }, 0.5)).toBe(-1);
	expect(new PointGrid(new Float32Array()).nearest({ x: 0, y: 0 }, 9)).toBe(-1);
	expect(new PointGrid(Float32Array.of(2, 2, 2, 2)).nearest({ x: 2, y: 2 }, 1)).toBe(1);
});

test('a rectangle visits every point within it once', () => {
	const positions = drawPositions(500);
	const seen: number[] = [];
	new PointGrid(positions).visit({ x: -0.5, y: 0 }, { x: 0.2, y: 0.7 }, (point) => seen.push(point));
	expect(new Set(seen).size).toBe(seen.length);
	for (let point = 0; point < 500; point++) {
		const [x, y] = [positions[2 * point], positions[2 * point + 1]];
		if (x >= -0.5 && x <= 0.2 && y >= 0 && y <= 0.7) expect(seen).toContain(point);
	}
});

test('an arrow key goes to the next point that way', () => {
	//            0: middle, 1: right, 2: farther right, 3: above, 4: right but steep
	const positions = Float32Array.of(0, 0, 0.5, 0.1, 0.9, 0, 0, -0.4, 0.1, 0.3);
	expect(nearestInDirection(positions, 0, { x: 1, y: 0 })).toBe(1);
	expect(nearestInDirection(positions, 1, { x: 1, y: 0 })).toBe(2);
	expect(nearestInDirection(positions, 0, { x: 0, y: -1 })).toBe(3);
	expect(nearestInDirection(positions, 0, { x: -1, y: 0 })).toBe(-1);
	expect(nearestInDirection(positions, 0, { x: 1, y: 0 }, (point) => point !== 1)).toBe(2);
});
