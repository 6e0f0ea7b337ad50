// Loads the projection's own WebAssembly module: forces between points of a map, and the grid with its Fourier transforms.

import { readKernels, requireWasmSimd } from '../../kernels/wasm/load';

/** What module/map-kernels.ts exports. Arrays are byte addresses; counts and strides are in elements. The docstrings
 *  stand at the functions there. */
export interface MapKernels {
	attract(
		first: number,
		last: number,
		rowStarts: number,
		columns: number,
		values: number,
		map: number,
		out: number,
	): void;
	repel(first: number, last: number, padded: number, xs: number, ys: number, out: number): number;
	spreadPoints(
		first: number,
		last: number,
		map: number,
		originX: number,
		originY: number,
		inverseSpacing: number,
		grid: number,
		stride: number,
	): void;
	gatherForces(
		first: number,
		last: number,
		map: number,
		originX: number,
		originY: number,
		inverseSpacing: number,
		fieldX: number,
		fieldY: number,
		stride: number,
		out: number,
	): void;
	fourierColumns(
		size: number,
		first: number,
		last: number,
		present: number,
		wanted: number,
		sourceReal: number,
		sourceImaginary: number,
		sourceStride: number,
		outReal: number,
		outImaginary: number,
		outStride: number,
		twiddles: number,
		scratch: number,
	): void;
	weighSpectrum(
		count: number,
		real: number,
		imaginary: number,
		kernelReal: number,
		kernelImaginary: number,
		energy: number,
	): number;
}

export interface OpenedMapKernels {
	kernels: MapKernels;
	memory: WebAssembly.Memory;
}

let compiled: Promise<WebAssembly.Module> | null = null;

/** With its own memory. UserError `wasm-no-simd`, `wasm-not-loaded`. */
export async function openMapKernels(): Promise<OpenedMapKernels> {
	requireWasmSimd();
	compiled ??= readKernels(new URL('./map-kernels.wasm', import.meta.url)).then((bytes) => WebAssembly.compile(bytes));
	const memory = new WebAssembly.Memory({ initial: 1 });
	const instance = new WebAssembly.Instance(await compiled, { env: { memory } });
	return { kernels: instance.exports as unknown as MapKernels, memory };
}
