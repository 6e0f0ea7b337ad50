// Attention on the wasm device: one sentence after another, one product a head, and the position part over distinct
// distances (module/attention.ts). Queries are those of all lattice rows, or of the characters alone.
// Letters: R lattice rows, C characters, Q rows with queries (R or C), P distance tuples, H width, s a sentence's
// block size, q its rows with queries.

import { invariant } from '../../util/errors';
import { mustHaveShape, type WasmMatrix, type WasmScores } from './heap-values';
import type { Kernels } from './kernel-exports';
import {
	forHeads,
	type HeadWork,
	headSizeOf,
	newScores,
	queryMatrix,
	queryRowsOf,
	type RangeWork,
	sentenceBlocks,
} from './sentence-blocks';
import type { Workspace } from './workspace';

const floatBytes = 4;
/** What a number of a softmax costs, in multiply-adds of a product. */
const numberCost = 16;

export interface RelativeScoresInputs {
	contentQuery: WasmMatrix; // [Q, H]
	key: WasmMatrix; // [R, H]
	positionQuery: WasmMatrix; // [Q, H]
	relative: WasmMatrix; // [P, H]
}

function checkRelative(space: Workspace, { contentQuery, key, positionQuery, relative }: RelativeScoresInputs): void {
	const { batch } = space.current();
	mustHaveShape(key, batch.rowCount, key.columns);
	mustHaveShape(contentQuery, contentQuery.rows, key.columns);
	mustHaveShape(positionQuery, contentQuery.rows, key.columns);
	mustHaveShape(relative, batch.distances.count, key.columns);
}

/** The columns of heads [first, end), or their reverse, put one head after another: [heads, P, headSize] from [P, H]. */
function moveHeads(
	kernels: Kernels,
	rows: WasmMatrix,
	headed: WasmMatrix,
	headSize: number,
	[first, end]: readonly [number, number],
	way: 'apart' | 'together',
): void {
	for (let head = first; head < end; head++) {
		const side = [rows.pointer + head * headSize * floatBytes, rows.columns] as const;
		const own = [headed.pointer + head * rows.rows * headSize * floatBytes, headSize] as const;
		if (way === 'apart') kernels.copyColumns(rows.rows, headSize, ...side, ...own);
		else kernels.copyColumns(rows.rows, headSize, ...own, ...side);
	}
}

export function relativeScores(space: Workspace, inputs: RelativeScoresInputs, heads: number): WasmScores {
	checkRelative(space, inputs);
	const { contentQuery, key, positionQuery, relative } = inputs;
	const width = key.columns;
	const headSize = headSizeOf(width, heads);
	const queryRows = queryRowsOf(space, contentQuery);
	const scores = newScores(space, queryRows, heads);
	const blocks = sentenceBlocks(space, queryRows, heads, width);
	space.withSpace(() => {
		const headed = space.matrix(relative.rows, width); // [heads, P, headSize]
		const work: HeadWork = (kernels, block, first, end) => {
			const { size, queries } = block;
			const columns = first * headSize * floatBytes;
			const out = scores.pointer + block.scoreBytes + first * queries * size * floatBytes;
			kernels.gemmHeads(
				...([end - first, queries, size, headSize] as const),
				...([contentQuery.pointer + block.queryBytes + columns, headSize, width, 1] as const),
				...([key.pointer + block.rowBytes + columns, headSize, 1, width] as const),
				...([out, queries * size, size] as const),
				false,
			);
			for (let head = first; head < end; head++) {
				kernels.addPositionScores(
					...([queries, size, headSize] as const),
					...([positionQuery.pointer + block.queryBytes + head * headSize * floatBytes, width] as const),
					...([headed.pointer + head * relative.rows * headSize * floatBytes, block.index] as const),
					out + (head - first) * queries * size * floatBytes,
				);
			}
		};
		const before: RangeWork = (kernels, range) => moveHeads(kernels, relative, headed, headSize, range, 'apart');
		forHeads(space, blocks, heads, headSize, work, { before });
	});
	return scores;
}

export function relativeScoresBackward(
	space: Workspace,
	inputs: RelativeScoresInputs,
	gradient: WasmScores,
): RelativeScoresInputs {
	checkRelative(space, inputs);
	const { contentQuery, key, positionQuery, relative } = inputs;
	const { heads, queries: queryRows } = gradient;
	invariant(queryRowsOf(space, contentQuery) === queryRows, `gradients of ${queryRows}`);
	const width = key.columns;
	const headSize = headSizeOf(width, heads);
	const out = {
		contentQuery: queryMatrix(space, queryRows, width), // [Q, H]
		key: space.latticeMatrix(width), // [R, H]
		positionQuery: queryMatrix(space, queryRows, width), // [Q, H]
		relative: space.matrix(relative.rows, width), // [P, H]
	};
	const blocks = sentenceBlocks(space, queryRows, heads, width);
	space.withSpace(() => {
		const headed = space.matrix(relative.rows, width); // [heads, P, headSize]
		const headedGradient = space.zeros(relative.rows, width);
		const work: HeadWork = (kernels, block, first, end) => {
			const { size, queries } = block;
			const part = first * headSize * floatBytes;
			const scores = gradient.pointer + block.scoreBytes + first * queries * size * floatBytes;
			kernels.gemmHeads(
				...([end - first, queries, headSize, size] as const),
				...([scores, queries * size, size, 1] as const),
				...([key.pointer + block.rowBytes + part, headSize, width, 1] as const),
				...([out.contentQuery.pointer + block.queryBytes + part, headSize, width] as const),
				false,
			);
			kernels.gemmHeads(
				...([end - first, size, headSize, queries] as const),
				...([scores, queries * size, 1, size] as const),
				...([contentQuery.pointer + block.queryBytes + part, headSize, width, 1] as const),
				...([out.key.pointer + block.rowBytes + part, headSize, width] as const),
				false,
			);
			for (let head = first; head < end; head++) {
				const columns = block.queryBytes + head * headSize * floatBytes;
				const distances = head * relative.rows * headSize * floatBytes;
				const own = scores + (head - first) * queries * size * floatBytes;
				kernels.positionScoresBackward(
					...([queries, size, headSize, positionQuery.pointer + columns, width] as const),
					...([headed.pointer + distances, block.index, own] as const),
					...([out.positionQuery.pointer + columns, headedGradient.pointer + distances] as const),
				);
			}
		};
		forHeads(space, blocks, heads, headSize, work, {
			before: (kernels, range) => moveHeads(kernels, relative, headed, headSize, range, 'apart'),
			after: (kernels, range) => moveHeads(kernels, out.relative, headedGradient, headSize, range, 'together'),
		});
	});
	return out;
}

