// A device made of TensorFlow.js operations: each operation of operations.ts in its obvious form, and its backward step
// written out. It runs on any TensorFlow.js back end: as it stands it is the reference device on 'cpu'; webgpu/
// overrides what is wrong, not repeatable or hopeless there.
//
// Every operation runs inside a `tidy`; what it returns is tracked and freed by `endStep`. Several such devices may live
// in one process: each makes its own back end the current one before it computes, and nothing awaits in between.
// Letters: B sentences, N rows of each, R = B * N, H width, h heads, d = H / h, C characters, K tags, P distance tuples.

import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../../data/batch';
import type { DeviceInfo } from '../../experiment/device-info';
import { dropThreshold, elementBits, rowBits } from '../../util/counter-random';
import { invariant } from '../../util/errors';
import type {
	ContrastiveCall,
	CrfConstraints,
	CrfDecoding,
	CrfParameters,
	Device,
	DeviceMemory,
	Dropout,
	Indices,
	LayerNormCall,
	LinearCall,
	Matrix,
	OptimizerState,
	Saved,
	Scores,
	UpdateRule,
	Wanted,
	Weight,
} from '../operations';
import type { ParameterEntry, ParameterLayout } from '../parameters';
import {
	type ContrastiveForward,
	contrastiveBackward,
	contrastiveForward,
	planContrastive,
} from './composed-contrastive';
import {
	type CrfForward,
	type CrfProblem,
	type CrfScores,
	chooseTags,
	crfBackward,
	crfForward,
	crfMarginals,
	crfNegativeLogLikelihood,
	crfViterbi,
} from './composed-crf';
import {
	type LayerNormSaved,
	linear,
	reluGradient,
	residualLayerNorm,
	residualLayerNormGradient,
	softmaxGradient,
	updated,
} from './composed-dense';
import { ParameterStore } from './parameter-tensors';
import { StepTensors } from './step-tensors';
import { scoresTensorOf, TensorIndices, TensorMatrix, TensorScores, tensorIndicesOf, tensorOf } from './tensor-values';

/** Stands for minus infinity in masked scores. */
const masked = -1e15;

export class ComposedDevice implements Device {
	readonly rowLayout = 'padded' as const;
	private parameters: ParameterStore | null = null;
	private readonly constants = new Map<string, TensorMatrix>();
	/** Tensors to free at the end of the step. */
	private tracked: tf.Tensor[] = [];
	private step: StepTensors | null = null;
	private peakBytes = 0;
	private isDisposed = false;

	constructor(
		readonly info: DeviceInfo,
		private readonly backendName: string,
	) {}

	// --- Parameters.

	openParameters(layout: ParameterLayout): void {
		this.activate();
		this.parameters?.dispose();
		this.parameters = new ParameterStore(layout);
	}

	writeParameters(values: Float32Array): void {
		this.activate();
		this.store.write('value', values);
	}

	readParameters(): Promise<Float32Array> {
		return this.store.read('value', (tensor) => this.fetch(tensor));
	}

	readGradients(): Promise<Float32Array> {
		return this.store.read('gradient', (tensor) => this.fetch(tensor));
	}

	zeroGradients(): void {
		this.activate();
		for (const entry of this.store.layout.entries)
			this.store.replace(entry, 'gradient', tf.zeros([entry.rows, entry.columns]));
	}

	writeOptimizerState(state: OptimizerState): void {
		this.activate();
		this.store.writeState(state);
	}

	readOptimizerState(): Promise<OptimizerState> {
		return this.store.readState((tensor) => this.fetch(tensor));
	}

	update(rule: UpdateRule, trained: readonly ParameterEntry[]): void {
		this.activate();
		if (rule.kind === 'adamw') this.store.ensureSecond();
		for (const entry of trained) {
			const next = tf.tidy(() => {
				const { value, first, second } = updated(this.store.get(entry), rule);
				return { value, first, ...(second && { second }) };
			});
			this.store.replace(entry, 'value', next.value);
			this.store.replace(entry, 'first', next.first);
			if (rule.kind === 'adamw') this.store.replace(entry, 'second', next.second as tf.Tensor2D);
		}
		this.zeroGradients();
	}

	// --- Life of a step.

	beginStep(batch: Batch): void {
		this.activate();
		invariant(this.step === null, 'a step begins inside a step');
		this.step = new StepTensors(batch);
	}

	endStep(): void {
		if (this.step) this.peakBytes = Math.max(this.peakBytes, tf.memory().numBytes);
		this.step?.dispose();
		this.step = null;
		for (const tensor of this.tracked) tensor.dispose();
		this.tracked = [];
	}

