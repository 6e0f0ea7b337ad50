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
	/**
	 * The real pairs by distinct distance, for sums over them: offsets [P + 1], then members, each `row << 16 | key` with
	 * row = sentence * nodes + query; filled up with 0 to the size of `index`. Of padded batches only; empty for ragged ones.
	 */
	pairs: Int32Array;
}

/** Nodes of a batch, sentence after sentence without gaps. */
export interface DistanceCall {
	kind: DistanceKind;
	/** First and last character (inclusive) of each node, from 0 within its sentence. [sum of nodeCount] */
	start: Int32Array;
	last: Int32Array;
	/** Nodes of each sentence. [B] */
	nodeCount: Int32Array;
}

/**
 * Numbers the distinct distances of a batch in order of first appearance (sentence, query, key); ragged layout.
 *
 * With len = last - start, (ss, ee) says the same as (ss, len_i - len_j), and (ss, se, es) the same as (ss, len_i, len_j).
 * Both are sums of a term of the query and a term of the key, so one addition gives the slot in a small direct table.
 */
export function distinctDistances({ kind, start, last, nodeCount }: DistanceCall): DistinctDistances {
	const { queryTerm, keyTerm, slots, reach } = slotTerms(kind, start, last);
	const index = new Int32Array(nodeCount.reduce((sum, count) => sum + count * count, 0));
	const numberOfSlot = new Int32Array(slots); // 1 + number; 0 while unseen
	const queryOf: number[] = [];
	const keyOf: number[] = [];
	let first = 0;
	let pair = 0;
	for (const count of nodeCount) {
		const end = first + count;
		for (let query = first; query < end; query++) {
			const term = queryTerm[query];
			for (let key = first; key < end; key++) {
				const slot = term + keyTerm[key];
				let number = numberOfSlot[slot];
				if (number === 0) {
					queryOf.push(query);
					keyOf.push(key);
					number = numberOfSlot[slot] = queryOf.length;
				}
				index[pair++] = number - 1;
			}
		}
		first = end;
	}
	const count = queryOf.length;
	const difference = (left: Int32Array, right: Int32Array) =>
		Int32Array.from({ length: count }, (_, number) => left[queryOf[number]] - right[keyOf[number]]);
	const isTriple = kind === 'triple';
	return {
		kind,
		count,
		realCount: count,
		reach,
		ss: difference(start, start),
		se: isTriple ? difference(start, last) : new Int32Array(0),
		es: isTriple ? difference(last, start) : new Int32Array(0),
		ee: difference(last, last),
		index,
		pairs: new Int32Array(0),
	};
}

/** The same distances for blocks of `nodes` by `nodes` pairs a sentence, and lists of `count` distances; padding is 0. */
export function padDistances(
	distances: DistinctDistances,
	nodeCount: Int32Array,
	nodes: number,
	count: number,
): DistinctDistances {
	const index = new Int32Array(nodeCount.length * nodes * nodes);
	let from = 0;
	nodeCount.forEach((size, sentence) => {
		for (let query = 0; query < size; query++, from += size) {
			index.set(distances.index.subarray(from, from + size), (sentence * nodes + query) * nodes);
		}
	});
	const padded = (list: Int32Array) => {
		const longer = new Int32Array(list.length === 0 ? 0 : count);
		longer.set(list);
		return longer;
	};
	const { ss, se, es, ee } = distances;
	const pairs = pairsByDistance(distances.index, nodeCount, nodes, count);
	return { ...distances, count, index, pairs, ss: padded(ss), se: padded(se), es: padded(es), ee: padded(ee) };
}

/** The list `DistinctDistances.pairs` from a ragged index. */
function pairsByDistance(index: Int32Array, nodeCount: Int32Array, nodes: number, count: number): Int32Array {
	const lists = new Int32Array(count + 1 + nodeCount.length * nodes * nodes);
	for (let pair = 0; pair < index.length; pair++) lists[index[pair] + 1]++;
	for (let number = 0; number < count; number++) lists[number + 1] += lists[number];
	const next = new Int32Array(count);
	for (let number = 0; number < count; number++) next[number] = count + 1 + lists[number];
	let pair = 0;
	for (let sentence = 0; sentence < nodeCount.length; sentence++) {
		const size = nodeCount[sentence];
		for (let query = 0; query < size; query++) {
			const row = (sentence * nodes + query) << 16;
			for (let key = 0; key < size; key++) lists[next[index[pair++]]++] = row | key;
		}
	}
	return lists;
}

/** Terms whose sum is the slot of a pair of nodes, in [0, slots); distances of nodes from different sentences never meet. */
function slotTerms(kind: DistanceKind, start: Int32Array, last: Int32Array) {
	let reach = 0;
	for (const position of last) if (position > reach) reach = position;
	const { rank, rankCount, longest } = lengthRanks(start, last);
	const triple = kind === 'triple';
	const stride = triple ? rankCount * rankCount : 2 * longest + 1;
	const queryTerm = new Int32Array(start.length);
	const keyTerm = new Int32Array(start.length);
	for (let node = 0; node < start.length; node++) {
		const length = last[node] - start[node];
		queryTerm[node] = (start[node] + reach) * stride + (triple ? rank[length] * rankCount : length + longest);
		keyTerm[node] = -start[node] * stride + (triple ? rank[length] : -length);
	}
	return { queryTerm, keyTerm, slots: (2 * reach + 1) * stride, reach };
}

/** Number of each distinct `last - start` that occurs, so that one very long word does not blow up the table of triples. */
function lengthRanks(start: Int32Array, last: Int32Array) {
	let longest = 0;
	for (let node = 0; node < start.length; node++) longest = Math.max(longest, last[node] - start[node]);
	const rank = new Int32Array(longest + 1).fill(-1);
	let rankCount = 0;
	for (let node = 0; node < start.length; node++) {
		const length = last[node] - start[node];
		if (rank[length] < 0) rank[length] = rankCount++;
	}
	return { rank, rankCount, longest };
}
