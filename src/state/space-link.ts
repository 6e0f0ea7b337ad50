// Two maps side by side: which points are the same token, and the second map turned onto the first by them. Pure.

import { alignMap } from '../projection/align-maps';
import type { SpacePoints } from '../wire/space';

/** For each point of one run the point of the other that is the same token, or -1. Runs on different corpora share none. */
export function linkPoints(from: SpacePoints, to: SpacePoints): Int32Array {
	if (from === to) return Int32Array.from({ length: from.count }, (_, point) => point);
	const pointOf = new Map<string, number>();
	for (let point = 0; point < to.count; point++) pointOf.set(tokenKey(to, point), point);
	const isSameCorpus = from.corpusId === to.corpusId;
	return Int32Array.from({ length: from.count }, (_, point) =>
		isSameCorpus ? (pointOf.get(tokenKey(from, point)) ?? -1) : -1,
	);
}

/** A token by its sentence in the corpus as imported, and its character there; the character itself guards runs on files. */
function tokenKey(points: SpacePoints, point: number): string {
	const { ref, start, characters } = points.sentences[points.sentence[point]];
	const character = points.character[point];
	return `${ref.split} ${ref.index} ${start + character} ${characters[character]}`;
}

/** Points of the other run that belong to some points of this one. */
export function followLink(link: Int32Array, points: readonly number[]): number[] {
	return points.map((point) => link[point] ?? -1).filter((point) => point >= 0);
}

/** Shared points that are enough to turn by. */
const minShared = 3;

/**
 * A map [n * 2] turned, mirrored, scaled and moved so that its points are as near as possible to the same tokens of another map [m * 2];
 * `link` [m] gives the point of the map for each point of the other. The map itself where too few are shared.
 */
export function alignedOnto(map: Float32Array, other: Float32Array, link: Int32Array): Float32Array {
	const shared = [...link.keys()].filter(
		(point) => link[point] >= 0 && hasPosition(map, link[point]) && hasPosition(other, point),
	);
	if (shared.length < minShared) return map;
	const own = Float32Array.from(shared.flatMap((point) => [map[2 * link[point]], map[2 * link[point] + 1]]));
	const target = Float32Array.from(shared.flatMap((point) => [other[2 * point], other[2 * point + 1]]));
	const { turn, scale } = alignMap(own, target, { withScale: true });
	const [fromX, fromY] = [meanOf(own, 0), meanOf(own, 1)];
	const [toX, toY] = [meanOf(target, 0), meanOf(target, 1)];
	const aligned = new Float32Array(map.length);
	for (let at = 0; at < map.length; at += 2) {
		const [x, y] = [(map[at] - fromX) * scale, (map[at + 1] - fromY) * scale];
		aligned[at] = x * turn[0] + y * turn[2] + toX;
		aligned[at + 1] = x * turn[1] + y * turn[3] + toY;
	}
	return aligned;
}

function hasPosition(map: Float32Array, point: number): boolean {
	return Number.isFinite(map[2 * point]) && Number.isFinite(map[2 * point + 1]);
}

function meanOf(map: Float32Array, axis: 0 | 1): number {
	let sum = 0;
	for (let at = axis; at < map.length; at += 2) sum += map[at];
	return sum / Math.max(1, map.length / 2);
}
