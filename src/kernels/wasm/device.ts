// The wasm device: the operations of kernels/operations.ts on an own WebAssembly module (module/*.ts, compiled by
// build.mjs) and its own memory, one thread. Everything is computed at once, in a fixed order: the same calls give the
// same bits. What is checked here is checked once an operation; the module checks nothing.

import type { Batch } from '../../data/batch';
import type { DeviceInfo } from '../../experiment/device-info';
import { dropThreshold } from '../../util/counter-random';
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
	maskedSoftmax,
	maskedSoftmaxBackward,
	relativeScores,
	relativeScoresBackward,
	weightedValues,
	weightedValuesBackward,
} from './attention';
import { type ContrastiveSaved, contrastiveLoss, contrastiveLossBackward } from './contrastive';
import { type CrfForward, crfDecode, crfLoss, crfLossBackward, crfMarginals } from './crf';
import { Heap } from './heap';
import { compileKernels, hasRelaxedSimd, instantiateKernels, type Kernels, type WasmBuild } from './load';
import { mustHaveShape, own, ownIndices, ownScores, WasmMatrix, Workspace } from './workspace';

const floatBytes = 4;
const pageBytes = 65536;

export interface WasmDeviceOptions {
	/** Which build to run; by default `relaxed-fma` where the engine has it, else `plain`. */
	build?: WasmBuild;
	/** The build's bytes, for a place where neither fetch nor a file system finds them. */
	bytes?: BufferSource;
	/** Upper limit of the memory; by default 4 GiB, WebAssembly's own. */
	maximumBytes?: number;
}

/** Loads the module and starts a device. UserError where SIMD is missing or the module cannot be had. */
export async function createWasmDevice(options: WasmDeviceOptions = {}): Promise<WasmDevice> {
	const build = options.build ?? (hasRelaxedSimd() ? 'relaxed-fma' : 'plain');
	const module = await compileKernels(build, options.bytes);
	const limit = options.maximumBytes === undefined ? {} : { maximum: Math.ceil(options.maximumBytes / pageBytes) };
	const memory = new WebAssembly.Memory({ initial: 1, ...limit });
	return new WasmDevice(instantiateKernels(module, memory), memory, build);
}

/** What LayerNorm keeps. */
interface Normalized {
	normalized: WasmMatrix; // [R, H]
	inverseDeviation: WasmMatrix; // [1, R]
}

export class WasmDevice implements Device {
	readonly info: DeviceInfo;
	readonly rowLayout = 'ragged';
	readonly takesCharacterQueries = true;
	private readonly heap: Heap;
	private readonly space: Workspace;
	private readonly constants = new Map<string, WasmMatrix>();
	private isDisposed = false;

	constructor(
		private readonly kernels: Kernels,
		memory: WebAssembly.Memory,
		build: WasmBuild,
	) {
		this.heap = new Heap(memory, kernels.initialize());
		this.space = new Workspace(this.heap, kernels);
		const words = build === 'plain' ? 'WASM SIMD' : 'WASM SIMD, relaxed fma';
		this.info = { name: 'wasm', label: `${words}, 1 thread`, isSoftware: false, build, threads: 1 };
	}

	// --- Parameters

	openParameters(layout: ParameterLayout): void {
		this.live().open(layout);
	}

	writeParameters(values: Float32Array): void {
		this.live().writeFlat('values', values);
	}

	async readParameters(): Promise<Float32Array> {
		return this.live().readFlat('values');
	}

	async readGradients(): Promise<Float32Array> {
		return this.live().readFlat('gradients');
	}

	zeroGradients(): void {
		this.live().zeroGradients();
	}

	writeOptimizerState({ first, second }: OptimizerState): void {
		const space = this.live();
		space.writeFlat('first', first);
		if (second) space.writeFlat('second', second);
		else space.dropSecond();
	}

