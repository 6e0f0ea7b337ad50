// Counter-based random bits: a pure function of (seed, step, site, row, column), so that dropout draws the same
// mask on every device, in any order, and again in the backward pass. 32-bit integers only: JavaScript, WASM and
// WGSL give the same bits. The mixer is the 32-bit finaliser "lowbias32" (Wellons, "Prospecting for Hash
// Functions", 2018: bias 0.17).

/** Mixes 32 bits. Bijective on unsigned 32-bit integers; returns an unsigned one. */
export function mix32(value: number): number {
	let x = value | 0;
	x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
	x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
	return (x ^ (x >>> 16)) >>> 0;
}

const GOLDEN = 0x9e3779b9;

/** Key of one dropout site in one step (unsigned 32 bits). Sites are numbered in model/dropout-sites.ts. */
export function siteKey(seed: number, step: number, site: number): number {
	const stepKey = mix32(mix32((seed + GOLDEN) | 0) ^ step);
	return mix32(stepKey ^ Math.imul(site, 0x85ebca6b));
}

/** Key of one row of a matrix; `rowKey` names the row independently of any memory layout (data/batch.ts). */
export function rowBits(key: number, rowKey: number): number {
	return mix32(key ^ rowKey);
}

/** The random bits of one element (unsigned 32 bits). */
export function elementBits(row: number, column: number): number {
	return mix32((row + Math.imul(column, GOLDEN)) | 0);
}

/** Elements whose bits are below this are dropped. `rate` in [0, 1). */
export function dropThreshold(rate: number): number {
	return Math.min(0xffffffff, Math.round(rate * 4294967296)) >>> 0;
}
