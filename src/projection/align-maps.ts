// Turns a map so that it fits an earlier one as well as possible (orthogonal Procrustes; Schönemann 1966, with the
// closed form of the plane), so that clusters do not jump between snapshots. Maps are [N, 2] with the same points in the same rows.

import { invariant } from '../util/errors';

export interface Alignment {
	/** Row vector times this, [2, 2] by rows, after centring; then the earlier map's centre is added. */
	turn: readonly [number, number, number, number];
	isMirrored: boolean;
	/** 1 unless `withScale`. */
	scale: number;
	/** The aligned map. [N, 2] */
	map: Float32Array;
}

/** Rotation, mirroring and shift; also one factor of size where `withScale`. */
export function alignMap(map: Float32Array, earlier: Float32Array, { withScale = false } = {}): Alignment {
	invariant(map.length === earlier.length, `maps of ${map.length / 2} and ${earlier.length / 2} points`);
	const [centreX, centreY] = centreOf(map);
	const [targetX, targetY] = centreOf(earlier);
	const sums = { xx: 0, xy: 0, yx: 0, yy: 0, square: 0 };
	for (let k = 0; k < map.length; k += 2) {
		const x = map[k] - centreX;
		const y = map[k + 1] - centreY;
		const u = earlier[k] - targetX;
		const v = earlier[k + 1] - targetY;
		sums.xx += x * u;
		sums.xy += x * v;
		sums.yx += y * u;
		sums.yy += y * v;
		sums.square += x * x + y * y;
	}
	const plain = Math.hypot(sums.xx + sums.yy, sums.xy - sums.yx);
	const mirrored = Math.hypot(sums.xx - sums.yy, sums.xy + sums.yx);
	const isMirrored = mirrored > plain * (1 + 1e-6);
	const angle = isMirrored
		? Math.atan2(sums.xy + sums.yx, sums.xx - sums.yy)
		: Math.atan2(sums.xy - sums.yx, sums.xx + sums.yy);
	const scale = withScale && sums.square > 0 ? Math.max(plain, mirrored) / sums.square : 1;
	const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
	const turn = (isMirrored ? [cosine, sine, sine, -cosine] : [cosine, sine, -sine, cosine]) as [
		number,
		number,
		number,
		number,
	];
	const aligned = new Float32Array(map.length);
	for (let k = 0; k < map.length; k += 2) {
		const x = (map[k] - centreX) * scale;
		const y = (map[k + 1] - centreY) * scale;
		aligned[k] = targetX + x * turn[0] + y * turn[2];
		aligned[k + 1] = targetY + x * turn[1] + y * turn[3];
	}
	return { turn, isMirrored, scale, map: aligned };
}

function centreOf(map: Float32Array): [number, number] {
	let x = 0;
	let y = 0;
	for (let k = 0; k < map.length; k += 2) {
		x += map[k];
		y += map[k + 1];
	}
	return [(2 * x) / map.length, (2 * y) / map.length];
}
