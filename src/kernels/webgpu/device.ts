// The fused GPU device: own WGSL programs over own buffers, no TensorFlow.js. One arena holds the step's matrices, flat
// buffers the parameters; every operation is one dispatch or a few, and whole steps are recorded and repeated
// (recorded-steps.ts). Batches are padded. Letters: B sentences, N nodes of each, R = B * N, H width, h heads, d = H / h,
// C characters, K tags, P distance tuples, D table rows.

import type { Batch } from '../../data/batch';
import type { DeviceInfo } from '../../experiment/device-info';
import { invariant } from '../../util/errors';
import type {
	Device,
	DeviceMemory,
	Indices,
	Matrix,
	OptimizerState,
	RecordedStep,
	Scores,
	StepFacts,
	UpdateRule,
} from '../operations';
import type { ParameterEntry, ParameterLayout, ParameterRange, TrainedParameter } from '../parameters';
import type { TransformerOperations } from '../transformer-operations';
import { type AdapterFinding, describeAdapter, probeAdapter } from './adapter';
import { ArenaMatrix } from './arena-values';
import { AttentionOperations } from './attention';
import { ContrastiveOperations } from './contrastive';
import { CrfOperations } from './crf';
import { DenseOperations } from './dense';
import { DistanceOperations } from './distances';
import type { GemmForm } from './gemm-program';
import { GpuEngine } from './gpu-engine';
import { openGpu } from './open-gpu';
import { ParameterBuffers } from './parameter-buffers';
import { RecordedSteps } from './recorded-steps';
import { addProgram } from './row-programs';
import type { RowLanes } from './row-reduction';
import { RowOperations } from './rows';
import { zeros } from './sums';
import { TransformerPrograms } from './transformer';
import { ConstantMatrix, Workspace } from './workspace';

export interface FusedOptions {
	/** Threads that share a row in reductions; by the adapter when not given. */
	rowLanes?: RowLanes;
	/** How matrix products are computed; by the adapter when not given. */
	gemmForm?: GemmForm;
	/** Whether steps may be recorded and repeated; yes when not given. */
	records?: boolean;
	/** Most bytes of one buffer of parameters; 128 MiB when not given. */
	segmentBytes?: number;
}

/** Opens the GPU. Where there is no adapter that is a bug of the caller, who asks `probeAdapter` first. */
export async function createFusedDevice(options: FusedOptions = {}): Promise<FusedDevice> {
	const probed = await probeAdapter();
	invariant(probed.adapter, 'no graphics adapter');
	return new FusedDevice(probed.adapter, await openGpu(), options);
}

export class FusedDevice implements Device {
	readonly info: DeviceInfo;
	readonly rowLayout = 'padded' as const;
	private readonly engine: GpuEngine;
	private readonly space: Workspace;
	private readonly parameters: ParameterBuffers;
	private readonly steps: RecordedSteps;
	private readonly dense: DenseOperations;
	private readonly rows: RowOperations;
	private readonly distances: DistanceOperations;
	private readonly attention: AttentionOperations;
	private readonly crf: CrfOperations;
	private readonly contrastive: ContrastiveOperations;
	readonly transformer: TransformerOperations;
	private isClosed = false;

	constructor({ isSoftware, ...adapter }: AdapterFinding, gpu: GPUDevice, options: FusedOptions) {
		const label = `WebGPU, ${describeAdapter({ isSoftware, ...adapter })}`;
		this.info = { name: 'webgpu', label, isSoftware, adapter, threads: 1, build: 'fused' };
		this.engine = new GpuEngine(gpu, isSoftware);
		this.space = new Workspace(this.engine, options.gemmForm ?? (isSoftware ? 'direct' : 'tiled'));
		this.parameters = new ParameterBuffers(this.space, options.segmentBytes);
		this.steps = new RecordedSteps(this.space, this.parameters, options.records);
		const lanes = options.rowLanes ?? (isSoftware ? 1 : 32);
		this.dense = new DenseOperations(this.space, lanes);
		this.rows = new RowOperations(this.space);
		this.distances = new DistanceOperations(this.space);
		this.attention = new AttentionOperations(this.space, lanes);
		this.crf = new CrfOperations(this.space);
		this.contrastive = new ContrastiveOperations(this.space, lanes);
		this.transformer = new TransformerPrograms(this.space, this.dense);
	}

	get findings(): readonly string[] {
		return this.steps.findings;
	}

	/** Dispatches and submissions so far, and steps that were repeated from a recording. */
	get counts() {
		return { ...this.engine.counts, repeatedSteps: this.steps.repeated };
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
		this.steps.forget();
		this.parameters.open(layout);
	}

	openFrozen(): void {
		this.steps.forget();
		this.parameters.openFrozen();
	}

	get trainedSize(): number {
		return this.parameters.trainedSize;
	}

	writeParameters(values: Float32Array, offset = 0): void {
		this.parameters.write(values, offset);
	}

	readParameters(range?: ParameterRange): Promise<Float32Array> {
		return this.parameters.read(range);
	}

	gradientNorm(entries: readonly ParameterEntry[]): Promise<number> {
		return this.parameters.gradientNorm(entries);
	}

