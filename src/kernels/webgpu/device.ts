// The GPU device: the composed operations of reference/ on TensorFlow.js' WebGPU back end, and own WGSL programs where
// those are wrong, not repeatable or hopeless there: linear layers, LayerNorm, rows by lists, dropout, attention, the
// CRF, updates in place. Nothing is read back but by `fetch`, asynchronously. Letters as in reference/composed-device.ts.

import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { dropThreshold } from '../../util/counter-random';
import { invariant } from '../../util/errors';
import type {
	CrfConstraints,
	CrfDecoding,
	CrfParameters,
	Device,
	Dropout,
	Indices,
	LayerNormCall,
	LinearCall,
	Matrix,
	Saved,
	Scores,
	UpdateRule,
	Wanted,
	Weight,
} from '../operations';
import type { ParameterEntry } from '../parameters';
import { ComposedDevice, constrain } from '../reference/composed-device';
import { scoresTensorOf, TensorIndices, tensorIndicesOf, tensorOf } from '../reference/tensor-values';
import { type AdapterFinding, describeAdapter, probeAdapter } from './adapter';
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
import { closeBackend, type OpenBackend, openBackend } from './backend';
import {
	crfBackwardProgram,
	crfForwardProgram,
	crfLossProgram,
	crfMarginalsProgram,
	crfMovesProgram,
	crfTotalsProgram,
	crfViterbiProgram,
} from './crf-programs';
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
import {
	accumulateProgram,
	accumulateRowsProgram,
	adamFirstProgram,
	adamSecondProgram,
	adamValueProgram,
	clearProgram,
	sgdMomentumProgram,
	sgdValueProgram,
} from './parameter-programs';
import { type ProgramCall, type ProgramText, runProgram } from './program';
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

/** No clipping, as a number. */
const unlimited = 3e38;

class WebgpuDevice extends ComposedDevice {
	/** Parameters whose gradient may differ from 0. */
	private readonly touched = new Set<ParameterEntry>();
	private readonly stepTensors = new Map<string, tf.Tensor>();
	private isClosed = false;

	constructor(
		{ isSoftware, ...adapter }: AdapterFinding,
		private readonly open: OpenBackend,
	) {
		const label = `WebGPU, ${describeAdapter({ isSoftware, ...adapter })}`;
		super({ name: 'webgpu', label, isSoftware, adapter, threads: 1, build: 'composed' }, 'webgpu');
	}

	override failure(): Error | null {
		return this.open.failure;
	}

	override endStep(): void {
		this.stepTensors.clear();
		super.endStep();
	}

	override dispose(): void {
		super.dispose();
		if (!this.isClosed) closeBackend(this.open);
		this.isClosed = true;
	}

	// --- Parameters.

	override zeroGradients(): void {
		this.activate();
		for (const entry of this.touched) this.change(clearProgram, this.store.get(entry).gradient);
		this.touched.clear();
	}

	override update(rule: UpdateRule, trained: readonly ParameterEntry[]): void {
		this.activate();
		if (rule.kind === 'adamw') this.store.ensureSecond();
		for (const entry of trained) this.updateEntry(rule, entry);
		this.zeroGradients();
	}

	protected override accumulate(entry: ParameterEntry, gradient: tf.Tensor2D): void {
		this.change(accumulateProgram, this.gradientOf(entry), [gradient]);
	}

	/** A parameter's gradient, to be added to. */
	private gradientOf(entry: ParameterEntry): tf.Tensor2D {
		this.touched.add(entry);
		return this.store.get(entry).gradient;
	}

	private updateEntry(rule: UpdateRule, entry: ParameterEntry): void {
		const { value, gradient, first, second } = this.store.get(entry);
		const clip = rule.clipValue > 0 ? rule.clipValue : unlimited;
		const { learningRate: rate, weightDecay: decay } = rule;
		if (rule.kind === 'sgd') {
			this.change(sgdMomentumProgram, first, [gradient, value], { clip, momentum: rule.momentum, decay });
			this.change(sgdValueProgram, value, [first], { rate });
			return;
		}
		invariant(second, 'no second moment');
		const { beta1, beta2, epsilon, count } = rule;
		this.change(adamFirstProgram, first, [gradient], { clip, beta: beta1, rest: 1 - beta1 });
		this.change(adamSecondProgram, second, [gradient], { clip, beta: beta2, rest: 1 - beta2 });
		const scales = { firstScale: 1 - beta1 ** count, secondScale: 1 - beta2 ** count };
		this.change(adamValueProgram, value, [first, second], { rate, decay, epsilon, ...scales });
	}

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

	// --- CRF.

