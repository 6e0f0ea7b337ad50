// Compiles module/ with AssemblyScript into map-kernels.wasm (SIMD, no relaxed instructions: the same bits everywhere). The
// result is committed, so that nobody needs the compiler to run; `node src/projection/wasm/build.mjs [folder]` remakes it.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = dirname(fileURLToPath(import.meta.url));

/** Writes the module into a folder. Throws with the compiler's words. */
export async function build(folder) {
	const options = ['--optimizeLevel', '3', '--runtime', 'stub', '--noAssert', '--importMemory', '--initialMemory', '1'];
	const entry = join('module', 'map-kernels.ts');
	const out = join(folder, 'map-kernels.wasm');
	const { error, stderr } = await asc.main([
		entry,
		'--baseDir',
		here,
		'--outFile',
		out,
		'--enable',
		'simd',
		...options,
	]);
	if (error) throw new Error(`map-kernels.wasm: ${error.message}\n${stderr.toString()}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build(process.argv[2] ?? here);
