// Attention on the wasm device: one sentence after another, one product a head, and the position part over distinct
// distances (module/attention.ts). Letters: R lattice rows, P distance tuples, H width, s a sentence's block size.

import { invariant } from '../../util/errors';
import { mustHaveShape, type WasmMatrix, WasmScores, type Workspace } from './workspace';

const floatBytes = 4;

interface SentenceBlock {
	sentence: number;
	/** s */
	size: number;
	nodes: number;
	/** Byte offset of the sentence's rows in a matrix [R, H]. */
	rowBytes: number;
	/** Byte address of the sentence's part of distances.index. */
	index: number;
}

function sentenceBlocks(space: Workspace, columns: number): SentenceBlock[] {
	const { batch, index } = space.current();
	return Array.from(batch.blockSize, (size, sentence) => ({
		sentence,
		size,
		nodes: batch.nodeCount[sentence],
		rowBytes: batch.rowOffset[sentence] * columns * floatBytes,
		index: index + batch.pairOffset[sentence] * floatBytes,
	}));
}

function newScores(space: Workspace, heads: number): WasmScores {
	const { batch } = space.current();
	return new WasmScores(heads, batch, space.heap.takeStep(heads * batch.pairCount * floatBytes));
}

function headSizeOf(columns: number, heads: number): number {
	invariant(columns % heads === 0, `width ${columns} does not divide into ${heads} heads`);
	return columns / heads;
}

function mustFitBatch(space: Workspace, ...matrices: WasmMatrix[]): void {
	const { batch } = space.current();
	for (const matrix of matrices) mustHaveShape(matrix, batch.rowCount, matrices[0].columns);
}

export interface RelativeScoresInputs {
	contentQuery: WasmMatrix; // [R, H]
	key: WasmMatrix; // [R, H]
	positionQuery: WasmMatrix; // [R, H]
	relative: WasmMatrix; // [P, H]
}

function checkRelative(space: Workspace, { contentQuery, key, positionQuery, relative }: RelativeScoresInputs): void {
	mustFitBatch(space, contentQuery, key, positionQuery);
	mustHaveShape(relative, space.current().batch.distances.count, contentQuery.columns);
}

export function relativeScores(space: Workspace, inputs: RelativeScoresInputs, heads: number): WasmScores {
	checkRelative(space, inputs);
	const { contentQuery, key, positionQuery, relative } = inputs;
	const width = key.columns;
	const headSize = headSizeOf(width, heads);
	const scores = newScores(space, heads);
	for (const { sentence, size, rowBytes, index } of sentenceBlocks(space, width)) {
		const query = contentQuery.pointer + rowBytes;
		const keys = key.pointer + rowBytes;
		const out = scores.at(sentence);
		space.kernels.gemmHeads(
			...([heads, size, size, headSize] as const),
			...([query, headSize, width, 1] as const),
			...([keys, headSize, 1, width] as const),
			...([out, size * size, size] as const),
			false,
		);
		space.kernels.addPositionScores(
			size,
			heads,
			headSize,
			positionQuery.pointer + rowBytes,
			relative.pointer,
			index,
			out,
		);
	}
	return scores;
}

export function relativeScoresBackward(
	space: Workspace,
	inputs: RelativeScoresInputs,
	gradient: WasmScores,
): RelativeScoresInputs {
	checkRelative(space, inputs);
	const { contentQuery, key, positionQuery, relative } = inputs;
	const { heads } = gradient;
	const width = key.columns;
	const headSize = headSizeOf(width, heads);
	const out = {
		contentQuery: space.latticeMatrix(width), // [R, H]
		key: space.latticeMatrix(width), // [R, H]
		positionQuery: space.latticeMatrix(width), // [R, H]
		relative: space.zeros(relative.rows, width), // [P, H]
	};
	for (const { sentence, size, rowBytes, index } of sentenceBlocks(space, width)) {
		const scores = gradient.at(sentence);
		space.kernels.gemmHeads(
			...([heads, size, headSize, size] as const),
			...([scores, size * size, size, 1] as const),
			...([key.pointer + rowBytes, headSize, width, 1] as const),
			...([out.contentQuery.pointer + rowBytes, headSize, width] as const),
			false,
		);
		space.kernels.gemmHeads(
			...([heads, size, headSize, size] as const),
			...([scores, size * size, 1, size] as const),
			...([contentQuery.pointer + rowBytes, headSize, width, 1] as const),
			...([out.key.pointer + rowBytes, headSize, width] as const),
			false,
		);
		space.kernels.positionScoresBackward(
			...([size, heads, headSize] as const),
			...([positionQuery.pointer + rowBytes, relative.pointer, index, scores] as const),
			...([out.positionQuery.pointer + rowBytes, out.relative.pointer] as const),
		);
	}
	return out;
}

export function maskedSoftmax(space: Workspace, scores: WasmScores): WasmScores {
	const out = newScores(space, scores.heads);
	for (const { sentence, size, nodes } of sentenceBlocks(space, 0)) {
		space.kernels.maskedSoftmax(scores.heads * size, size, nodes, scores.at(sentence), out.at(sentence));
	}
	return out;
}

export function maskedSoftmaxBackward(space: Workspace, probabilities: WasmScores, gradient: WasmScores): WasmScores {
	const { heads } = probabilities;
	invariant(gradient.heads === heads, `gradients of ${gradient.heads} heads for ${heads}`);
	const out = newScores(space, heads);
	for (const { sentence, size } of sentenceBlocks(space, 0)) {
		const pointers = [probabilities.at(sentence), gradient.at(sentence), out.at(sentence)] as const;
		space.kernels.maskedSoftmaxBackward(heads * size, size, ...pointers);
	}
	return out;
}

export function weightedValues(space: Workspace, probabilities: WasmScores, value: WasmMatrix): WasmMatrix {
	mustFitBatch(space, value);
	const { heads } = probabilities;
	const width = value.columns;
	const headSize = headSizeOf(width, heads);
	const out = space.latticeMatrix(width);
	for (const { sentence, size, rowBytes } of sentenceBlocks(space, width)) {
		space.kernels.gemmHeads(
			...([heads, size, headSize, size] as const),
			...([probabilities.at(sentence), size * size, size, 1] as const),
			...([value.pointer + rowBytes, headSize, width, 1] as const),
			...([out.pointer + rowBytes, headSize, width] as const),
			false,
		);
	}
	return out;
}

export function weightedValuesBackward(
	space: Workspace,
	probabilities: WasmScores,
	value: WasmMatrix,
	gradient: WasmMatrix,
): { probabilities: WasmScores; value: WasmMatrix } {
	mustFitBatch(space, value, gradient);
	const { heads } = probabilities;
	const width = value.columns;
	const headSize = headSizeOf(width, heads);
	const out = { probabilities: newScores(space, heads), value: space.latticeMatrix(width) };
	for (const { sentence, size, rowBytes } of sentenceBlocks(space, width)) {
		const rows = gradient.pointer + rowBytes;
		space.kernels.gemmHeads(
			...([heads, size, size, headSize] as const),
			...([rows, headSize, width, 1] as const),
			...([value.pointer + rowBytes, headSize, 1, width] as const),
			...([out.probabilities.at(sentence), size * size, size] as const),
			false,
		);
		space.kernels.gemmHeads(
			...([heads, size, headSize, size] as const),
			...([probabilities.at(sentence), size * size, 1, size] as const),
			...([rows, headSize, width, 1] as const),
			...([out.value.pointer + rowBytes, headSize, width] as const),
			false,
		);
	}
	return out;
}
