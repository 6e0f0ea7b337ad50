// The fused device's buffers on the GPU. Those of the parameters are in segments; the arena and the inputs are one each.

import { UserError } from '../../util/errors';
import { type BufferName, bufferNames } from './program';

const minimumBytes = 256;

export class GpuBuffers {
	private readonly lists = {} as Record<BufferName, GPUBuffer[]>;
	/** Raised whenever a buffer is replaced: bind groups made before are stale. */
	generation = 0;

	constructor(private readonly gpu: GPUDevice) {
		for (const name of bufferNames) this.lists[name] = [this.create(name, minimumBytes)];
	}

	get bytes(): number {
		return bufferNames.reduce((sum, name) => sum + this.lists[name].reduce((all, { size }) => all + size, 0), 0);
	}

	get segmentCount(): number {
		return Math.max(...bufferNames.map((name) => this.lists[name].length));
	}

	at(name: BufferName, segment = 0): GPUBuffer {
		return this.lists[name][segment];
	}

	/** What programs of a segment see, in the order of `bufferNames`. */
	seenBy(segment: number): GPUBuffer[] {
		return bufferNames.map((name) => this.lists[name][segment] ?? this.lists[name][0]);
	}

	/** New buffers of zeros, one for each segment, that replace the old ones. */
	replace(name: BufferName, bytes: readonly number[]): void {
		for (const size of bytes) this.checkSize(name, size);
		for (const old of this.lists[name]) old.destroy();
		this.lists[name] = bytes.map((size) => this.create(name, size));
		this.generation++;
	}

	/** The same of one segment. */
	replaceAt(name: BufferName, segment: number, bytes: number): void {
		this.checkSize(name, bytes);
		this.lists[name][segment].destroy();
		this.lists[name][segment] = this.create(name, bytes);
		this.generation++;
	}

	/** A buffer of at least so many bytes that keeps what the old one held. */
	grow(name: BufferName, bytes: number): void {
		const [old] = this.lists[name];
		if (old.size >= bytes) return;
		const grown = this.create(name, bytes);
		this.submit((encoder) => encoder.copyBufferToBuffer(old, 0, grown, 0, old.size));
		old.destroy();
		this.lists[name] = [grown];
		this.generation++;
	}

	write(
		name: BufferName,
		byteOffset: number,
		values: Int32Array | Float32Array,
		{ segment = 0, length = values.length } = {},
	): void {
		const bytes = values.buffer as ArrayBuffer;
		if (length > 0)
			this.gpu.queue.writeBuffer(this.lists[name][segment], byteOffset, bytes, values.byteOffset, length * 4);
	}

	/** Zeros in all segments. */
	clear(name: BufferName): void {
		this.submit((encoder) => {
			for (const buffer of this.lists[name]) encoder.clearBuffer(buffer);
		});
	}

	/** Copies all segments; what comes back writes the copies over them and gives the copies back. */
	keepCopies(name: BufferName): () => void {
		const copies = this.lists[name].map((buffer) => this.create(`copy of ${name}`, buffer.size));
		const copy = (from: readonly GPUBuffer[], to: readonly GPUBuffer[]) =>
			this.submit((encoder) => {
				from.forEach((buffer, segment) => {
					encoder.copyBufferToBuffer(buffer, 0, to[segment], 0, buffer.size);
				});
			});
		copy(this.lists[name], copies);
		return () => {
			copy(copies, this.lists[name]);
			for (const buffer of copies) buffer.destroy();
		};
	}

	private submit(encode: (encoder: GPUCommandEncoder) => void): void {
		const encoder = this.gpu.createCommandEncoder();
		encode(encoder);
		this.gpu.queue.submit([encoder.finish()]);
	}

	private create(label: string, bytes: number): GPUBuffer {
		const size = Math.max(minimumBytes, Math.ceil(bytes / minimumBytes) * minimumBytes);
		this.checkSize(label, size);
		const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
		return this.gpu.createBuffer({ label, size, usage });
	}

	private checkSize(name: string, bytes: number): void {
		const { maxStorageBufferBindingSize, maxBufferSize } = this.gpu.limits;
		const maxBytes = Math.min(maxStorageBufferBindingSize, maxBufferSize);
		if (bytes > maxBytes)
			throw tooLarge(`${bytes} bytes (${name})`, `a GPU that allocates at most ${maxBytes} bytes at a time`);
	}
}

/** The GPU has not the room. */
export function tooLarge(expected: string, found: string): UserError {
	return new UserError({
		code: 'gpu-out-of-memory',
		expected: `GPU memory for ${expected}`,
		found,
		remedy: 'Use a smaller batch size or model, shorten long sentences, or compute on wasm.',
	});
}
