// A device made of TensorFlow.js operations: each operation of operations.ts in its obvious form, and its backward step
// written out. It runs on any TensorFlow.js back end: as it stands it is the reference device on 'cpu'; webgpu/
// overrides what is wrong, not repeatable or hopeless there. Its ground is tensor-device.ts, its heads are head-device.ts.
// Letters: B sentences, N rows of each, R = B * N, H width, h heads, d = H / h, C characters, K tags, P distance tuples.

import * as tf from '@tensorflow/tfjs-core';
import { dropThreshold, elementBits, rowBits } from '../../util/counter-random';
import { invariant } from '../../util/errors';
import type {
	Device,
	Dropout,
	Indices,
	LayerNormCall,
	LinearCall,
	Matrix,
	Saved,
	Scores,
	Wanted,
	Weight,
} from '../operations';
import type { ParameterEntry } from '../parameters';
import {
	type LayerNormSaved,
	linear,
	reluGradient,
	residualLayerNorm,
	residualLayerNormGradient,
	softmaxGradient,
} from './composed-dense';
import { HeadDevice } from './head-device';
import { scoresTensorOf, TensorMatrix, tensorIndicesOf, tensorOf } from './tensor-values';

/** Stands for minus infinity in masked scores. */
const masked = -1e15;

export class ComposedDevice extends HeadDevice implements Device {
	// --- Dense layers.

	linear({ input, weight, bias, relu }: LinearCall): Matrix {
		if (input.rows === 0) return this.zeros(0, weight.entry.rows);
		return this.matrix(() => {
			const biasTensor = bias === null ? null : this.asRow(bias);
			return linear({ input: tensorOf(input), weight: this.weightTensor(weight) }, biasTensor, relu);
		});
	}

	linearBackward(call: LinearCall, output: Matrix, outputGradient: Matrix, wanted: Wanted): Matrix | null {
		const { input, weight, bias, relu } = call;
		if (input.rows === 0) return wanted.inputs ? this.zeros(0, input.columns) : null;
		return this.scope(() => {
			const given = tensorOf(outputGradient);
			const gradient = relu ? reluGradient(tensorOf(output), given) : given; // [n, out]
			if (wanted.parameters) {
				this.accumulate(weight.entry, this.inWholeWeight(weight, tf.matMul(gradient, tensorOf(input), true)));
				if (bias !== null) this.accumulate(bias, tf.sum(gradient, 0, true));
			}
			return wanted.inputs ? this.matrix(() => tf.matMul(gradient, this.weightTensor(weight))) : null;
		});
	}

	addVector(matrix: Matrix, vector: ParameterEntry): Matrix {
		return this.matrix(() => tf.add(tensorOf(matrix), this.asRow(vector)));
	}

	addVectorBackward(vector: ParameterEntry, outputGradient: Matrix): void {
		this.scope(() => this.accumulate(vector, tf.sum(tensorOf(outputGradient), 0, true)));
	}

	residualLayerNorm({ input, residual, gain, bias }: LayerNormCall): { output: Matrix; saved: Saved } {
		const { output, normal, inverseDeviation } = this.compute(() =>
			residualLayerNorm(tensorOf(input), tensorOf(residual), this.asRow(gain), this.asRow(bias)),
		);
		return { output: new TensorMatrix(output), saved: { normal, inverseDeviation } satisfies LayerNormSaved };
	}

	residualLayerNormBackward(call: LayerNormCall, saved: Saved, outputGradient: Matrix, wanted: Wanted): Matrix | null {
		const norm = saved as LayerNormSaved;
		const gradient = tensorOf(outputGradient);
		return this.scope(() => {
			if (wanted.parameters) {
				this.accumulate(call.gain, tf.sum(tf.mul(gradient, norm.normal), 0, true));
				this.accumulate(call.bias, tf.sum(gradient, 0, true));
			}
			if (!wanted.inputs) return null;
			return this.matrix(() => residualLayerNormGradient(norm, this.asRow(call.gain), gradient));
		});
	}

