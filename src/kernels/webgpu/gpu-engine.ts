// The fused device's hold on the GPU: its buffers and the list of dispatches not yet sent. Dispatches are
// gathered and sent together; host values go up in one write. Nothing here knows what the programs compute.

import { GpuBuffers, tooLarge } from './gpu-buffers';
import { type GpuPrograms, programsOf } from './gpu-programs';
import { type Command, JobQueue, type RunCall } from './job-queue';
import { type BufferName, blockBytes, bufferNames, type ProgramText, slotBytes } from './program';
import { SubmitPace } from './submit-pace';

export interface EngineCounts {
	dispatches: number;
	submits: number;
}

/** Bind groups of one buffer of number blocks, one for each segment of the parameters. */
export interface SegmentGroups {
	groups: readonly GPUBindGroup[];
	generation: number;
}

export interface BufferRegion {
	byteOffset: number;
	bytes: number;
	/** Of the parameters; the first when not given. */
	segment?: number;
}

const firstNumbers = 128 * slotBytes;

export class GpuEngine {
	failure: Error | null = null;
	readonly counts: EngineCounts = { dispatches: 0, submits: 0 };
	private readonly programs: GpuPrograms;
	readonly buffers: GpuBuffers;
	private numbers: GPUBuffer;
	private numbersGroups: SegmentGroups | null = null;
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
		this.buffers = new GpuBuffers(gpu);
		this.numbers = this.createNumbers(firstNumbers);
	}

	get bytes(): number {
		return this.buffers.bytes + this.numbers.size + this.keptBytes + (this.readback?.size ?? 0);
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
			this.numbersGroups = null;
		}
		if (commands.length === 0) return;
		this.gpu.queue.writeBuffer(this.numbers, 0, block as Int32Array<ArrayBuffer>);
		this.numbersGroups = this.groupsOf(this.numbers, this.numbersGroups);
		this.send(commands, this.numbersGroups);
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

	/** The bind groups of a buffer of number blocks: the earlier ones unless a buffer was replaced since. */
	groupsOf(numbers: GPUBuffer, earlier: SegmentGroups | null): SegmentGroups {
		const { generation, segmentCount } = this.buffers;
		if (earlier?.generation === generation) return earlier;
		const groups = Array.from({ length: segmentCount }, (_, segment) => this.bindGroup(numbers, segment));
		return { groups, generation };
	}

	private bindGroup(numbers: GPUBuffer, segment: number): GPUBindGroup {
		return this.gpu.createBindGroup({
			layout: this.programs.groupLayout,
			entries: [
				...this.buffers.seenBy(segment).map((buffer, binding) => ({ binding, resource: { buffer } })),
				{ binding: bufferNames.length, resource: { buffer: numbers, size: blockBytes } },
			],
		});
	}

	/** Encodes and submits dispatches in order, cut into submissions that do not block the GPU for long. */
	send(commands: readonly Command[], { groups }: SegmentGroups): void {
		const { limit } = this.pace;
		const total = commands.reduce((sum, { work }) => sum + work, 0);
		let next = 0;
		while (next < commands.length) {
			const encoder = this.gpu.createCommandEncoder();
			const pass = encoder.beginComputePass();
			let work = 0;
			let current: GPUComputePipeline | null = null;
			do {
				const { pipeline, slot, segment, groupsX, groupsY } = commands[next];
				if (pipeline !== current) {
					pass.setPipeline(pipeline);
					current = pipeline;
				}
				pass.setBindGroup(0, groups[segment], [slot * slotBytes]);
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
	async read(name: BufferName, regions: readonly BufferRegion[]): Promise<ArrayBuffer> {
		const total = regions.reduce((sum, { bytes }) => sum + bytes, 0);
		if (total === 0) return new ArrayBuffer(0);
		this.checkFailure();
		const staging = this.takeStaging(total);
		try {
			const encoder = this.gpu.createCommandEncoder();
			let offset = 0;
			for (const { byteOffset, bytes, segment } of regions) {
				encoder.copyBufferToBuffer(this.buffers.at(name, segment), byteOffset, staging.buffer, offset, bytes);
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
