// The CRF's own scores out of a flat array of parameters, for computations with whole sequences on the host (the
// probability of a span). Where decoding forbids ill-formed moves, so do these scores.

import type { LabelSet } from '../experiment/labels';
import { findParameter, type ParameterLayout } from '../kernels/parameters';
import { bioConstraints } from './decoding-constraints';
import { crfNames, type NetworkShape } from './shape';

export interface CrfScores {
	/** [from, to], row by row. [K, K] */
	transitions: Float32Array;
	/** [K] */
	start: Float32Array;
	end: Float32Array;
	/** Names of the K tags that emissions are given for. */
	tags: readonly string[];
}

/** `parameters` in the given layout of the network. */
export function crfScores(
	shape: NetworkShape,
	labels: LabelSet,
	layout: ParameterLayout,
	parameters: Float32Array,
): CrfScores {
	const tags = labels.tags.slice(shape.tagOffset);
	const count = tags.length;
	const read = (name: string) => {
		const { offset, size } = findParameter(layout, name);
		return parameters.slice(offset, offset + size);
	};
	const none = () => new Float32Array(count);
	const hasEnds = shape.model.crfStartEnd;
	const scores: CrfScores = {
		transitions: read(crfNames.transitions),
		start: hasEnds ? read(crfNames.start) : none(),
		end: hasEnds ? read(crfNames.end) : none(),
		tags,
	};
	if (shape.model.constrainedDecoding) forbid(scores, bioConstraints(labels, shape.tagOffset));
	return scores;
}

function forbid({ transitions, start, end, tags }: CrfScores, constraints: Float32Array): void {
	const count = tags.length;
	const size = count + 2;
	for (let from = 0; from < count; from++) {
		for (let to = 0; to < count; to++) transitions[from * count + to] += constraints[from * size + to];
		start[from] += constraints[count * size + from];
		end[from] += constraints[from * size + count + 1];
	}
}
