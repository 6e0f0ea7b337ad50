// The matrix kernels of PyTorch's BLAS. OpenBLAS chooses them by the processor's name and may miss a new one by far
// (SSE3 kernels on a processor with AVX-512), so each set is tried and the fastest is taken, by name.

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Blas {
	/** What the environment of PyTorch's process needs. */
	environment: { OPENBLAS_CORETYPE?: string };
	/** As OpenBLAS calls its kernels; `own choice` where it says nothing. */
	core: string;
	gigaflops: number;
}

/** Kernels with AVX-512, then with AVX2; the processor may lack what they need. */
const coreTypes = ['Sapphirerapids', 'Cooperlake', 'SkylakeX', 'Zen', 'Haswell'];
const program = join(dirname(fileURLToPath(import.meta.url)), 'torch', 'time_products.py');
const tried = new Map<string, Blas[]>();

/** What this processor can run, the fastest first. One entry where the BLAS is no OpenBLAS. */
export function tryBlas(python: string): Blas[] {
	const known = tried.get(python);
	if (known) return known;
	const found = [undefined, ...coreTypes].flatMap((coreType) => timeProducts(python, coreType) ?? []);
	const byCore = new Map<string, Blas>();
	for (const blas of found.sort((left, right) => right.gigaflops - left.gigaflops))
		if (!byCore.has(blas.core)) byCore.set(blas.core, blas);
	const all = [...byCore.values()];
	tried.set(python, all);
	return all;
}

/** The kernels of AVX2, which most processors of the last ten years can run; null without them. */
export function avx2Blas(python: string): Blas | null {
	return tryBlas(python).find(({ core }) => core === 'Haswell') ?? null;
}

function timeProducts(python: string, coreType: string | undefined): Blas | null {
	const environment = coreType === undefined ? {} : { OPENBLAS_CORETYPE: coreType };
	const { status, stdout, stderr } = spawnSync(python, ['-B', program], {
		env: { ...process.env, ...environment, OPENBLAS_VERBOSE: '2' },
		encoding: 'utf8',
	});
	if (status !== 0) return null; // a kernel that this processor cannot run ends the process
	// The name goes to either stream, once for each name that was looked up; the last one counts.
	const core = [...`${stderr}\n${stdout}`.matchAll(/^Core: (\S+)/gm)].pop()?.[1] ?? 'own choice';
	return { environment, core, gigaflops: Number(stdout.trim().split('\n').pop()) };
}
