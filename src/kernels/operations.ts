// The interface of a device: coarse operations, each with its backward step, over float32 matrices that live on the
// device, and one flat set of parameters. The network (model/) is written once over it; a device is a folder that
// implements it (reference/, wasm/, webgpu/). Nothing here knows what a device is made of.
//
// Conventions
// - A Matrix is [rows, columns], row-major, made by an operation and freed by `endStep`, or by `dispose` when it is
//   a constant. An operation never changes its inputs.
// - `...Backward` takes the gradient of the loss with respect to the operation's output and returns the gradients
//   with respect to its matrix inputs. Gradients of parameters are ADDED to the device's gradient buffer.
// - Index -1 means "nothing": a gathered row of zeros, a row that is not placed.
// - Operations are queued in order; only `read...`, `crfDecode` and `crfMarginals` wait for the device.
// - No operation makes NaN or infinity out of finite input; masks are finite (-1e15).
//
// Letters: R lattice rows, C characters, M words, P distance tuples, H width, K tags, B sentences (data/batch.ts).

import type { Batch, RowLayout } from '../data/batch';
import type { DeviceInfo } from '../experiment/device-info';
import type { ParameterEntry, ParameterLayout, ParameterRange, TrainedParameter } from './parameters';

declare const brand: unique symbol;

/** A float32 matrix on the device. */
export interface Matrix {
	readonly rows: number;
	readonly columns: number;
}

/** A list of int32 numbers on the device. */
export interface Indices {
	readonly length: number;
	readonly [brand]?: 'indices';
}

/** One number per head and pair of nodes of each sentence: block b of head h is [blockSize, blockSize], query by key. */
export interface Scores {
	readonly heads: number;
	readonly [brand]?: 'scores';
}

/** What an operation keeps for its backward step; opaque to everyone else. */
export type Saved = unknown;

/** Columns [columnStart, columnStart + columnCount) of a parameter, used as a linear layer's weight [out, in]. */
export interface Weight {
	entry: ParameterEntry;
	columnStart: number;
	columnCount: number;
}

export interface LinearCall {
	input: Matrix; // [n, in]
	weight: Weight; // [out, in]
	bias: ParameterEntry | null; // [out]
	/** Whether max(0, .) follows. */
	relu: boolean;
}

/** Which gradients a backward step must give; the others are not computed. */
export interface Wanted {
	inputs: boolean;
	parameters: boolean;
}

export interface Dropout {
	/** In [0, 1). */
	rate: number;
	/** siteKey(seed, step, site) of util/counter-random.ts. */
	key: number;
	/** Names of the rows (Batch.rowKey and similar), one a row; rows with key -1 may hold anything. */
	rowKeys: Indices;
	/** The dropout site of `key` (model/dropout-sites.ts), when it was drawn from the step's facts. */
	site?: number;
}

/** What the host's values of a step follow from. */
export interface StepFacts {
	batch: Batch;
	/** Seed and step of the draws of dropout; null when nothing is dropped. */
	random: { seed: number; step: number } | null;
}

/** One step as a device may record it: done once by `body`, then repeated with other facts. */
export interface RecordedStep {
	/** Steps with the same key queue the same operations on matrices of the same shapes. */
	key: string;
	facts: StepFacts;
	/** Queues the step, awaits nothing, and names the matrices to be read. */
	body(): readonly Matrix[];
}

export interface CrfParameters {
	/** Score of moving from tag (row) to tag (column). [K, K] */
	transitions: ParameterEntry;
	/** Scores of the first and of the last tag, [K]; null when the model has none. */
	start: ParameterEntry | null;
	end: ParameterEntry | null;
}

export interface CrfDecoding {
	/** Best tag of each character, ties to the lower id; 0 in padding. [C] */
	tags: Int32Array;
	/** Score of the best path of each sentence. [B] */
	scores: Float32Array;
}

/** Forbidden moves for decoding only, as scores to add (0, or -10000 when forbidden). Index K is "start", K + 1 "end". [K+2, K+2] */
export type CrfConstraints = Float32Array;

