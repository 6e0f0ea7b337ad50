// The values of operations.ts as TensorFlow.js tensors, for every device built on TensorFlow.js (reference/, webgpu/).
// They own nothing: the device that made them frees their tensors.

import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { invariant } from '../../util/errors';
import type { Indices, Matrix, Scores } from '../operations';

export class TensorMatrix implements Matrix {
	constructor(readonly tensor: Tensor2D) {}

	get rows(): number {
		return this.tensor.shape[0];
	}

	get columns(): number {
		return this.tensor.shape[1];
	}
}

/** Indices stay known to the host too, which builds inverse lists from them. */
export class TensorIndices implements Indices {
	constructor(
		/** As given, -1 included. */
		readonly host: Int32Array,
		/** As given, -1 included. [n] int32 */
		readonly tensor: Tensor1D,
	) {}

	get length(): number {
		return this.host.length;
	}
}

/** [B, heads, N, N], query by key: the padded batch's own layout of scores. */
export class TensorScores implements Scores {
	constructor(readonly tensor: Tensor4D) {}

	get heads(): number {
		return this.tensor.shape[1];
	}
}

export function tensorOf(matrix: Matrix): Tensor2D {
	invariant(matrix instanceof TensorMatrix, 'a matrix of another device');
	return matrix.tensor;
}

export function scoresTensorOf(scores: Scores): Tensor4D {
	invariant(scores instanceof TensorScores, 'scores of another device');
	return scores.tensor;
}

export function tensorIndicesOf(indices: Indices): TensorIndices {
	invariant(indices instanceof TensorIndices, 'indices of another device');
	return indices;
}
