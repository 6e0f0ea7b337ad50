// The fused GPU device: own WGSL programs over own buffers, no TensorFlow.js. One arena holds the step's matrices, flat
// buffers the parameters; every operation is one dispatch or a few, and whole steps are recorded and repeated
// (workspace.ts). Batches are padded. Letters: B sentences, N nodes of each, R = B * N, H width, h heads, d = H / h,
// C characters, K tags, P distance tuples, D table rows.

import type { Batch } from '../../../data/batch';
import type { DeviceInfo } from '../../../experiment/device-info';
import { dropThreshold, placeKey } from '../../../util/counter-random';
import { invariant } from '../../../util/errors';
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
	RecordedStep,
	Saved,
	Scores,
	StepFacts,
	UpdateRule,
	Wanted,
} from '../../operations';
import type { ParameterEntry, ParameterLayout } from '../../parameters';
import { type AdapterFinding, describeAdapter, probeAdapter } from '../adapter';
import {
	maskedSoftmaxProgram,
	pairsOfTuples,
	positionQueryGradientProgram,
	relativeScoresProgram,
	scoreThreads,
	softmaxGradientProgram,
	tupleGradientProgram,
} from './attention-programs';
import {
	contrastiveRowsProgram,
	contrastiveTotalsProgram,
	normalizeGradientProgram,
	normalizeProgram,
	planContrastive,
} from './contrastive-programs';
import {
	crfBackwardProgram,
	crfEdgesProgram,
	crfForwardProgram,
	crfMovesProgram,
	crfViterbiProgram,
	mostTags,
} from './crf-programs';
import {
	distanceRowsGradientProgram,
	distanceRowsProgram,
	mixedValuesGradientProgram,
	mixingWeightsGradientProgram,
	mixRowsProgram,
	mostTables,
	softmaxGroupsGradientProgram,
	softmaxGroupsProgram,
} from './distance-programs';
import { type GemmVariant, gemmProgram, gemmTile } from './gemm-program';
import { GpuEngine } from './gpu-engine';
import { layerNormGradientProgram, layerNormParametersProgram, layerNormProgram } from './layer-norm-programs';
import { openGpu } from './open-gpu';
import { membersOfRows, sourcesOfRows, touchedRows } from './row-lists';
import {
	addProgram,
	addVectorProgram,
	columnSumsProgram,
	concatProgram,
	dropoutProgram,
	gatherProgram,
	mostParts,
	placeProgram,
	sliceColumnsProgram,
	touchedRowsProgram,
	zeroProgram,
} from './row-programs';
import type { RowLanes } from './row-reduction';
import { ArenaMatrix, type ArenaScores } from './step-memory';
import { adamwProgram, sgdProgram, trainedMask } from './update-program';
import { type InputList, Workspace } from './workspace';

export interface FusedOptions {
	/** Threads that share a row in reductions; by the adapter when not given. */
	rowLanes?: RowLanes;
}

/** Opens the GPU. Where there is no adapter that is a bug of the caller, who asks `probeAdapter` first. */
export async function createFusedDevice(options: FusedOptions = {}): Promise<FusedDevice> {
	const probed = await probeAdapter();
	invariant(probed.adapter, 'no graphics adapter');
	return new FusedDevice(probed.adapter, await openGpu(), options);
}

/** No clipping, as a number. */
const unlimited = 3e38;

/** Strides of one operand of a product; see gemm-program.ts. */
interface Operand {
	at: number;
	/** Step along m (of A) or n (of B). */
	outer: number;
	/** Step along k. */
	inner: number;
	sentence?: number;
	head?: number;
}

interface Product {
	rows: number;
	columns: number;
	inner: number;
	a: Operand;
	b: Operand;
	/** First element, step from row to row, from sentence to sentence, from head to head. */
	c: { at: number; row: number; sentence?: number; head?: number };
	sentences?: number;
	heads?: number;
	bias?: number;
	mask?: number;
}

const arenaProduct: GemmVariant = { a: 'arena', b: 'arena', c: 'arena' };

/** A matrix that lives between steps: its numbers go up with each step that uses it. */
class ConstantMatrix {
	constructor(
		readonly key: string,
		readonly rows: number,
		readonly columns: number,
	) {}
}

interface ContrastiveSaved {
	unit: ArenaMatrix;
	norms: ArenaMatrix;
	/** Gradient with respect to the cosines over the temperature. [P, C] */
	gradient: ArenaMatrix;
	places: number;
}

export class FusedDevice implements Device {
	readonly info: DeviceInfo;
	readonly rowLayout = 'padded' as const;
	private readonly engine: GpuEngine;
	private readonly space: Workspace;
	private readonly lanes: RowLanes;
	private layout: ParameterLayout | null = null;
	private hasSecond = false;
	private maskOf: readonly ParameterEntry[] | null = null;
	private isClosed = false;