	override crfLoss(emissions: Matrix, crf: CrfParameters, tags: Indices): { perSentence: Matrix; saved: Saved } {
		const { sentenceCount } = this.currentStep().batch;
		this.checkTags(tags, emissions.columns);
		const alphas = this.crfForward(emissions, crf);
		const perSentence = this.matrix(() => {
			const { transitions, start, end } = this.crfScores(crf);
			return this.run(crfLossProgram(emissions.columns), {
				inputs: [alphas, tensorOf(emissions), transitions, start, end, tensorIndicesOf(tags).tensor, this.spans()],
				uniforms: {},
				count: sentenceCount,
				output: { shape: [sentenceCount, 1], dtype: 'float32' },
			});
		});
		return { perSentence, saved: alphas };
	}

	override crfLossBackward(
		emissions: Matrix,
		crf: CrfParameters,
		tags: Indices,
		saved: Saved,
		weight: number,
		wanted: Wanted,
	): Matrix {
		const alphas = saved as tf.Tensor2D;
		const given = tensorIndicesOf(tags).tensor;
		const { columns } = emissions;
		return this.scope(() => {
			const { betas, totals } = this.crfBackwardScores(emissions, crf, alphas);
			const gradient = this.matrix(() =>
				this.run(crfMarginalsProgram(columns), {
					inputs: [alphas, betas, totals, given, this.sentenceOf()],
					uniforms: { weight, isGradient: 1 },
					count: emissions.rows * columns,
					output: { shape: [emissions.rows, columns], dtype: 'float32' },
				}),
			);
			if (wanted.parameters) {
				const { sentenceCount } = this.currentStep().batch;
				const { transitions } = this.crfScores(crf);
				const moves = this.run(crfMovesProgram(columns), {
					inputs: [alphas, betas, totals, tensorOf(emissions), transitions, given, this.spans()],
					uniforms: {},
					count: sentenceCount * columns * columns,
					output: { shape: [sentenceCount, columns * columns], dtype: 'float32' },
				});
				this.accumulateRows(crf.transitions, moves, weight);
				if (crf.start) this.accumulateRows(crf.start, this.gatherByHost(gradient.tensor, this.edges().first), 1);
				if (crf.end) this.accumulateRows(crf.end, this.gatherByHost(gradient.tensor, this.edges().last), 1);
			}
			return gradient;
		});
	}

	override async crfDecode(
		emissions: Matrix,
		crf: CrfParameters,
		constraints: CrfConstraints | null,
	): Promise<CrfDecoding> {
		const { sentenceCount } = this.currentStep().batch;
		const { rows, columns } = emissions;
		const decoded = this.scope(() => {
			const { transitions, start, end } = constrain(this.crfScores(crf), constraints, crf.end !== null);
			const whole = this.run(crfViterbiProgram(columns), {
				inputs: [tensorOf(emissions), transitions, start, end, this.spans()],
				uniforms: { length: this.longest(), characters: rows },
				count: sentenceCount,
				output: { shape: [rows * columns + rows + sentenceCount], dtype: 'int32' },
			});
			return tf.keep(tf.slice(whole, [rows * columns], [rows + sentenceCount]));
		});
		const bits = new Int32Array(await this.fetchBytes(decoded));
		decoded.dispose();
		const isReal = this.isRealCharacter();
		const tags = bits.slice(0, rows).map((tag, character) => (isReal[character] ? tag : 0));
		return { tags, scores: new Float32Array(bits.slice(rows).buffer) };
	}

	override async crfMarginals(emissions: Matrix, crf: CrfParameters): Promise<Float32Array> {
		const { rows, columns } = emissions;
		const alphas = this.crfForward(emissions, crf);
		const marginals = this.matrix(() => {
			const { betas, totals } = this.crfBackwardScores(emissions, crf, alphas);
			return this.run(crfMarginalsProgram(columns), {
				inputs: [alphas, betas, totals, this.sentenceOf(), this.sentenceOf()],
				uniforms: { weight: 1, isGradient: 0 },
				count: rows * columns,
				output: { shape: [rows, columns], dtype: 'float32' },
			});
		});
		return this.read(marginals);
	}

	private crfForward(emissions: Matrix, crf: CrfParameters): tf.Tensor2D {
		const { rows, columns } = emissions;
		return this.compute(() => {
			const { transitions, start } = this.crfScores(crf);
			return this.run(crfForwardProgram(columns), {
				inputs: [tensorOf(emissions), transitions, start, this.spans()],
				uniforms: { length: this.longest() },
				count: this.currentStep().batch.sentenceCount,
				output: { shape: [rows, columns + 1], dtype: 'float32' },
			}) as tf.Tensor2D;
		});
	}

