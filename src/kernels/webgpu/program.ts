// How the WGSL programs of this folder are written down and run. A program names its inputs and the numbers that come
// with each call, and gives the body of its main function; this file adds what TensorFlow.js' WebGPU back end expects
// and closes its traps: every binding is touched (an untouched one is dropped from the layout and voids the whole
// submit), every number written into the code is part of the pipeline's key, buffers are checked against the GPU's limits.

import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../util/errors';

export type UniformType = 'i32' | 'u32' | 'f32';

export interface ProgramText {
	/** Unique among programs. */
	name: string;
	/** Names of the input arrays, in the order of the tensors at each call; element types follow the tensors. */
	inputs: readonly string[];
	/** Numbers that come with each call, read as `uniforms.name`. */
	uniforms: Readonly<Record<string, UniformType>>;
	/** 'elements': one thread per element, `index` is its number. 'groups': `group` is a workgroup, `lane` a thread of its 64. */
	threads: 'elements' | 'groups';
	/** Numbers written into the code as constants of these names (array sizes). */
	constants?: Readonly<Record<string, number>>;
	/** Module-level declarations: functions, workgroup memory. */
	declarations?: string;
	/** Statements; write to `result[...]`. Every `var` must be initialised: a bare one keeps its value between iterations. */
	body: string;
}

export interface ProgramCall {
	inputs: readonly tf.Tensor[];
	uniforms: Readonly<Record<string, number>>;
	/** Elements, or workgroups. */
	count: number;
	/** What to write: a new tensor of a shape, or an existing one in place (its own numbers are in `result`). */
	output: { shape: readonly number[]; dtype: 'float32' | 'int32' } | tf.Tensor;
}

export const groupSize = 64;
/** Smallest limit that WebGPU guarantees for storage buffers in one program. */
const maxStorageBuffers = 8;
const wideTypes = { i32: 'int32', u32: 'uint32', f32: 'float32' } as const;

/** Runs a program; returns the tensor that it wrote. Elements that it does not write hold anything. */
export function runProgram(backend: WebGPUBackend, text: ProgramText, call: ProgramCall): tf.Tensor {
	invariant(text.inputs.length === call.inputs.length, `${text.name} takes ${text.inputs.length} inputs`);
	const output =
		call.output instanceof tf.Tensor
			? call.output
			: { ...call.output, dataId: backend.makeTensorInfo([...call.output.shape], call.output.dtype).dataId };
	const size = tf.util.sizeFromShape([...output.shape]);
	for (const elements of [...call.inputs.map((tensor) => tensor.size), size]) checkSize(backend, text.name, elements);
	if (call.count > 0 && size > 0) {
		// Flat shapes of one rank for inputs and another for the output: one pipeline serves every shape.
		const flat = call.inputs.map((tensor) => ({ dataId: tensor.dataId, dtype: tensor.dtype, shape: [tensor.size] }));
		const written = { dataId: output.dataId, dtype: output.dtype, shape: [1, size] };
		backend.runWebGPUProgram(new Program(text, call.count), flat, output.dtype, uniformsOf(text, call), written);
	}
	if (call.output instanceof tf.Tensor) return call.output;
	return tf.engine().makeTensorFromTensorInfo({ dataId: output.dataId, shape: [...output.shape], dtype: output.dtype });
}

class Program implements WebGPUProgram {
	readonly variableNames: string[];
	readonly uniforms: string;
	readonly workgroupSize: [number, number, number] = [groupSize, 1, 1];
	readonly outputShape: number[] = [];
	dispatch: [number, number, number];
	readonly dispatchLayout: { x: number[]; y?: number[] };
	shaderKey: string;
	readonly variableComponents: number[];

	constructor(
		private readonly text: ProgramText,
		count: number,
	) {
		const isFlat = text.threads === 'elements';
		invariant(text.inputs.length < maxStorageBuffers, `${text.name} binds too many buffers`);
		invariant(isFlat || count <= 65535, `${text.name} needs ${count} workgroups`);
		this.variableNames = [...text.inputs];
		this.variableComponents = text.inputs.map(() => 1);
		this.uniforms = Object.entries({ count: 'i32', ...text.uniforms })
			.map(([name, type]) => `${name} : ${type}, `)
			.join('');
		this.dispatch = [isFlat ? Math.ceil(count / groupSize) : count, 1, 1];
		this.dispatchLayout = isFlat ? { x: [0] } : { x: [0], y: [1] };
		this.shaderKey = `nerco_${text.name}_${Object.values(text.constants ?? {}).join('_')}`;
	}

	getUserCode(): string {
		const { inputs, constants = {}, declarations = '', threads, body } = this.text;
		const consts = Object.entries(constants).map(([name, value]) => `const ${name} : i32 = ${value};`);
		const touched = inputs.map((name) => `_ = ${name}[0];`);
		const main =
			threads === 'elements'
				? `fn main(index : i32) { ${touched.join(' ')} if (index < uniforms.count) { ${body} } }`
				: `fn main() { _ = uniforms.count; ${touched.join(' ')} let group = i32(workgroupId.x); let lane = i32(localIndex); ${body} }`;
		return [...consts, declarations, main].join('\n');
	}
}

function uniformsOf({ uniforms }: ProgramText, call: ProgramCall) {
	const given = Object.entries(uniforms).map(([name, type]) => {
		invariant(name in call.uniforms, `no number for the uniform ${name}`);
		return { type: wideTypes[type] as string, data: [call.uniforms[name]] };
	});
	return [{ type: 'int32', data: [call.count] }, ...given];
}

function checkSize(backend: WebGPUBackend, name: string, elements: number): void {
	const limit = backend.device.limits.maxStorageBufferBindingSize;
	invariant(elements * 4 <= limit, `${name} needs a buffer of ${elements * 4} bytes; the GPU binds at most ${limit}`);
}
