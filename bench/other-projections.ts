// Other programs' projections, as measures of comparison for the suite `projection`: two t-SNE packages, umap-js, and scikit-learn's
// Barnes-Hut t-SNE in a process of its own. Each is asked for the same steps; the rest is its default.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LabelledPoints } from '../src/testing/labelled-points';
import { RandomStream } from '../src/util/random';
import { tryBlas } from './blas';
import { threadMs } from './processor-time';

export interface Mapped {
	/** [N, 2] */
	map: Float32Array;
	/** Processor time of one thread unless the method says otherwise. */
	seconds: number;
	/** The kernels of the program's BLAS, where it has one. */
	blas?: string;
}

export interface Asked {
	iterations: number;
	perplexity: number;
}

/** Null where the program is not installed. */
export type Mapper = (points: LabelledPoints, asked: Asked) => Promise<Mapped | null>;

const require = createRequire(import.meta.url);

function rowsOf({ values, count, dimension }: LabelledPoints): number[][] {
	return Array.from({ length: count }, (_, row) => [...values.subarray(row * dimension, (row + 1) * dimension)]);
}

/** Null where the package is not installed. */
function optionalPackage(name: string, member = 'TSNE') {
	try {
		const loaded = require(name);
		return loaded.default ?? loaded[member] ?? loaded;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null;
		throw error;
	}
}

/** `@keckelt/tsne` and `tsne` share their interface: one goes back to the other. */
function classic(name: string): Mapper {
	return async (points, { iterations, perplexity }) => {
		const Tsne = optionalPackage(name, name === 'tsne' ? 'tSNE' : 'TSNE');
		if (!Tsne) return null;
		const rows = rowsOf(points);
		const start = threadMs();
		const model = new Tsne({ dim: 2, perplexity, epsilon: 10 });
		model.initDataRaw(rows);
		for (let step = 0; step < iterations; step++) model.step();
		const seconds = (threadMs() - start) / 1000;
		const rowsOut = model.getSolution() as ArrayLike<number>[];
		return { map: Float32Array.from(rowsOut.flatMap((row) => [row[0], row[1]])), seconds };
	};
}

export const keckelt = classic('@keckelt/tsne');
export const karpathy = classic('tsne');

function findScikit(): string | null {
	const candidates = [process.env.NERCO_PYTHON, 'python3', '/usr/bin/python3'].filter((path) => path !== undefined);
	return candidates.find((path) => spawnSync(path, ['-c', 'import sklearn']).status === 0) ?? null;
}

export async function umapJs(points: LabelledPoints, { iterations }: Asked): Promise<Mapped | null> {
	const Umap = optionalPackage('umap-js', 'UMAP');
	if (!Umap) return null;
	const rows = rowsOf(points);
	const stream = new RandomStream(1);
	const start = threadMs();
	const map = new Umap({ nNeighbors: 15, nEpochs: iterations, random: () => stream.uniform() }).fit(rows) as number[][];
	const seconds = (threadMs() - start) / 1000;
	return { map: Float32Array.from(map.flat()), seconds };
}

/** Null where Python or scikit-learn is missing. */
export async function barnesHut(
	{ values, count, dimension }: LabelledPoints,
	{ iterations, perplexity }: Asked,
): Promise<Mapped | null> {
	const python = findScikit();
	if (!python) return null;
	const folder = mkdtempSync(join(tmpdir(), 'projection-'));
	try {
		const [input, output] = [join(folder, 'points.f32'), join(folder, 'map.f32')];
		writeFileSync(input, values);
		const script = fileURLToPath(new URL('./barnes_hut_tsne.py', import.meta.url));
		const settings = [count, dimension, iterations, perplexity].map(String);
		const [blas] = tryBlas(python);
		const { status, stdout } = spawnSync(python, [script, input, ...settings, output], {
			env: { ...process.env, ...blas?.environment, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
			encoding: 'utf8',
		});
		if (status !== 0) return null;
		const bytes = readFileSync(output);
		const map = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
		return { map, seconds: Number(stdout), blas: blas?.core };
	} finally {
		rmSync(folder, { recursive: true });
	}
}
