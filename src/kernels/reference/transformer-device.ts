// The transformer's operations of the reference device; composed-transformer.ts has their formulas.

import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../experiment/bert-config';
import { dropThreshold, elementBits, rowBits } from '../../util/counter-random';
import type { Dropout, Indices, Matrix, Saved, Wanted } from '../operations';
import type { ParameterEntry } from '../parameters';
import type { NormCall, SelfAttentionCall, TransformerOperations } from '../transformer-operations';
import { type LayerNormSaved, layerNorm, layerNormGradient } from './composed-dense';
import {
	activation,
	activationGradient,
	attended,
	attentionGradients,
	attentionProbabilities,
} from './composed-transformer';
import { TensorDevice } from './tensor-device';
import { indicesOf, TensorMatrix, tensorOf } from './tensor-values';

interface SentenceSaved {
	probabilities: tf.Tensor3D;
	kept: tf.Tensor3D | null;
}

export abstract class TransformerDevice extends TensorDevice implements TransformerOperations {
	readonly transformer: TransformerOperations = this;

	activation(input: Matrix, kind: Activation): Matrix {
		return this.matrix(() => activation(tensorOf(input), kind));
	}

	activationBackward(input: Matrix, kind: Activation, outputGradient: Matrix): Matrix {
		return this.matrix(() => activationGradient(tensorOf(input), kind, tensorOf(outputGradient)));
	}

	layerNorm({ input, residual, gain, bias, epsilon }: NormCall): { output: Matrix; saved: Saved } {
		const { output, normal, inverseDeviation } = this.compute(() => {
			const sum = residual === null ? tensorOf(input) : tf.add<tf.Tensor2D>(tensorOf(input), tensorOf(residual));
			return layerNorm(sum, this.asRow(gain), this.asRow(bias), epsilon);
		});
		return { output: new TensorMatrix(output), saved: { normal, inverseDeviation } satisfies LayerNormSaved };
	}

	layerNormBackward(
		call: Pick<NormCall, 'gain' | 'bias'>,
		saved: Saved,
		outputGradient: Matrix,
		wanted: Wanted,
	): Matrix | null {
		const norm = saved as LayerNormSaved;
		const gradient = tensorOf(outputGradient);
		return this.scope(() => {
			if (wanted.parameters) {
				this.accumulate(call.gain, tf.sum(tf.mul(gradient, norm.normal), 0, true));
				this.accumulate(call.bias, tf.sum(gradient, 0, true));
			}
			if (!wanted.inputs) return null;
			return this.matrix(() => layerNormGradient(norm, this.asRow(call.gain), gradient));
		});
	}

	selfAttention({ query, key, value, heads, starts, dropout }: SelfAttentionCall): { output: Matrix; saved: Saved } {
		const inputs = { query: tensorOf(query), key: tensorOf(key), value: tensorOf(value) };
		const ranges = rangesOf(starts);
		const saved: SentenceSaved[] = ranges.map((range) =>
			this.compute(() => ({
				probabilities: attentionProbabilities(inputs, range, heads),
				kept: dropout === null ? null : keptOf(dropout, range, heads),
			})),
		);
		const output = this.matrix(() =>
			joined(
				ranges.map((range, index) => {
					const { probabilities, kept } = saved[index];
					return attended(probabilities, kept, inputs.value, range, heads);
				}),
				value,
			),
		);
		return { output, saved };
	}

	selfAttentionBackward(
		{ query, key, value, heads, starts }: SelfAttentionCall,
		saved: Saved,
		outputGradient: Matrix,
	): { query: Matrix; key: Matrix; value: Matrix } {
		const inputs = { query: tensorOf(query), key: tensorOf(key), value: tensorOf(value) };
		const gradients = this.compute(() => {
			const parts = rangesOf(starts).map((range, index) =>
				attentionGradients(inputs, (saved as SentenceSaved[])[index], range, heads, tensorOf(outputGradient)),
			);
			return {
				query: joined(
					parts.map((part) => part.query),
					query,
				),
				key: joined(
					parts.map((part) => part.key),
					key,
				),
				value: joined(
					parts.map((part) => part.value),
					value,
				),
			};
		});
		return {
			query: new TensorMatrix(gradients.query),
			key: new TensorMatrix(gradients.key),
			value: new TensorMatrix(gradients.value),
		};
	}

	tableRowsBackward(table: ParameterEntry, ids: Indices, outputGradient: Matrix): void {
		this.scope(() => this.accumulate(table, this.scatter(tensorOf(outputGradient), indicesOf(ids), table.rows)));
	}
}

/** [start, end) of each sentence that has rows. */
function rangesOf(starts: Int32Array): [number, number][] {
	const ranges = Array.from(starts.subarray(1), (end, index): [number, number] => [starts[index], end]);
	return ranges.filter(([start, end]) => end > start);
}

/** Rows of the sentences one after another, and zeros up to the shape of `like`. */
function joined(parts: tf.Tensor2D[], { rows, columns }: Matrix): tf.Tensor2D {
	const rest = rows - parts.reduce((sum, part) => sum + part.shape[0], 0);
	return tf.concat(rest > 0 ? [...parts, tf.zeros<tf.Rank.R2>([rest, columns])] : parts);
}

/** 0 where a probability is dropped, else 1 / (1 - rate). [h, L, L] */
function keptOf(dropouts: readonly Dropout[], [start, end]: readonly [number, number], heads: number): tf.Tensor3D {
	const length = end - start;
	const kept = new Float32Array(heads * length * length);
	for (const [head, { rate, key, rowKeys }] of dropouts.entries()) {
		const keys = indicesOf(rowKeys);
		const threshold = dropThreshold(rate);
		for (let query = 0; query < length; query++) {
			const bits = rowBits(key, keys[start + query]);
			for (let other = 0; other < length; other++)
				if (elementBits(bits, other) >= threshold) kept[(head * length + query) * length + other] = 1 / (1 - rate);
		}
	}
	return tf.tensor3d(kept, [heads, length, length]);
}
