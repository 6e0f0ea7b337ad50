// Compiles module/ with AssemblyScript into map-kernels.wasm (SIMD, no relaxed instructions: the same bits everywhere). The
// result is committed, so that nobody needs the compiler to run; `node src/projection/wasm/build.mjs` remakes it.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildModules } from '../../../scripts/wasm-modules.mjs';

const options = ['--optimizeLevel', '3', '--runtime', 'stub', '--noAssert', '--importMemory', '--initialMemory', '1'];

export const modules = [
	{
		folder: dirname(fileURLToPath(import.meta.url)),
		entry: 'module/map-kernels.ts',
		file: 'map-kernels.wasm',
		options: ['--enable', 'simd', ...options],
	},
];

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildModules(modules);