	async readOptimizerState(): Promise<OptimizerState> {
		const space = this.live();
		return { first: space.readFlat('first'), second: space.hasSecond ? space.readFlat('second') : null };
	}

	update(rule: UpdateRule, trained: readonly ParameterEntry[]): void {
		this.live().update(trained, rule);
	}

	// --- Life of a step

	beginStep(batch: Batch): void {
		this.live().beginStep(batch);
	}

	endStep(): void {
		this.space.endStep();
	}

	memory(): DeviceMemory {
		return { ...this.heap.count(), peakBytes: this.memoryBytes };
	}

	/** Bytes of the WebAssembly memory, which never shrinks: parameters, the largest step so far, working space. */
	get memoryBytes(): number {
		return this.heap.memory.buffer.byteLength;
	}

	/** Most bytes in use at once so far, without what the memory's growth by whole mebibytes adds. */
	get peakBytes(): number {
		return this.heap.peakBytes;
	}

	dispose(): void {
		if (this.isDisposed) return;
		this.endStep();
		this.space.closeParameters();
		for (const { block } of this.constants.values()) this.heap.free(block);
		this.constants.clear();
		this.isDisposed = true;
	}

	/** Nothing takes a processor away. */
	failure(): Error | null {
		return null;
	}

	private live(): Workspace {
		invariant(!this.isDisposed, 'the device is disposed of');
		return this.space;
	}

	// --- Values

	constant(key: string, values: Float32Array, rows: number, columns: number): Matrix {
		this.live();
		invariant(values.length === rows * columns, `${values.length} numbers for a matrix [${rows}, ${columns}]`);
		const old = this.constants.get(key);
		if (old) this.heap.free(old.block);
		const matrix = new WasmMatrix(rows, columns, this.heap.takeLasting(values.length * floatBytes));
		this.heap.floats.set(values, matrix.pointer / floatBytes);
		this.constants.set(key, matrix);
		return matrix;
	}

	upload(values: Float32Array, rows: number, columns: number): Matrix {
		return this.live().upload(values, rows, columns);
	}

	uploadIndices(values: Int32Array): Indices {
		return this.live().indices(values);
	}

	zeros(rows: number, columns: number): Matrix {
		return this.live().zeros(rows, columns);
	}

	sliceRows(matrix: Matrix, start: number, count: number): Matrix {
		return own(matrix).slice(start, count);
	}

	async read(matrix: Matrix): Promise<Float32Array> {
		const { pointer, count } = own(matrix);
		return this.live().read(pointer, count);
	}

	async readScores(scores: Scores): Promise<Float32Array> {
		const { pointer, heads, queries, count } = ownScores(scores);
		invariant(queries === 'nodes', 'scores of the characters alone are not read');
		return this.live().read(pointer, heads * count);
	}

	add(left: Matrix, right: Matrix): Matrix {
		mustHaveShape(right, left.rows, left.columns);
		const out = this.live().matrix(left.rows, left.columns);
		this.kernels.add(out.count, own(left).pointer, own(right).pointer, out.pointer);
		return out;
	}

	// --- Dense layers

	linear({ input, weight, bias, relu }: LinearCall): Matrix {
		const inputs = own(input);
		const { entry, start } = this.locate(weight, this.live().value(weight.entry));
		mustHaveShape(inputs, inputs.rows, weight.columnCount);
		const out = this.space.matrix(inputs.rows, entry.rows); // [n, out]
		this.kernels.gemm(
			...([inputs.rows, entry.rows, inputs.columns] as const),
			...([inputs.pointer, inputs.columns, 1] as const),
			...([start, 1, entry.columns] as const),
			...([out.pointer, out.columns] as const),
			false,
		);
		if (bias) {
			invariant(bias.size === entry.rows, `${bias.name} has ${bias.size} numbers for ${entry.rows} outputs`);
			this.kernels.addVector(out.rows, out.columns, out.pointer, this.space.value(bias), relu, out.pointer);
		} else if (relu) this.kernels.relu(out.count, out.pointer);
		return out;
	}

