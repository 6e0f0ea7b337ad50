// The fused device's hold on the GPU: its buffers and the list of dispatches not yet sent. Dispatches are
// gathered and sent together; host values go up in one write. Nothing here knows what the programs compute.

import { UserError } from '../../util/errors';
import { type GpuPrograms, programsOf } from './gpu-programs';
import { type Command, JobQueue, type RunCall } from './job-queue';
import { type BufferName, blockBytes, bufferNames, type ProgramText, slotBytes } from './program';
import { SubmitPace } from './submit-pace';

export interface EngineCounts {
	dispatches: number;
	submits: number;
}

const minimumBytes = 256;
const firstNumbers = 128 * slotBytes;

export class GpuEngine {
	failure: Error | null = null;
	readonly counts: EngineCounts = { dispatches: 0, submits: 0 };
	private readonly programs: GpuPrograms;
	private readonly buffers = {} as Record<BufferName, GPUBuffer>;
	/** Raised whenever a buffer is replaced: bind groups made before are stale. */
	generation = 0;
	private numbers: GPUBuffer;
	private numbersGroup: { group: GPUBindGroup; generation: number } | null = null;
	private readback: GPUBuffer | null = null;
	private isReading = false;
	private readonly pace: SubmitPace;
	private isMeasuring = false;
	/** Bytes of the number blocks of recorded steps. */
	private keptBytes = 0;

	/** Calls not yet sent. */
	readonly queue = new JobQueue();

	constructor(
		readonly gpu: GPUDevice,
		isSoftware: boolean,
		/** Milliseconds of a steady clock. */
		private readonly now: () => number = () => performance.now(),
	) {
		this.pace = new SubmitPace(isSoftware);
		gpu.addEventListener('uncapturederror', (event) => {
			this.failure ??= gpuProblem(event.error);
		});
		void gpu.lost.then(({ reason, message }) => {
			this.failure ??= new Error(`the GPU was lost (${reason}): ${message}`);
		});
		this.programs = programsOf(gpu);
		for (const name of bufferNames) this.buffers[name] = this.createBuffer(name, minimumBytes);
		this.numbers = this.createNumbers(firstNumbers);
	}

	// --- Buffers.

	sizeOf(name: BufferName): number {
		return this.buffers[name].size;
	}

	get bytes(): number {
		return bufferNames.reduce(
			(sum, name) => sum + this.buffers[name].size,
			this.numbers.size + this.keptBytes + (this.readback?.size ?? 0),
		);
	}

	/** A new buffer of zeros that replaces the old one. */
	replaceBuffer(name: BufferName, bytes: number): void {
		this.checkSize(name, bytes);
		this.buffers[name].destroy();
		this.buffers[name] = this.createBuffer(name, bytes);
		this.generation++;
	}

	/** A buffer of at least so many bytes that keeps what the old one held. */
	growBuffer(name: BufferName, bytes: number): void {
		const old = this.buffers[name];
		if (old.size >= bytes) return;
		const grown = this.createBuffer(name, bytes);
		const encoder = this.gpu.createCommandEncoder();
		encoder.copyBufferToBuffer(old, 0, grown, 0, old.size);
		this.gpu.queue.submit([encoder.finish()]);
		old.destroy();
		this.buffers[name] = grown;
		this.generation++;
	}

	write(name: BufferName, byteOffset: number, values: Int32Array | Float32Array, length = values.length): void {
		if (length > 0)
			this.gpu.queue.writeBuffer(
				this.buffers[name],
				byteOffset,
				values.buffer as ArrayBuffer,
				values.byteOffset,
				length * 4,
			);
	}

	clear(name: BufferName): void {
		const encoder = this.gpu.createCommandEncoder();
		encoder.clearBuffer(this.buffers[name]);
		this.gpu.queue.submit([encoder.finish()]);
	}

	private createBuffer(name: string, bytes: number): GPUBuffer {
		const size = Math.max(minimumBytes, Math.ceil(bytes / minimumBytes) * minimumBytes);
		this.checkSize(name, size);
		const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
		return this.gpu.createBuffer({ label: name, size, usage });
	}

	private checkSize(name: string, bytes: number): void {
		const { maxStorageBufferBindingSize, maxBufferSize } = this.gpu.limits;
		const maxBytes = Math.min(maxStorageBufferBindingSize, maxBufferSize);
		if (bytes > maxBytes)
			throw tooLarge(`${bytes} bytes (${name})`, `a GPU that allocates at most ${maxBytes} bytes at a time`);
	}

	private createNumbers(bytes: number): GPUBuffer {
		return this.gpu.createBuffer({
			label: 'numbers',
			size: bytes + blockBytes, // a dispatch always sees room for the most jobs
			usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
		});
	}

	// --- Dispatches.

	/** Adds a call to the queue. */
	run(text: ProgramText, call: RunCall): void {
		this.queue.add(text, this.programs.pipelineOf(text), call);
	}

	/** Sends dispatches with number blocks that are not kept. */
	sendOnce(commands: readonly Command[], block: Int32Array): void {
		if (this.numbers.size < block.byteLength + blockBytes) {
			this.numbers.destroy();
			this.numbers = this.createNumbers(Math.max(2 * this.numbers.size, block.byteLength));
			this.numbersGroup = null;
		}
		if (commands.length === 0) return;
		this.gpu.queue.writeBuffer(this.numbers, 0, block as Int32Array<ArrayBuffer>);
		if (this.numbersGroup?.generation !== this.generation)
			this.numbersGroup = { group: this.bindGroup(this.numbers), generation: this.generation };
		this.send(commands, this.numbersGroup.group);
	}

