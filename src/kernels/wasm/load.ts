// Loads the WebAssembly module: picks the build that this engine can run, finds its bytes (fetch in a browser, the
// file system in Node), and instantiates it on a memory of its own.

import { UserError } from '../../util/errors';
import type { Kernels } from './kernel-exports';

/** `relaxed-fma` rounds a multiplication and its addition once where the processor can: other last bits, up to 13 % faster. */
export type WasmBuild = 'plain' | 'relaxed-fma';

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
		expected: 'a browser or Node with WebAssembly SIMD',
		found: 'one without it',
		remedy: 'Use Chrome 91, Firefox 89, Safari 16.4 or Node 20.19, or newer.',
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
			location: { file: url.pathname },
			expected: 'the compute module',
			found: `the server's answer ${response.status}`,
			remedy: 'Reload the page; if the error persists, this file is missing on the server.',
		});
	}
	return response.arrayBuffer();
}
