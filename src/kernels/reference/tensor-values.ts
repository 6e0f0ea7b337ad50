// The values of operations.ts as TensorFlow.js tensors. They own nothing: the device that made them frees their tensors.

import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
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

/** Indices stay on the host, which makes masks and inverse lists of them. */
export class HostIndices implements Indices {
	/** -1 included. */
	constructor(readonly values: Int32Array) {}

	get length(): number {
		return this.values.length;
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

export function indicesOf(indices: Indices): Int32Array {
	invariant(indices instanceof HostIndices, 'indices of another device');
	return indices.values;
}
