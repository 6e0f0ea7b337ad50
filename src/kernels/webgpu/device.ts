// The composed GPU device: the operations of reference/ on TensorFlow.js' WebGPU back end, and own WGSL programs where those
// are wrong, not repeatable or hopeless there: here linear layers, LayerNorm, rows by lists, dropout and attention; the CRF
// and updates in place stand below it. Letters as in reference/composed-device.ts.

import * as tf from '@tensorflow/tfjs-core';
import { dropThreshold } from '../../util/counter-random';
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
import { scoresTensorOf, TensorIndices, tensorIndicesOf, tensorOf } from '../reference/tensor-values';
import { probeAdapter } from './adapter';
import {
	headProductsProgram,
	maskedSoftmaxProgram,
	relativeScoresProgram,
	softmaxGradientProgram,
	sumOverKeysProgram,
	sumOverQueriesProgram,
	sumOverTuplesProgram,
	tupleGradientProgram,
} from './attention-programs';
import { openBackend } from './backend';
import { CrfDevice } from './crf-device';
import {
	layerNormGainGradientProgram,
	layerNormInputGradientProgram,
	layerNormMeansProgram,
	layerNormProgram,
	layerNormStatsProgram,
} from './layer-norm-programs';
import {
	linearBiasGradientProgram,
	linearInputGradientProgram,
	linearProgram,
	linearWeightGradientProgram,
} from './linear-programs';
import type { ProgramText } from './program';
import { integers } from './program-device';
import {
	addRowsProgram,
	dropoutProgram,
	gatherProgram,
	listRows,
	listTouchedRows,
	sumRowsProgram,
} from './row-programs';

/** Opens the GPU. Where there is no adapter that is a bug of the caller, who asks `probeAdapter` first. */
export async function createWebgpuDevice(): Promise<Device> {
	const probed = await probeAdapter();
	invariant(probed.adapter, 'no graphics adapter');
	return new WebgpuDevice(probed.adapter, await openBackend());
}

class WebgpuDevice extends CrfDevice {
	// --- Linear layers.

	override linear({ input, weight, bias, relu }: LinearCall): Matrix {
		const value = this.valueOf(weight.entry);
		return this.matrix(() =>
			this.run(linearProgram, {
				inputs: [tensorOf(input), value, bias === null ? value : this.valueOf(bias)],
				uniforms: { ...linearSizes(weight), relu: Number(relu), hasBias: Number(bias !== null) },
				count: input.rows * weight.entry.rows,
				output: { shape: [input.rows, weight.entry.rows], dtype: 'float32' },
			}),
		);
	}

	override linearBackward(call: LinearCall, output: Matrix, outputGradient: Matrix, wanted: Wanted): Matrix | null {
		const { input, weight, bias } = call;
		const { rows, columns } = input;
		const inputs = [tensorOf(outputGradient), tensorOf(output)];
		const uniforms = { ...linearSizes(weight), relu: Number(call.relu), rows };
		this.activate();
		if (wanted.parameters && rows > 0) {
			const gradient = this.gradientOf(weight.entry);
			const count = weight.entry.rows * columns;
			this.run(linearWeightGradientProgram, {
				inputs: [...inputs, tensorOf(input)],
				uniforms,
				count,
				output: gradient,
			});
			if (bias) this.change(linearBiasGradientProgram, this.gradientOf(bias), inputs, uniforms);
		}
		if (!wanted.inputs) return null;
		return this.matrix(() =>
			this.run(linearInputGradientProgram, {
				inputs: [...inputs, this.valueOf(weight.entry)],
				uniforms,
				count: rows * columns,
				output: { shape: [rows, columns], dtype: 'float32' },
			}),
		);
	}

	override addVectorBackward(vector: ParameterEntry, outputGradient: Matrix): void {
		this.activate();
		this.accumulateRows(vector, tensorOf(outputGradient), 1);
	}

	override residualLayerNorm({ input, residual, gain, bias }: LayerNormCall): { output: Matrix; saved: Saved } {
		const { rows, columns } = input;
		const sums = [tensorOf(input), tensorOf(residual)];
		const stats = this.matrix(() => this.runRowPairs(layerNormStatsProgram, sums, input)).tensor;
		const output = this.matrix(() =>
			this.run(layerNormProgram, {
				inputs: [...sums, stats, this.valueOf(gain), this.valueOf(bias)],
				uniforms: { columns },
				count: rows * columns,
				output: { shape: [rows, columns], dtype: 'float32' },
			}),
		);
		return { output, saved: stats };
	}

