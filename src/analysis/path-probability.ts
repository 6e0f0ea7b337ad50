// How sure a linear-chain CRF is of one labelling of a whole sentence: its probability among all labellings, in logarithms
// (Lafferty, McCallum and Pereira, ICML 2001). One minus that of the best labelling is the least-confidence measure by
// which sentences are chosen for annotation (Culotta and McCallum, AAAI 2005; Settles and Craven, EMNLP 2008).

import { invariant } from '../util/errors';
import type { ChainScores } from './span-marginals';

/** log probability (at most 0, but for rounding) of a path of tag numbers into `chain.tags`, one a character. */
export function pathLogProbability(
	{ emissions, transitions, start, end, tags }: ChainScores,
	path: ArrayLike<number>,
	logPartition: number,
): number {
	const count = tags.length;
	invariant(path.length > 0 && path.length * count === emissions.length, `a path of ${path.length} tags`);
	let score = (start?.[path[0]] ?? 0) + (end?.[path[path.length - 1]] ?? 0);
	for (let position = 0; position < path.length; position++) {
		score += emissions[position * count + path[position]];
		if (position > 0) score += transitions[path[position - 1] * count + path[position]];
	}
	return score - logPartition;
}