export function maskedSoftmax(space: Workspace, scores: WasmScores): WasmScores {
	const { heads, queries: queryRows } = scores;
	const out = newScores(space, queryRows, heads);
	const blocks = sentenceBlocks(space, queryRows, heads, 0);
	forHeads(space, blocks, heads, numberCost, (kernels, { size, nodes, queries, scoreBytes }, first, end) => {
		const offset = scoreBytes + first * queries * size * floatBytes;
		kernels.maskedSoftmax((end - first) * queries, size, nodes, scores.pointer + offset, out.pointer + offset);
	});
	return out;
}

export function maskedSoftmaxBackward(space: Workspace, probabilities: WasmScores, gradient: WasmScores): WasmScores {
	const { heads, queries: queryRows } = probabilities;
	invariant(gradient.heads === heads, `gradients of ${gradient.heads} heads for ${heads}`);
	invariant(gradient.queries === queryRows, `gradients of ${gradient.queries} for ${queryRows}`);
	const out = newScores(space, queryRows, heads);
	const blocks = sentenceBlocks(space, queryRows, heads, 0);
	forHeads(space, blocks, heads, numberCost, (kernels, { size, queries, scoreBytes }, first, end) => {
		const offset = scoreBytes + first * queries * size * floatBytes;
		const pointers = [probabilities.pointer + offset, gradient.pointer + offset, out.pointer + offset] as const;
		kernels.maskedSoftmaxBackward((end - first) * queries, size, ...pointers);
	});
	return out;
}

export function weightedValues(space: Workspace, probabilities: WasmScores, value: WasmMatrix): WasmMatrix {
	mustHaveShape(value, space.current().batch.rowCount, value.columns);
	const { heads, queries: queryRows } = probabilities;
	const width = value.columns;
	const headSize = headSizeOf(width, heads);
	const out = queryMatrix(space, queryRows, width); // [Q, H]
	const blocks = sentenceBlocks(space, queryRows, heads, width);
	forHeads(space, blocks, heads, headSize, (kernels, block, first, end) => {
		const { size, queries, rowBytes, queryBytes, scoreBytes } = block;
		const part = first * headSize * floatBytes;
		const scores = probabilities.pointer + scoreBytes + first * queries * size * floatBytes;
		kernels.gemmHeads(
			...([end - first, queries, headSize, size] as const),
			...([scores, queries * size, size, 1] as const),
			...([value.pointer + rowBytes + part, headSize, width, 1] as const),
			...([out.pointer + queryBytes + part, headSize, width] as const),
			false,
		);
	});
	return out;
}

export function weightedValuesBackward(
	space: Workspace,
	probabilities: WasmScores,
	value: WasmMatrix,
	gradient: WasmMatrix,
): { probabilities: WasmScores; value: WasmMatrix } {
	mustHaveShape(value, space.current().batch.rowCount, value.columns);
	const { heads, queries: queryRows } = probabilities;
	const width = value.columns;
	mustHaveShape(gradient, gradient.rows, width);
	invariant(queryRowsOf(space, gradient) === queryRows, `gradients of ${gradient.rows} rows for ${queryRows}`);
	const headSize = headSizeOf(width, heads);
	const out = { probabilities: newScores(space, queryRows, heads), value: space.latticeMatrix(width) };
	const blocks = sentenceBlocks(space, queryRows, heads, width);
	forHeads(space, blocks, heads, headSize, (kernels, block, first, end) => {
		const { size, queries, rowBytes, queryBytes, scoreBytes } = block;
		const part = first * headSize * floatBytes;
		const scores = scoreBytes + first * queries * size * floatBytes;
		const rows = gradient.pointer + queryBytes + part;
		kernels.gemmHeads(
			...([end - first, queries, size, headSize] as const),
			...([rows, headSize, width, 1] as const),
			...([value.pointer + rowBytes + part, headSize, 1, width] as const),
			...([out.probabilities.pointer + scores, queries * size, size] as const),
			false,
		);
		kernels.gemmHeads(
			...([end - first, size, headSize, queries] as const),
			...([probabilities.pointer + scores, queries * size, 1, size] as const),
			...([rows, headSize, width, 1] as const),
			...([out.value.pointer + rowBytes + part, headSize, width] as const),
			false,
		);
	});
	return out;
}