export interface ContrastiveCall {
	/** Representations of characters. [C, H] */
	features: Matrix;
	/** Semantic class of each character; -1 takes no part. [C], on the host. */
	classes: Int32Array;
	/** The same from the facts of any step. */
	classesOf?: (facts: StepFacts) => Int32Array;
	classCount: number;
	/** The class that is only ever negative (`O`); -1 when there is none. */
	outsideClass: number;
	temperature: number;
}

export interface LayerNormCall {
	input: Matrix; // [R, H]
	residual: Matrix; // [R, H]
	gain: ParameterEntry; // [H]
	bias: ParameterEntry; // [H]
}

/** How all trained parameters change; what differs between them is in TrainedParameter. */
export type UpdateRule = {
	learningRate: number;
	weightDecay: number;
	/** Multiplies all gradients before all else: 1 / n for the mean of n batches. Absent: 1. */
	gradientScale?: number;
	/** Largest norm of the gradients of all trained parameters together; 0: any. */
	clipNorm: number;
	/** Largest gradient of one number, after clipNorm; 0: any. */
	clipValue: number;
} & (
	| { kind: 'sgd'; momentum: number }
	| {
			kind: 'adamw';
			beta1: number;
			beta2: number;
			epsilon: number;
			/** Number of this update, from 1, for the bias correction. */
			count: number;
	  }
);

/** The optimiser's memory of the first trainedSize numbers of the layout: momentum (first), and AdamW's second moment. */
export interface OptimizerState {
	first: Float32Array;
	second: Float32Array | null;
}

export interface DeviceMemory {
	/** Live allocations: matrices, index lists, constants, parameter buffers. Constant between steps. */
	allocations: number;
	bytes: number;
	/** Most bytes held so far; absent where `bytes` does not fall after a step. */
	peakBytes?: number;
}

export interface Device {
	readonly info: DeviceInfo;
	readonly rowLayout: RowLayout;
	/** Whether the attention's queries may be those of the characters alone (`relativeScores`); absent: they may not. */
	readonly takesCharacterQueries?: boolean;

	// --- Parameters.
	/** Allocates values of the whole layout, and gradients and optimiser state of [0, frozenOffset), all 0, replacing any earlier ones. */
	openParameters(layout: ParameterLayout): void;
	/** Gives the frozen part gradients and optimiser state too, 0 at first; what the others hold stays. Once only. */
	openFrozen(): void;
	/** How many numbers of the layout have gradients and optimiser state: frozenOffset, or all after `openFrozen`. */
	readonly trainedSize: number;
	/** Sets the values from `offset` on. */
	writeParameters(values: Float32Array, offset?: number): void;
	/** Values of [0, trainedSize), or of any range. */
	readParameters(range?: ParameterRange): Promise<Float32Array>;
	/** Of [0, trainedSize), like the optimiser's state. */
	readGradients(): Promise<Float32Array>;
	zeroGradients(): void;
	/** Null: all 0, as if nothing had been updated yet. */
	writeOptimizerState(state: OptimizerState | null): void;
	/** Of [0, trainedSize), or of a range within. */
	readOptimizerState(range?: ParameterRange): Promise<OptimizerState>;
	/** Root of the sum of the squares of all these parameters' gradients. */
	gradientNorm(entries: readonly ParameterEntry[]): Promise<number>;
	/** Updates the trained parameters from their gradients, then sets all gradients to 0. (reference/trajectory, trajectory-finetune)
	 *  With clipNorm all gradients, scaled, are first multiplied by min(1, clipNorm / (norm + 1e-6)), the norm being that of all trained ones
	 *  (Pascanu et al. 2013, as torch.nn.utils.clip_grad_norm_). Then, with a parameter's own rate and decay (0 unless it decays):
	 *  sgd: g = clip(grad) + decay * p; m = momentum * m + g; p -= rate * m.
	 *  adamw: decoupled decay (Loshchilov and Hutter 2019, algorithm 2): p -= rate * (mhat / (sqrt(vhat) + eps) + decay * p). */
	update(rule: UpdateRule, trained: readonly TrainedParameter[]): void;