	constructor({ isSoftware, ...adapter }: AdapterFinding, gpu: GPUDevice, options: FusedOptions) {
		const label = `WebGPU, ${describeAdapter({ isSoftware, ...adapter })}`;
		this.info = { name: 'webgpu', label, isSoftware, adapter, threads: 1, build: 'fused' };
		this.engine = new GpuEngine(gpu, isSoftware);
		this.lanes = options.rowLanes ?? (isSoftware ? 1 : 32);
		this.space = new Workspace(
			this.engine,
			() => this.readGradients(),
			(values) => this.engine.write('gradients', 0, values),
		);
	}

	get findings(): readonly string[] {
		return this.space.findings;
	}

	/** Dispatches and submissions so far, and steps that were repeated from a recording. */
	get counts() {
		return { ...this.engine.counts, repeatedSteps: this.space.repeatedSteps };
	}

	/** The GPU itself, for tests that break it. */
	get gpu(): GPUDevice {
		return this.engine.gpu;
	}

	failure(): Error | null {
		return this.engine.failure;
	}

	memory(): DeviceMemory {
		return { allocations: 9, bytes: this.engine.bytes };
	}

	dispose(): void {
		if (this.isClosed) return;
		this.isClosed = true;
		this.engine.failure ??= new Error('the device was closed');
		this.engine.dispose();
	}

	// --- Parameters.

	openParameters(layout: ParameterLayout): void {
		this.space.flush();
		this.space.forgetSteps();
		this.layout = layout;
		this.hasSecond = false;
		this.maskOf = null;
		for (const name of ['values', 'gradients', 'first'] as const) this.engine.replaceBuffer(name, 4 * layout.size);
		this.engine.replaceBuffer('second', 0);
		this.engine.replaceBuffer('mask', 4 * Math.ceil(layout.size / 512));
	}

	writeParameters(values: Float32Array): void {
		this.space.flush();
		this.engine.write('values', 0, values, this.parameterCount);
	}

	readParameters(): Promise<Float32Array> {
		return this.readFlat('values');
	}

	readGradients(): Promise<Float32Array> {
		return this.readFlat('gradients');
	}

	zeroGradients(): void {
		this.space.flush();
		this.engine.clear('gradients');
	}

	writeOptimizerState(state: OptimizerState): void {
		this.space.flush();
		this.engine.write('first', 0, state.first, this.parameterCount);
		this.setSecond(state.second !== null);
		if (state.second) this.engine.write('second', 0, state.second, this.parameterCount);
	}

	async readOptimizerState(): Promise<OptimizerState> {
		const first = await this.readFlat('first');
		return { first, second: this.hasSecond ? await this.readFlat('second') : null };
	}

	update(rule: UpdateRule, trained: readonly ParameterEntry[]): void {
		this.space.flush();
		this.writeMask(trained);
		const clip = rule.clipValue > 0 ? rule.clipValue : unlimited;
		const common = { rateFloat: rule.learningRate, decayFloat: rule.weightDecay, clipFloat: clip };
		const count = Math.ceil(this.parameterCount / 4);
		if (rule.kind === 'sgd') {
			this.space.run(sgdProgram, { count, words: { ...common, momentumFloat: rule.momentum } });
		} else {
			if (!this.hasSecond) this.setSecond(true);
			const { beta1, beta2, epsilon, count: updates } = rule;
			this.space.run(adamwProgram, {
				count,
				words: {
					...common,
					...{ beta1Float: beta1, rest1Float: 1 - beta1, beta2Float: beta2, rest2Float: 1 - beta2 },
					...{ scale1Float: 1 - beta1 ** updates, scale2Float: 1 - beta2 ** updates, epsilonFloat: epsilon },
				},
			});
		}
		this.engine.submit();
	}

	private get parameterCount(): number {
		invariant(this.layout, 'no parameters were opened');
		return this.layout.size;
	}

	private setSecond(isWanted: boolean): void {
		if (isWanted || this.hasSecond) this.engine.replaceBuffer('second', isWanted ? 4 * this.parameterCount : 0);
		this.hasSecond = isWanted;
	}

	private writeMask(trained: readonly ParameterEntry[]): void {
		const isKnown =
			this.maskOf?.length === trained.length && trained.every((entry, index) => entry === this.maskOf?.[index]);
		if (isKnown) return;
		this.engine.write('mask', 0, trainedMask(this.parameterCount, trained));
		this.maskOf = [...trained];
	}

	private async readFlat(name: 'values' | 'gradients' | 'first' | 'second'): Promise<Float32Array> {
		this.space.flush();
		return new Float32Array(await this.engine.read(name, [{ byteOffset: 0, bytes: 4 * this.parameterCount }]));
	}

	// --- Life of a step.

	beginStep(batch: Batch): void {
		invariant(batch.layout === 'padded', 'a batch in rows of another layout');
		this.space.begin({ batch, random: null });
	}

	endStep(): void {
		if (!this.isClosed) this.space.end();
	}

	runStep(step: RecordedStep): Promise<Float32Array[]> {
		return this.space.runStep(step);
	}

	// --- Values.

	constant(key: string, values: Float32Array, rows: number, columns: number): Matrix {
		this.space.keepConstant(key, values);
		return new ConstantMatrix(key, rows, columns);
	}

