// Compiles module/ with AssemblyScript into kernels.wasm (SIMD) and kernels-relaxed.wasm (SIMD and relaxed fma), and each
// again for a memory that threads share: the same code, another import. All are committed, so that no one needs the
// compiler to run; `node src/kernels/wasm/build.mjs` remakes them.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildModules } from '../../../scripts/wasm-modules.mjs';

/** 64 KiB pages: all of the 4 GiB that can be addressed. */
const maxPages = '65536';

function kernels(file, features, isShared) {
	const options = ['--optimizeLevel', '3', '--runtime', 'stub', '--noAssert', '--importMemory', '--initialMemory', '1'];
	if (isShared) options.push('--sharedMemory', '--maximumMemory', maxPages);
	for (const feature of features) options.push('--enable', feature);
	return { folder: dirname(fileURLToPath(import.meta.url)), entry: 'module/kernels.ts', file, options };
}

export const modules = [
	kernels('kernels.wasm', ['simd'], false),
	kernels('kernels-relaxed.wasm', ['simd', 'relaxed-simd'], false),
	kernels('kernels-threads.wasm', ['simd', 'threads'], true),
	kernels('kernels-relaxed-threads.wasm', ['simd', 'relaxed-simd', 'threads'], true),
];

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildModules(modules);
