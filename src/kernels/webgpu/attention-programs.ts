// Attention with relative positions over padded batches: scores and their gradients, one thread a number. `tuples` is
// the batch's index of distance tuples, [B, N, N]; matrices are [B * N, H] and [P, H]; scores [B, h, N, N].
// Letters: B sentences, N nodes of each, H width, h heads, d = H / h, P distance tuples.

import type { ProgramText } from './program';

const sizes = { nodes: 'i32', heads: 'i32', width: 'i32' } as const;

/** index -> sentence b, head g, query i, key j of a score. */
const scorePlace = `
		let n = uniforms.nodes;
		let j = index % n;
		let i = (index / n) % n;
		let g = (index / (n * n)) % uniforms.heads;
		let b = index / (n * n * uniforms.heads);
		let size = uniforms.width / uniforms.heads;`;

/** index -> row b * N + i, column, and the head that the column belongs to. */
const rowPlace = `
		let n = uniforms.nodes;
		let column = index % uniforms.width;
		let row = index / uniforms.width;
		let b = row / n;
		let i = row % n;
		let g = column / (uniforms.width / uniforms.heads);`;

/** score[b, g, i, j] = contentQuery_i . key_j + positionQuery_i . relative[tuple(i, j)], over the columns of head g. */
export const relativeScoresProgram: ProgramText = {
	name: 'relativeScores',
	inputs: ['contentQuery', 'key', 'positionQuery', 'relative', 'tuples'],
	uniforms: sizes,
	threads: 'elements',
	body: `${scorePlace}
		let query = (b * n + i) * uniforms.width + g * size;
		let other = (b * n + j) * uniforms.width + g * size;
		let tuple = tuples[(b * n + i) * n + j] * uniforms.width + g * size;
		var content = 0.0;
		var position = 0.0;
		for (var c = 0; c < size; c = c + 1) {
			content = content + contentQuery[query + c] * key[other + c];
			position = position + positionQuery[query + c] * relative[tuple + c];
		}
		result[index] = content + position;`,
};

/** score[b, g, i, j] = left_i . right_j over the columns of head g. */
export const headProductsProgram: ProgramText = {
	name: 'headProducts',
	inputs: ['left', 'right'],
	uniforms: sizes,
	threads: 'elements',
	body: `${scorePlace}
		let query = (b * n + i) * uniforms.width + g * size;
		let other = (b * n + j) * uniforms.width + g * size;
		var sum = 0.0;
		for (var c = 0; c < size; c = c + 1) { sum = sum + left[query + c] * right[other + c]; }
		result[index] = sum;`,
};

/** result_i = sum over j of score[g, i, j] * values_j. */
export const sumOverKeysProgram: ProgramText = {
	name: 'sumOverKeys',
	inputs: ['scores', 'values'],
	uniforms: sizes,
	threads: 'elements',
	body: `${rowPlace}
		let start = ((b * uniforms.heads + g) * n + i) * n;
		var sum = 0.0;
		for (var j = 0; j < n; j = j + 1) {
			sum = sum + scores[start + j] * values[(b * n + j) * uniforms.width + column];
		}
		result[index] = sum;`,
};

/** result_j = sum over i of score[g, i, j] * values_i. */
export const sumOverQueriesProgram: ProgramText = {
	name: 'sumOverQueries',
	inputs: ['scores', 'values'],
	uniforms: sizes,
	threads: 'elements',
	body: `${rowPlace}
		let start = (b * uniforms.heads + g) * n * n + i;
		var sum = 0.0;
		for (var query = 0; query < n; query = query + 1) {
			sum = sum + scores[start + query * n] * values[(b * n + query) * uniforms.width + column];
		}
		result[index] = sum;`,
};

/** result_i = sum over j of score[g, i, j] * relative[tuple(i, j)]. */
export const sumOverTuplesProgram: ProgramText = {
	name: 'sumOverTuples',
	inputs: ['scores', 'relative', 'tuples'],
	uniforms: sizes,
	threads: 'elements',
	body: `${rowPlace}
		let start = ((b * uniforms.heads + g) * n + i) * n;
		var sum = 0.0;
		for (var j = 0; j < n; j = j + 1) {
			sum = sum + scores[start + j] * relative[tuples[row * n + j] * uniforms.width + column];
		}
		result[index] = sum;`,
};

/** result[p] = sum of score[g, i, j] * query_i over the pairs of nodes with tuple p; members are places in [B, N, N]. */
export const tupleGradientProgram: ProgramText = {
	name: 'tupleGradient',
	inputs: ['scores', 'query', 'offsets', 'members'],
	uniforms: sizes,
	threads: 'elements',
	body: `
		let n = uniforms.nodes;
		let column = index % uniforms.width;
		let tuple = index / uniforms.width;
		let g = column / (uniforms.width / uniforms.heads);
		var sum = 0.0;
		for (var place = offsets[tuple]; place < offsets[tuple + 1]; place = place + 1) {
			let pair = members[place];
			let row = pair / n;
			let score = ((row / n * uniforms.heads + g) * n + row % n) * n + pair % n;
			sum = sum + scores[score] * query[row * uniforms.width + column];
		}
		result[index] = sum;`,
};

/** Softmax over the first nodeCount[b] keys of each row, 0 beyond; one thread a row of N keys. */
export const maskedSoftmaxProgram: ProgramText = {
	name: 'maskedSoftmax',
	inputs: ['scores', 'nodeCount'],
	uniforms: { nodes: 'i32', heads: 'i32' },
	threads: 'elements',
	body: `
		let start = index * uniforms.nodes;
		let real = nodeCount[index / (uniforms.nodes * uniforms.heads)];
		var most = -1e30;
		for (var j = 0; j < real; j = j + 1) { most = max(most, scores[start + j]); }
		var sum = 0.0;
		for (var j = 0; j < real; j = j + 1) { sum = sum + exp(scores[start + j] - most); }
		for (var j = 0; j < uniforms.nodes; j = j + 1) {
			var probability = 0.0;
			if (j < real) { probability = exp(scores[start + j] - most) / sum; }
			result[start + j] = probability;
		}`,
};

/** probability * (gradient - expected gradient); one thread a row of N keys. */
export const softmaxGradientProgram: ProgramText = {
	name: 'softmaxGradient',
	inputs: ['probabilities', 'gradient'],
	uniforms: { nodes: 'i32' },
	threads: 'elements',
	body: `
		let start = index * uniforms.nodes;
		var expected = 0.0;
		for (var j = 0; j < uniforms.nodes; j = j + 1) {
			expected = expected + probabilities[start + j] * gradient[start + j];
		}
		for (var j = 0; j < uniforms.nodes; j = j + 1) {
			result[start + j] = probabilities[start + j] * (gradient[start + j] - expected);
		}`,
};