	linearBackward(call: LinearCall, output: Matrix, outputGradient: Matrix, wanted: Wanted): Matrix | null {
		const { input, weight, bias, relu } = call;
		const { entry, columnCount } = weight;
		const space = this.live();
		const inputs = own(input);
		mustHaveShape(outputGradient, inputs.rows, entry.rows);
		const result = wanted.inputs ? space.matrix(inputs.rows, columnCount) : null; // [n, in]
		space.withSpace(() => {
			const gradient = relu ? this.reluBackward(own(output), own(outputGradient)) : own(outputGradient); // [n, out]
			if (result) {
				this.kernels.gemm(
					...([result.rows, columnCount, entry.rows] as const),
					...([gradient.pointer, entry.rows, 1] as const),
					...([this.locate(weight, space.value(entry)).start, entry.columns, 1] as const),
					...([result.pointer, columnCount] as const),
					false,
				);
			}
			if (!wanted.parameters) return;
			this.kernels.gemm(
				...([entry.rows, columnCount, inputs.rows] as const),
				...([gradient.pointer, 1, entry.rows] as const),
				...([inputs.pointer, columnCount, 1] as const),
				...([this.locate(weight, space.gradient(entry)).start, entry.columns] as const),
				true,
			);
			if (bias) this.kernels.addColumnSums(inputs.rows, entry.rows, gradient.pointer, space.gradient(bias));
		});
		return result;
	}

	private reluBackward(output: WasmMatrix, gradient: WasmMatrix): WasmMatrix {
		const masked = this.space.matrix(gradient.rows, gradient.columns);
		this.kernels.reluBackward(masked.count, output.pointer, gradient.pointer, masked.pointer);
		return masked;
	}

	/** Byte address of a weight's first number, given that of its parameter (or of the parameter's gradient). */
	private locate({ entry, columnStart, columnCount }: Weight, parameter: number) {
		invariant(
			columnStart >= 0 && columnStart + columnCount <= entry.columns,
			`columns ${columnStart} + ${columnCount} of ${entry.name}, which has ${entry.columns}`,
		);
		return { entry, start: parameter + columnStart * floatBytes };
	}

	addVector(matrix: Matrix, vector: ParameterEntry): Matrix {
		invariant(
			vector.size === matrix.columns,
			`${vector.name} has ${vector.size} numbers for ${matrix.columns} columns`,
		);
		const out = this.live().matrix(matrix.rows, matrix.columns);
		this.kernels.addVector(out.rows, out.columns, own(matrix).pointer, this.space.value(vector), false, out.pointer);
		return out;
	}

	addVectorBackward(vector: ParameterEntry, outputGradient: Matrix): void {
		mustHaveShape(outputGradient, outputGradient.rows, vector.size);
		const { rows, columns, pointer } = own(outputGradient);
		this.kernels.addColumnSums(rows, columns, pointer, this.live().gradient(vector));
	}

	residualLayerNorm({ input, residual, gain, bias }: LayerNormCall): { output: Matrix; saved: Saved } {
		const space = this.live();
		const { rows, columns } = input;
		mustHaveShape(residual, rows, columns);
		invariant(gain.size === columns && bias.size === columns, `${gain.name} does not fit ${columns} columns`);
		const output = space.matrix(rows, columns);
		const saved: Normalized = { normalized: space.matrix(rows, columns), inverseDeviation: space.matrix(1, rows) };
		this.kernels.layerNorm(
			...([rows, columns, own(input).pointer, own(residual).pointer, space.value(gain), space.value(bias)] as const),
			...([saved.normalized.pointer, saved.inverseDeviation.pointer, output.pointer] as const),
		);
		return { output, saved };
	}

