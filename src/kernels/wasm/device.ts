// The wasm device: the operations of kernels/operations.ts on an own WebAssembly module (module/*.ts, compiled by
// build.mjs) and its own memory, on one thread or several (thread-team.ts). Everything is computed at once, in a fixed order: the same calls give the
// same bits. What is checked here is checked once an operation; the module checks nothing.

import type { Batch } from '../../data/batch';
import type { Activation } from '../../experiment/bert-config';
import type { DeviceInfo } from '../../experiment/device-info';
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
} from '../operations';
import type { ParameterEntry, ParameterLayout } from '../parameters';
import type { NormCall, SelfAttentionCall, TransformerOperations } from '../transformer-operations';
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
import { addVector, addVectorBackward, dropout, residualLayerNorm, residualLayerNormBackward } from './dense';
import {
	distanceRows,
	distanceRowsBackward,
	mixRows,
	mixRowsBackward,
	softmaxGroups,
	softmaxGroupsBackward,
} from './fusion';
import { Heap } from './heap';
import type { Kernels } from './kernel-exports';
import { compileKernels, hasRelaxedSimd, instantiateKernels, type WasmBuild } from './load';
import { linear, linearBackward } from './products';
import { canShareMemory, startTeam, type ThreadTeam } from './thread-team';
import {
	activation,
	activationBackward,
	layerNorm,
	layerNormBackward,
	selfAttention,
	selfAttentionBackward,
} from './transformer';
import { mustHaveShape, own, ownIndices, ownScores, WasmMatrix, Workspace } from './workspace';

const floatBytes = 4;
const pageBytes = 65536;
const mostPages = 65536;

export interface WasmDeviceOptions {
	/** Which build to run; by default `relaxed-fma` where the engine has it, else `plain`. */
	build?: WasmBuild;
	/** The build's bytes, for a place where neither fetch nor a file system finds them. */
	bytes?: BufferSource;
	/** Upper limit of the memory; by default 4 GiB, WebAssembly's own. */
	maximumBytes?: number;
	/** Threads that compute, from 1; by default 1. Fewer run where threads cannot share memory (`findings` says so). */
	threads?: number;
}

/** Loads the module and starts a device. UserError where SIMD is missing or the module cannot be had. */
export async function createWasmDevice(options: WasmDeviceOptions = {}): Promise<WasmDevice> {
	const { threads = 1, bytes } = options;
	const build = options.build ?? (hasRelaxedSimd() ? 'relaxed-fma' : 'plain');
	const isShared = threads > 1 && canShareMemory();
	const module = await compileKernels(build, { bytes, isShared });
	const maximum = Math.ceil((options.maximumBytes ?? pageBytes * mostPages) / pageBytes);
	const memory = new WebAssembly.Memory({ initial: 1, maximum, shared: isShared });
	const kernels = instantiateKernels(module, memory);
	if (isShared) {
		const { team, end } = await startTeam({ module, memory, kernels, threads });
		return new WasmDevice({ kernels, memory, build, team, start: end });
	}
	const findings = threads > 1 ? ['wasm uses one thread, because this page cannot share memory between threads'] : [];
	return new WasmDevice({ kernels, memory, build, team: null, start: kernels.initialize(0), findings });
}

interface WasmDeviceParts {
	kernels: Kernels;
	memory: WebAssembly.Memory;
	build: WasmBuild;
	team: ThreadTeam | null;
	/** First address behind the kernels' working space. */
	start: number;
	findings?: readonly string[];
}

export class WasmDevice implements Device, TransformerOperations {
	readonly info: DeviceInfo;
	readonly rowLayout = 'ragged';
	readonly takesCharacterQueries = true;
	private readonly heap: Heap;
	private readonly space: Workspace;
	private readonly constants = new Map<string, WasmMatrix>();
	private isDisposed = false;

	readonly findings: readonly string[];
	private readonly kernels: Kernels;
	private readonly team: ThreadTeam | null;

