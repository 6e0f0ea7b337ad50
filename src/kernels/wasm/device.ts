// The wasm device: the operations of kernels/operations.ts on an own WebAssembly module (module/*.ts, compiled by
// build.mjs) and its own memory, on one thread or several (thread-team.ts). Everything is computed at once, in a fixed
// order: the same calls give the same bits. Shapes are checked once an operation; the module checks nothing.

import type { Batch } from '../../data/batch';
import type { DeviceInfo } from '../../experiment/device-info';
import { invariant } from '../../util/errors';
import type { Device, DeviceMemory, Indices, Matrix, OptimizerState, Scores, UpdateRule } from '../operations';
import type { ParameterEntry, ParameterLayout, ParameterRange, TrainedParameter } from '../parameters';
import {
	maskedSoftmax,
	maskedSoftmaxBackward,
	type RelativeScoresInputs,
	relativeScores,
	relativeScoresBackward,
	weightedValues,
	weightedValuesBackward,
} from './attention';
import { type ContrastiveSaved, contrastiveLoss, contrastiveLossBackward } from './contrastive';
import { type CrfForward, crfDecode, crfLoss, crfLossBackward, crfMarginals } from './crf';
import { add, addVector, addVectorBackward, dropout, residualLayerNorm, residualLayerNormBackward } from './dense';
import {
	distanceRows,
	distanceRowsBackward,
	mixRows,
	mixRowsBackward,
	softmaxGroups,
	softmaxGroupsBackward,
} from './fusion';
import { Heap } from './heap';
import { own, ownIndices, ownScores, WasmMatrix } from './heap-values';
import type { Kernels } from './kernel-exports';
import { compileKernels, hasRelaxedSimd, instantiateKernels, type WasmBuild } from './load';
import { linear, linearBackward } from './products';
import { concatColumns, embeddingRows, embeddingRowsBackward, gatherRows, placeRows, splitColumns } from './rows';
import { canShareMemory, startTeam, type ThreadTeam } from './thread-team';
import { transformerOperations } from './transformer';
import { Workspace } from './workspace';

const floatBytes = 4;
const pageBytes = 65536;
const maxPages = 65536;

export interface WasmDeviceOptions {
	/** Which build to run; by default `relaxed-fma` where the engine has it, else `plain`. */
	build?: WasmBuild;
	/** The build's bytes, where neither fetch nor a file system finds them. */
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
	const maximum = Math.ceil((options.maximumBytes ?? pageBytes * maxPages) / pageBytes);
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

export class WasmDevice implements Device {
	readonly info: DeviceInfo;
	readonly rowLayout = 'ragged';
	readonly takesCharacterQueries = true;
	private readonly heap: Heap;
	private readonly space: Workspace;
	private readonly constants = new Map<string, WasmMatrix>();
	private isDisposed = false;

	readonly findings: readonly string[];
	private readonly team: ThreadTeam | null;

