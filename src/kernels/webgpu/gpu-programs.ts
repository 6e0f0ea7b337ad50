// The compiled programs of a GPU, and the one layout of bindings that they share. They belong to the GPU, not to the
// device built on it: several devices on one GPU compile each program once.

import { blockBytes, bufferNames, type ProgramText, programCode, programKey } from './program';

export class GpuPrograms {
	readonly groupLayout: GPUBindGroupLayout;
	private readonly pipelineLayout: GPUPipelineLayout;
	private readonly pipelines = new Map<string, GPUComputePipeline>();

	constructor(private readonly gpu: GPUDevice) {
		const visibility = GPUShaderStage.COMPUTE;
		this.groupLayout = gpu.createBindGroupLayout({
			entries: [
				...bufferNames.map((name, binding) => ({
					binding,
					visibility,
					buffer: { type: name === 'inputs' || name === 'mask' ? 'read-only-storage' : 'storage' } as const,
				})),
				{
					binding: bufferNames.length,
					visibility,
					buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: blockBytes },
				},
			],
		});
		this.pipelineLayout = gpu.createPipelineLayout({ bindGroupLayouts: [this.groupLayout] });
	}

	pipelineOf(text: ProgramText): GPUComputePipeline {
		const key = programKey(text);
		const known = this.pipelines.get(key);
		if (known) return known;
		const module = this.gpu.createShaderModule({ label: key, code: programCode(text) });
		const made = this.gpu.createComputePipeline({
			label: key,
			layout: this.pipelineLayout,
			compute: { module, entryPoint: 'main' },
		});
		this.pipelines.set(key, made);
		return made;
	}
}

const programs = new WeakMap<GPUDevice, GpuPrograms>();

export function programsOf(gpu: GPUDevice): GpuPrograms {
	const known = programs.get(gpu) ?? new GpuPrograms(gpu);
	programs.set(gpu, known);
	return known;
}
