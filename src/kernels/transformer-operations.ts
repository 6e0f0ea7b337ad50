// The operations of a standard transformer encoder, which BERT is made of. Sentences lie ragged: the rows of one follow those of
// the other, each at its own length, so nothing is computed for padding. Rows behind the last sentence may hold anything: what
// attention makes of them is 0. The conventions are those of operations.ts.

import type { Activation } from '../experiment/bert-config';
import { invariant } from '../util/errors';
import type { Device, Dropout, Indices, Matrix, Saved, StepFacts, Wanted } from './operations';
import type { ParameterEntry } from './parameters';

export interface NormCall {
	input: Matrix; // [n, H]
	/** Added to the input before; null where there is none. */
	residual: Matrix | null; // [n, H]
	gain: ParameterEntry; // [H]
	bias: ParameterEntry; // [H]
	/** Inside the root. */
	epsilon: number;
}

export interface SelfAttentionCall {
	query: Matrix; // [n, H]
	key: Matrix; // [n, H]
	value: Matrix; // [n, H]
	heads: number;
	/** First row of each sentence, and the rows of all behind the last. [B + 1], on the host */
	starts: Int32Array;
	/** The same from the facts of any step; one function for all attentions of a step over as many rows. */
	startsOf?: (facts: StepFacts) => Int32Array;
	/** Of the probabilities, one for each head: that of key j, counted from the sentence's first row, is element j of the query's
	 *  row. Null where nothing is dropped. */
	dropout: readonly Dropout[] | null;
}

export interface TransformerOperations {
	/** [n, H] */
	activation(input: Matrix, kind: Activation): Matrix;
	activationBackward(input: Matrix, kind: Activation, outputGradient: Matrix): Matrix;
	/** LayerNorm over each row; the variance is the biased one (Ba et al. 2016). */
	layerNorm(call: NormCall): { output: Matrix; saved: Saved };
	/** The gradient with respect to input, which is also that with respect to residual. */
	layerNormBackward(call: NormCall, saved: Saved, outputGradient: Matrix, wanted: Wanted): Matrix | null;
	/** softmax(query . key / sqrt(H / heads)) value within each sentence and head, heads side by side (Vaswani et al. 2017). [n, H] */
	selfAttention(call: SelfAttentionCall): { output: Matrix; saved: Saved };
	selfAttentionBackward(
		call: SelfAttentionCall,
		saved: Saved,
		outputGradient: Matrix,
	): { query: Matrix; key: Matrix; value: Matrix };
	/** Adds to the gradient of a table without a padding row: every row gets its own; index -1 gets none. [n, columns] */
	tableRowsBackward(table: ParameterEntry, ids: Indices, outputGradient: Matrix): void;
}

export function hasTransformer(device: Device): boolean {
	return 'transformer' in device;
}

/** Those of a device; one without them must not be asked. */
export function transformerOf(device: Device): TransformerOperations {
	const { transformer } = device as Device & { transformer?: TransformerOperations };
	invariant(transformer, `the device ${device.info.name} has no operations of a transformer`);
	return transformer;
}
