// How faithfully a map keeps neighbourhoods, from the ranks of neighbours in the other space (computed where distances are).

/**
 * Trustworthiness (Venna and Kaski 2001): 1 minus the penalty for points that are among the k nearest on the map but not in the
 * original space, each by its original rank beyond k. `ranks` [rows, k]: for each of the k nearest on the map, its rank
 * (the nearest is 1) among all other points in the original space. 0 to 1; 1 means that no neighbour on the map is false.
 * Continuity is the same with the spaces exchanged: of the k nearest in the original space, their ranks on the map.
 * `rows` may be a sample of the `count` points. Needs k below count / 2; NaN without rows.
 */
export function rankFaithfulness(ranks: Int32Array, size: number, count: number): number {
	const rows = ranks.length / size;
	let penalty = 0;
	for (const rank of ranks) penalty += Math.max(0, rank - size);
	return 1 - (2 * penalty) / (rows * size * (2 * count - 3 * size - 1));
}

/** Mean share of the k nearest in the original space that are among the k nearest on the map: ranks as for continuity. 0 to 1. */
export function neighbourPreservation(ranks: Int32Array, size: number): number {
	let kept = 0;
	for (const rank of ranks) if (rank <= size) kept++;
	return kept / ranks.length;
}