	residualLayerNormBackward(call: LayerNormCall, saved: Saved, outputGradient: Matrix, wanted: Wanted): Matrix | null {
		const space = this.live();
		const { normalized, inverseDeviation } = saved as Normalized;
		const { rows, columns } = normalized;
		mustHaveShape(outputGradient, rows, columns);
		const gradient = own(outputGradient).pointer;
		if (wanted.parameters) {
			const targets = [space.gradient(call.gain), space.gradient(call.bias)] as const;
			this.kernels.layerNormParameters(rows, columns, normalized.pointer, gradient, ...targets);
		}
		if (!wanted.inputs) return null;
		const out = space.matrix(rows, columns);
		this.kernels.layerNormBackward(
			...([rows, columns, normalized.pointer, inverseDeviation.pointer] as const),
			...([space.value(call.gain), gradient, out.pointer] as const),
		);
		return out;
	}

	dropout(matrix: Matrix, { rate, key, rowKeys }: Dropout): Matrix {
		invariant(rate >= 0 && rate < 1, `drop rate ${rate}`);
		invariant(rowKeys.length === matrix.rows, `${rowKeys.length} row keys for ${matrix.rows} rows`);
		const { rows, columns, pointer } = own(matrix);
		const out = this.live().matrix(rows, columns);
		this.kernels.dropout(
			...([rows, columns, pointer, ownIndices(rowKeys).pointer] as const),
			...([key, dropThreshold(rate), 1 / (1 - rate), out.pointer] as const),
		);
		return out;
	}

	// --- Rows and columns

	embeddingRows(table: ParameterEntry, ids: Indices): Matrix {
		const list = ownIndices(ids);
		list.mustLieIn(-1, table.rows);
		const out = this.live().matrix(list.length, table.columns);
		const values = this.space.rowValues(table, list);
		this.kernels.gatherRows(list.length, table.columns, values, list.pointer, out.pointer);
		return out;
	}

	embeddingRowsBackward(table: ParameterEntry, ids: Indices, outputGradient: Matrix): void {
		const list = ownIndices(ids);
		list.mustLieIn(-1, table.rows);
		mustHaveShape(outputGradient, list.length, table.columns);
		const target = this.live().rowGradients(table, list);
		this.kernels.addToRows(list.length, table.columns, target, list.pointer, 1, own(outputGradient).pointer);
	}

	concatColumns(parts: readonly Matrix[]): Matrix {
		const rows = parts[0].rows;
		const columns = parts.reduce((sum, part) => sum + part.columns, 0);
		const out = this.live().matrix(rows, columns);
		let start = 0;
		for (const part of parts) {
			mustHaveShape(part, rows, part.columns);
			const target = out.pointer + start * floatBytes;
			this.kernels.copyColumns(rows, part.columns, own(part).pointer, part.columns, target, columns);
			start += part.columns;
		}
		return out;
	}

	splitColumns(matrix: Matrix, widths: readonly number[]): Matrix[] {
		const { rows, columns, pointer } = own(matrix);
		const sum = widths.reduce((total, width) => total + width, 0);
		invariant(sum === columns, `widths of ${sum} in all for ${columns} columns`);
		let start = 0;
		return widths.map((width) => {
			const out = this.live().matrix(rows, width);
			this.kernels.copyColumns(rows, width, pointer + start * floatBytes, columns, out.pointer, width);
			start += width;
			return out;
		});
	}

	placeRows(parts: readonly { matrix: Matrix; rows: Indices }[], rowCount: number): Matrix {
		const columns = parts[0].matrix.columns;
		const out = this.live().zeros(rowCount, columns);
		for (const { matrix, rows } of parts) {
			const list = ownIndices(rows);
			list.mustLieIn(-1, rowCount);
			mustHaveShape(matrix, list.length, columns);
			this.kernels.placeRows(list.length, columns, own(matrix).pointer, list.pointer, out.pointer);
		}
		return out;
	}

