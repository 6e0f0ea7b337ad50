// Compiles module/ with AssemblyScript into kernels.wasm (SIMD) and kernels-relaxed.wasm (SIMD and relaxed fma), and each
// again for a memory that threads share: the same code, another import. All are committed, so that nobody needs the
// compiler to run; `node src/kernels/wasm/build.mjs [folder]` remakes them.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = dirname(fileURLToPath(import.meta.url));

export const builds = [
	{ file: 'kernels.wasm', features: ['simd'], isShared: false },
	{ file: 'kernels-relaxed.wasm', features: ['simd', 'relaxed-simd'], isShared: false },
	{ file: 'kernels-threads.wasm', features: ['simd', 'threads'], isShared: true },
	{ file: 'kernels-relaxed-threads.wasm', features: ['simd', 'relaxed-simd', 'threads'], isShared: true },
];

/** 64 KiB pages: all of the 4 GiB that can be addressed. */
const mostPages = '65536';

/** Writes one build into a folder. Throws with the compiler's words. */
export async function build({ file, features, isShared }, folder) {
	const options = ['--optimizeLevel', '3', '--runtime', 'stub', '--noAssert', '--importMemory', '--initialMemory', '1'];
	if (isShared) options.push('--sharedMemory', '--maximumMemory', mostPages);
	for (const feature of features) options.push('--enable', feature);
	const entry = join('module', 'kernels.ts');
	const { error, stderr } = await asc.main([entry, '--baseDir', here, '--outFile', join(folder, file), ...options]);
	if (error) throw new Error(`${file}: ${error.message}\n${stderr.toString()}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	for (const each of builds) await build(each, process.argv[2] ?? here);
}
