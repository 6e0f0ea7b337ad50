// Loads the WebAssembly module: picks the build that this engine can run, finds its bytes (fetch in a browser, the
// file system in Node), and instantiates it on a memory of its own.

import { UserError } from '../../util/errors';

/** `relaxed-fma` rounds a multiplication and its addition once where the processor can: other last bits, up to 13 % faster. */
export type WasmBuild = 'plain' | 'relaxed-fma';

/** What module/kernels.ts exports. Matrices and lists are byte addresses; counts and strides are in elements;
 *  address 0 stands for "none". The docstrings stand at the functions there. */
export interface Kernels {
	initialize(start: number): number;
	gemm(
		rows: number,
		columns: number,
		depth: number,
		a: number,
		aRowStride: number,
		aDepthStride: number,
		b: number,
		bDepthStride: number,
		bColumnStride: number,
		c: number,
		cRowStride: number,
		accumulate: boolean,
	): void;
	gemmHeads(
		heads: number,
		rows: number,
		columns: number,
		depth: number,
		a: number,
		aHeadStride: number,
		aRowStride: number,
		aDepthStride: number,
		b: number,
		bHeadStride: number,
		bDepthStride: number,
		bColumnStride: number,
		c: number,
		cHeadStride: number,
		cRowStride: number,
		accumulate: boolean,
	): void;
	add(count: number, left: number, right: number, out: number): void;
	addVector(rows: number, columns: number, matrix: number, vector: number, relu: boolean, out: number): void;
	relu(count: number, matrix: number): void;
	reluBackward(count: number, output: number, gradient: number, out: number): void;
	addColumnSums(rows: number, columns: number, matrix: number, sums: number): void;
	fillZero(start: number, bytes: number): void;
	layerNorm(
		rows: number,
		columns: number,
		input: number,
		residual: number,
		gain: number,
		bias: number,
		normalized: number,
		inverseDeviation: number,
		out: number,
	): void;
	layerNormBackward(
		rows: number,
		columns: number,
		normalized: number,
		inverseDeviation: number,
		gain: number,
		gradient: number,
		inputGradient: number,
	): void;
	layerNormParameters(
		rows: number,
		columns: number,
		normalized: number,
		gradient: number,
		gainGradient: number,
		biasGradient: number,
	): void;
	dropout(
		rows: number,
		columns: number,
		matrix: number,
		rowKeys: number,
		key: number,
		threshold: number,
		scale: number,
		out: number,
	): void;
	gatherRows(count: number, columns: number, table: number, ids: number, out: number): void;
	addToRows(count: number, columns: number, table: number, ids: number, firstId: number, rows: number): void;
	placeRows(count: number, columns: number, rows: number, ids: number, out: number): void;
	copyColumns(rows: number, columns: number, from: number, fromStride: number, to: number, toStride: number): void;
	distanceRows(
		count: number,
		columns: number,
		table: number,
		indices: number,
		isFirst: boolean,
		relu: boolean,
		out: number,
	): void;
	distanceRowsBackward(
		count: number,
		columns: number,
		tableGradient: number,
		indices: number,
		output: number,
		gradient: number,
	): void;
	softmaxGroups(rows: number, groups: number, width: number, matrix: number, out: number): void;
	softmaxGroupsBackward(
		rows: number,
		groups: number,
		width: number,
		output: number,
		gradient: number,
		inputGradient: number,
	): void;
	mixRows(
		count: number,
		columns: number,
		values: number,
		indices: number,
		weights: number,
		weightStride: number,
		isVector: boolean,
		out: number,
	): void;
	mixRowsBackward(
		count: number,
		columns: number,
		values: number,
		indices: number,
		weights: number,
		weightStride: number,
		isVector: boolean,
		gradient: number,
		valuesGradient: number,
		weightsGradient: number,
	): void;
	addPositionScores(
		queries: number,
		size: number,
		headSize: number,
		query: number,
		queryStride: number,
		relative: number,
		index: number,
		scores: number,
	): void;
	positionScoresBackward(
		queries: number,
		size: number,
		headSize: number,
		query: number,
		queryStride: number,
		relative: number,
		index: number,
		gradient: number,
		queryGradient: number,
		relativeGradient: number,
	): void;
	maskedSoftmax(rows: number, size: number, count: number, scores: number, out: number): void;
	maskedSoftmaxBackward(
		rows: number,
		size: number,
		probabilities: number,
		gradient: number,
		inputGradient: number,
	): void;
	crfIsScaled(tagCount: number, transitions: number, start: number, end: number): number;
	crfTables(tagCount: number, transitions: number, start: number, end: number, isScaled: boolean, tables: number): void;
	crfForwardScaled(
		tagCount: number,
		length: number,
		emissions: number,
		tables: number,
		alpha: number,
		weights: number,
	): number;
	crfBackwardScaled(
		tagCount: number,
		length: number,
		tables: number,
		alpha: number,
		weights: number,
		tags: number,
		scale: number,
		out: number,
		moveCounts: number,
		work: number,
	): void;
	crfFinishCounts(tagCount: number, tables: number, moveCounts: number): void;
	crfForwardLog(tagCount: number, length: number, emissions: number, tables: number, alpha: number): number;
	crfBackwardLog(
		tagCount: number,
		length: number,
		emissions: number,
		tables: number,
		alpha: number,
		logZ: number,
		tags: number,
		scale: number,
		out: number,
		moveCounts: number,
		work: number,
	): void;
	crfPathScore(
		tagCount: number,
		length: number,
		emissions: number,
		transitions: number,
		start: number,
		end: number,
		tags: number,
	): number;
	crfSubtractPath(tagCount: number, length: number, tags: number, moveCounts: number): void;
	crfAddMoves(tagCount: number, moveCounts: number, weight: number, transitionGradient: number): void;
	crfDecode(
		tagCount: number,
		length: number,
		emissions: number,
		transitions: number,
		start: number,
		end: number,
		constraints: number,
		tags: number,
		work: number,
		back: number,
	): number;
	normalizeRows(count: number, columns: number, matrix: number, order: number, normalized: number, norms: number): void;
	normalizeRowsBackward(
		count: number,
		columns: number,
		normalized: number,
		norms: number,
		order: number,
		gradient: number,
		out: number,
	): void;
	contrastiveRows(
		count: number,
		anchor: number,
		total: number,
		classStart: number,
		classEnd: number,
		scale: number,
		cosines: number,
		negatives: number,
	): number;
	contrastiveRowGradients(
		count: number,
		anchor: number,
		total: number,
		classStart: number,
		classEnd: number,
		scale: number,
		weight: number,
		cosines: number,
		negatives: number,
	): void;
	catchUpRows(
		count: number,
		ids: number,
		columns: number,
		stamps: number,
		now: number,
		history: number,
		values: number,
		first: number,
	): void;
	markRows(count: number, ids: number, firstId: number, marks: number, touched: number, length: number): number;
	clearRows(count: number, touched: number, columns: number, marks: number, gradients: number): void;
	updateRowsSgd(
		count: number,
		touched: number,
		columns: number,
		stamps: number,
		now: number,
		values: number,
		gradients: number,
		first: number,
		rate: number,
		momentum: number,
		decay: number,
		limit: number,
	): void;
	fillIntegers(count: number, start: number, value: number): void;
	catchUpRowsAdamw(
		count: number,
		ids: number,
		columns: number,
		stamps: number,
		now: number,
		history: number,
		values: number,
		first: number,
		second: number,
	): void;
	updateRowsAdamw(
		count: number,
		touched: number,
		columns: number,
		stamps: number,
		now: number,
		values: number,
		gradients: number,
		first: number,
		second: number,
		rate: number,
		beta1: number,
		rest1: number,
		beta2: number,
		rest2: number,
		epsilon: number,
		decay: number,
		limit: number,
		firstScale: number,
		secondScale: number,
	): void;
	updateSgd(
		count: number,
		values: number,
		gradients: number,
		first: number,
		rate: number,
		momentum: number,
		decay: number,
		limit: number,
	): void;
	updateAdamw(
		count: number,
		values: number,
		gradients: number,
		first: number,
		second: number,
		rate: number,
		beta1: number,
		rest1: number,
		beta2: number,
		rest2: number,
		epsilon: number,
		decay: number,
		limit: number,
		firstScale: number,
		secondScale: number,
	): void;
}