	dropout(matrix: Matrix, { rate, key, rowKeys }: Dropout): Matrix {
		const { host } = tensorIndicesOf(rowKeys);
		const { rows, columns } = matrix;
		invariant(host.length === rows, `${host.length} row keys for ${rows} rows`);
		const threshold = dropThreshold(rate);
		const kept = new Float32Array(rows * columns);
		for (let row = 0; row < rows; row++) {
			const bits = rowBits(key, host[row]);
			for (let column = 0; column < columns; column++)
				kept[row * columns + column] = elementBits(bits, column) < threshold ? 0 : 1;
		}
		return this.matrix(() => tf.div(tf.mul(tensorOf(matrix), tf.tensor2d(kept, [rows, columns])), 1 - rate));
	}

	// --- Rows and columns.

	embeddingRows(table: ParameterEntry, ids: Indices): Matrix {
		return this.matrix(() => this.gather(this.valueOf(table), tensorIndicesOf(ids)));
	}

	embeddingRowsBackward(table: ParameterEntry, ids: Indices, outputGradient: Matrix): void {
		const rows = tensorIndicesOf(ids).host.map((id) => (id > 0 ? id : -1));
		this.scope(() => this.accumulate(table, this.scatter(tensorOf(outputGradient), rows, table.rows)));
	}

	concatColumns(parts: readonly Matrix[]): Matrix {
		return this.matrix(() => tf.concat(parts.map(tensorOf), 1));
	}

	splitColumns(matrix: Matrix, widths: readonly number[]): Matrix[] {
		let start = 0;
		return widths.map((width) => {
			const from = start;
			start += width;
			return this.matrix(() => tf.slice(tensorOf(matrix), [0, from], [matrix.rows, width]));
		});
	}

	placeRows(parts: readonly { matrix: Matrix; rows: Indices }[], rowCount: number): Matrix {
		const source = new Int32Array(rowCount).fill(-1);
		let first = 0;
		for (const { matrix, rows } of parts) {
			tensorIndicesOf(rows).host.forEach((row, index) => {
				if (row >= 0) source[row] = first + index;
			});
			first += matrix.rows;
		}
		return this.matrix(() => this.gatherByHost(tf.concat(nonEmpty(parts.map(({ matrix }) => matrix)), 0), source));
	}

	gatherRows(matrix: Matrix, rows: Indices): Matrix {
		return this.matrix(() => this.gather(tensorOf(matrix), tensorIndicesOf(rows)));
	}

	// --- Position fusion.

	distanceRows(tables: readonly Matrix[], indices: readonly Indices[], relu: boolean): Matrix {
		return this.matrix(() => {
			const rows = tables.map((table, index) => this.gather(tensorOf(table), tensorIndicesOf(indices[index])));
			const sum = rows.reduce((left, right) => tf.add(left, right));
			return relu ? tf.relu(sum) : sum;
		});
	}

	distanceRowsBackward(
		tables: readonly Matrix[],
		indices: readonly Indices[],
		relu: boolean,
		output: Matrix,
		outputGradient: Matrix,
	): Matrix[] {
		return this.scope(() => {
			const given = tensorOf(outputGradient);
			const gradient = relu ? reluGradient(tensorOf(output), given) : given; // [P, columns]
			return tables.map((table, index) =>
				this.matrix(() => this.scatter(gradient, tensorIndicesOf(indices[index]).host, table.rows)),
			);
		});
	}

	softmaxGroups(matrix: Matrix, groups: number): Matrix {
		return this.matrix(() => fromGroups(tf.softmax(toGroups(tensorOf(matrix), groups))));
	}

	softmaxGroupsBackward(output: Matrix, groups: number, outputGradient: Matrix): Matrix {
		return this.matrix(() =>
			fromGroups(softmaxGradient(toGroups(tensorOf(output), groups), toGroups(tensorOf(outputGradient), groups))),
		);
	}

	mixRows(values: Matrix, indices: readonly Indices[], weights: Matrix): Matrix {
		const shares = splitShares(weights, indices.length);
		return this.matrix(() => {
			const terms = indices.map((rows, index) =>
				tf.mul<tf.Tensor2D>(this.gather(tensorOf(values), tensorIndicesOf(rows)), shares(index)),
			);
			return terms.reduce((left, right) => tf.add(left, right));
		});
	}