	private crfBackwardScores(emissions: Matrix, crf: CrfParameters, alphas: tf.Tensor2D) {
		const { rows, columns } = emissions;
		const { transitions, end } = this.crfScores(crf);
		const betas = this.run(crfBackwardProgram(columns), {
			inputs: [tensorOf(emissions), transitions, end, this.spans()],
			uniforms: { length: this.longest() },
			count: this.currentStep().batch.sentenceCount,
			output: { shape: [rows, columns], dtype: 'float32' },
		});
		const totals = this.run(crfTotalsProgram(columns), {
			inputs: [alphas, betas, this.sentenceOf()],
			uniforms: {},
			count: rows,
			output: { shape: [rows], dtype: 'float32' },
		});
		return { betas, totals };
	}

	/** First character and number of characters of each sentence. [B, 2] */
	private spans(): tf.Tensor {
		return this.stepTensor('spans', ({ sentenceCount, characterOffset, characterCount }) => {
			const spans = new Int32Array(2 * sentenceCount);
			for (let sentence = 0; sentence < sentenceCount; sentence++)
				spans.set([characterOffset[sentence], characterCount[sentence]], 2 * sentence);
			return spans;
		});
	}

	/** -1 for a character of padding. [C] */
	private sentenceOf(): tf.Tensor {
		return this.stepTensor('sentenceOf', (batch) => {
			const sentences = new Int32Array(batch.characterRow.length).fill(-1);
			batch.characterCount.forEach((count, sentence) => {
				const first = batch.characterOffset[sentence];
				sentences.fill(sentence, first, first + count);
			});
			return sentences;
		});
	}

	private isRealCharacter(): boolean[] {
		return Array.from(this.currentStep().characterBlock().cellOfCharacter, (cell) => cell >= 0);
	}

	/** Position of each sentence's first and last character. [B] */
	private edges(): { first: Int32Array; last: Int32Array } {
		const { characterOffset, characterCount } = this.currentStep().batch;
		return {
			first: characterOffset,
			last: characterOffset.map((first, sentence) => first + characterCount[sentence] - 1),
		};
	}

	private longest(): number {
		return this.currentStep().characterBlock().length;
	}

	/** Adds weight times the sum of the rows to a parameter's gradient. */
	private accumulateRows(entry: ParameterEntry, parts: tf.Tensor, weight: number): void {
		this.change(accumulateRowsProgram, this.gradientOf(entry), [parts], { rows: parts.shape[0], weight });
	}

	// --- Running programs.

	private run(text: ProgramText, call: ProgramCall): tf.Tensor {
		return runProgram(tf.backend() as WebGPUBackend, text, call);
	}

	/** Changes a tensor where it lies. */
	private change(
		text: ProgramText,
		output: tf.Tensor,
		inputs: readonly tf.Tensor[] = [],
		uniforms: Record<string, number> = {},
	): void {
		this.run(text, { inputs, uniforms, count: output.size, output });
	}

	private runScores(text: ProgramText, inputs: tf.Tensor[], heads: number, width: number): tf.Tensor {
		const { batch, nodes } = this.currentStep();
		const shape = [batch.sentenceCount, heads, nodes, nodes];
		const count = tf.util.sizeFromShape(shape);
		return this.run(text, { inputs, uniforms: { nodes, heads, width }, count, output: { shape, dtype: 'float32' } });
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

	/** A list made from the batch when first asked for, and freed with the step. */
	private stepTensor(name: string, make: (batch: Parameters<Device['beginStep']>[0]) => Int32Array): tf.Tensor {
		const known = this.stepTensors.get(name);
		if (known) return known;
		this.activate();
		const made = this.track(integers(make(this.currentStep().batch)));
		this.stepTensors.set(name, made);
		return made;
	}

	/** Reads the buffer itself: TensorFlow.js would hand out an old copy of a tensor that was changed where it lies. */
	protected override async fetch(tensor: tf.Tensor): Promise<Float32Array> {
		return new Float32Array(await this.fetchBytes(tensor));
	}

	private async fetchBytes(tensor: tf.Tensor): Promise<ArrayBuffer> {
		this.activate();
		this.checkFailure();
		if (tensor.size === 0) return new ArrayBuffer(0);
		const { open } = this;
		const { backend } = open;
		backend.uploadToGPU(tensor.dataId);
		const buffer = backend.tensorMap.get(tensor.dataId).resource as GPUBuffer;
		try {
			const bytes = await backend.getBufferData(buffer);
			this.checkFailure();
			return bytes.slice(0, tensor.size * 4);
		} catch (error) {
			// A read is refused when the GPU is lost, before or after that is reported.
			open.failure ??= new Error(`the GPU does not answer: ${error instanceof Error ? error.message : String(error)}`);
			throw open.failure;
		}
	}
}

function linearSizes({ entry, columnStart, columnCount }: Weight) {
	return { inputSize: columnCount, outputSize: entry.rows, stride: entry.columns, start: columnStart };
}

function integers(values: Int32Array): tf.Tensor1D {
	return tf.tensor1d(values, 'int32');
}
