// Sizes that a padded batch may have. A device keeps one set of buffers and programs per shape, so there must be few
// shapes, yet padding must stay small. A shape is four sizes: lattice rows of a sentence, characters, words, distances.

/** The sizes of a padded batch: N, C, M and P of data/batch.ts. */
export interface BatchSize {
	nodes: number;
	characters: number;
	words: number;
	distances: number;
}

/** N: multiples of 16 up to 128, of 32 up to 256, then of 64. */
export function padNodes(count: number): number {
	const step = count <= 128 ? 16 : count <= 256 ? 32 : 64;
	return Math.max(step, Math.ceil(count / step) * step);
}

/** C, M and P: the next of 1, 1.25, 1.5, 1.75 times a power of two, at least 32. */
export function padCount(count: number): number {
	if (count <= 32) return 32;
	const step = 2 ** Math.floor(Math.log2(count - 1)) / 4;
	return Math.ceil(count / step) * step;
}

/** The size that a batch takes when no bucket is given or none fits. */
function roundedSize(size: BatchSize): BatchSize {
	return {
		nodes: padNodes(size.nodes),
		characters: padCount(size.characters),
		words: padCount(size.words),
		distances: padCount(size.distances),
	};
}

/** The first bucket that holds the batch, else the rounded size. Buckets stand from small to large. */
export function chooseSize(size: BatchSize, buckets: readonly BatchSize[] = []): BatchSize {
	return buckets.find((bucket) => fits(size, bucket)) ?? roundedSize(size);
}

/** Share by which the largest bucket exceeds the largest batch it was planned from, for batches of later epochs. */
const headroom = 0.2;

/**
 * At most `count` buckets for batches like the given ones, from small to large: batches sorted by nodes are cut into equal
 * groups, and each bucket holds its group and every smaller one. Sizes are rounded up; the last bucket has some room more.
 */
export function planBuckets(sizes: readonly BatchSize[], count: number): BatchSize[] {
	const sorted = [...sizes].sort((left, right) => left.nodes - right.nodes || left.distances - right.distances);
	const buckets: BatchSize[] = [];
	let largest: BatchSize = { nodes: 0, characters: 0, words: 0, distances: 0 };
	for (let group = 0; group < count; group++) {
		const first = Math.floor((group * sorted.length) / count);
		const members = sorted.slice(first, Math.floor(((group + 1) * sorted.length) / count));
		if (members.length === 0) continue;
		largest = [largest, ...members].reduce(enclosingSize);
		buckets.push(roundedSize(group === count - 1 ? withHeadroom(largest) : largest));
	}
	return buckets.filter((bucket, index) => index === 0 || !fits(bucket, buckets[index - 1]));
}

/** Nodes stay: a split's longest sentence comes in every epoch. */
function withHeadroom({ nodes, characters, words, distances }: BatchSize): BatchSize {
	const more = (size: number) => Math.ceil(size * (1 + headroom));
	return { nodes, characters: more(characters), words: more(words), distances: more(distances) };
}

function fits(size: BatchSize, bucket: BatchSize): boolean {
	return (
		size.nodes <= bucket.nodes &&
		size.characters <= bucket.characters &&
		size.words <= bucket.words &&
		size.distances <= bucket.distances
	);
}

function enclosingSize(left: BatchSize, right: BatchSize): BatchSize {
	return {
		nodes: Math.max(left.nodes, right.nodes),
		characters: Math.max(left.characters, right.characters),
		words: Math.max(left.words, right.words),
		distances: Math.max(left.distances, right.distances),
	};
}