	// --- Life of a step.
	/** Starts a step on a batch in this device's row layout. Steps do not nest. */
	beginStep(batch: Batch): void;
	/**
	 * A whole step in one: begins it, runs the body, reads the named matrices, ends it. A device that has this may record
	 * the body's work and repeat it for the next facts of the same key without running the body; all values of the host
	 * then go through `indicesFrom` and `matrixFrom`. When a recording proves wrong the following steps are not recorded, and
	 * `findings` says so.
	 */
	runStep?(step: RecordedStep): Promise<Float32Array[]>;
	/** `uploadIndices` of what follows from a step's facts; one list for each name and step. */
	indicesFrom?(name: string, derive: (facts: StepFacts) => Int32Array): Indices;
	/** `upload` of what follows from a step's facts. */
	matrixFrom?(rows: number, columns: number, derive: (facts: StepFacts) => Float32Array): Matrix;
	/** What went otherwise than planned, for people; grows. */
	readonly findings?: readonly string[];
	/** Runs part of a step and frees every matrix and list made in it but the one it returns. A device without it keeps all. */
	keepOnly?<Result extends Matrix | null>(work: () => Result): Result;
	/** Frees every matrix made since `beginStep`. Safe to call when no step is open. */
	endStep(): void;
	memory(): DeviceMemory;
	/** Frees everything; rejects later calls. */
	dispose(): void;
	/** The reason why the device can no longer compute (lost GPU, invalid program), or null. Checked after every read. */
	failure(): Error | null;

	// --- Values.
	/** A matrix that outlives steps, replaced when the key is used again. */
	constant(key: string, values: Float32Array, rows: number, columns: number): Matrix;
	upload(values: Float32Array, rows: number, columns: number): Matrix;
	uploadIndices(values: Int32Array): Indices;
	zeros(rows: number, columns: number): Matrix;
	/** Rows [start, start + count) of a matrix. */
	sliceRows(matrix: Matrix, start: number, count: number): Matrix;
	read(matrix: Matrix): Promise<Float32Array>;
	/** Scores in the batch's own layout: heads outermost within each sentence: offset heads * pairOffset[b] + h * blockSize[b]^2. */
	readScores(scores: Scores): Promise<Float32Array>;
	add(left: Matrix, right: Matrix): Matrix;

	// --- Dense layers.
	/** input * weight^T + bias, then max(0, .) if asked. [n, out] */
	linear(call: LinearCall): Matrix;
	linearBackward(call: LinearCall, output: Matrix, outputGradient: Matrix, wanted: Wanted): Matrix | null;
	/** matrix + vector in every row; the parameter is read as one row whatever its shape. */
	addVector(matrix: Matrix, vector: ParameterEntry): Matrix;
	/** Adds the column sums of the output's gradient to the vector's gradient; the matrix's gradient is the output's. */
	addVectorBackward(vector: ParameterEntry, outputGradient: Matrix): void;
	/** LayerNorm(input + residual), epsilon 1e-5. */
	residualLayerNorm(call: LayerNormCall): { output: Matrix; saved: Saved };
	/** The gradient with respect to input, which is also that with respect to residual. */
	residualLayerNormBackward(call: LayerNormCall, saved: Saved, outputGradient: Matrix, wanted: Wanted): Matrix | null;
	/** Zero where the element's bits are below the threshold, else divided by (1 - rate). Its own backward step. */
	dropout(matrix: Matrix, dropout: Dropout): Matrix;

	// --- Rows and columns.
	/** Rows of an embedding table. [n, columns] */
	embeddingRows(table: ParameterEntry, ids: Indices): Matrix;
	/** Adds to the table's gradient; row 0 (padding) and index -1 get none. */
	embeddingRowsBackward(table: ParameterEntry, ids: Indices, outputGradient: Matrix): void;
	concatColumns(parts: readonly Matrix[]): Matrix;
	splitColumns(matrix: Matrix, widths: readonly number[]): Matrix[];
	/** Zeros, but row `rows[i]` is row i of the part; no two parts name the same row. [rowCount, columns] */
	placeRows(parts: readonly { matrix: Matrix; rows: Indices }[], rowCount: number): Matrix;
	/** Rows of a matrix; distinct but for -1, so that placeRows is its backward step (and the reverse). */
	gatherRows(matrix: Matrix, rows: Indices): Matrix;