	override residualLayerNormBackward(
		{ input, residual, gain, bias }: LayerNormCall,
		saved: Saved,
		outputGradient: Matrix,
		wanted: Wanted,
	): Matrix | null {
		const { rows, columns } = input;
		const given = tensorOf(outputGradient);
		const normal = [tensorOf(input), tensorOf(residual), saved as tf.Tensor];
		this.activate();
		if (wanted.parameters) {
			this.change(layerNormGainGradientProgram, this.gradientOf(gain), [given, ...normal], { rows });
			this.accumulateRows(bias, given, 1);
		}
		if (!wanted.inputs) return null;
		const inputs = [given, this.valueOf(gain), ...normal];
		return this.matrix(() =>
			this.run(layerNormInputGradientProgram, {
				inputs: [...inputs, this.runRowPairs(layerNormMeansProgram, inputs, input)],
				uniforms: { columns },
				count: rows * columns,
				output: { shape: [rows, columns], dtype: 'float32' },
			}),
		);
	}

	/** Two numbers for each row of a matrix. [n, 2] */
	private runRowPairs(text: ProgramText, inputs: tf.Tensor[], { rows, columns }: Matrix): tf.Tensor {
		return this.run(text, {
			inputs,
			uniforms: { columns },
			count: rows,
			output: { shape: [rows, 2], dtype: 'float32' },
		});
	}

	/** The contrastive loss's products, by the same programs. */
	protected override multiply(left: tf.Tensor2D, right: tf.Tensor2D, isRightTransposed: boolean): tf.Tensor2D {
		const [rows, inner] = left.shape;
		const [height, width] = right.shape;
		const columns = isRightTransposed ? height : width;
		const output = { shape: [rows, columns], dtype: 'float32' as const };
		const sizes = { inputSize: width, outputSize: height, stride: width, start: 0, relu: 0, hasBias: 0 };
		invariant(inner === (isRightTransposed ? width : height), 'matrices that do not fit');
		return this.run(isRightTransposed ? linearProgram : linearInputGradientProgram, {
			inputs: isRightTransposed ? [left, right, right] : [left, left, right],
			uniforms: sizes,
			count: rows * columns,
			output,
		}) as tf.Tensor2D;
	}

	// --- Rows.

	override dropout(matrix: Matrix, { rate, key, rowKeys }: Dropout): Matrix {
		const { rows, columns } = matrix;
		invariant(rowKeys.length === rows, `${rowKeys.length} row keys for ${rows} rows`);
		return this.matrix(() =>
			this.run(dropoutProgram, {
				inputs: [tensorOf(matrix), tensorIndicesOf(rowKeys).tensor],
				uniforms: { columns, key, threshold: dropThreshold(rate), kept: 1 - rate },
				count: rows * columns,
				output: { shape: [rows, columns], dtype: 'float32' },
			}),
		);
	}

	override embeddingRowsBackward(table: ParameterEntry, ids: Indices, outputGradient: Matrix): void {
		const { rows, offsets, members } = listTouchedRows(tensorIndicesOf(ids).host.map((id) => (id > 0 ? id : -1)));
		if (rows.length === 0) return;
		this.scope(() =>
			this.run(addRowsProgram, {
				inputs: [tensorOf(outputGradient), integers(offsets), integers(members), integers(rows)],
				uniforms: { columns: table.columns },
				count: rows.length * table.columns,
				output: this.gradientOf(table),
			}),
		);
	}

	protected override gather(matrix: tf.Tensor2D, { tensor }: TensorIndices): tf.Tensor2D {
		const columns = matrix.shape[1];
		return this.run(gatherProgram, {
			inputs: [matrix, tensor],
			uniforms: { columns },
			count: tensor.size * columns,
			output: { shape: [tensor.size, columns], dtype: 'float32' },
		}) as tf.Tensor2D;
	}

	protected override gatherByHost(matrix: tf.Tensor2D, host: Int32Array): tf.Tensor2D {
		return this.gather(matrix, new TensorIndices(host, integers(host)));
	}

	protected override scatter(values: tf.Tensor2D, rows: Int32Array, rowCount: number): tf.Tensor2D {
		const columns = values.shape[1];
		const { offsets, members } = listRows(rows, rowCount);
		return this.run(sumRowsProgram, {
			inputs: [values, integers(offsets), integers(members)],
			uniforms: { columns },
			count: rowCount * columns,
			output: { shape: [rowCount, columns], dtype: 'float32' },
		}) as tf.Tensor2D;
	}

	// --- Attention.

	override relativeScores(
		contentQuery: Matrix,
		key: Matrix,
		positionQuery: Matrix,
		relative: Matrix,
		heads: number,
	): Scores {
		const inputs = [contentQuery, key, positionQuery, relative].map(tensorOf);
		return this.scores(() => this.runScores(relativeScoresProgram, [...inputs, this.tuples()], heads, key.columns));
	}