	mixRowsBackward(
		values: Matrix,
		indices: readonly Indices[],
		weights: Matrix,
		outputGradient: Matrix,
	): { values: Matrix; weights: Matrix } {
		const shares = splitShares(weights, indices.length);
		const isPerColumn = weights.columns / indices.length > 1;
		const gradient = tensorOf(outputGradient);
		return {
			values: this.matrix(() => {
				const perTerm = indices.map((rows, index) => {
					const share = tf.mul<tf.Tensor2D>(gradient, shares(index));
					return this.scatter(share, tensorIndicesOf(rows).host, values.rows);
				});
				return perTerm.reduce((left, right) => tf.add(left, right));
			}),
			weights: this.matrix(() => {
				const perTerm = indices.map((rows) => {
					const product = tf.mul<tf.Tensor2D>(gradient, this.gather(tensorOf(values), tensorIndicesOf(rows)));
					return isPerColumn ? product : tf.sum<tf.Tensor2D>(product, 1, true);
				});
				return tf.concat(perTerm, 1);
			}),
		};
	}

	// --- Attention.

	/** Position scores of all tuples, [h, N, P], are computed for each sentence; then each pair picks its own. */
	relativeScores(contentQuery: Matrix, key: Matrix, positionQuery: Matrix, relative: Matrix, heads: number): Scores {
		const { nodes, batch } = this.currentStep();
		return this.scores(() => {
			const content = tf.matMul(this.toHeads(contentQuery, heads), this.toHeads(key, heads), false, true); // [B, h, N, N]
			const tuples = rowsToHeads(tensorOf(relative), heads); // [h, P, d]
			const queries = tf.unstack(this.toHeads(positionQuery, heads), 0); // B of [h, N, d]
			const indices = this.currentStep().relativeIndex(heads);
			const position = queries.map((query, sentence) => {
				const all = tf.reshape(tf.matMul(query, tuples, false, true), [-1]); // [h * N * P]
				return tf.reshape(tf.gather(all, indices[sentence]), [heads, nodes, nodes]);
			});
			invariant(position.length === batch.sentenceCount, 'rows of another batch');
			return tf.add(content, tf.stack(position, 0));
		});
	}

	relativeScoresBackward(
		contentQuery: Matrix,
		key: Matrix,
		positionQuery: Matrix,
		relative: Matrix,
		scoresGradient: Scores,
	): { contentQuery: Matrix; key: Matrix; positionQuery: Matrix; relative: Matrix } {
		const { heads } = scoresGradient;
		const step = this.currentStep();
		const gradient = scoresTensorOf(scoresGradient); // [B, h, N, N]
		const made = this.compute(() => {
			const tuples = rowsToHeads(tensorOf(relative), heads); // [h, P, d]
			const queries = tf.unstack(this.toHeads(positionQuery, heads), 0);
			const indices = step.relativeIndex(heads);
			const size = heads * step.nodes * relative.rows;
			const perSentence = tf.unstack(gradient, 0).map((one, sentence) => {
				const where = tf.expandDims(indices[sentence], 1) as tf.Tensor2D;
				const all = tf.reshape(tf.scatterND(where, tf.reshape(one, [-1]), [size]), [heads, step.nodes, relative.rows]);
				return { query: tf.matMul(all, tuples), tuples: tf.matMul(all, queries[sentence], true) };
			});
			const relativeGradient = perSentence.map(({ tuples }) => tuples).reduce((left, right) => tf.add(left, right));
			return {
				contentQuery: fromHeads(tf.matMul(gradient, this.toHeads(key, heads))),
				key: fromHeads(tf.matMul(gradient, this.toHeads(contentQuery, heads), true)),
				positionQuery: fromHeads(tf.stack(perSentence.map(({ query }) => query)) as tf.Tensor4D),
				relative: headsToRows(relativeGradient as tf.Tensor3D),
			};
		});
		return {
			contentQuery: new TensorMatrix(made.contentQuery),
			key: new TensorMatrix(made.key),
			positionQuery: new TensorMatrix(made.positionQuery),
			relative: new TensorMatrix(made.relative),
		};
	}

	maskedSoftmax(scores: Scores): Scores {
		return this.scores(() => {
			const mask = this.currentStep().keyMask();
			const kept = tf.add(tf.mul(scoresTensorOf(scores), mask), tf.mul(tf.sub(1, mask), masked));
			return tf.mul(tf.softmax(kept), mask);
		});
	}