	upload(values: Float32Array, rows: number, columns: number): Matrix {
		return this.space.upload(values, rows, columns);
	}

	uploadIndices(values: Int32Array): Indices {
		return this.space.given(values);
	}

	indicesFrom(name: string, derive: (facts: StepFacts) => Int32Array): Indices {
		return this.space.derived(name, ({ facts }) => derive(facts));
	}

	matrixFrom(rows: number, columns: number, derive: (facts: StepFacts) => Float32Array): Matrix {
		return this.space.upload(derive(this.space.facts), rows, columns, derive);
	}

	zeros(rows: number, columns: number): ArenaMatrix {
		const out = this.space.matrix(rows, columns);
		this.space.run(zeroProgram, { count: out.size, words: { out: out.offset } });
		return out;
	}

	sliceRows(matrix: Matrix, start: number, count: number): Matrix {
		const whole = this.own(matrix);
		return new ArenaMatrix(count, whole.columns, whole.offset + start * whole.columns, whole.step);
	}

	async read(matrix: Matrix): Promise<Float32Array> {
		const { offset, size } = this.own(matrix);
		return (await this.space.read([{ offset, size }]))[0];
	}

	async readScores(scores: Scores): Promise<Float32Array> {
		const { size } = scores as ArenaScores;
		return (await this.space.read([{ offset: this.space.at(scores), size }]))[0];
	}

	add(left: Matrix, right: Matrix): Matrix {
		const out = this.space.matrix(left.rows, left.columns);
		this.space.run(addProgram, {
			count: out.size,
			words: { out: out.offset, left: this.at(left), right: this.at(right) },
		});
		return out;
	}

	/** The matrix where it lies in this step. */
	private own(matrix: Matrix): ArenaMatrix {
		const found =
			matrix instanceof ConstantMatrix ? this.space.constant(matrix.key, matrix.rows, matrix.columns) : matrix;
		this.space.at(found);
		return found as ArenaMatrix;
	}

	private at(matrix: Matrix): number {
		return this.own(matrix).offset;
	}

	// --- Dense layers.

	linear({ input, weight, bias, relu }: LinearCall): Matrix {
		const { entry, columnStart, columnCount } = weight;
		const out = this.space.matrix(input.rows, entry.rows);
		this.multiply(
			{ a: 'arena', b: 'values', c: 'arena', bias: bias !== null, relu },
			{
				...{ rows: input.rows, columns: entry.rows, inner: columnCount },
				a: { at: this.at(input), outer: input.columns, inner: 1 },
				b: { at: entry.offset + columnStart, outer: entry.columns, inner: 1 },
				c: { at: out.offset, row: out.columns },
				bias: bias?.offset,
			},
		);
		return out;
	}

	linearBackward(call: LinearCall, output: Matrix, outputGradient: Matrix, wanted: Wanted): Matrix | null {
		const { input, bias, relu } = call;
		const { entry, columnStart, columnCount } = call.weight;
		const { rows, columns } = input;
		const gradient = this.at(outputGradient);
		const mask = relu ? this.at(output) : undefined;
		const outputs = entry.rows;
		if (wanted.parameters)
			this.multiply(
				{ a: 'arena', b: 'arena', c: 'gradients', accumulates: true, isMasked: relu, hasOnes: bias !== null },
				{
					...{ rows: outputs, columns: columnCount + (bias ? 1 : 0), inner: rows },
					a: { at: gradient, outer: 1, inner: outputs },
					b: { at: this.at(input), outer: 1, inner: columns },
					c: { at: entry.offset + columnStart, row: entry.columns },
					...{ bias: bias?.offset, mask },
				},
			);
		if (!wanted.inputs) return null;
		const out = this.space.matrix(rows, columns);
		this.multiply(
			{ a: 'arena', b: 'values', c: 'arena', isMasked: relu },
			{
				...{ rows, columns: columnCount, inner: outputs },
				a: { at: gradient, outer: outputs, inner: 1 },
				b: { at: entry.offset + columnStart, outer: 1, inner: entry.columns },
				c: { at: out.offset, row: columns },
				mask,
			},
		);
		return out;
	}

	addVector(matrix: Matrix, vector: ParameterEntry): Matrix {
		const out = this.space.matrix(matrix.rows, matrix.columns);
		const words = { out: out.offset, source: this.at(matrix), vector: vector.offset, columns: matrix.columns };
		this.space.run(addVectorProgram, { count: out.size, words });
		return out;
	}

	addVectorBackward(vector: ParameterEntry, outputGradient: Matrix): void {
		this.addColumnSums(vector, outputGradient, 1);
	}

	/** gradients[entry] += scale * sum of the rows */
	private addColumnSums(entry: ParameterEntry, matrix: Matrix, scale: number): void {
		const { rows, columns } = matrix;
		this.space.run(columnSumsProgram, {
			count: Math.ceil(columns / 16),
			words: { vector: entry.offset, source: this.at(matrix), rows, columns, scaleFloat: scale },
			work: rows * columns,
		});
	}

