// What one projection holds on the GPU: buffers, pipelines, readings. All of it is made here and goes with `close`, so that a
// projection that ends, fails or is dropped leaves nothing behind.

import { isSoftwareAdapter, probeAdapter } from '../../kernels/webgpu/adapter';
import { openGpu } from '../../kernels/webgpu/open-gpu';
import { UserError } from '../../util/errors';
import { bindingTypes, type GpuProgram, programCode } from './gpu-program';

/** A dispatch that can be sent many times. */
export interface GpuCommand {
	pipeline: GPUComputePipeline;
	bindings: GPUBindGroup;
	groups: readonly [number, number];
}

export interface Region {
	buffer: GPUBuffer;
	bytes: number;
}

export class GpuRoom {
	private readonly buffers = new Set<GPUBuffer>();
	private readonly pipelines = new Map<string, GPUComputePipeline>();
	private failure: Error | null = null;
	private isClosed = false;

	constructor(
		readonly gpu: GPUDevice,
		private readonly isOwn: boolean,
		/** Programs for a GPU that the processor plays: there, threads that wait for each other cost most. */
		readonly isEmulated = isSoftwareAdapter(gpu.adapterInfo),
	) {
		gpu.addEventListener('uncapturederror', this.noteError);
		void gpu.lost.then(({ reason, message }) => {
			this.failure ??= lostError(`${reason}: ${message}`);
		});
	}

	/** Opens its own device. UserError `device-not-available`. */
	static async open(): Promise<GpuRoom> {
		const probed = await probeAdapter();
		if (probed.adapter) return new GpuRoom(await openGpu(), true);
		throw new UserError({
			code: 'device-not-available',
			expected: 'a GPU for computing the map',
			found: probed.reason,
			remedy: 'Compute the map on wasm.',
		});
	}

	// --- Buffers.

	/** Of zeros. UserError `projection-out-of-memory` where the GPU gives no buffer of that size. */
	buffer(label: string, bytes: number, kind: 'storage' | 'uniform' = 'storage'): GPUBuffer {
		const { maxStorageBufferBindingSize, maxBufferSize } = this.gpu.limits;
		if (bytes > Math.min(maxStorageBufferBindingSize, maxBufferSize)) throw memoryError(`${bytes} bytes (${label})`);
		const usage = kind === 'uniform' ? GPUBufferUsage.UNIFORM : GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
		return this.make({ label, size: Math.max(16, Math.ceil(bytes / 16) * 16), usage: usage | GPUBufferUsage.COPY_DST });
	}

	filled(label: string, values: Float32Array | Int32Array | Uint32Array): GPUBuffer {
		const made = this.buffer(label, values.byteLength);
		this.write(made, values);
		return made;
	}

	write(buffer: GPUBuffer, values: Float32Array | Int32Array | Uint32Array): void {
		this.gpu.queue.writeBuffer(buffer, 0, values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
	}

	drop(buffer: GPUBuffer): void {
		this.buffers.delete(buffer);
		buffer.destroy();
	}

	private make(descriptor: GPUBufferDescriptor): GPUBuffer {
		const made = this.gpu.createBuffer(descriptor);
		this.buffers.add(made);
		return made;
	}

	// --- Dispatches.

	/** `buffers` by the names of the program's bindings. */
	command(
		program: GpuProgram,
		buffers: Readonly<Record<string, GPUBuffer>>,
		groups: readonly [number, number],
	): GpuCommand {
		const pipeline = this.pipelineOf(program);
		const entries = Object.keys(program.bindings).map((name, binding) => ({
			binding,
			resource: { buffer: buffers[name] },
		}));
		return {
			pipeline,
			bindings: this.gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }),
			groups,
		};
	}

	/** In order, as one submission. */
	send(commands: readonly GpuCommand[], times = 1): void {
		const encoder = this.gpu.createCommandEncoder();
		const pass = encoder.beginComputePass();
		for (let time = 0; time < times; time++) {
			for (const { pipeline, bindings, groups } of commands) {
				pass.setPipeline(pipeline);
				pass.setBindGroup(0, bindings);
				pass.dispatchWorkgroups(...groups);
			}
		}
		pass.end();
		this.gpu.queue.submit([encoder.finish()]);
	}

	private pipelineOf(program: GpuProgram): GPUComputePipeline {
		const known = this.pipelines.get(program.name);
		if (known) return known;
		const entries = bindingTypes(program).map((type, binding) => ({
			binding,
			visibility: GPUShaderStage.COMPUTE,
			buffer: { type },
		}));
		const layout = this.gpu.createPipelineLayout({ bindGroupLayouts: [this.gpu.createBindGroupLayout({ entries })] });
		const module = this.gpu.createShaderModule({ label: program.name, code: programCode(program) });
		const made = this.gpu.createComputePipeline({
			label: program.name,
			layout,
			compute: { module, entryPoint: 'main' },
		});
		this.pipelines.set(program.name, made);
		return made;
	}

	// --- Reading back.

	/** The first bytes of some buffers, after all that was sent before. UserError `projection-gpu-lost`, `projection-out-of-memory`. */
	async read(regions: readonly Region[]): Promise<ArrayBuffer[]> {
		this.checkFailure();
		const total = regions.reduce((sum, { bytes }) => sum + bytes, 0);
		const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
		const staging = this.make({ label: 'reading', size: total, usage });
		const encoder = this.gpu.createCommandEncoder();
		let offset = 0;
		for (const { buffer, bytes } of regions) {
			encoder.copyBufferToBuffer(buffer, 0, staging, offset, bytes);
			offset += bytes;
		}
		this.gpu.queue.submit([encoder.finish()]);
		try {
			await staging.mapAsync(GPUMapMode.READ);
		} catch (error) {
			// Rejects when the GPU is lost, before or after the loss is reported.
			this.failure ??= lostError(error instanceof Error ? error.message : String(error));
		}
		this.checkFailure();
		const whole = staging.getMappedRange();
		offset = 0;
		const parts = regions.map(({ bytes }) => whole.slice(offset, (offset += bytes)));
		this.drop(staging);
		return parts;
	}

	/** Lost, or complained of. */
	get hasFailed(): boolean {
		return this.failure !== null;
	}

	private checkFailure(): void {
		if (this.failure) throw this.failure;
	}

	private readonly noteError = ({ error }: GPUUncapturedErrorEvent): void => {
		const isMemory = typeof GPUOutOfMemoryError !== 'undefined' && error instanceof GPUOutOfMemoryError;
		this.failure ??= isMemory ? memoryError(error.message) : new Error(`the GPU reported an error: ${error.message}`);
	};

	/** Gives everything back; a reading under way ends with an error that nobody needs. */
	close(): void {
		if (this.isClosed) return;
		this.isClosed = true;
		this.gpu.removeEventListener('uncapturederror', this.noteError);
		for (const buffer of this.buffers) buffer.destroy();
		this.buffers.clear();
		if (this.isOwn) this.gpu.destroy();
	}
}

function lostError(found: string): UserError {
	return new UserError({
		code: 'projection-gpu-lost',
		expected: 'a GPU that stays available while the map is computed',
		found,
		remedy: 'Compute the map again, or compute it on wasm; the previous map is kept.',
	});
}

function memoryError(found: string): UserError {
	return new UserError({
		code: 'projection-out-of-memory',
		expected: 'a map that fits in GPU memory',
		found,
		remedy: 'Show fewer points, or compute the map on wasm.',
	});
}