	constructor({ kernels, memory, build, team, start, findings = [] }: WasmDeviceParts) {
		this.kernels = kernels;
		this.team = team;
		this.findings = findings;
		this.heap = new Heap(memory, start);
		this.space = new Workspace(this.heap, kernels, team);
		const words = build === 'plain' ? 'WASM SIMD' : 'WASM SIMD, relaxed fma';
		const threads = team?.threads ?? 1;
		const label = `${words}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
		this.info = { name: 'wasm', label, isSoftware: false, build, threads };
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
		this.team?.stop();
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
		const [a, b] = [own(left).pointer, own(right).pointer];
		this.space.shareRows(out, (kernels, offset, rows) =>
			kernels.add(rows * out.columns, a + offset, b + offset, out.pointer + offset),
		);
		return out;
	}

	// --- Dense layers

	linear(call: LinearCall): Matrix {
		return linear(this.live(), call);
	}

	linearBackward(call: LinearCall, output: Matrix, outputGradient: Matrix, wanted: Wanted): Matrix | null {
		return linearBackward(this.live(), call, own(output), own(outputGradient), wanted);
	}

	addVector(matrix: Matrix, vector: ParameterEntry): Matrix {
		return addVector(this.live(), matrix, vector);
	}

	addVectorBackward(vector: ParameterEntry, outputGradient: Matrix): void {
		addVectorBackward(this.live(), vector, outputGradient);
	}

	residualLayerNorm(call: LayerNormCall): { output: Matrix; saved: Saved } {
		return residualLayerNorm(this.live(), call);
	}

	residualLayerNormBackward(call: LayerNormCall, saved: Saved, outputGradient: Matrix, wanted: Wanted): Matrix | null {
		return residualLayerNormBackward(this.live(), call, saved, outputGradient, wanted);
	}

	dropout(matrix: Matrix, settings: Dropout): Matrix {
		return dropout(this.live(), matrix, settings);
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

	tableRowsBackward(table: ParameterEntry, ids: Int32Array, outputGradient: Matrix): void {
		const space = this.live();
		const list = space.indices(ids);
		list.mustLieIn(0, table.rows);
		mustHaveShape(outputGradient, list.length, table.columns);
		const target = space.rowGradients(table, list);
		this.kernels.addToRows(list.length, table.columns, target, list.pointer, 0, own(outputGradient).pointer);
	}

	// --- A standard transformer.

	activation(input: Matrix, kind: Activation): Matrix {
		return activation(this.live(), input, kind);
	}

	activationBackward(input: Matrix, kind: Activation, outputGradient: Matrix): Matrix {
		return activationBackward(this.live(), input, kind, outputGradient);
	}

	layerNorm(call: NormCall): { output: Matrix; saved: Saved } {
		return layerNorm(this.live(), call);
	}

	layerNormBackward(call: NormCall, saved: Saved, outputGradient: Matrix, wanted: Wanted): Matrix | null {
		return layerNormBackward(this.live(), call, saved, outputGradient, wanted);
	}

	selfAttention(call: SelfAttentionCall): { output: Matrix; saved: Saved } {
		return selfAttention(this.live(), call);
	}

	selfAttentionBackward(
		call: SelfAttentionCall,
		saved: Saved,
		outputGradient: Matrix,
	): { query: Matrix; key: Matrix; value: Matrix } {
		return selfAttentionBackward(this.live(), call, saved, outputGradient);
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
		return distanceRows(this.live(), tables, indices, relu);
	}

	distanceRowsBackward(
		tables: readonly Matrix[],
		indices: readonly Indices[],
		relu: boolean,
		output: Matrix,
		outputGradient: Matrix,
	): Matrix[] {
		return distanceRowsBackward(this.live(), tables, indices, relu, output, outputGradient);
	}

	softmaxGroups(matrix: Matrix, groups: number): Matrix {
		return softmaxGroups(this.live(), matrix, groups);
	}

	softmaxGroupsBackward(output: Matrix, groups: number, outputGradient: Matrix): Matrix {
		return softmaxGroupsBackward(this.live(), output, groups, outputGradient);
	}

	mixRows(values: Matrix, indices: readonly Indices[], weights: Matrix): Matrix {
		return mixRows(this.live(), values, indices, weights);
	}

	mixRowsBackward(
		values: Matrix,
		indices: readonly Indices[],
		weights: Matrix,
		outputGradient: Matrix,
	): { values: Matrix; weights: Matrix } {
		return mixRowsBackward(this.live(), values, indices, weights, outputGradient);
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