	constructor({ kernels, memory, build, team, start, findings = [] }: WasmDeviceParts) {
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

	openFrozen(): void {
		this.live().parameters.openFrozen();
	}

	get trainedSize(): number {
		return this.live().parameters.trainedSize;
	}

	writeParameters(values: Float32Array, offset = 0): void {
		this.live().parameters.writeValues(values, offset);
	}

	async readParameters(range?: ParameterRange): Promise<Float32Array> {
		return this.live().parameters.readValues(range);
	}

	async readGradients(): Promise<Float32Array> {
		return this.live().parameters.readGradients();
	}

	zeroGradients(): void {
		this.live().parameters.zeroGradients();
	}

	writeOptimizerState(state: OptimizerState | null): void {
		this.live().parameters.writeState(state);
	}

	async readOptimizerState(range?: ParameterRange): Promise<OptimizerState> {
		return this.live().parameters.readState(range);
	}

	async gradientNorm(entries: readonly ParameterEntry[]): Promise<number> {
		return this.live().parameters.gradientNorm(entries);
	}

	update(rule: UpdateRule, trained: readonly TrainedParameter[]): void {
		this.live().parameters.update(trained, rule);
	}

	// --- Life of a step

	beginStep(batch: Batch): void {
		this.live().beginStep(batch);
	}

	keepOnly<Result extends Matrix | null>(work: () => Result): Result {
		return this.live().keepOnly(() => work() as WasmMatrix | null) as Result;
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

	// --- Operations, each in the file of its subject.

	readonly transformer = transformerOperations(() => this.live());

	readonly add: Device['add'] = (...call) => add(this.live(), ...call);
	readonly linear: Device['linear'] = (call) => linear(this.live(), call);
	readonly linearBackward: Device['linearBackward'] = (call, output, outputGradient, wanted) =>
		linearBackward(this.live(), call, own(output), own(outputGradient), wanted);
	readonly addVector: Device['addVector'] = (...call) => addVector(this.live(), ...call);
	readonly addVectorBackward: Device['addVectorBackward'] = (...call) => addVectorBackward(this.live(), ...call);
	readonly residualLayerNorm: Device['residualLayerNorm'] = (call) => residualLayerNorm(this.live(), call);
	readonly residualLayerNormBackward: Device['residualLayerNormBackward'] = (...call) =>
		residualLayerNormBackward(this.live(), ...call);
	readonly dropout: Device['dropout'] = (...call) => dropout(this.live(), ...call);

	readonly embeddingRows: Device['embeddingRows'] = (...call) => embeddingRows(this.live(), ...call);
	readonly embeddingRowsBackward: Device['embeddingRowsBackward'] = (...call) =>
		embeddingRowsBackward(this.live(), ...call);
	readonly concatColumns: Device['concatColumns'] = (parts) => concatColumns(this.live(), parts);
	readonly splitColumns: Device['splitColumns'] = (...call) => splitColumns(this.live(), ...call);
	readonly placeRows: Device['placeRows'] = (...call) => placeRows(this.live(), ...call);
	readonly gatherRows: Device['gatherRows'] = (...call) => gatherRows(this.live(), ...call);

	readonly distanceRows: Device['distanceRows'] = (...call) => distanceRows(this.live(), ...call);
	readonly distanceRowsBackward: Device['distanceRowsBackward'] = (...call) =>
		distanceRowsBackward(this.live(), ...call);
	readonly softmaxGroups: Device['softmaxGroups'] = (...call) => softmaxGroups(this.live(), ...call);
	readonly softmaxGroupsBackward: Device['softmaxGroupsBackward'] = (...call) =>
		softmaxGroupsBackward(this.live(), ...call);
	readonly mixRows: Device['mixRows'] = (...call) => mixRows(this.live(), ...call);
	readonly mixRowsBackward: Device['mixRowsBackward'] = (...call) => mixRowsBackward(this.live(), ...call);

	readonly relativeScores: Device['relativeScores'] = (contentQuery, key, positionQuery, relative, heads) =>
		relativeScores(this.live(), relativeInputs(contentQuery, key, positionQuery, relative), heads);
	readonly relativeScoresBackward: Device['relativeScoresBackward'] = (
		contentQuery,
		key,
		positionQuery,
		relative,
		scores,
	) =>
		relativeScoresBackward(this.live(), relativeInputs(contentQuery, key, positionQuery, relative), ownScores(scores));
	readonly maskedSoftmax: Device['maskedSoftmax'] = (scores) => maskedSoftmax(this.live(), ownScores(scores));
	readonly maskedSoftmaxBackward: Device['maskedSoftmaxBackward'] = (probabilities, outputGradient) =>
		maskedSoftmaxBackward(this.live(), ownScores(probabilities), ownScores(outputGradient));
	readonly weightedValues: Device['weightedValues'] = (probabilities, value) =>
		weightedValues(this.live(), ownScores(probabilities), own(value));
	readonly weightedValuesBackward: Device['weightedValuesBackward'] = (probabilities, value, outputGradient) =>
		weightedValuesBackward(this.live(), ownScores(probabilities), own(value), own(outputGradient));

	readonly crfLoss: Device['crfLoss'] = (emissions, crf, tags) =>
		crfLoss(this.live(), own(emissions), crf, ownIndices(tags));
	readonly crfLossBackward: Device['crfLossBackward'] = (emissions, crf, tags, saved, weight, wanted) =>
		crfLossBackward(this.live(), own(emissions), crf, ownIndices(tags), saved as CrfForward, weight, wanted);
	readonly crfDecode: Device['crfDecode'] = async (emissions, crf, constraints) =>
		crfDecode(this.live(), own(emissions), crf, constraints);
	readonly crfMarginals: Device['crfMarginals'] = async (emissions, crf) =>
		crfMarginals(this.live(), own(emissions), crf);

	readonly contrastiveLoss: Device['contrastiveLoss'] = (call) => contrastiveLoss(this.live(), call);
	readonly contrastiveLossBackward: Device['contrastiveLossBackward'] = (call, saved) =>
		contrastiveLossBackward(this.live(), call, saved as ContrastiveSaved);
}

function relativeInputs(
	contentQuery: Matrix,
	key: Matrix,
	positionQuery: Matrix,
	relative: Matrix,
): RelativeScoresInputs {
	return {
		contentQuery: own(contentQuery),
		key: own(key),
		positionQuery: own(positionQuery),
		relative: own(relative),
	};
}