	override relativeScoresBackward(
		contentQuery: Matrix,
		key: Matrix,
		positionQuery: Matrix,
		relative: Matrix,
		scoresGradient: Scores,
	): { contentQuery: Matrix; key: Matrix; positionQuery: Matrix; relative: Matrix } {
		const gradient = scoresTensorOf(scoresGradient);
		const tuples = this.tuples();
		const { offsets, members } = this.tupleMembers();
		return {
			contentQuery: this.matrix(() => this.runRows(sumOverKeysProgram, [gradient, tensorOf(key)], key)),
			key: this.matrix(() => this.runRows(sumOverQueriesProgram, [gradient, tensorOf(contentQuery)], key)),
			positionQuery: this.matrix(() => this.runRows(sumOverTuplesProgram, [gradient, tensorOf(relative), tuples], key)),
			relative: this.matrix(() =>
				this.runRows(tupleGradientProgram, [gradient, tensorOf(positionQuery), offsets, members], relative),
			),
		};
	}

	override maskedSoftmax(scores: Scores): Scores {
		const { batch, nodes } = this.currentStep();
		const { shape, size } = scoresTensorOf(scores);
		const counts = this.stepTensor('nodeCount', () => batch.nodeCount);
		return this.scores(() =>
			this.run(maskedSoftmaxProgram, {
				inputs: [scoresTensorOf(scores), counts],
				uniforms: { nodes, heads: scores.heads },
				count: size / nodes,
				output: { shape, dtype: 'float32' },
			}),
		);
	}

	override maskedSoftmaxBackward(probabilities: Scores, outputGradient: Scores): Scores {
		const { nodes } = this.currentStep();
		const { shape, size } = scoresTensorOf(probabilities);
		return this.scores(() =>
			this.run(softmaxGradientProgram, {
				inputs: [scoresTensorOf(probabilities), scoresTensorOf(outputGradient)],
				uniforms: { nodes },
				count: size / nodes,
				output: { shape, dtype: 'float32' },
			}),
		);
	}

	override weightedValues(probabilities: Scores, value: Matrix): Matrix {
		const inputs = [scoresTensorOf(probabilities), tensorOf(value)];
		return this.matrix(() => this.runRows(sumOverKeysProgram, inputs, value));
	}

	override weightedValuesBackward(
		probabilities: Scores,
		value: Matrix,
		outputGradient: Matrix,
	): { probabilities: Scores; value: Matrix } {
		const given = tensorOf(outputGradient);
		const { heads } = probabilities;
		return {
			probabilities: this.scores(() =>
				this.runScores(headProductsProgram, [given, tensorOf(value)], heads, value.columns),
			),
			value: this.matrix(() => this.runRows(sumOverQueriesProgram, [scoresTensorOf(probabilities), given], value)),
		};
	}

	private runScores(text: ProgramText, inputs: tf.Tensor[], heads: number, width: number): tf.Tensor {
		const { batch, nodes } = this.currentStep();
		const shape = [batch.sentenceCount, heads, nodes, nodes];
		const count = tf.util.sizeFromShape(shape);
		return this.run(text, { inputs, uniforms: { nodes, heads, width }, count, output: { shape, dtype: 'float32' } });
	}

	/** `like` gives the shape of the result; the first input are scores. */
	private runRows(text: ProgramText, inputs: tf.Tensor[], like: Matrix): tf.Tensor {
		const { nodes } = this.currentStep();
		const shape = [like.rows, like.columns];
		const uniforms = { nodes, heads: inputs[0].shape[1] as number, width: like.columns };
		return this.run(text, { inputs, uniforms, count: like.rows * like.columns, output: { shape, dtype: 'float32' } });
	}

	/** Index of each pair's distance tuple. [B, N, N] */
	private tuples(): tf.Tensor {
		return this.stepTensor('tuples', (batch) => batch.distances.index);
	}

	/** For each distance tuple the real pairs of nodes that have it. */
	private tupleMembers(): { offsets: tf.Tensor; members: tf.Tensor } {
		const { batch, nodes } = this.currentStep();
		if (!this.stepTensors.has('tuple members')) {
			const tupleOfPair = batch.distances.index.map((tuple, pair) => {
				const sentence = Math.floor(pair / (nodes * nodes));
				const real = batch.nodeCount[sentence];
				return Math.floor(pair / nodes) % nodes < real && pair % nodes < real ? tuple : -1;
			});
			const lists = listRows(tupleOfPair, batch.distances.count);
			this.stepTensor('tuple offsets', () => lists.offsets);
			this.stepTensor('tuple members', () => lists.members);
		}
		return {
			offsets: this.stepTensor('tuple offsets', () => new Int32Array()),
			members: this.stepTensor('tuple members', () => new Int32Array()),
		};
	}
}

function linearSizes({ entry, columnStart, columnCount }: Weight) {
	return { inputSize: columnCount, outputSize: entry.rows, stride: entry.columns, start: columnStart };
}