	residualLayerNorm({ input, residual, gain, bias }: LayerNormCall): { output: Matrix; saved: Saved } {
		const { rows, columns } = input;
		const output = this.space.matrix(rows, columns);
		const stats = this.space.matrix(rows, 2);
		this.space.run(layerNormProgram(this.lanes), {
			count: rows,
			words: {
				...{ out: output.offset, stats: stats.offset, input: this.at(input), residual: this.at(residual) },
				...{ gain: gain.offset, bias: bias.offset, columns },
			},
			work: 4 * rows * columns,
		});
		return { output, saved: stats };
	}

	residualLayerNormBackward(
		{ input, residual, gain, bias }: LayerNormCall,
		saved: Saved,
		outputGradient: Matrix,
		wanted: Wanted,
	): Matrix | null {
		const { rows, columns } = input;
		const places = {
			gradient: this.at(outputGradient),
			stats: this.at(saved as ArenaMatrix),
			input: this.at(input),
			residual: this.at(residual),
			gain: gain.offset,
			columns,
		};
		if (wanted.parameters)
			this.space.run(layerNormParametersProgram, {
				count: Math.ceil(columns / 16),
				words: { ...places, bias: bias.offset, rows },
				work: 2 * rows * columns,
			});
		if (!wanted.inputs) return null;
		const out = this.space.matrix(rows, columns);
		this.space.run(layerNormGradientProgram(this.lanes), {
			count: rows,
			words: { ...places, out: out.offset },
			work: 4 * rows * columns,
		});
		return out;
	}

	dropout(matrix: Matrix, { rate, key, rowKeys, place }: Dropout): Matrix {
		const { rows, columns } = matrix;
		invariant(rowKeys.length === rows, `${rowKeys.length} row keys for ${rows} rows`);
		const out = this.space.matrix(rows, columns);
		const derive = ({ random }: StepFacts) =>
			random && place !== undefined ? placeKey(random.seed, random.step, place) : key;
		const keyAt = this.space.number(key, place === undefined ? undefined : { name: `key ${place}`, derive });
		this.space.run(dropoutProgram, {
			count: out.size,
			words: {
				...{ out: out.offset, source: this.at(matrix), rowKeys: this.space.list(rowKeys).offset, key: keyAt },
				...{ threshold: dropThreshold(rate) | 0, columns, keptFloat: 1 - rate },
			},
		});
		return out;
	}

	// --- Rows and columns.

	embeddingRows(table: ParameterEntry, ids: Indices): Matrix {
		return this.gather('values', table.offset, ids, table.columns);
	}

	embeddingRowsBackward(table: ParameterEntry, ids: Indices, outputGradient: Matrix): void {
		const list = this.space.list(ids);
		const lists = this.space.combined('touched rows', [list], ([rows]) => touchedRows(rows));
		const { columns } = table;
		this.space.run(touchedRowsProgram, {
			count: list.length * columns,
			words: {
				...{ table: table.offset, source: this.at(outputGradient), lists: lists.offset },
				...{ slots: list.length, columns },
			},
		});
	}

	concatColumns(parts: readonly Matrix[]): Matrix {
		invariant(parts.length <= mostParts, `${parts.length} matrices side by side`);
		const columns = parts.reduce((sum, part) => sum + part.columns, 0);
		const out = this.space.matrix(parts[0].rows, columns);
		const words: Record<string, number> = { out: out.offset, columns };
		for (let part = 0; part < mostParts; part++) {
			words[`part${part}`] = part < parts.length ? this.at(parts[part]) : 0;
			words[`width${part}`] = part < parts.length ? parts[part].columns : 0;
		}
		this.space.run(concatProgram, { count: out.size, words });
		return out;
	}

	splitColumns(matrix: Matrix, widths: readonly number[]): Matrix[] {
		let start = 0;
		return widths.map((columns) => {
			const out = this.space.matrix(matrix.rows, columns);
			const words = { out: out.offset, source: this.at(matrix), start, width: matrix.columns, columns };
			this.space.run(sliceColumnsProgram, { count: out.size, words });
			start += columns;
			return out;
		});
	}

	placeRows(parts: readonly { matrix: Matrix; rows: Indices }[], rowCount: number): Matrix {
		invariant(parts.length <= mostParts, `${parts.length} matrices to place`);
		const { columns } = parts[0].matrix;
		const out = this.space.matrix(rowCount, columns);
		const lists = parts.map(({ rows }) => this.space.list(rows));
		const sources = this.space.combined(`sources of ${rowCount} rows`, lists, (rows) => sourcesOfRows(rows, rowCount));
		const words: Record<string, number> = { out: out.offset, sources: sources.offset, parts: parts.length, columns };
		for (let part = 0; part < mostParts; part++)
			words[`part${part}`] = part < parts.length ? this.at(parts[part].matrix) : 0;
		this.space.run(placeProgram, { count: out.size, words });
		return out;
	}

	gatherRows(matrix: Matrix, rows: Indices): Matrix {
		return this.gather('arena', this.at(matrix), rows, matrix.columns);
	}

