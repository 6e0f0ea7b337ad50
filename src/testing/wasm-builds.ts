// The builds of the wasm device that tests run on. Node 20 has relaxed SIMD behind a flag, which is set here.

import { setFlagsFromString } from 'node:v8';
import { createWasmDevice, type WasmDevice } from '../kernels/wasm/device';
import { hasRelaxedSimd, type WasmBuild } from '../kernels/wasm/load';

if (!hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd');

export const wasmBuilds: readonly WasmBuild[] = hasRelaxedSimd() ? ['plain', 'relaxed-fma'] : ['plain'];

/** A device of each build, with its name, for `describe.each`. */
export async function openWasmBuilds(): Promise<[WasmBuild, WasmDevice][]> {
	return Promise.all(wasmBuilds.map(async (build) => [build, await createWasmDevice({ build })]));
}
