// Names of clusters: where the name of each type is drawn, or separately those of its B- and I- tokens where training split them. Pure.

import type { MapPosition } from './map-view';

export interface ClusterLabel extends MapPosition {
	text: string;
}

export interface LabelledCluster {
	text: string;
	/** Numbers of its points. */
	members: readonly number[];
}

/** Clusters of fewer points have no name on the map. */
export const minMembers = 8;

/** A name at the middle of its points: on each axis the one with as many points before as after, which strays do not move. */
export function clusterLabels(positions: Float32Array, clusters: readonly LabelledCluster[]): ClusterLabel[] {
	return clusters.flatMap(({ text, members }) => {
		const shown = members.filter((point) => Number.isFinite(positions[2 * point]));
		if (shown.length < minMembers) return [];
		return [{ text, x: medianOf(shown, positions, 0), y: medianOf(shown, positions, 1) }];
	});
}

function medianOf(points: readonly number[], positions: Float32Array, axis: 0 | 1): number {
	const values = Float32Array.from(points, (point) => positions[2 * point + axis]).sort();
	return values[Math.floor(values.length / 2)];
}

/** Between a name and the middle of its cluster: training draws clusters so close that a name on them would hide them. */
const gapBelow = 6;

/** Labels on screen above their clusters, moved apart downwards where their boxes would lie on each other. `widthOf` in pixels. */
export function spreadOnScreen(
	labels: readonly ClusterLabel[],
	widthOf: (text: string) => number,
	height: number,
): ClusterLabel[] {
	const placed: ClusterLabel[] = [];
	for (const label of [...labels].sort((left, right) => left.y - right.y)) {
		let y = label.y - height / 2 - gapBelow;
		for (const other of placed) {
			const isBeside = Math.abs(other.x - label.x) < (widthOf(other.text) + widthOf(label.text)) / 2;
			if (isBeside && Math.abs(other.y - y) < height) y = other.y + height;
		}
		placed.push({ ...label, y });
	}
	return placed;
}