	private gather(from: 'arena' | 'values', source: number, indices: Indices, columns: number): ArenaMatrix {
		const list = this.space.list(indices);
		const out = this.space.matrix(list.length, columns);
		const words = { out: out.offset, source, rows: list.offset, columns };
		this.space.run(gatherProgram(from), { count: out.size, words });
		return out;
	}

	// --- Position fusion.

	distanceRows(tables: readonly Matrix[], indices: readonly Indices[], relu: boolean): Matrix {
		invariant(tables.length <= mostTables, `${tables.length} tables`);
		const { columns } = tables[0];
		const out = this.space.matrix(indices[0].length, columns);
		const words: Record<string, number> = { out: out.offset, columns, ...this.listWords(indices) };
		for (let t = 0; t < mostTables; t++) words[`table${t}`] = t < tables.length ? this.at(tables[t]) : 0;
		this.space.run(distanceRowsProgram(tables.length, relu), { count: out.size, words });
		return out;
	}

	distanceRowsBackward(
		tables: readonly Matrix[],
		indices: readonly Indices[],
		relu: boolean,
		output: Matrix,
		outputGradient: Matrix,
	): Matrix[] {
		return tables.map(({ rows, columns }, t) => {
			const out = this.space.matrix(rows, columns);
			const words = {
				...{ out: out.offset, gradient: this.at(outputGradient), output: this.at(output) },
				...{ lists: this.members([indices[t]], rows).offset, rows, columns },
			};
			const work = out.size + output.rows * columns;
			this.space.run(distanceRowsGradientProgram(relu), { count: out.size, words, work });
			return out;
		});
	}

	softmaxGroups(matrix: Matrix, groups: number): Matrix {
		const out = this.space.matrix(matrix.rows, matrix.columns);
		const words = { out: out.offset, source: this.at(matrix), groups, width: matrix.columns / groups };
		this.space.run(softmaxGroupsProgram, { count: out.size / groups, words });
		return out;
	}

	softmaxGroupsBackward(output: Matrix, groups: number, outputGradient: Matrix): Matrix {
		const out = this.space.matrix(output.rows, output.columns);
		this.space.run(softmaxGroupsGradientProgram, {
			count: out.size / groups,
			words: {
				...{ out: out.offset, output: this.at(output), gradient: this.at(outputGradient) },
				...{ groups, width: output.columns / groups },
			},
		});
		return out;
	}

	mixRows(values: Matrix, indices: readonly Indices[], weights: Matrix): Matrix {
		const { columns } = values;
		const out = this.space.matrix(weights.rows, columns);
		this.space.run(mixRowsProgram(indices.length), {
			count: out.size,
			words: {
				...{ out: out.offset, source: this.at(values), weights: this.at(weights) },
				...{ share: weights.columns / indices.length, columns, ...this.listWords(indices) },
			},
		});
		return out;
	}

	mixRowsBackward(
		values: Matrix,
		indices: readonly Indices[],
		weights: Matrix,
		outputGradient: Matrix,
	): { values: Matrix; weights: Matrix } {
		const { columns, rows } = values;
		const share = weights.columns / indices.length;
		const valuesOut = this.space.matrix(rows, columns);
		const weightsOut = this.space.matrix(weights.rows, weights.columns);
		const gradient = this.at(outputGradient);
		this.space.run(mixedValuesGradientProgram(indices.length), {
			count: valuesOut.size,
			words: {
				...{ out: valuesOut.offset, gradient, weights: this.at(weights), share, columns },
				...{ lists: this.members(indices, rows).offset, rows, tuples: weights.rows },
			},
			work: valuesOut.size + indices.length * weights.rows * columns,
		});
		this.space.run(mixingWeightsGradientProgram(indices.length), {
			count: weightsOut.size,
			words: {
				...{ out: weightsOut.offset, source: this.at(values), gradient, share, columns },
				...this.listWords(indices),
			},
			work: indices.length * weights.rows * columns,
		});
		return { values: valuesOut, weights: weightsOut };
	}

	private listWords(indices: readonly Indices[]): Record<string, number> {
		const words: Record<string, number> = {};
		for (let t = 0; t < mostTables; t++)
			words[`list${t}`] = t < indices.length ? this.space.list(indices[t]).offset : 0;
		return words;
	}

	/** Members of each of `rows` rows over the lists joined. */
	private members(indices: readonly Indices[], rows: number): InputList {
		const lists = indices.map((one) => this.space.list(one));
		return this.space.combined(`members of ${rows} rows`, lists, (values) => {
			const joined = new Int32Array(values.reduce((sum, list) => sum + list.length, 0));
			let place = 0;
			for (const list of values) {
				joined.set(list, place);
				place += list.length;
			}
			return membersOfRows(joined, rows);
		});
	}

	// --- Attention.