	/** A buffer of number blocks for a list of dispatches that is sent many times. */
	keepNumbers(block: Int32Array): GPUBuffer {
		const kept = this.createNumbers(Math.max(slotBytes, block.byteLength));
		this.gpu.queue.writeBuffer(kept, 0, block as Int32Array<ArrayBuffer>);
		this.keptBytes += kept.size;
		return kept;
	}

	dropNumbers(kept: GPUBuffer): void {
		this.keptBytes -= kept.size;
		kept.destroy();
	}

	bindGroup(numbers: GPUBuffer): GPUBindGroup {
		return this.gpu.createBindGroup({
			layout: this.programs.groupLayout,
			entries: [
				...bufferNames.map((name, binding) => ({ binding, resource: { buffer: this.buffers[name] } })),
				{ binding: bufferNames.length, resource: { buffer: numbers, size: blockBytes } },
			],
		});
	}

	/** Encodes and submits dispatches in order, cut into submissions that do not block the GPU for long. */
	send(commands: readonly Command[], group: GPUBindGroup): void {
		const { limit } = this.pace;
		const total = commands.reduce((sum, { work }) => sum + work, 0);
		let next = 0;
		while (next < commands.length) {
			const encoder = this.gpu.createCommandEncoder();
			const pass = encoder.beginComputePass();
			let work = 0;
			let current: GPUComputePipeline | null = null;
			do {
				const { pipeline, slot, groupsX, groupsY } = commands[next];
				if (pipeline !== current) {
					pass.setPipeline(pipeline);
					current = pipeline;
				}
				pass.setBindGroup(0, group, [slot * slotBytes]);
				pass.dispatchWorkgroups(groupsX, groupsY);
				work += commands[next].work;
				next++;
			} while (next < commands.length && work + commands[next].work <= limit);
			pass.end();
			this.gpu.queue.submit([encoder.finish()]);
			this.counts.submits++;
		}
		this.counts.dispatches += commands.length;
		if (!this.isMeasuring && this.pace.isWorthMeasuring(total)) this.measure(total);
	}

	/** Measures when the work that was just sent is done. Others' work before it makes the result too cautious, never too bold. */
	private measure(work: number): void {
		this.isMeasuring = true;
		const start = this.now();
		void this.gpu.queue
			.onSubmittedWorkDone()
			.then(() => this.pace.note(work, this.now() - start))
			.catch(() => {}) // a lost GPU is reported by itself
			.finally(() => {
				this.isMeasuring = false;
			});
	}

	// --- Reading back.

	/** Bytes of some regions of a buffer, one after another. */
	async read(name: BufferName, regions: readonly { byteOffset: number; bytes: number }[]): Promise<ArrayBuffer> {
		const total = regions.reduce((sum, { bytes }) => sum + bytes, 0);
		if (total === 0) return new ArrayBuffer(0);
		this.checkFailure();
		const staging = this.takeStaging(total);
		try {
			const encoder = this.gpu.createCommandEncoder();
			let offset = 0;
			for (const { byteOffset, bytes } of regions) {
				encoder.copyBufferToBuffer(this.buffers[name], byteOffset, staging.buffer, offset, bytes);
				offset += bytes;
			}
			this.gpu.queue.submit([encoder.finish()]);
			await staging.buffer.mapAsync(GPUMapMode.READ, 0, total);
			const copy = staging.buffer.getMappedRange(0, total).slice(0);
			staging.buffer.unmap();
			this.checkFailure();
			return copy;
		} catch (error) {
			// A read is refused when the GPU is lost, before or after that is reported.
			this.failure ??= new Error(`the GPU does not respond: ${error instanceof Error ? error.message : String(error)}`);
			throw this.failure;
		} finally {
			staging.release();
		}
	}

	/** The common staging buffer for small reads, one of its own for large or simultaneous ones. */
	private takeStaging(bytes: number): { buffer: GPUBuffer; release(): void } {
		const create = (size: number) =>
			this.gpu.createBuffer({ label: 'readback', size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
		const commonBytes = 65536;
		if (this.isReading || bytes > commonBytes) {
			const buffer = create(bytes);
			return { buffer, release: () => buffer.destroy() };
		}
		this.readback ??= create(commonBytes);
		this.isReading = true;
		return {
			buffer: this.readback,
			release: () => {
				this.isReading = false;
			},
		};
	}

	checkFailure(): void {
		if (this.failure) throw this.failure;
	}

	dispose(): void {
		this.gpu.destroy();
	}
}

/** What a complaint of the GPU means for the run. */
export function gpuProblem(error: GPUError): Error {
	const isMemory = typeof GPUOutOfMemoryError !== 'undefined' && error instanceof GPUOutOfMemoryError;
	if (isMemory) return tooLarge('the step on the GPU', `its refusal: ${error.message}`);
	return new Error(`the GPU reported an error: ${error.message}`);
}

function tooLarge(expected: string, found: string): UserError {
	return new UserError({
		code: 'gpu-out-of-memory',
		expected: `GPU memory for ${expected}`,
		found,
		remedy: 'Use a smaller batch size or model, shorten long sentences, or compute on wasm.',
	});
}