	// --- Position fusion, over distinct distances.
	/** out[p] = sum over t of tables[t][indices[t][p]], then max(0, .) if asked. [P, columns] */
	distanceRows(tables: readonly Matrix[], indices: readonly Indices[], relu: boolean): Matrix;
	/** Gradient of each table. */
	distanceRowsBackward(
		tables: readonly Matrix[],
		indices: readonly Indices[],
		relu: boolean,
		output: Matrix,
		outputGradient: Matrix,
	): Matrix[];
	/** Softmax over `groups` numbers that are columns / groups apart: column g * width + k over g. */
	softmaxGroups(matrix: Matrix, groups: number): Matrix;
	softmaxGroupsBackward(output: Matrix, groups: number, outputGradient: Matrix): Matrix;
	/** out[p, k] = sum over t of weights[p, t * w + (w > 1 ? k : 0)] * values[indices[t][p], k], w = weights.columns / indices.length in {1, values.columns}. */
	mixRows(values: Matrix, indices: readonly Indices[], weights: Matrix): Matrix;
	mixRowsBackward(
		values: Matrix,
		indices: readonly Indices[],
		weights: Matrix,
		outputGradient: Matrix,
	): { values: Matrix; weights: Matrix };

	// --- Attention within each sentence of the step's batch.
	/** score[h, i, j] = contentQuery_i . key_j + positionQuery_i . relative[index(i, j)], per head; no scaling.
	 *  Queries and keys [R, H], relative [P, H]. `relativeIndex` is Batch.distances.index, already on the device.
	 *  With takesCharacterQueries the queries may also be [C, H], one row a character; the scores then hold those rows
	 *  only, what is made of them is [C, H] too, and `readScores` does not read them. */
	relativeScores(contentQuery: Matrix, key: Matrix, positionQuery: Matrix, relative: Matrix, heads: number): Scores;
	relativeScoresBackward(
		contentQuery: Matrix,
		key: Matrix,
		positionQuery: Matrix,
		relative: Matrix,
		scoresGradient: Scores,
	): { contentQuery: Matrix; key: Matrix; positionQuery: Matrix; relative: Matrix };
	/** Softmax over the keys of the sentence; keys beyond its nodes get probability 0. */
	maskedSoftmax(scores: Scores): Scores;
	maskedSoftmaxBackward(probabilities: Scores, outputGradient: Scores): Scores;
	/** out_i = sum over j of probability[h, i, j] * value_j, heads side by side. [R, H] */
	weightedValues(probabilities: Scores, value: Matrix): Matrix;
	weightedValuesBackward(
		probabilities: Scores,
		value: Matrix,
		outputGradient: Matrix,
	): { probabilities: Scores; value: Matrix };

	// --- Heads. Emissions are [C, K]; tags are those of the step's batch, less `tagOffset`.
	/** Negative log likelihood of each sentence. [B, 1] (fastNLP's ConditionalRandomField; Lafferty et al. 2001) */
	crfLoss(emissions: Matrix, crf: CrfParameters, tags: Indices): { perSentence: Matrix; saved: Saved };
	/** Gradient with respect to emissions of weight * sum of perSentence. */
	crfLossBackward(
		emissions: Matrix,
		crf: CrfParameters,
		tags: Indices,
		saved: Saved,
		weight: number,
		wanted: Wanted,
	): Matrix;
	crfDecode(emissions: Matrix, crf: CrfParameters, constraints: CrfConstraints | null): Promise<CrfDecoding>;
	/** Probability of each tag at each character, by forward-backward. [C, K] */
	crfMarginals(emissions: Matrix, crf: CrfParameters): Promise<Float32Array>;
	/** Sum over classes of the mean over ordered pairs; in O(P (P + Neg)). (NerCo, equation 3; reference/contrastive)
	 *  perClass holds each class's own term, 0 where it has none. */
	contrastiveLoss(call: ContrastiveCall): { loss: Matrix; perClass: Matrix; saved: Saved };
	contrastiveLossBackward(call: ContrastiveCall, saved: Saved): Matrix;
}
