import { expect, test } from 'vitest';
import { relativeMove } from '../testing/map-differences';
import { RandomStream } from '../util/random';
import { alignMap } from './align-maps';

const random = new RandomStream(11);
const earlier = Float32Array.from({ length: 40 }, () => 10 * random.uniform());

function turned(map: Float32Array, angle: number, mirror: 1 | -1, scale = 1): Float32Array {
	const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)];
	return map.map((_, k) => {
		const [x, y] = [map[k - (k % 2)], mirror * map[k - (k % 2) + 1]];
		return k % 2 === 0 ? c * x - s * y + 7 : s * x + c * y - 3;
	});
}

test.each([
	[0.3, 1],
	[2.8, 1],
	[-1.9, -1],
] as const)('a map turned by %d (mirrored: %d) and shifted comes back onto the earlier one', (angle, mirror) => {
	const aligned = alignMap(turned(earlier, angle, mirror), earlier);
	expect(relativeMove(aligned.map, earlier)).toBeLessThan(1e-5);
	expect(aligned.isMirrored).toBe(mirror === -1);
	expect(aligned.scale).toBe(1);
});

test('size is kept unless scaling is asked for', () => {
	const larger = turned(earlier, 0.5, 1, 2);
	expect(relativeMove(alignMap(larger, earlier).map, earlier)).toBeCloseTo(1, 4);
	const scaled = alignMap(larger, earlier, { withScale: true });
	expect(scaled.scale).toBeCloseTo(0.5, 5);
	expect(relativeMove(scaled.map, earlier)).toBeLessThan(1e-5);
});

test('no other turn brings a noisy map nearer', () => {
	const noisy = turned(earlier, 1, 1).map((value) => value + 4 * random.uniform());
	const best = relativeMove(alignMap(noisy, earlier).map, earlier);
	const { map } = alignMap(noisy, earlier);
	const centre = [0, 1].map((axis) => map.reduce((sum, value, k) => (k % 2 === axis ? sum + value : sum), 0) / 20);
	for (const angle of [-0.5, -0.05, 0.05, 0.5, 3]) {
		const [c, s] = [Math.cos(angle), Math.sin(angle)];
		const other = map.map((_, k) => {
			const [x, y] = [map[k - (k % 2)] - centre[0], map[k - (k % 2) + 1] - centre[1]];
			return k % 2 === 0 ? centre[0] + c * x - s * y : centre[1] + s * x + c * y;
		});
		expect(relativeMove(other, earlier)).toBeGreaterThan(best);
	}
});

test('one point lands on its earlier position', () => {
	expect([...alignMap(Float32Array.of(4, 5), Float32Array.of(1, 2)).map]).toEqual([1, 2]);
});
