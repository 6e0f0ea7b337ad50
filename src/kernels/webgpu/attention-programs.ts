// Attention with relative positions over padded batches, over distinct distance tuples: `tuples` is the batch's index
// of them, [B, N, N]. Scores are [B, h, N, N]; plain products of heads are gemm-program.ts's. No atomics: the gradient
// of a tuple's row follows a list of its pairs. Letters: B sentences, N nodes, H width, h heads, d = H / h, P tuples.

import type { ProgramText } from './program';
import { type RowLanes, rowProgram } from './row-reduction';

const keysAThread = 4;
const keys = Array.from({ length: keysAThread }, (_, t) => t);
export const scoreThreads = (nodes: number) => Math.ceil(nodes / keysAThread);

/**
 * score[b, g, i, j] = contentQuery_i . key_j + positionQuery_i . relative[tuple(i, j)], over the columns of head g.
 * A thread makes four keys of one query, `across` = ceil(N / 4) apart.
 */
export const relativeScoresProgram: ProgramText = {
	name: 'relativeScores',
	words: ['out', 'contentQuery', 'key', 'positionQuery', 'relative', 'tuples', 'nodes', 'heads', 'width', 'across'],
	threads: 'elements',
	body: `
	let n = u.nodes;
	let j0 = index % u.across;
	let i = (index / u.across) % n;
	let g = (index / (u.across * n)) % u.heads;
	let b = index / (u.across * n * u.heads);
	let size = u.width / u.heads;
	let query = (b * n + i) * u.width + g * size;
	let pair = u.tuples + (b * n + i) * n;
	${keys.map((t) => `let j${t > 0 ? t : '0_'} = min(j0 + ${t} * u.across, n - 1);`).join('\n\t')}
	${keys
		.map((t) => {
			const j = t > 0 ? `j${t}` : 'j0_';
			return `let key${t} = u.key + (b * n + ${j}) * u.width + g * size;
	let relative${t} = u.relative + inputs[pair + ${j}] * u.width + g * size;`;
		})
		.join('\n\t')}
	var content = vec4<f32>(0.0);
	var position = vec4<f32>(0.0);
	for (var c = 0; c < size; c = c + 1) {
		content = content + arena[u.contentQuery + query + c] * vec4<f32>(${keys.map((t) => `arena[key${t} + c]`).join(', ')});
		position = position + arena[u.positionQuery + query + c] * vec4<f32>(${keys.map((t) => `arena[relative${t} + c]`).join(', ')});
	}
	let out = u.out + ((b * u.heads + g) * n + i) * n;
	${keys.map((t) => `if (j0 + ${t} * u.across < n) { arena[out + j0 + ${t} * u.across] = content[${t}] + position[${t}]; }`).join('\n\t')}`,
};

/** out_i = sum over j of score[g, i, j] * relative[tuple(i, j)]: the gradient of the position query. [R, H] */
export const positionQueryGradientProgram: ProgramText = {
	name: 'positionQueryGradient',
	words: ['out', 'scores', 'relative', 'tuples', 'nodes', 'heads', 'width'],
	threads: 'elements',
	body: `
	let n = u.nodes;
	let column = index % u.width;
	let row = index / u.width;
	let g = column / (u.width / u.heads);
	let scores = u.scores + ((row / n * u.heads + g) * n + row % n) * n;
	let tuples = u.tuples + row * n;
	var sum = 0.0;
	for (var j = 0; j < n; j = j + 1) {
		sum = sum + arena[scores + j] * arena[u.relative + inputs[tuples + j] * u.width + column];
	}
	arena[u.out + index] = sum;`,
};

/**
 * out[p] = sum of score[g, i, j] * query_i over the real pairs with tuple p; lists are the batch's
 * DistinctDistances.pairs. [P, H]
 */
export const tupleGradientProgram: ProgramText = {
	name: 'tupleGradient',
	words: ['out', 'scores', 'query', 'lists', 'tuples', 'nodes', 'heads', 'width'],
	threads: 'elements',
	body: `
	let n = u.nodes;
	let column = index % u.width;
	let tuple = index / u.width;
	let g = column / (u.width / u.heads);
	let members = u.lists + u.tuples + 1;
	let end = members + inputs[u.lists + tuple + 1];
	let squares = (u.heads - 1) * n * n;
	let head = u.scores + g * n * n;
	var sum = 0.0;
	for (var next = members + inputs[u.lists + tuple]; next < end; next = next + 1) {
		let pair = u32(inputs[next]);
		let row = i32(pair >> 16u);
		let score = head + row / n * squares + row * n + i32(pair & 65535u);
		sum = sum + arena[score] * arena[u.query + row * u.width + column];
	}
	arena[u.out + index] = sum;`,
};

/** Softmax over the first nodeCount[b] keys of each row, 0 beyond. */
export const maskedSoftmaxProgram = (lanes: RowLanes): ProgramText =>
	rowProgram(lanes, {
		name: 'maskedSoftmax',
		words: ['out', 'scores', 'nodeCount', 'nodes', 'heads'],
		replaces: 'scores',
		body: `
	let start = row * u.nodes;
	let real = inputs[u.nodeCount + row / (u.nodes * u.heads)];
	var highest = -1e30;
	for (var j = part; j < real; j = j + LANES) { highest = max(highest, arena[u.scores + start + j]); }
	highest = maxOver(part, highest);
	var sum = 0.0;
	for (var j = part; j < real; j = j + LANES) { sum = sum + exp(arena[u.scores + start + j] - highest); }
	sum = sumOver(part, sum);
	for (var j = part; j < u.nodes; j = j + LANES) {
		var probability = 0.0;
		if (j < real) { probability = exp(arena[u.scores + start + j] - highest) / sum; }
		arena[u.out + start + j] = probability;
	}`,
	});

/** probability * (gradient - expected gradient), row by row. */
export const softmaxGradientProgram = (lanes: RowLanes): ProgramText =>
	rowProgram(lanes, {
		name: 'softmaxGradient',
		words: ['out', 'probabilities', 'gradient', 'nodes'],
		replaces: 'gradient',
		body: `
	let start = row * u.nodes;
	var expected = 0.0;
	for (var j = part; j < u.nodes; j = j + LANES) {
		expected = expected + arena[u.probabilities + start + j] * arena[u.gradient + start + j];
	}
	expected = sumOver(part, expected);
	for (var j = part; j < u.nodes; j = j + LANES) {
		arena[u.out + start + j] = arena[u.probabilities + start + j] * (arena[u.gradient + start + j] - expected);
	}`,
	});