	/** Counts the tensors of every TensorFlow.js device in the process, so that none can leak unseen. */
	memory(): DeviceMemory {
		const { numTensors, numBytes } = tf.memory();
		return { allocations: numTensors, bytes: numBytes, peakBytes: Math.max(this.peakBytes, numBytes) };
	}

	dispose(): void {
		this.endStep();
		this.parameters?.dispose();
		this.parameters = null;
		for (const { tensor } of this.constants.values()) tensor.dispose();
		this.constants.clear();
		this.isDisposed = true;
	}

	failure(): Error | null {
		return null;
	}

	// --- Values.

	constant(key: string, values: Float32Array, rows: number, columns: number): Matrix {
		this.activate();
		this.constants.get(key)?.tensor.dispose();
		const made = new TensorMatrix(tf.keep(tf.tensor2d(values.slice(), [rows, columns])));
		this.constants.set(key, made);
		return made;
	}

	upload(values: Float32Array, rows: number, columns: number): Matrix {
		return this.matrix(() => tf.tensor2d(values.slice(), [rows, columns]));
	}

	uploadIndices(values: Int32Array): Indices {
		this.activate();
		const host = values.slice();
		return new TensorIndices(host, this.track(tf.tensor1d(host, 'int32')));
	}

	zeros(rows: number, columns: number): Matrix {
		return this.matrix(() => tf.zeros([rows, columns]));
	}

	sliceRows(matrix: Matrix, start: number, count: number): Matrix {
		return this.matrix(() => tf.slice(tensorOf(matrix), [start, 0], [count, matrix.columns]));
	}

	read(matrix: Matrix): Promise<Float32Array> {
		return this.fetch(tensorOf(matrix));
	}

	readScores(scores: Scores): Promise<Float32Array> {
		return this.fetch(scoresTensorOf(scores));
	}

	add(left: Matrix, right: Matrix): Matrix {
		return this.matrix(() => tf.add(tensorOf(left), tensorOf(right)));
	}

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

	// --- Heads.

	crfLoss(emissions: Matrix, crf: CrfParameters, tags: Indices): { perSentence: Matrix; saved: Saved } {
		const made = this.compute(() => {
			const problem = this.crfProblem(emissions, crf);
			const forward = crfForward(problem);
			const chosen = chooseTags(problem, this.packTags(tags, emissions.columns));
			return { perSentence: crfNegativeLogLikelihood(problem, forward, chosen), forward, chosen };
		});
		return { perSentence: new TensorMatrix(made.perSentence), saved: made };
	}

	crfLossBackward(
		emissions: Matrix,
		crf: CrfParameters,
		_tags: Indices,
		saved: Saved,
		weight: number,
		wanted: Wanted,
	): Matrix {
		const { forward, chosen } = saved as { forward: CrfForward; chosen: tf.Tensor3D };
		return this.scope(() => {
			const gradients = crfBackward(this.crfProblem(emissions, crf), forward, chosen);
			if (wanted.parameters) {
				this.accumulate(crf.transitions, tf.mul(gradients.transitions, weight));
				if (crf.start) this.accumulate(crf.start, tf.mul(gradients.start, weight));
				if (crf.end) this.accumulate(crf.end, tf.mul(gradients.end, weight));
			}
			return this.matrix(() => tf.mul(this.unpackCharacters(gradients.emissions), weight));
		});
	}

	async crfDecode(emissions: Matrix, crf: CrfParameters, constraints: CrfConstraints | null): Promise<CrfDecoding> {
		const { batch } = this.currentStep();
		const { length } = this.currentStep().characterBlock();
		const made = tf.tidy(() => {
			const scored = constrain(this.crfScores(crf), constraints, crf.end !== null);
			const problem = { ...this.crfProblem(emissions, crf), ...scored };
			const { scores, backPointers } = crfViterbi(problem);
			const pointers = backPointers.length > 0 ? tf.stack(backPointers) : tf.zeros([1], 'int32');
			return { scores, best: tf.argMax(scores, 1), pointers };
		});
		const [scores, best, pointers] = await Promise.all(
			[made.scores, made.best, made.pointers].map((one) => one.data()),
		);
		tf.dispose(made);
		this.checkFailure();
		const tagCount = emissions.columns;
		const decoding: CrfDecoding = {
			tags: new Int32Array(emissions.rows),
			scores: new Float32Array(batch.sentenceCount),
		};
		for (let sentence = 0; sentence < batch.sentenceCount; sentence++) {
			let tag = best[sentence];
			decoding.scores[sentence] = scores[sentence * tagCount + tag];
			for (let time = length - 1; time >= 0; time--) {
				if (time < batch.characterCount[sentence]) decoding.tags[batch.characterOffset[sentence] + time] = tag;
				if (time > 0) tag = pointers[((time - 1) * batch.sentenceCount + sentence) * tagCount + tag];
			}
		}
		return decoding;
	}

