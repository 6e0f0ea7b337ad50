// Seeded random numbers for the host: initialisation, shuffling, sampling. One stream per purpose, forked from the
// run's seed by name, so that adding a draw in one place changes nothing in another. The state is two integers,
// so a checkpoint can store it.

import { mix32 } from './counter-random';

export interface RandomState {
	key: number;
	counter: number;
}

/** Seed for one purpose of a run, e.g. `forkSeed(24, 'shuffle')`. Unsigned 32 bits. */
export function forkSeed(seed: number, purpose: string): number {
	let hash = mix32(seed ^ 0x51ed270b);
	for (const character of purpose) hash = mix32(hash ^ (character.codePointAt(0) ?? 0));
	return hash;
}

/** A stream of uniform numbers: bits number n are `mix(key, n)`. */
export class RandomStream {
	private key: number;
	private counter: number;

	constructor(seed: number, state?: RandomState) {
		this.key = state?.key ?? mix32(seed);
		this.counter = state?.counter ?? 0;
	}

	state(): RandomState {
		return { key: this.key, counter: this.counter };
	}

	/** Unsigned 32 random bits. */
	bits(): number {
		this.counter = (this.counter + 1) >>> 0;
		return mix32(mix32(this.key ^ this.counter) + this.key);
	}

	/** Uniform in [0, 1), 24 bits. */
	uniform(): number {
		return (this.bits() >>> 8) / 16777216;
	}

	/** Uniform integer in [0, limit), without modulo bias. */
	below(limit: number): number {
		const ceiling = Math.floor(4294967296 / limit) * limit;
		let bits = this.bits();
		while (bits >= ceiling) bits = this.bits();
		return bits % limit;
	}

	/** A uniformly random permutation of 0..length-1 (Fisher and Yates, in Durstenfeld's form). */
	permutation(length: number): Int32Array {
		const order = Int32Array.from({ length }, (_, index) => index);
		for (let last = length - 1; last > 0; last--) {
			const chosen = this.below(last + 1);
			const kept = order[last];
			order[last] = order[chosen];
			order[chosen] = kept;
		}
		return order;
	}
}