	relativeScores(contentQuery: Matrix, key: Matrix, positionQuery: Matrix, relative: Matrix, heads: number): Scores {
		const { sentences, nodes } = this.sizes();
		const out = this.space.scores(heads, sentences * heads * nodes * nodes);
		const across = scoreThreads(nodes);
		this.space.run(relativeScoresProgram, {
			count: sentences * heads * nodes * across,
			words: {
				...{ out: out.offset, contentQuery: this.at(contentQuery), key: this.at(key) },
				...{ positionQuery: this.at(positionQuery), relative: this.at(relative), tuples: this.tuples().offset },
				...{ nodes, heads, width: key.columns, across },
			},
			work: 2 * sentences * nodes * nodes * key.columns,
		});
		return out;
	}

	relativeScoresBackward(
		contentQuery: Matrix,
		key: Matrix,
		positionQuery: Matrix,
		relative: Matrix,
		scoresGradient: Scores,
	): { contentQuery: Matrix; key: Matrix; positionQuery: Matrix; relative: Matrix } {
		const { nodes } = this.sizes();
		const { heads } = scoresGradient;
		const { columns: width } = key;
		const scores = this.space.at(scoresGradient);
		const common = { scores, nodes, heads, width };
		const positionOut = this.space.matrix(key.rows, width);
		this.space.run(positionQueryGradientProgram, {
			count: positionOut.size,
			words: { ...common, out: positionOut.offset, relative: this.at(relative), tuples: this.tuples().offset },
			work: positionOut.size * nodes,
		});
		const relativeOut = this.space.matrix(relative.rows, width);
		this.space.run(tupleGradientProgram, {
			count: relativeOut.size,
			words: {
				...common,
				...{ out: relativeOut.offset, query: this.at(positionQuery) },
				...{ lists: this.pairs().offset, tuples: relative.rows },
			},
			work: positionOut.size * nodes,
		});
		return {
			contentQuery: this.sumOverKeys(scoresGradient, key, false),
			key: this.sumOverKeys(scoresGradient, contentQuery, true),
			positionQuery: positionOut,
			relative: relativeOut,
		};
	}

	maskedSoftmax(scores: Scores): Scores {
		const { nodes, nodeCount } = this.sizes();
		const source = scores as ArenaScores;
		const out = this.space.scores(source.heads, source.size);
		const words = { out: out.offset, scores: this.space.at(source), nodeCount, nodes, heads: source.heads };
		this.space.run(maskedSoftmaxProgram(this.lanes), { count: out.size / nodes, words, work: 4 * out.size });
		return out;
	}

	maskedSoftmaxBackward(probabilities: Scores, outputGradient: Scores): Scores {
		const { nodes } = this.sizes();
		const { heads, size } = probabilities as ArenaScores;
		const out = this.space.scores(heads, size);
		this.space.run(softmaxGradientProgram(this.lanes), {
			count: size / nodes,
			words: {
				...{ out: out.offset, probabilities: this.space.at(probabilities) },
				...{ gradient: this.space.at(outputGradient), nodes },
			},
			work: 2 * size,
		});
		return out;
	}

	weightedValues(probabilities: Scores, value: Matrix): Matrix {
		return this.sumOverKeys(probabilities, value, false);
	}

	weightedValuesBackward(
		probabilities: Scores,
		value: Matrix,
		outputGradient: Matrix,
	): { probabilities: Scores; value: Matrix } {
		const { sentences, nodes } = this.sizes();
		const { heads, size } = probabilities as ArenaScores;
		const width = value.columns;
		const out = this.space.scores(heads, size);
		const rows = { outer: width, inner: 1, sentence: nodes * width, head: width / heads };
		this.multiply(arenaProduct, {
			...{ rows: nodes, columns: nodes, inner: width / heads, sentences, heads },
			a: { at: this.at(outputGradient), ...rows },
			b: { at: this.at(value), ...rows },
			c: { at: out.offset, row: nodes, sentence: heads * nodes * nodes, head: nodes * nodes },
		});
		return { probabilities: out, value: this.sumOverKeys(probabilities, outputGradient, true) };
	}

	/** out_i = sum over j of score[g, i, j] * matrix_j; transposed: score[g, j, i]. [R, H] */
	private sumOverKeys(scores: Scores, matrix: Matrix, isTransposed: boolean): ArenaMatrix {
		const { sentences, nodes } = this.sizes();
		const { heads } = scores;
		const width = matrix.columns;
		const out = this.space.matrix(matrix.rows, width);
		const step = { sentence: nodes * width, head: width / heads };
		this.multiply(arenaProduct, {
			...{ rows: nodes, columns: width / heads, inner: nodes, sentences, heads },
			a: {
				at: this.space.at(scores),
				...(isTransposed ? { outer: 1, inner: nodes } : { outer: nodes, inner: 1 }),
				...{ sentence: heads * nodes * nodes, head: nodes * nodes },
			},
			b: { at: this.at(matrix), outer: 1, inner: width, ...step },
			c: { at: out.offset, row: width, ...step },
		});
		return out;
	}