	async crfMarginals(emissions: Matrix, crf: CrfParameters): Promise<Float32Array> {
		this.activate();
		const marginals = tf.tidy(() => {
			const problem = this.crfProblem(emissions, crf);
			return this.unpackCharacters(crfMarginals(problem, crfForward(problem)));
		});
		const values = await this.fetch(marginals);
		marginals.dispose();
		return values;
	}

	contrastiveLoss(call: ContrastiveCall): { loss: Matrix; perClass: Matrix; saved: Saved } {
		const made = this.compute(() =>
			contrastiveForward(tensorOf(call.features), planContrastive(call), call.temperature, (...factors) =>
				this.multiply(...factors),
			),
		);
		return { loss: new TensorMatrix(made.loss), perClass: new TensorMatrix(made.perClass), saved: made };
	}

	contrastiveLossBackward(call: ContrastiveCall, saved: Saved): Matrix {
		return this.matrix(() =>
			contrastiveBackward(saved as ContrastiveForward, call.temperature, (...factors) => this.multiply(...factors)),
		);
	}

	// --- What a back end may replace.

	/** left * right, or left * right^T. */
	protected multiply(left: tf.Tensor2D, right: tf.Tensor2D, isRightTransposed: boolean): tf.Tensor2D {
		return tf.matMul(left, right, false, isRightTransposed);
	}

	/** Rows of a matrix; zeros where the index is -1. */
	protected gather(matrix: tf.Tensor2D, { host }: TensorIndices): tf.Tensor2D {
		return this.gatherByHost(matrix, host);
	}

	protected gatherByHost(matrix: tf.Tensor2D, host: Int32Array): tf.Tensor2D {
		if (host.every((index) => index < 0)) return tf.zeros([host.length, matrix.shape[1]]);
		const isPresent = Float32Array.from(host, (index) => (index < 0 ? 0 : 1));
		const rows = tf.gather(
			matrix,
			tf.tensor1d(
				host.map((index) => Math.max(0, index)),
				'int32',
			),
		);
		return isPresent.includes(0) ? tf.mul(rows, tf.tensor2d(isPresent, [host.length, 1])) : rows;
	}

	/** Row r of the result is the sum of the rows i with rows[i] = r; -1 is dropped. [rowCount, columns] */
	protected scatter(values: tf.Tensor2D, rows: Int32Array, rowCount: number): tf.Tensor2D {
		const columns = values.shape[1];
		if (rows.every((row) => row < 0)) return tf.zeros([rowCount, columns]);
		const isPresent = Float32Array.from(rows, (row) => (row < 0 ? 0 : 1));
		const kept = isPresent.includes(0) ? tf.mul(values, tf.tensor2d(isPresent, [rows.length, 1])) : values;
		const targets = tf.tensor2d(
			rows.map((row) => Math.max(0, row)),
			[rows.length, 1],
			'int32',
		);
		return tf.scatterND(targets, kept, [rowCount, columns]);
	}

	/** Adds to a parameter's gradient. `gradient` has as many elements as the parameter. */
	protected accumulate(entry: ParameterEntry, gradient: tf.Tensor2D): void {
		const { gradient: old } = this.store.get(entry);
		const sum = tf.add<tf.Tensor2D>(old, tf.reshape(gradient, [entry.rows, entry.columns]));
		this.store.replace(entry, 'gradient', sum);
	}

	/** Every character that is no padding must have a tag of the CRF. */
	protected checkTags(tags: Indices, tagCount: number): void {
		const { host } = tensorIndicesOf(tags);
		for (const character of this.currentStep().characterBlock().characterOfCell) {
			const tag = character < 0 ? 0 : host[character];
			invariant(tag >= 0 && tag < tagCount, `tag ${tag} of ${tagCount} tags`);
		}
	}

	/** An error once the device can no longer compute. */
	protected checkFailure(): void {
		const failure = this.failure();
		if (failure) throw failure;
	}

	// --- Shared by the operations and by overriding devices.

	/** Runs operations whose tensors end with them; matrices made inside are tracked and outlive the scope. */
	protected scope<T>(operations: () => T): T {
		this.activate();
		tf.engine().startScope();
		try {
			return operations();
		} finally {
			tf.engine().endScope();
		}
	}

	/** Runs operations and tracks the tensors that they return. */
	protected compute<T extends tf.TensorContainer | object>(operations: () => T): T {
		this.activate();
		const made = tf.tidy(() => operations() as tf.TensorContainer) as T;
		for (const tensor of tensorsIn(made)) this.track(tensor);
		return made;
	}

