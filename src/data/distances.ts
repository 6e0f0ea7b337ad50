// Distances between the nodes of a lattice, each distinct combination once. Node i spans [s_i, e_i]; the four
// distances of (i, j) are ss = s_i - s_j, se = s_i - e_j, es = e_i - s_j, ee = e_i - e_j (FLAT, equations 4 to 7).
// A batch holds a few thousand distinct ones where it has hundreds of thousands of pairs.

/** 'pair' distinguishes (ss, ee) only, which is all that the fusion `ff_two` reads; 'triple' distinguishes (ss, se, es). */
export type DistanceKind = 'pair' | 'triple';

export interface DistinctDistances {
	kind: DistanceKind;
	/** P, padding included. */
	count: number;
	/** P without padding. */
	realCount: number;
	/** Largest absolute distance in the batch. */
	reach: number;
	/** Distances of each distinct combination, each in [-reach, reach]. [P]; se and es are empty for 'pair'. */
	ss: Int32Array;
	se: Int32Array;
	es: Int32Array;
	ee: Int32Array;
	/** Index into those arrays for each pair of nodes; layout of Batch.pairOffset; 0 in padding. [pairCount] */
	index: Int32Array;
}
