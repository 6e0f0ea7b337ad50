// The fused device's hold on the GPU: its buffers, pipelines and the list of dispatches not yet sent. Dispatches are
// gathered and sent together; host values go up in one write. Nothing here knows what the programs compute.

import { invariant, UserError } from '../../../util/errors';
import {
	type BufferName,
	blockBytes,
	bufferNames,
	canJoin,
	defaultGroupSize,
	headerWords,
	type ProgramText,
	programCode,
	programKey,
	slotBytes,
	slotWords,
} from './program';
import { type Job, type ScheduleOptions, scheduleJobs } from './schedule';
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

	private jobs: Job[] = [];
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
					buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: blockBytes },
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
			size: bytes + blockBytes, // a dispatch always sees room for the most jobs
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

	/** Adds a call to the queue, in parts where it alone would make too long a submission. */
	run(text: ProgramText, { count, words, work = count }: RunCall): void {
		if (count === 0) return;
		const pipeline = this.pipelineOf(text);
		const groups = text.threads === 'elements' ? Math.ceil(count / (text.groupSize ?? defaultGroupSize)) : count;
		const parts = Math.min(groups, Math.max(1, Math.ceil(work / this.workLimit)));
		const facts = { uses: usesOf(text, words), adds: addsOf(text, words), takeover: takeoverOf(text, words) };
		const isJoinable = parts === 1 && canJoin(text);
		for (let part = 0; part < parts; part++) {
			const first = Math.floor((part * groups) / parts);
			const end = Math.floor(((part + 1) * groups) / parts);
			const slot = this.fillSlot(text, [0, 1, first, end, count], words);
			this.jobs.push({ pipeline, isJoinable, slot, groups: end - first, work: work / parts, ...facts });
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
			const value = words[word];
			const place = start + headerWords + index;
			if (value instanceof Place) {
				this.pending.push({ word: place, place: value });
				return;
			}
			invariant(Number.isFinite(value), `program ${text.name}: no number ${word}`);
			if (word.endsWith('Float')) this.blockFloats[place] = value;
			else this.block[place] = value;
		});
		return slot;
	}

	/** The queued calls, joined into dispatches in a good order. */
	schedule(options: Pick<ScheduleOptions, 'defers'>): Job[][] {
		return scheduleJobs(this.jobs, { ...options, mostWork: this.workLimit });
	}

	/** Takes the queue as dispatches with their number blocks, to be sent as often as wanted. All places are known by now. */
	takeCommands(dispatches: readonly (readonly Job[])[]): { commands: Command[]; block: Int32Array } {
		for (const { word, place } of this.pending) this.block[word] = place.offset;
		const block = new Int32Array(this.slots * slotWords);
		let slot = 0;
		const commands = dispatches.map((jobs): Command => {
			const first = slot;
			let groups = 0;
			for (const job of jobs) {
				const start = slot++ * slotWords;
				block.set(this.block.subarray(job.slot * slotWords, (job.slot + 1) * slotWords), start);
				block[start] = groups;
				groups += job.groups;
			}
			block[first * slotWords + 1] = jobs.length;
			const groupsX = Math.min(groups, mostGroupsX);
			const work = jobs.reduce((sum, job) => sum + job.work, 0);
			return { pipeline: jobs[0].pipeline, slot: first, groupsX, groupsY: Math.ceil(groups / groupsX), work };
		});
		this.dropCommands();
		return { commands, block };
	}

	/** Forgets the queue. */
	dropCommands(): void {
		this.jobs = [];
		this.pending = [];
		this.slots = 0;
	}

	/** Sends dispatches with number blocks that are not kept. */
	sendOnce(commands: readonly Command[], block: Int32Array): void {
		if (this.numbers.size < block.byteLength + blockBytes) {
			this.numbers.destroy();
			this.numbers = this.createNumbers(Math.max(this.block.byteLength, block.byteLength));
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
			layout: this.groupLayout,
			entries: [
				...bufferNames.map((name, binding) => ({ binding, resource: { buffer: this.buffers[name] } })),
				{ binding: bufferNames.length, resource: { buffer: numbers, size: blockBytes } },
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

function usesOf({ words, writes = ['out'] }: ProgramText, values: RunCall['words']): Job['uses'] {
	return words.flatMap((word) => {
		const value = values[word];
		return value instanceof Place ? [{ run: value.run, isWritten: writes.includes(word) }] : [];
	});
}

function addsOf({ adds = [] }: ProgramText, values: RunCall['words']): number[] {
	return adds.map((word) => values[word] as number).filter((place) => place >= 0);
}

function takeoverOf({ replaces }: ProgramText, values: RunCall['words']): Job['takeover'] {
	const [from, to] = [replaces === undefined ? undefined : values[replaces], values.out];
	const isWhole = from instanceof Place && to instanceof Place && from.shift === 0 && to.shift === 0;
	return isWhole ? { from: from.run, to: to.run } : null;
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