	protected matrix(operation: () => tf.Tensor): TensorMatrix {
		return new TensorMatrix(this.compute(() => operation() as tf.Tensor2D));
	}

	protected scores(operation: () => tf.Tensor): TensorScores {
		return new TensorScores(this.compute(() => operation() as tf.Tensor4D));
	}

	protected track<T extends tf.Tensor>(tensor: T): T {
		this.tracked.push(tf.keep(tensor));
		return tensor;
	}

	protected async fetch(tensor: tf.Tensor): Promise<Float32Array> {
		const values = await tensor.data();
		this.checkFailure();
		return Float32Array.from(values);
	}

	protected currentStep(): StepTensors {
		invariant(this.step, 'no step is open');
		return this.step;
	}

	protected get store(): ParameterStore {
		invariant(this.parameters, 'no parameters are open');
		return this.parameters;
	}

	protected valueOf(entry: ParameterEntry): tf.Tensor2D {
		return this.store.get(entry).value;
	}

	/** A parameter as one row, whatever its shape. [1, size] */
	protected asRow(entry: ParameterEntry): tf.Tensor2D {
		return tf.reshape(this.valueOf(entry), [1, entry.size]);
	}

	/** The CRF's scores; 0 for those that the model does not have. */
	protected crfScores({ transitions, start, end }: CrfParameters): CrfScores {
		const nothing = tf.zeros<tf.Rank.R2>([1, transitions.columns]);
		return {
			transitions: this.valueOf(transitions),
			start: start ? this.asRow(start) : nothing,
			end: end ? this.asRow(end) : nothing,
		};
	}

	/** Characters' rows as a dense block; zeros beyond each sentence. [C, columns] -> [B, L, columns] */
	protected packCharacters(matrix: tf.Tensor2D): tf.Tensor3D {
		const { length, characterOfCell } = this.currentStep().characterBlock();
		const cells = this.gatherByHost(matrix, characterOfCell);
		return tf.reshape(cells, [characterOfCell.length / length, length, matrix.shape[1]]);
	}

	/** The reverse of packCharacters. */
	protected unpackCharacters(block: tf.Tensor3D): tf.Tensor2D {
		const { cellOfCharacter } = this.currentStep().characterBlock();
		return this.gatherByHost(tf.reshape(block, [-1, block.shape[2]]), cellOfCharacter);
	}

	protected activate(): void {
		invariant(!this.isDisposed, 'the device is disposed');
		// Synchronous for a back end that is up already: engine.js sets it before its first await.
		if (tf.getBackend() !== this.backendName) void tf.setBackend(this.backendName);
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

	private crfProblem(emissions: Matrix, crf: CrfParameters): CrfProblem {
		const { length, characterOfCell } = this.currentStep().characterBlock();
		const inside = Float32Array.from(characterOfCell, (character) => (character < 0 ? 0 : 1));
		return {
			emissions: this.packCharacters(tensorOf(emissions)),
			inside: tf.tensor2d(inside, [inside.length / length, length]),
			...this.crfScores(crf),
		};
	}

	/** [B, L] int32; 0 beyond each sentence. */
	private packTags(tags: Indices, tagCount: number): tf.Tensor2D {
		const { length, characterOfCell } = this.currentStep().characterBlock();
		const { host } = tensorIndicesOf(tags);
		this.checkTags(tags, tagCount);
		const cells = characterOfCell.map((character) => (character < 0 ? 0 : host[character]));
		return tf.tensor2d(cells, [cells.length / length, length], 'int32');
	}
}

/**
 * The scores with the constraints added. As in the published program the end's column counts only where the model has
 * end scores (reference/crf).
 */
export function constrain(scores: CrfScores, constraints: CrfConstraints | null, hasEnd: boolean): CrfScores {
	if (constraints === null) return scores;
	const tags = scores.transitions.shape[0];
	const table = tf.tensor2d(constraints, [tags + 2, tags + 2]);
	const end = tf.reshape(tf.slice(table, [0, tags + 1], [tags, 1]), [1, tags]);
	return {
		transitions: tf.add(scores.transitions, tf.slice(table, [0, 0], [tags, tags])),
		start: tf.add(scores.start, tf.slice(table, [tags, 0], [1, tags])),
		end: hasEnd ? tf.add(scores.end, end) : scores.end,
	};
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

/** The tensors in nested arrays and objects. */
function tensorsIn(value: unknown): tf.Tensor[] {
	if (value instanceof tf.Tensor) return [value];
	if (Array.isArray(value)) return value.flatMap(tensorsIn);
	if (value !== null && typeof value === 'object') return Object.values(value).flatMap(tensorsIn);
	return [];
}
