// A device made of TensorFlow.js operations: each operation of operations.ts in its obvious form, and its backward step
// written out. It runs on any TensorFlow.js back end. Its ground is tensor-device.ts, its heads are head-device.ts.
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
	type AttentionInputs,
	maskedSoftmax,
	probabilitiesGradient,
	relativeScores,
	relativeScoresGradients,
	valueGradient,
	weightedValues,
} from './composed-attention';
import { linear, reluGradient, softmaxGradient, softmaxOfGroups, softmaxOfGroupsGradient } from './composed-dense';
import { HeadDevice } from './head-device';
import { indicesOf, scoresTensorOf, TensorMatrix, tensorOf } from './tensor-values';

const layerNormEpsilon = 1e-5;

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

	residualLayerNorm(call: LayerNormCall): { output: Matrix; saved: Saved } {
		return this.layerNorm({ ...call, epsilon: layerNormEpsilon });
	}

	residualLayerNormBackward(call: LayerNormCall, saved: Saved, outputGradient: Matrix, wanted: Wanted): Matrix | null {
		return this.layerNormBackward(call, saved, outputGradient, wanted);
	}

	dropout(matrix: Matrix, { rate, key, rowKeys }: Dropout): Matrix {
		const host = indicesOf(rowKeys);
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
		return this.matrix(() => this.gather(this.valueOf(table), indicesOf(ids)));
	}

	embeddingRowsBackward(table: ParameterEntry, ids: Indices, outputGradient: Matrix): void {
		const rows = indicesOf(ids).map((id) => (id > 0 ? id : -1));
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
			indicesOf(rows).forEach((row, index) => {
				if (row >= 0) source[row] = first + index;
			});
			first += matrix.rows;
		}
		return this.matrix(() => this.gather(tf.concat(nonEmpty(parts.map(({ matrix }) => matrix)), 0), source));
	}

	gatherRows(matrix: Matrix, rows: Indices): Matrix {
		return this.matrix(() => this.gather(tensorOf(matrix), indicesOf(rows)));
	}

	// --- Position fusion.

	distanceRows(tables: readonly Matrix[], indices: readonly Indices[], relu: boolean): Matrix {
		return this.matrix(() => {
			const rows = tables.map((table, index) => this.gather(tensorOf(table), indicesOf(indices[index])));
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
				this.matrix(() => this.scatter(gradient, indicesOf(indices[index]), table.rows)),
			);
		});
	}

	softmaxGroups(matrix: Matrix, groups: number): Matrix {
		return this.matrix(() => softmaxOfGroups(tensorOf(matrix), groups));
	}

	softmaxGroupsBackward(output: Matrix, groups: number, outputGradient: Matrix): Matrix {
		return this.matrix(() => softmaxOfGroupsGradient(tensorOf(output), tensorOf(outputGradient), groups));
	}

	mixRows(values: Matrix, indices: readonly Indices[], weights: Matrix): Matrix {
		const shares = splitShares(weights, indices.length);
		return this.matrix(() => {
			const terms = indices.map((rows, index) =>
				tf.mul<tf.Tensor2D>(this.gather(tensorOf(values), indicesOf(rows)), shares(index)),
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
					return this.scatter(share, indicesOf(rows), values.rows);
				});
				return perTerm.reduce((left, right) => tf.add(left, right));
			}),
			weights: this.matrix(() => {
				const perTerm = indices.map((rows) => {
					const product = tf.mul<tf.Tensor2D>(gradient, this.gather(tensorOf(values), indicesOf(rows)));
					return isPerColumn ? product : tf.sum<tf.Tensor2D>(product, 1, true);
				});
				return tf.concat(perTerm, 1);
			}),
		};
	}

	// --- Attention.

	relativeScores(contentQuery: Matrix, key: Matrix, positionQuery: Matrix, relative: Matrix, heads: number): Scores {
		const inputs = attentionInputs(contentQuery, key, positionQuery, relative);
		return this.scores(() => relativeScores(this.currentStep(), inputs, heads));
	}

	relativeScoresBackward(
		contentQuery: Matrix,
		key: Matrix,
		positionQuery: Matrix,
		relative: Matrix,
		scoresGradient: Scores,
	): { contentQuery: Matrix; key: Matrix; positionQuery: Matrix; relative: Matrix } {
		const inputs = attentionInputs(contentQuery, key, positionQuery, relative);
		const gradient = scoresTensorOf(scoresGradient);
		const made = this.compute(() => relativeScoresGradients(this.currentStep(), inputs, gradient));
		return {
			contentQuery: new TensorMatrix(made.contentQuery),
			key: new TensorMatrix(made.key),
			positionQuery: new TensorMatrix(made.positionQuery),
			relative: new TensorMatrix(made.relative),
		};
	}

	maskedSoftmax(scores: Scores): Scores {
		return this.scores(() => maskedSoftmax(this.currentStep(), scoresTensorOf(scores)));
	}

	maskedSoftmaxBackward(probabilities: Scores, outputGradient: Scores): Scores {
		return this.scores(() => softmaxGradient(scoresTensorOf(probabilities), scoresTensorOf(outputGradient)));
	}

	weightedValues(probabilities: Scores, value: Matrix): Matrix {
		return this.matrix(() => weightedValues(this.currentStep(), scoresTensorOf(probabilities), tensorOf(value)));
	}

	weightedValuesBackward(
		probabilities: Scores,
		value: Matrix,
		outputGradient: Matrix,
	): { probabilities: Scores; value: Matrix } {
		const step = this.currentStep();
		const given = tensorOf(outputGradient);
		return {
			probabilities: this.scores(() => probabilitiesGradient(step, tensorOf(value), given, probabilities.heads)),
			value: this.matrix(() => valueGradient(step, scoresTensorOf(probabilities), given)),
		};
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

function attentionInputs(...matrices: [Matrix, Matrix, Matrix, Matrix]): AttentionInputs {
	const [contentQuery, key, positionQuery, relative] = matrices.map(tensorOf);
	return { contentQuery, key, positionQuery, relative };
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
