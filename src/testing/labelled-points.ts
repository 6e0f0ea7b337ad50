// Points in clusters, for tests of projections and measures. Never imported by the product.

import { RandomStream } from '../util/random';

export interface LabelledPoints {
	/** [count, dimension] */
	values: Float32Array;
	count: number;
	dimension: number;
	/** Cluster of each point: its number modulo `clusters`. [count] */
	labels: Int32Array;
}

/** Clusters around random centres: coordinates of centres and points are roughly normal, the centres' `spread` times wider. */
export function drawClusters({ count = 60, dimension = 8, clusters = 3, spread = 4, seed = 5 } = {}): LabelledPoints {
	const random = new RandomStream(seed);
	const normal = () => (random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2) * 1.732;
	const centres = Float64Array.from({ length: clusters * dimension }, () => spread * normal());
	const labels = Int32Array.from({ length: count }, (_, point) => point % clusters);
	const values = Float32Array.from({ length: count * dimension }, (_, element) => {
		const cluster = labels[Math.floor(element / dimension)];
		return centres[cluster * dimension + (element % dimension)] + normal();
	});
	return { values, count, dimension, labels };
}

/** What a generator returns in the end. */
export function resultOf<Result>(work: Generator<unknown, Result>): Result {
	let next = work.next();
	while (!next.done) next = work.next();
	return next.value;
}

/** Neighbours of every point by sorting all distances: the nearest first, the point itself left out. [count, size] */
export function neighboursBySorting(values: ArrayLike<number>, dimension: number, size: number): number[][] {
	const count = values.length / dimension;
	const squared = (a: number, b: number) => {
		let sum = 0;
		for (let k = 0; k < dimension; k++) sum += (values[a * dimension + k] - values[b * dimension + k]) ** 2;
		return sum;
	};
	return Array.from({ length: count }, (_, point) =>
		Array.from({ length: count }, (_, other) => other)
			.filter((other) => other !== point)
			.sort((a, b) => squared(point, a) - squared(point, b))
			.slice(0, size),
	);
}