	gatherRows(matrix: Matrix, rows: Indices): Matrix {
		const { columns, pointer, rows: rowCount } = own(matrix);
		const list = ownIndices(rows);
		list.mustLieIn(-1, rowCount);
		const out = this.live().matrix(list.length, columns);
		this.kernels.gatherRows(list.length, columns, pointer, list.pointer, out.pointer);
		return out;
	}

	// --- Position fusion

	distanceRows(tables: readonly Matrix[], indices: readonly Indices[], relu: boolean): Matrix {
		const count = indices[0].length;
		const { columns } = tables[0];
		const out = this.live().matrix(count, columns); // [P, columns]
		tables.forEach((table, t) => {
			const list = this.distanceIndices(indices[t], count, table.rows);
			mustHaveShape(table, table.rows, columns);
			const isLast = t === tables.length - 1;
			const { pointer } = own(table);
			this.kernels.distanceRows(count, columns, pointer, list, t === 0, relu && isLast, out.pointer);
		});
		return out;
	}

	distanceRowsBackward(
		tables: readonly Matrix[],
		indices: readonly Indices[],
		relu: boolean,
		output: Matrix,
		outputGradient: Matrix,
	): Matrix[] {
		const count = indices[0].length;
		mustHaveShape(outputGradient, count, output.columns);
		const mask = relu ? own(output).pointer : 0;
		const gradient = own(outputGradient).pointer;
		return tables.map((table, t) => {
			const out = this.live().zeros(table.rows, table.columns);
			const list = this.distanceIndices(indices[t], count, table.rows);
			this.kernels.distanceRowsBackward(count, table.columns, out.pointer, list, mask, gradient);
			return out;
		});
	}

	softmaxGroups(matrix: Matrix, groups: number): Matrix {
		invariant(matrix.columns % groups === 0, `${matrix.columns} columns do not divide into ${groups} groups`);
		const { rows, columns, pointer } = own(matrix);
		const out = this.live().matrix(rows, columns);
		this.kernels.softmaxGroups(rows, groups, columns / groups, pointer, out.pointer);
		return out;
	}

	softmaxGroupsBackward(output: Matrix, groups: number, outputGradient: Matrix): Matrix {
		const { rows, columns, pointer } = own(output);
		mustHaveShape(outputGradient, rows, columns);
		const out = this.live().matrix(rows, columns);
		const pointers = [pointer, own(outputGradient).pointer, out.pointer] as const;
		this.kernels.softmaxGroupsBackward(rows, groups, columns / groups, ...pointers);
		return out;
	}

	mixRows(values: Matrix, indices: readonly Indices[], weights: Matrix): Matrix {
		const { columns, pointer } = own(values);
		const { count, width, isVector } = this.mixture(values, indices, weights);
		const out = this.live().zeros(count, columns); // [P, columns]
		indices.forEach((each, t) => {
			const list = this.distanceIndices(each, count, values.rows);
			const part = own(weights).pointer + t * width * floatBytes;
			this.kernels.mixRows(count, columns, pointer, list, part, weights.columns, isVector, out.pointer);
		});
		return out;
	}

	mixRowsBackward(
		values: Matrix,
		indices: readonly Indices[],
		weights: Matrix,
		outputGradient: Matrix,
	): { values: Matrix; weights: Matrix } {
		const { columns, pointer } = own(values);
		const { count, width, isVector } = this.mixture(values, indices, weights);
		mustHaveShape(outputGradient, count, columns);
		const out = {
			values: this.live().zeros(values.rows, columns),
			weights: this.live().matrix(weights.rows, weights.columns),
		};
		indices.forEach((each, t) => {
			const list = this.distanceIndices(each, count, values.rows);
			const offset = t * width * floatBytes;
			this.kernels.mixRowsBackward(
				...([count, columns, pointer, list, own(weights).pointer + offset, weights.columns, isVector] as const),
				...([own(outputGradient).pointer, out.values.pointer, out.weights.pointer + offset] as const),
			);
		});
		return out;
	}