	private multiply(variant: GemmVariant, { rows, columns, inner, a, b, c, bias, mask, ...batch }: Product): void {
		const { sentences = 1, heads = 1 } = batch;
		const tiles = Math.ceil(rows / gemmTile) * Math.ceil(columns / gemmTile);
		this.space.run(gemmProgram(variant), {
			count: tiles * sentences * heads,
			words: {
				...{ rows, columns, inner, heads },
				...{ a: a.at, aRow: a.outer, aInner: a.inner, aSentence: a.sentence ?? 0, aHead: a.head ?? 0 },
				...{ b: b.at, bColumn: b.outer, bInner: b.inner, bSentence: b.sentence ?? 0, bHead: b.head ?? 0 },
				...{ c: c.at, cRow: c.row, cSentence: c.sentence ?? 0, cHead: c.head ?? 0 },
				...{ bias: bias ?? 0, mask: mask ?? 0 },
			},
			work: rows * columns * inner * sentences * heads,
		});
	}

	/** B, N, and the place of the sentences' node counts. */
	private sizes(): { sentences: number; nodes: number; nodeCount: number } {
		const { batch } = this.space.facts;
		const nodeCount = this.space.derived('node counts', ({ facts }) => facts.batch.nodeCount).offset;
		return { sentences: batch.sentenceCount, nodes: batch.blockSize[0], nodeCount };
	}

	private tuples(): InputList {
		return this.space.derived('tuples', ({ facts }) => facts.batch.distances.index);
	}

	private pairs(): InputList {
		return this.space.derived('pairs of tuples', ({ facts: { batch } }) =>
			pairsOfTuples(batch.distances.index, batch.nodeCount, batch.blockSize[0], batch.distances.count),
		);
	}

	// --- CRF.

	crfLoss(emissions: Matrix, crf: CrfParameters, tags: Indices): { perSentence: Matrix; saved: Saved } {
		const perSentence = this.space.matrix(this.sizes().sentences, 1);
		const alphas = this.crfForward(emissions, crf, this.space.list(tags).offset, perSentence);
		return { perSentence, saved: alphas };
	}

	crfLossBackward(
		emissions: Matrix,
		crf: CrfParameters,
		tags: Indices,
		saved: Saved,
		weight: number,
		wanted: Wanted,
	): Matrix {
		const alphas = saved as ArenaMatrix;
		const tagsAt = this.space.list(tags).offset;
		const { gradient, betas, totals } = this.crfBackward(emissions, crf, alphas, tagsAt, weight);
		if (wanted.parameters) {
			const { columns } = emissions;
			const { sentences } = this.sizes();
			const moves = this.space.matrix(sentences, columns * columns);
			this.space.run(crfMovesProgram(columns), {
				count: moves.size,
				words: {
					...{ out: moves.offset, alphas: this.at(alphas), betas: betas.offset, totals: totals.offset },
					...{ emissions: this.at(emissions), transitions: crf.transitions.offset, tags: tagsAt, spans: this.spans() },
				},
				work: emissions.rows * columns * columns,
			});
			this.addColumnSums(crf.transitions, moves, weight);
			if (crf.start || crf.end)
				this.space.run(crfEdgesProgram(columns), {
					count: columns,
					words: {
						...{ gradient: gradient.offset, start: crf.start?.offset ?? -1, end: crf.end?.offset ?? -1 },
						...{ spans: this.spans(), sentences },
					},
				});
		}
		return gradient;
	}

	async crfDecode(emissions: Matrix, crf: CrfParameters, constraints: CrfConstraints | null): Promise<CrfDecoding> {
		const { rows, columns } = emissions;
		const { sentences } = this.sizes();
		const table = constraints ? this.space.upload(constraints, columns + 2, columns + 2) : null;
		const pointers = this.space.matrix(rows, columns);
		const path = this.space.matrix(1, rows + sentences);
		this.space.run(crfViterbiProgram(columns), {
			count: sentences + 1,
			words: {
				...{ pointers: pointers.offset, path: path.offset, ...this.crfWords(emissions, crf) },
				...{ constraints: table?.offset ?? -1, characters: rows, sentences, real: this.realCharacters() },
			},
			work: rows * columns * columns,
		});
		const whole = await this.read(path);
		return { tags: Int32Array.from(whole.subarray(0, rows)), scores: whole.slice(rows) };
	}

	async crfMarginals(emissions: Matrix, crf: CrfParameters): Promise<Float32Array> {
		const alphas = this.crfForward(emissions, crf, -1, emissions);
		return this.read(this.crfBackward(emissions, crf, alphas, -1, 1).gradient);
	}

	private crfForward(emissions: Matrix, crf: CrfParameters, tags: number, loss: Matrix): ArenaMatrix {
		const { rows, columns } = emissions;
		invariant(columns <= mostTags, `${columns} tags`);
		const alphas = this.space.matrix(rows, columns + 1);
		this.space.run(crfForwardProgram(columns), {
			count: this.sizes().sentences,
			words: { alphas: alphas.offset, loss: this.at(loss), tags, ...this.crfWords(emissions, crf) },
			work: rows * columns * columns,
		});
		return alphas;
	}

