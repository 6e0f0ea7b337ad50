// SHA-256 over bytes as they come (FIPS 180-4). The browser's own digest takes whole files only, which a file of
// gigabytes is too large for.

/** First 32 bits of the fractional parts of roots of the first primes: square roots for the start, cube roots for the rounds. */
const primes = firstPrimes(64);
const startState = Int32Array.from(primes.slice(0, 8), (prime) => fractionBits(Math.sqrt(prime)));
const roundConstants = Int32Array.from(primes, (prime) => fractionBits(Math.cbrt(prime)));

const blockBytes = 64;

export class Sha256 {
	private readonly state = startState.slice();
	private readonly schedule = new Int32Array(64);
	private readonly rest = new Uint8Array(blockBytes);
	private restBytes = 0;
	private totalBytes = 0;

	/** Bytes hashed so far. */
	get sizeBytes(): number {
		return this.totalBytes;
	}

	update(bytes: Uint8Array): void {
		this.totalBytes += bytes.length;
		let at = 0;
		if (this.restBytes > 0) {
			at = Math.min(bytes.length, blockBytes - this.restBytes);
			this.rest.set(bytes.subarray(0, at), this.restBytes);
			this.restBytes += at;
			if (this.restBytes < blockBytes) return;
			this.mixBlock(this.rest, 0);
		}
		for (; at + blockBytes <= bytes.length; at += blockBytes) this.mixBlock(bytes, at);
		this.rest.set(bytes.subarray(at));
		this.restBytes = bytes.length - at;
	}

	/** Lower-case hexadecimal. Ends the hashing. */
	digestHex(): string {
		const bits = this.totalBytes * 8;
		const padded = new Uint8Array(this.restBytes < 56 ? 64 : 128);
		padded.set(this.rest.subarray(0, this.restBytes));
		padded[this.restBytes] = 0x80;
		const view = new DataView(padded.buffer);
		view.setUint32(padded.length - 8, Math.floor(bits / 2 ** 32));
		view.setUint32(padded.length - 4, bits >>> 0);
		for (let at = 0; at < padded.length; at += blockBytes) this.mixBlock(padded, at);
		return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
	}

	private mixBlock(bytes: Uint8Array, at: number): void {
		const { state, schedule } = this;
		for (let round = 0; round < 16; round++) {
			const from = at + 4 * round;
			schedule[round] = (bytes[from] << 24) | (bytes[from + 1] << 16) | (bytes[from + 2] << 8) | bytes[from + 3];
		}
		for (let round = 16; round < 64; round++) {
			const early = schedule[round - 15];
			const late = schedule[round - 2];
			const small0 = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
			const small1 = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
			schedule[round] = (schedule[round - 16] + small0 + schedule[round - 7] + small1) | 0;
		}
		let a = state[0];
		let b = state[1];
		let c = state[2];
		let d = state[3];
		let e = state[4];
		let f = state[5];
		let g = state[6];
		let h = state[7];
		for (let round = 0; round < 64; round++) {
			const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
			const sum1 = (h + big1 + ((e & f) ^ (~e & g)) + roundConstants[round] + schedule[round]) | 0;
			const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
			const sum2 = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
			h = g;
			g = f;
			f = e;
			e = (d + sum1) | 0;
			d = c;
			c = b;
			b = a;
			a = (sum1 + sum2) | 0;
		}
		state[0] += a;
		state[1] += b;
		state[2] += c;
		state[3] += d;
		state[4] += e;
		state[5] += f;
		state[6] += g;
		state[7] += h;
	}
}

function firstPrimes(count: number): number[] {
	const found: number[] = [];
	for (let number = 2; found.length < count; number++) {
		if (found.every((prime) => number % prime !== 0)) found.push(number);
	}
	return found;
}

function fractionBits(root: number): number {
	return Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
}
