// The fused device's hold on the GPU: its buffers, pipelines and the list of dispatches not yet sent. Dispatches are
// gathered and sent together; host values go up in one write. Nothing here knows what the programs compute.

import { invariant, UserError } from '../../../util/errors';
import {
	type BufferName,
	bufferNames,
	defaultGroupSize,
	headerWords,
	type ProgramText,
	programCode,
	programKey,
	slotBytes,
	slotWords,
} from './program';
import { Place } from './step-memory';

/** One dispatch with everything the host knows about it. */
export interface Command {
	pipeline: GPUComputePipeline;
	/** Place of its number block, in blocks. */
	slot: number;
	groupsX: number;
	groupsY: number;
	/** Rough number of multiply-adds. */
	work: number;
}

export interface RunCall {
	/** Threads ('elements') or workgroups ('groups'). */
	count: number;
	words: Readonly<Record<string, number | Place>>;
	/** Rough number of multiply-adds, for cutting long submissions; the count when not given. */
	work?: number;
}

export interface EngineCounts {
	dispatches: number;
	submits: number;
}

/** Most multiply-adds of one submission: about 100 ms of a slow real GPU, about half a second of an emulated one. */
const workLimits = { real: 2e10, software: 1e9 };
const mostGroupsX = 32768;
const minimumBytes = 256;

export class GpuEngine {
	failure: Error | null = null;
	readonly counts: EngineCounts = { dispatches: 0, submits: 0 };
	private readonly groupLayout: GPUBindGroupLayout;
	private readonly pipelineLayout: GPUPipelineLayout;
	private readonly pipelines = new Map<string, GPUComputePipeline>();
	private readonly buffers = {} as Record<BufferName, GPUBuffer>;
	/** Raised whenever a buffer is replaced: bind groups made before are stale. */
	generation = 0;
	private numbers: GPUBuffer;
	private numbersGroup: { group: GPUBindGroup; generation: number } | null = null;
	private readback: GPUBuffer | null = null;
	private isReading = false;
	/** Bytes of the number blocks of recorded steps. */
	private keptBytes = 0;

	private commands: Command[] = [];
	private block = new Int32Array(128 * slotWords);
	private blockFloats = new Float32Array(this.block.buffer);
	private slots = 0;
	/** Words of the block whose places were not known when they were written. */
	private pending: { word: number; place: Place }[] = [];