	private crfBackward(emissions: Matrix, crf: CrfParameters, alphas: ArenaMatrix, tags: number, weight: number) {
		const { rows, columns } = emissions;
		const { sentences } = this.sizes();
		const gradient = this.space.matrix(rows, columns);
		const betas = this.space.matrix(rows, columns);
		const totals = this.space.matrix(rows, 1);
		this.space.run(crfBackwardProgram(columns), {
			count: sentences + 1,
			words: {
				...{ out: gradient.offset, betas: betas.offset, totals: totals.offset, alphas: this.at(alphas), tags },
				...{ sentences, real: this.realCharacters(), characters: rows, weightFloat: weight },
				...this.crfWords(emissions, crf),
			},
			work: rows * columns * columns,
		});
		return { gradient, betas, totals };
	}

	private crfWords(emissions: Matrix, crf: CrfParameters) {
		return {
			emissions: this.at(emissions),
			transitions: crf.transitions.offset,
			start: crf.start?.offset ?? -1,
			end: crf.end?.offset ?? -1,
			spans: this.spans(),
		};
	}

	/** Place of first character and number of characters of each sentence. [B, 2] */
	private spans(): number {
		return this.space.derived('spans', ({ facts: { batch } }) => {
			const spans = new Int32Array(2 * batch.sentenceCount);
			for (let sentence = 0; sentence < batch.sentenceCount; sentence++)
				spans.set([batch.characterOffset[sentence], batch.characterCount[sentence]], 2 * sentence);
			return spans;
		}).offset;
	}

	private realCharacters(): number {
		return this.space.derived('real characters', ({ facts }) => Int32Array.of(facts.batch.realCharacterCount)).offset;
	}

	// --- Contrastive loss.

	contrastiveLoss(call: ContrastiveCall): { loss: Matrix; perClass: Matrix; saved: Saved } {
		const { features, classes, classCount, outsideClass, temperature } = call;
		const { rows, columns } = features;
		const options = { classCount, outsideClass };
		invariant(classes.length === rows, `${classes.length} classes for ${rows} characters`);
		const { anchors } = planContrastive(classes, options);
		const perClass = anchors > 0 ? this.space.matrix(1, classCount) : this.zeros(1, classCount);
		if (anchors === 0) return { loss: this.zeros(1, 1), perClass, saved: null };
		const { classesOf } = call;
		const lists = classesOf
			? this.space.derived('contrastive', ({ facts }) => planContrastive(classesOf(facts), options).lists)
			: this.space.given(planContrastive(classes, options).lists);
		const order = lists.offset;
		const unit = this.space.matrix(rows, columns);
		const norms = this.space.matrix(rows, 1);
		this.space.run(normalizeProgram(this.lanes), {
			count: rows,
			words: { out: unit.offset, norms: norms.offset, features: this.at(features), order, columns },
			work: 2 * rows * columns,
		});
		const cosines = this.space.matrix(anchors, rows);
		this.multiply(arenaProduct, {
			...{ rows: anchors, columns: rows, inner: columns },
			a: { at: unit.offset, outer: columns, inner: 1 },
			b: { at: unit.offset, outer: columns, inner: 1 },
			c: { at: cosines.offset, row: rows },
		});
		const terms = this.space.matrix(anchors, 1);
		this.space.run(contrastiveRowsProgram(this.lanes), {
			count: anchors,
			words: {
				...{ cosines: cosines.offset, terms: terms.offset, classes: order + rows, weights: order + 3 * rows },
				...{ columns: rows, scaleFloat: 1 / temperature },
			},
			work: 10 * cosines.size,
		});
		const loss = this.space.matrix(1, 1);
		this.space.run(contrastiveTotalsProgram, {
			count: 1,
			words: {
				...{ loss: loss.offset, perClass: perClass.offset, terms: terms.offset },
				...{ spans: order + 3 * rows + anchors, classes: classCount },
			},
		});
		const saved: ContrastiveSaved = { unit, norms, gradient: cosines, places: order + 2 * rows };
		return { loss, perClass, saved };
	}

	contrastiveLossBackward({ features, temperature }: ContrastiveCall, saved: Saved): Matrix {
		const { rows, columns } = features;
		if (saved === null) return this.zeros(rows, columns);
		const { unit, norms, gradient, places } = saved as ContrastiveSaved;
		const given = this.at(gradient);
		const unitGradient = this.space.matrix(rows, columns);
		const b = { at: this.at(unit), outer: 1, inner: columns };
		const c = { at: unitGradient.offset, row: columns };
		this.multiply(arenaProduct, {
			...{ rows, columns, inner: gradient.rows, b, c },
			a: { at: given, outer: 1, inner: rows },
		});
		this.multiply(
			{ ...arenaProduct, accumulates: true },
			{ ...{ rows: gradient.rows, columns, inner: rows, b, c }, a: { at: given, outer: rows, inner: 1 } },
		);
		const out = this.space.matrix(rows, columns);
		this.space.run(normalizeGradientProgram(this.lanes), {
			count: rows,
			words: {
				...{ out: out.offset, gradient: unitGradient.offset, unit: unit.offset, norms: this.at(norms), places },
				...{ columns, scaleFloat: 1 / temperature },
			},
			work: 3 * rows * columns,
		});
		return out;
	}
}