	maskedSoftmaxBackward(probabilities: Scores, outputGradient: Scores): Scores {
		return this.scores(() => softmaxGradient(scoresTensorOf(probabilities), scoresTensorOf(outputGradient)));
	}

	weightedValues(probabilities: Scores, value: Matrix): Matrix {
		return this.matrix(() =>
			fromHeads(tf.matMul(scoresTensorOf(probabilities), this.toHeads(value, probabilities.heads))),
		);
	}

	weightedValuesBackward(
		probabilities: Scores,
		value: Matrix,
		outputGradient: Matrix,
	): { probabilities: Scores; value: Matrix } {
		const { heads } = probabilities;
		return {
			probabilities: this.scores(() =>
				tf.matMul(this.toHeads(outputGradient, heads), this.toHeads(value, heads), false, true),
			),
			value: this.matrix(() =>
				fromHeads(tf.matMul(scoresTensorOf(probabilities), this.toHeads(outputGradient, heads), true)),
			),
		};
	}

	/** [R, H] -> [B, h, N, d] */
	private toHeads(matrix: Matrix, heads: number): tf.Tensor4D {
		const { batch, nodes } = this.currentStep();
		const shape = [batch.sentenceCount, nodes, heads, matrix.columns / heads] as [number, number, number, number];
		return tf.transpose(tf.reshape(tensorOf(matrix), shape), [0, 2, 1, 3]);
	}

	private weightTensor({ entry, columnStart, columnCount }: Weight): tf.Tensor2D {
		const value = this.valueOf(entry);
		return columnCount === entry.columns ? value : tf.slice(value, [0, columnStart], [entry.rows, columnCount]);
	}

	/** The gradient of a range of columns, with zeros in the other columns. */
	private inWholeWeight({ entry, columnStart, columnCount }: Weight, gradient: tf.Tensor2D): tf.Tensor2D {
		if (columnCount === entry.columns) return gradient;
		return tf.pad(gradient, [
			[0, 0],
			[columnStart, entry.columns - columnStart - columnCount],
		]);
	}
}

/** [B, h, N, d] -> [B * N, h * d] */
function fromHeads(tensor: tf.Tensor): tf.Tensor2D {
	const [sentences, heads, nodes, size] = tensor.shape;
	return tf.reshape(tf.transpose(tensor, [0, 2, 1, 3]), [sentences * nodes, heads * size]);
}

/** [n, h * d] -> [h, n, d] */
function rowsToHeads(matrix: tf.Tensor2D, heads: number): tf.Tensor3D {
	return tf.transpose(tf.reshape(matrix, [matrix.shape[0], heads, matrix.shape[1] / heads]), [1, 0, 2]);
}

/** [h, n, d] -> [n, h * d] */
function headsToRows(tensor: tf.Tensor3D): tf.Tensor2D {
	const [heads, rows, size] = tensor.shape;
	return tf.reshape(tf.transpose(tensor, [1, 0, 2]), [rows, heads * size]);
}

/** [n, groups * width] -> [n, width, groups] */
function toGroups(matrix: tf.Tensor2D, groups: number): tf.Tensor3D {
	const [rows, columns] = matrix.shape;
	return tf.transpose(tf.reshape(matrix, [rows, groups, columns / groups]), [0, 2, 1]);
}

function fromGroups(tensor: tf.Tensor3D): tf.Tensor2D {
	const [rows, width, groups] = tensor.shape;
	return tf.reshape(tf.transpose(tensor, [0, 2, 1]), [rows, width * groups]);
}

/** The columns of the weights that belong to one term: [P, 1] or [P, columns]. */
function splitShares(weights: Matrix, terms: number): (term: number) => tf.Tensor2D {
	const width = weights.columns / terms;
	return (term) => tf.slice(tensorOf(weights), [0, term * width], [weights.rows, width]);
}

function nonEmpty(parts: readonly Matrix[]): tf.Tensor2D[] {
	const tensors = parts.filter((part) => part.rows > 0).map(tensorOf);
	return tensors.length > 0 ? tensors : parts.slice(0, 1).map(tensorOf);
}
