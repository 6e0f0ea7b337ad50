// The ground of a device made of TensorFlow.js operations: its parameters, the life of a step, values, and how tensors are
// made, kept and freed. Every operation runs inside a `tidy`; what it returns is tracked and freed by `endStep`.
// Several such devices may live in one process: each makes its own back end the current one before it computes, and
// nothing awaits in between. Letters as in composed-device.ts.

import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../../data/batch';
import type { DeviceInfo } from '../../experiment/device-info';
import { invariant } from '../../util/errors';
import type { DeviceMemory, Indices, Matrix, OptimizerState, Scores, UpdateRule } from '../operations';
import type { ParameterEntry, ParameterLayout, ParameterRange, TrainedParameter } from '../parameters';
import { ownRule } from '../update-rule';
import type { TensorBackend } from './backend';
import { squaredNorm, updated } from './composed-dense';
import { ParameterStore } from './parameter-tensors';
import { StepTensors } from './step-tensors';
import { HostIndices, scoresTensorOf, TensorMatrix, TensorScores, tensorOf } from './tensor-values';

export abstract class TensorDevice {
	readonly rowLayout = 'padded' as const;
	private parameters: ParameterStore | null = null;
	private readonly constants = new Map<string, TensorMatrix>();
	/** Tensors to free at the end of the step. */
	private tracked: tf.Tensor[] = [];
	private step: StepTensors | null = null;
	private peakBytes = 0;
	private isDisposed = false;

	constructor(private readonly backend: TensorBackend) {}

	get info(): DeviceInfo {
		return this.backend.info;
	}

	// --- Parameters.

	openParameters(layout: ParameterLayout): void {
		this.activate();
		this.parameters?.dispose();
		this.parameters = new ParameterStore(layout);
	}

	openFrozen(): void {
		this.activate();
		this.store.openFrozen();
	}

	get trainedSize(): number {
		return this.store.trainedSize;
	}

	writeParameters(values: Float32Array, offset = 0): void {
		this.activate();
		this.store.writeValues(values, offset);
	}

	readParameters(range?: ParameterRange): Promise<Float32Array> {
		return this.store.readValues(range, (tensor) => this.fetch(tensor));
	}

	readGradients(): Promise<Float32Array> {
		return this.store.readGradients((tensor) => this.fetch(tensor));
	}

	zeroGradients(): void {
		this.activate();
		for (const entry of this.store.trainedEntries)
			this.store.replace(entry, 'gradient', tf.zeros([entry.rows, entry.columns]));
	}

	writeOptimizerState(state: OptimizerState | null): void {
		this.activate();
		this.store.writeState(state);
	}

	readOptimizerState(range?: ParameterRange): Promise<OptimizerState> {
		return this.store.readState(range, (tensor) => this.fetch(tensor));
	}

	async gradientNorm(entries: readonly ParameterEntry[]): Promise<number> {
		this.activate();
		const norm = this.normOf(entries);
		const [value] = await this.fetch(norm);
		norm.dispose();
		return value;
	}

	update(rule: UpdateRule, trained: readonly TrainedParameter[]): void {
		this.activate();
		if (rule.kind === 'adamw') this.store.ensureSecond();
		const norm = rule.clipNorm > 0 ? this.normOf(trained.map(({ entry }) => entry)) : null;
		for (const parameter of trained) this.updateOne(parameter.entry, ownRule(rule, parameter), norm);
		norm?.dispose();
		this.zeroGradients();
	}

	private updateOne(entry: ParameterEntry, rule: UpdateRule, norm: tf.Scalar | null): void {
		const next = tf.tidy(() => {
			const { value, first, second } = updated(this.store.trained(entry), rule, norm);
			return { value, first, ...(second && { second }) };
		});
		this.store.replace(entry, 'value', next.value);
		this.store.replace(entry, 'first', next.first);
		if (rule.kind === 'adamw') this.store.replace(entry, 'second', next.second as tf.Tensor2D);
	}

	private normOf(entries: readonly ParameterEntry[]): tf.Scalar {
		return tf.tidy(() => {
			const squares = entries.map((entry) => squaredNorm(this.store.trained(entry).gradient));
			return tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square), tf.scalar(0)));
		});
	}

	// --- Life of a step.

	beginStep(batch: Batch): void {
		this.activate();
		invariant(this.step === null, 'a step begins inside a step');
		this.step = new StepTensors(batch);
	}

	keepOnly<Result extends Matrix | null>(work: () => Result): Result {
		const before = this.tracked;
		this.tracked = [];
		const result = work();
		const kept = result && tensorOf(result);
		for (const tensor of this.tracked) if (tensor !== kept) tensor.dispose();
		this.tracked = kept && this.tracked.includes(kept) ? [...before, kept] : before;
		return result;
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
		if (this.isDisposed) return;
		this.endStep();
		this.parameters?.dispose();
		this.parameters = null;
		for (const { tensor } of this.constants.values()) tensor.dispose();
		this.constants.clear();
		this.backend.close();
		this.isDisposed = true;
	}

	failure(): Error | null {
		return this.backend.failure();
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
		return new HostIndices(values.slice());
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

	// --- Rows and gradients.

	/** Rows of a matrix; zeros where the index is -1. */
	protected gather(matrix: tf.Tensor2D, host: Int32Array): tf.Tensor2D {
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
		const { gradient: old } = this.store.trained(entry);
		const sum = tf.add<tf.Tensor2D>(old, tf.reshape(gradient, [entry.rows, entry.columns]));
		this.store.replace(entry, 'gradient', sum);
	}

	// --- How operations run, and what they share.

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
		if (tensor.size === 0) return new Float32Array(0);
		this.checkFailure();
		const values = await tensor.data().catch((error: unknown) => {
			throw this.backend.refused(error);
		});
		this.checkFailure();
		return Float32Array.from(values);
	}

	/** An error once the device can no longer compute. */
	private checkFailure(): void {
		const failure = this.failure();
		if (failure) throw failure;
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

	protected activate(): void {
		invariant(!this.isDisposed, 'the device is disposed');
		// Synchronous for a back end that is up already: engine.js sets it before its first await.
		if (tf.getBackend() !== this.backend.name) void tf.setBackend(this.backend.name);
	}
}

/** The tensors in nested arrays and objects. */
function tensorsIn(value: unknown): tf.Tensor[] {
	if (value instanceof tf.Tensor) return [value];
	if (Array.isArray(value)) return value.flatMap(tensorsIn);
	if (value !== null && typeof value === 'object') return Object.values(value).flatMap(tensorsIn);
	return [];
}
