// A byte stream that can be read ahead: the first bytes of a file say what it is.
// Holds no more than what was peeked and one chunk.

import { joinBytes } from '../../util/join-bytes';

export class PeekableBytes implements AsyncIterable<Uint8Array> {
	private readonly iterator: AsyncIterator<Uint8Array>;
	private held: Uint8Array = new Uint8Array(0);

	constructor(source: AsyncIterable<Uint8Array>) {
		this.iterator = source[Symbol.asyncIterator]();
	}

	/** The next `count` bytes, or as many as there are; they stay. */
	async peek(count: number): Promise<Uint8Array> {
		if (this.held.length >= count) return this.held.subarray(0, count);
		const parts = [this.held];
		let length = this.held.length;
		while (length < count) {
			const { done, value } = await this.iterator.next();
			if (done) break;
			parts.push(value);
			length += value.length;
		}
		this.held = joinBytes(parts);
		return this.held.subarray(0, count);
	}

	/** The next `count` bytes, taken away; fewer only at the end. */
	async take(count: number): Promise<Uint8Array> {
		const taken = await this.peek(count);
		this.held = this.held.subarray(taken.length);
		return taken;
	}

	/** The next bytes as they come, at most so many; none at the end. */
	async takeSome(most: number): Promise<Uint8Array> {
		while (this.held.length === 0) {
			const { done, value } = await this.iterator.next();
			if (done) return this.held;
			this.held = value;
		}
		return this.take(Math.min(most, this.held.length));
	}

	/** Puts bytes back in front. */
	putBack(bytes: Uint8Array): void {
		this.held = joinBytes([bytes, this.held]);
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
		try {
			while (true) {
				const bytes = await this.takeSome(Number.POSITIVE_INFINITY);
				if (bytes.length === 0) return;
				yield bytes;
			}
		} finally {
			await this.close();
		}
	}

	/** Lets go of the source before its end. */
	async close(): Promise<void> {
		await this.iterator.return?.();
	}
}