// Two modules of one function each: (v128, v128, v128) -> v128, returning its first argument, and the relaxed a * b + c.
const header = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 8, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b, 3, 2, 1, 0];
const simdProbe = Uint8Array.from([...header, 10, 6, 1, 4, 0, 0x20, 0, 0x0b]);
const relaxedProbe = Uint8Array.from([
	...header,
	...[10, 13, 1, 11, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0xfd, 0x85, 0x02, 0x0b],
]);

export function hasWasmSimd(): boolean {
	return typeof WebAssembly === 'object' && WebAssembly.validate(simdProbe);
}

export function hasRelaxedSimd(): boolean {
	return typeof WebAssembly === 'object' && WebAssembly.validate(relaxedProbe);
}

/** UserError `wasm-no-simd`. */
export function requireWasmSimd(): void {
	if (hasWasmSimd()) return;
	throw new UserError({
		code: 'wasm-no-simd',
		expected: 'a JavaScript engine with WebAssembly SIMD',
		found: 'one without it',
		remedy: 'Use Chrome 91, Firefox 89, Safari 16.4, Node 20.19 or newer.',
	});
}

/** Compiles a build. UserError `wasm-no-simd` where the engine lacks SIMD, `wasm-not-loaded` where the file cannot be had. */
export async function compileKernels(
	build: WasmBuild,
	{ bytes, isShared = false }: { bytes?: BufferSource; isShared?: boolean } = {},
): Promise<WebAssembly.Module> {
	requireWasmSimd();
	return WebAssembly.compile(bytes ?? (await readKernels(urlOf(build, isShared))));
}

export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
	return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}

/** Each file is named in full, as bundlers want it. */
function urlOf(build: WasmBuild, isShared: boolean): URL {
	if (isShared)
		return build === 'plain'
			? new URL('./kernels-threads.wasm', import.meta.url)
			: new URL('./kernels-relaxed-threads.wasm', import.meta.url);
	return build === 'plain'
		? new URL('./kernels.wasm', import.meta.url)
		: new URL('./kernels-relaxed.wasm', import.meta.url);
}

/** The bytes of a module beside the program. UserError `wasm-not-loaded`. */
export async function readKernels(url: URL): Promise<BufferSource> {
	if (url.protocol === 'file:') {
		const fileSystem = 'node:fs/promises'; // a variable, so that bundlers for browsers leave it alone
		const { readFile } = (await import(/* @vite-ignore */ fileSystem)) as typeof import('node:fs/promises');
		return readFile(url);
	}
	const response = await fetch(url);
	if (!response.ok) {
		throw new UserError({
			code: 'wasm-not-loaded',
			place: { file: url.pathname },
			expected: 'the compute module',
			found: `answer ${response.status} of the server`,
			remedy: 'Reload the page; if it stays, the server lacks this file.',
		});
	}
	return response.arrayBuffer();
}
