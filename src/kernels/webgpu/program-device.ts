// The ground of the composed GPU device: the composed operations of reference/ on TensorFlow.js' WebGPU back end, what runs
// own WGSL programs there, parameters and their updates, and reading buffers. Nothing is read back but by `fetch`.

import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../util/errors';
import type { Device, UpdateRule } from '../operations';
import type { ParameterEntry, ParameterLayout } from '../parameters';
import { ComposedDevice } from '../reference/composed-device';
import { type AdapterFinding, describeAdapter } from './adapter';
import { closeBackend, type OpenBackend } from './backend';
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

/** No clipping, as a number. */
const unlimited = 3e38;

export abstract class ProgramDevice extends ComposedDevice {
	/** Parameters whose gradient may differ from 0. */
	private readonly touched = new Set<ParameterEntry>();
	protected readonly stepTensors = new Map<string, tf.Tensor>();
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

	override openParameters(layout: ParameterLayout): void {
		this.touched.clear();
		super.openParameters(layout);
	}

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
	protected gradientOf(entry: ParameterEntry): tf.Tensor2D {
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

	// --- Running programs.

	protected run(text: ProgramText, call: ProgramCall): tf.Tensor {
		return runProgram(tf.backend() as WebGPUBackend, text, call);
	}

	/** Changes a tensor where it lies. */
	protected change(
		text: ProgramText,
		output: tf.Tensor,
		inputs: readonly tf.Tensor[] = [],
		uniforms: Record<string, number> = {},
	): void {
		this.run(text, { inputs, uniforms, count: output.size, output });
	}

	/** Adds weight times the sum of the rows to a parameter's gradient. */
	protected accumulateRows(entry: ParameterEntry, parts: tf.Tensor, weight: number): void {
		this.change(accumulateRowsProgram, this.gradientOf(entry), [parts], { rows: parts.shape[0], weight });
	}

	/** A list made from the batch when first asked for, and freed with the step. */
	protected stepTensor(name: string, make: (batch: Parameters<Device['beginStep']>[0]) => Int32Array): tf.Tensor {
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

	protected async fetchBytes(tensor: tf.Tensor): Promise<ArrayBuffer> {
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
			open.failure ??= new Error(`the GPU does not respond: ${error instanceof Error ? error.message : String(error)}`);
			throw open.failure;
		}
	}
}

export function integers(values: Int32Array): tf.Tensor1D {
	return tf.tensor1d(values, 'int32');
}