	constructor(
		readonly gpu: GPUDevice,
		private readonly isSoftware: boolean,
	) {
		gpu.addEventListener('uncapturederror', (event) => {
			this.failure ??= gpuProblem(event.error);
		});
		void gpu.lost.then(({ reason, message }) => {
			this.failure ??= new Error(`the GPU was lost (${reason}): ${message}`);
		});
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
					buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: slotBytes },
				},
			],
		});
		this.pipelineLayout = gpu.createPipelineLayout({ bindGroupLayouts: [this.groupLayout] });
		for (const name of bufferNames) this.buffers[name] = this.createBuffer(name, minimumBytes);
		this.numbers = this.createNumbers(this.block.byteLength);
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

	/** A new buffer of zeros in place of the old one. */
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
		const most = Math.min(maxStorageBufferBindingSize, maxBufferSize);
		if (bytes > most) throw tooLarge(`${bytes} bytes (${name})`, `a GPU that gives at most ${most} bytes at once`);
	}

	private createNumbers(bytes: number): GPUBuffer {
		return this.gpu.createBuffer({
			label: 'numbers',
			size: bytes,
			usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
		});
	}

	// --- Dispatches.

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

	/** Adds a dispatch to the list, in parts where it alone would make too long a submission. */
	run(text: ProgramText, { count, words, work = count }: RunCall): void {
		if (count === 0) return;
		const pipeline = this.pipelineOf(text);
		const groups = text.threads === 'elements' ? Math.ceil(count / (text.groupSize ?? defaultGroupSize)) : count;
		const parts = Math.min(groups, Math.max(1, Math.ceil(work / this.workLimit)));
		for (let part = 0; part < parts; part++) {
			const first = Math.floor((part * groups) / parts);
			const end = Math.floor(((part + 1) * groups) / parts);
			const slot = this.fillSlot(text, [first, end, count], words);
			const size = end - first;
			const groupsX = Math.min(size, mostGroupsX);
			this.commands.push({ pipeline, slot, groupsX, groupsY: Math.ceil(size / groupsX), work: work / parts });
		}
	}

	private get workLimit(): number {
		return this.isSoftware ? workLimits.software : workLimits.real;
	}

	private fillSlot(text: ProgramText, header: readonly number[], words: RunCall['words']): number {
		const slot = this.slots++;
		if (this.slots * slotWords > this.block.length) {
			const longer = new Int32Array(2 * this.block.length);
			longer.set(this.block);
			this.block = longer;
			this.blockFloats = new Float32Array(longer.buffer);
		}
		const start = slot * slotWords;
		this.block.fill(0, start, start + slotWords);
		this.block.set(header, start);
		text.words.forEach((word, index) => {
			const value = this.numberOf(words[word], start + headerWords + index);
			invariant(Number.isFinite(value), `program ${text.name}: no number ${word}`);
			if (word.endsWith('Float')) this.blockFloats[start + headerWords + index] = value;
			else this.block[start + headerWords + index] = value;
		});
		return slot;
	}

	/** A place counts as used by the next dispatch; where it is not known yet it is filled in when the dispatches are taken. */
	private numberOf(value: number | Place, word: number): number {
		if (!(value instanceof Place)) return value;
		value.run.usedAt(this.commands.length);
		if (value.run.offset >= 0) return value.offset;
		this.pending.push({ word, place: value });
		return 0;
	}

	/** Takes the list of dispatches and their number blocks, to be sent as often as wanted. All places are known by now. */
	takeCommands(): { commands: Command[]; block: Int32Array } {
		for (const { word, place } of this.pending) this.block[word] = place.offset;
		this.pending = [];
		const taken = { commands: this.commands, block: this.block.slice(0, this.slots * slotWords) };
		this.commands = [];
		this.slots = 0;
		return taken;
	}

	/** Forgets the gathered dispatches. */
	dropCommands(): void {
		this.commands = [];
		this.pending = [];
		this.slots = 0;
	}

	/** Sends the gathered dispatches. */
	submit(): void {
		if (this.commands.length === 0) return;
		const { commands, block } = this.takeCommands();
		this.sendOnce(commands, block);
	}

	/** Sends dispatches with number blocks that are not kept. */
	sendOnce(commands: readonly Command[], block: Int32Array): void {
		if (this.numbers.size < block.byteLength) {
			this.numbers.destroy();
			this.numbers = this.createNumbers(this.block.byteLength);
			this.numbersGroup = null;
		}
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
			layout: this.groupLayout,
			entries: [
				...bufferNames.map((name, binding) => ({ binding, resource: { buffer: this.buffers[name] } })),
				{ binding: bufferNames.length, resource: { buffer: numbers, size: slotBytes } },
			],
		});
	}

	/** Encodes and submits dispatches in order, cut into submissions of bearable length. */
	send(commands: readonly Command[], group: GPUBindGroup): void {
		const limit = this.workLimit;
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
			let place = 0;
			for (const { byteOffset, bytes } of regions) {
				encoder.copyBufferToBuffer(this.buffers[name], byteOffset, staging.buffer, place, bytes);
				place += bytes;
			}
			this.gpu.queue.submit([encoder.finish()]);
			await staging.buffer.mapAsync(GPUMapMode.READ, 0, total);
			const copy = staging.buffer.getMappedRange(0, total).slice(0);
			staging.buffer.unmap();
			this.checkFailure();
			return copy;
		} catch (error) {
			// A read is refused when the GPU is lost, before or after that is reported.
			this.failure ??= new Error(`the GPU does not answer: ${error instanceof Error ? error.message : String(error)}`);
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
	return new Error(`the GPU reports an error: ${error.message}`);
}

function tooLarge(expected: string, found: string): UserError {
	return new UserError({
		code: 'gpu-out-of-memory',
		expected: `room for ${expected}`,
		found,
		remedy: 'Choose smaller batches or a smaller model, shorten long sentences, or compute on wasm.',
	});
}
