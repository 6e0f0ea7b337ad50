// The settings of a projection, and the check of its points: all other files may rely on both.

import { invariant, UserError } from '../util/errors';

export interface ProjectionSettings {
	/** `pca` ends with the two main axes; `tsne` and `umap` start from them. */
	method: 'pca' | 'tsne' | 'umap';
	/** Effective number of neighbours of a point, at least 2; lowered to (points - 1) / 3 where there are too few. */
	perplexity: number;
	/** Of UMAP only: nearest points that a point is tied to, itself not counted. */
	umapNeighbours: number;
	/** Of UMAP only: how near to each other points may come to lie, in units of the map, 0 to 1. */
	leastDistance: number;
	/** Steps of gradient descent; for UMAP, rounds over all ties. */
	iterations: number;
	/** Factor on the attraction during the first `exaggeratedIterations`, so that clusters form before they spread. */
	exaggeration: number;
	exaggeratedIterations: number;
	/** `auto` is points / exaggeration / 4 (Belkina et al. 2019), at least 50, or points / 16 where they are fewer than 800. */
	learningRate: number | 'auto';
	/** Sums over all pairs, or a convolution on a grid; `auto` takes the grid from 2,000 points on. */
	repulsion: 'exact' | 'grid' | 'auto';
	/** All pairs, or those of nearby cells; `auto` takes cells from 20,000 points on. */
	neighbours: 'exact' | 'approximate' | 'auto';
	/** Of the jitter at the start and of the cells; the same seed gives the same map. */
	seed: number;
}

export const defaultProjectionSettings: ProjectionSettings = {
	method: 'tsne',
	perplexity: 30,
	umapNeighbours: 15,
	leastDistance: 0.1,
	iterations: 500,
	exaggeration: 12,
	exaggeratedIterations: 100,
	learningRate: 'auto',
	repulsion: 'auto',
	neighbours: 'auto',
	seed: 1,
};

/** How the map differs from what was asked, for the page to show. */
export type ProjectionNote =
	| { kind: 'perplexity-lowered'; asked: number; used: number }
	/** One point, or two: there is nothing to arrange. */
	| { kind: 'too-few-points'; count: number }
	/** The GPU was lost or erred on the way, so wasm made the map. */
	| { kind: 'gpu-lost' }
	/** The page was closed before the snapshot was finished. */
	| { kind: 'not-measured' };

/** Points in rows. `values` [count, dimension]. */
export interface Points {
	values: Float32Array;
	count: number;
	dimension: number;
}

/** UserError `projection-no-points`, `projection-not-finite` (location.line is the point, from 1), `projection-points-equal`. */
export function checkPoints({ values, count, dimension }: Points): void {
	invariant(values.length === count * dimension, `${values.length} numbers for ${count} points of ${dimension}`);
	if (count === 0 || dimension === 0) {
		throw new UserError({
			code: 'projection-no-points',
			expected: 'at least one point',
			found: 'none',
			remedy: 'Choose a split or filter that contains some tokens.',
		});
	}
	const bad = values.findIndex((value) => !Number.isFinite(value));
	if (bad >= 0) {
		throw new UserError({
			code: 'projection-not-finite',
			location: { line: Math.floor(bad / dimension) + 1, column: (bad % dimension) + 1 },
			expected: 'representations with finite values',
			found: String(values[bad]),
			remedy: 'The run has diverged: lower its learning rate, or choose an earlier checkpoint.',
		});
	}
	if (count > 1 && areAllEqual(values, count, dimension)) {
		throw new UserError({
			code: 'projection-points-equal',
			expected: 'points that are not all the same',
			found: `${count} identical representations`,
			remedy: 'The representations have collapsed: choose another epoch of the run, or check its learning rate.',
		});
	}
}

/** The perplexity that this many points allow. */
export function usablePerplexity(asked: number, count: number): number {
	return Math.max(1, Math.min(asked, (count - 1) / 3));
}

function areAllEqual(values: Float32Array, count: number, dimension: number): boolean {
	for (let element = dimension; element < count * dimension; element++) {
		if (values[element] !== values[element - dimension]) return false;
	}
	return true;
}