	readGradients(): Promise<Float32Array> {
		return this.parameters.readGradients();
	}

	zeroGradients(): void {
		this.parameters.zeroGradients();
	}

	writeOptimizerState(state: OptimizerState | null): void {
		this.parameters.writeOptimizerState(state);
	}

	readOptimizerState(range?: ParameterRange): Promise<OptimizerState> {
		return this.parameters.readOptimizerState(range);
	}

	update(rule: UpdateRule, trained: readonly TrainedParameter[]): void {
		this.parameters.update(rule, trained);
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
		return this.steps.runStep(step);
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

	zeros(rows: number, columns: number): Matrix {
		return zeros(this.space, rows, columns);
	}

	sliceRows(matrix: Matrix, start: number, count: number): Matrix {
		const { columns, address, step } = this.space.own(matrix);
		return new ArenaMatrix(count, columns, address.plus(start * columns), step);
	}

	async read(matrix: Matrix): Promise<Float32Array> {
		return (await this.space.read([this.space.own(matrix)]))[0];
	}

	async readScores(scores: Scores): Promise<Float32Array> {
		return (await this.space.read([this.space.ownScores(scores)]))[0];
	}

	add(left: Matrix, right: Matrix): Matrix {
		const out = this.space.matrix(left.rows, left.columns);
		this.space.run(addProgram, {
			count: out.size,
			words: { out: out.address, left: this.space.at(left), right: this.space.at(right) },
		});
		return out;
	}

	// --- Operations, each in the file of its kind.

	readonly linear: Device['linear'] = (...call) => this.dense.linear(...call);
	readonly linearBackward: Device['linearBackward'] = (...call) => this.dense.linearBackward(...call);
	readonly addVector: Device['addVector'] = (...call) => this.dense.addVector(...call);
	readonly addVectorBackward: Device['addVectorBackward'] = (...call) => this.dense.addVectorBackward(...call);
	readonly residualLayerNorm: Device['residualLayerNorm'] = (...call) => this.dense.residualLayerNorm(...call);
	readonly residualLayerNormBackward: Device['residualLayerNormBackward'] = (...call) =>
		this.dense.residualLayerNormBackward(...call);
	readonly dropout: Device['dropout'] = (...call) => this.dense.dropout(...call);

	readonly embeddingRows: Device['embeddingRows'] = (...call) => this.rows.embeddingRows(...call);
	readonly embeddingRowsBackward: Device['embeddingRowsBackward'] = (...call) =>
		this.rows.embeddingRowsBackward(...call);
	readonly concatColumns: Device['concatColumns'] = (...call) => this.rows.concatColumns(...call);
	readonly splitColumns: Device['splitColumns'] = (...call) => this.rows.splitColumns(...call);
	readonly placeRows: Device['placeRows'] = (...call) => this.rows.placeRows(...call);
	readonly gatherRows: Device['gatherRows'] = (...call) => this.rows.gatherRows(...call);

	readonly distanceRows: Device['distanceRows'] = (...call) => this.distances.distanceRows(...call);
	readonly distanceRowsBackward: Device['distanceRowsBackward'] = (...call) =>
		this.distances.distanceRowsBackward(...call);
	readonly softmaxGroups: Device['softmaxGroups'] = (...call) => this.distances.softmaxGroups(...call);
	readonly softmaxGroupsBackward: Device['softmaxGroupsBackward'] = (...call) =>
		this.distances.softmaxGroupsBackward(...call);
	readonly mixRows: Device['mixRows'] = (...call) => this.distances.mixRows(...call);
	readonly mixRowsBackward: Device['mixRowsBackward'] = (...call) => this.distances.mixRowsBackward(...call);

	readonly relativeScores: Device['relativeScores'] = (...call) => this.attention.relativeScores(...call);
	readonly relativeScoresBackward: Device['relativeScoresBackward'] = (...call) =>
		this.attention.relativeScoresBackward(...call);
	readonly maskedSoftmax: Device['maskedSoftmax'] = (...call) => this.attention.maskedSoftmax(...call);
	readonly maskedSoftmaxBackward: Device['maskedSoftmaxBackward'] = (...call) =>
		this.attention.maskedSoftmaxBackward(...call);
	readonly weightedValues: Device['weightedValues'] = (...call) => this.attention.weightedValues(...call);
	readonly weightedValuesBackward: Device['weightedValuesBackward'] = (...call) =>
		this.attention.weightedValuesBackward(...call);

	readonly crfLoss: Device['crfLoss'] = (...call) => this.crf.crfLoss(...call);
	readonly crfLossBackward: Device['crfLossBackward'] = (...call) => this.crf.crfLossBackward(...call);
	readonly crfDecode: Device['crfDecode'] = (...call) => this.crf.crfDecode(...call);
	readonly crfMarginals: Device['crfMarginals'] = (...call) => this.crf.crfMarginals(...call);

	readonly contrastiveLoss: Device['contrastiveLoss'] = (...call) => this.contrastive.contrastiveLoss(...call);
	readonly contrastiveLossBackward: Device['contrastiveLossBackward'] = (...call) =>
		this.contrastive.contrastiveLossBackward(...call);
}