	private distanceIndices(indices: Indices, count: number, rows: number): number {
		const list = ownIndices(indices);
		invariant(list.length === count, `${list.length} indices for ${count} rows`);
		list.mustLieIn(0, rows);
		return list.pointer;
	}

	/** Checks a mixture's sizes; `width` is w of `mixRows`. */
	private mixture(values: Matrix, indices: readonly Indices[], weights: Matrix) {
		const count = indices[0].length;
		const width = weights.columns / indices.length;
		invariant(width === 1 || width === values.columns, `weights of width ${width} for ${values.columns} columns`);
		mustHaveShape(weights, count, weights.columns);
		return { count, width, isVector: width > 1 };
	}

	// --- Attention

	relativeScores(contentQuery: Matrix, key: Matrix, positionQuery: Matrix, relative: Matrix, heads: number): Scores {
		return relativeScores(this.live(), this.attentionInputs(contentQuery, key, positionQuery, relative), heads);
	}

	relativeScoresBackward(
		contentQuery: Matrix,
		key: Matrix,
		positionQuery: Matrix,
		relative: Matrix,
		scoresGradient: Scores,
	): { contentQuery: Matrix; key: Matrix; positionQuery: Matrix; relative: Matrix } {
		const inputs = this.attentionInputs(contentQuery, key, positionQuery, relative);
		return relativeScoresBackward(this.live(), inputs, ownScores(scoresGradient));
	}

	private attentionInputs(contentQuery: Matrix, key: Matrix, positionQuery: Matrix, relative: Matrix) {
		return {
			contentQuery: own(contentQuery),
			key: own(key),
			positionQuery: own(positionQuery),
			relative: own(relative),
		};
	}

	maskedSoftmax(scores: Scores): Scores {
		return maskedSoftmax(this.live(), ownScores(scores));
	}

	maskedSoftmaxBackward(probabilities: Scores, outputGradient: Scores): Scores {
		return maskedSoftmaxBackward(this.live(), ownScores(probabilities), ownScores(outputGradient));
	}

	weightedValues(probabilities: Scores, value: Matrix): Matrix {
		return weightedValues(this.live(), ownScores(probabilities), own(value));
	}

	weightedValuesBackward(
		probabilities: Scores,
		value: Matrix,
		outputGradient: Matrix,
	): { probabilities: Scores; value: Matrix } {
		return weightedValuesBackward(this.live(), ownScores(probabilities), own(value), own(outputGradient));
	}

	// --- Heads

	crfLoss(emissions: Matrix, crf: CrfParameters, tags: Indices): { perSentence: Matrix; saved: Saved } {
		return crfLoss(this.live(), own(emissions), crf, ownIndices(tags));
	}

	crfLossBackward(
		emissions: Matrix,
		crf: CrfParameters,
		tags: Indices,
		saved: Saved,
		weight: number,
		wanted: Wanted,
	): Matrix {
		const kept = saved as CrfForward;
		return crfLossBackward(this.live(), own(emissions), crf, ownIndices(tags), kept, weight, wanted);
	}

	async crfDecode(emissions: Matrix, crf: CrfParameters, constraints: CrfConstraints | null): Promise<CrfDecoding> {
		return crfDecode(this.live(), own(emissions), crf, constraints);
	}

	async crfMarginals(emissions: Matrix, crf: CrfParameters): Promise<Float32Array> {
		return crfMarginals(this.live(), own(emissions), crf);
	}

	contrastiveLoss(call: ContrastiveCall): { loss: Matrix; perClass: Matrix; saved: Saved } {
		return contrastiveLoss(this.live(), call);
	}

	contrastiveLossBackward(call: ContrastiveCall, saved: Saved): Matrix {
		return contrastiveLossBackward(this.live(), call, saved as ContrastiveSaved);
	}
}
