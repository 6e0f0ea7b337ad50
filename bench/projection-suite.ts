// The suite `projection`: t-SNE of generated points of 160 dimensions, neighbours included, 300 steps, perplexity 30: ours beside two
// npm packages and scikit-learn's Barnes-Hut form, where those are there. Seconds are processor time of one thread.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Affinities, neighbourAffinities } from '../src/projection/affinities';
import { mapQuality } from '../src/projection/map-quality';
import { exactNeighbours, type Neighbours } from '../src/projection/neighbours';
import { divergenceOf } from '../src/projection/pair-forces';
import { PointProducts } from '../src/projection/point-products';
import { createProjection } from '../src/projection/projection';
import type { ProjectionSettings } from '../src/projection/projection-settings';
import { createMapForces } from '../src/projection/wasm/map-forces';
import { openMapKernels } from '../src/projection/wasm/map-kernels';
import { drawClusters, type LabelledPoints, resultOf } from '../src/testing/labelled-points';
import type { ProjectionRow } from './bench-row';
import type { BenchSession } from './bench-session';
import { threadMs } from './processor-time';

interface Judge {
	points: LabelledPoints;
	affinities: Affinities;
}

interface Mapped {
	map: Float32Array;
	seconds: number;
}

type Mapper = (points: LabelledPoints) => Promise<Mapped | null>;

const iterations = 300;
const perplexity = 30;
const require = createRequire(import.meta.url);

export async function projectionSuite(session: BenchSession): Promise<void> {
	console.log('\nProjection\n\n| points | method | backend | seconds | KL | trustworthiness | neighbours kept |');
	console.log('| --- | --- | --- | --- | --- | --- | --- |');
	const approximate = ours({ repulsion: 'grid', neighbours: 'auto' });
	const exact = ours({ repulsion: 'exact', neighbours: 'exact' });
	const quick: [string, string, Mapper][] = [
		['approximate', 'wasm', approximate],
		['exact', 'wasm', exact],
	];
	const others: [string, string, Mapper][] = [
		['@keckelt/tsne', 'JavaScript', keckelt],
		['tsne-js', 'JavaScript', tsneJs],
	];
	const scikit: [string, string, Mapper] = ['scikit-learn Barnes-Hut', 'C', barnesHut];
	const plan: [number, [string, string, Mapper][]][] = [
		[1000, [...quick, scikit]],
		[3000, [...quick, scikit]],
		[10_000, [...quick, scikit]],
		[50_000, [['approximate', 'wasm', approximate]]],
		[1000, others],
		[3000, others],
	];
	for (const [count, methods] of plan) {
		if (session.isOver()) return;
		const judge = await openJudge(count);
		for (const [method, backend, mapper] of methods) {
			if (session.isOver()) return;
			const mapped = await mapper(judge.points);
			if (mapped) addRow(session, await judged(judge, { points: count, method, backend }, mapped));
			else session.note(`${method} is not installed here`);
		}
	}
	addRatio(session);
}

function addRow(session: BenchSession, row: ProjectionRow): void {
	session.projections.push(row);
	const numbers = [row.kl, row.trustworthiness, row.knnPreservation].map((value) => value.toFixed(4));
	console.log(`| ${[row.points, row.method, row.backend, row.seconds.toFixed(2), ...numbers].join(' | ')} |`);
}

function addRatio(session: BenchSession): void {
	const secondsOf = (method: string) =>
		session.projections.find((row) => row.points === 10_000 && row.method.startsWith(method))?.seconds;
	const [mine, theirs] = [secondsOf('approximate'), secondsOf('scikit-learn')];
	if (mine && theirs) session.ratio('scikit-learn / approximate, 10,000 points', theirs / mine, { atLeast: 1 });
}

async function openJudge(count: number): Promise<Judge> {
	const points = drawClusters({ count, dimension: 160, clusters: 20, spread: 0.5, seed: 9 });
	const neighbours: Neighbours = resultOf(exactNeighbours(await PointProducts.open(points), 3 * perplexity));
	return { points, affinities: resultOf(neighbourAffinities(neighbours, perplexity)) };
}

async function judged(
	{ points, affinities }: Judge,
	what: Pick<ProjectionRow, 'points' | 'method' | 'backend'>,
	{ map, seconds }: Mapped,
): Promise<ProjectionRow> {
	const forces = createMapForces(await openMapKernels(), affinities, 'exact');
	const weightSum = resultOf(forces.compute(map, new Float32Array(map.length), new Float32Array(map.length)));
	const quality = resultOf(mapQuality(points, map, { neighbours: 30, most: 300 }));
	const { trustworthiness, preservation } = quality;
	const kl = divergenceOf(affinities, map, weightSum);
	return { ...what, seconds, kl, trustworthiness, knnPreservation: preservation };
}

function ours(settings: Pick<ProjectionSettings, 'repulsion' | 'neighbours'>): Mapper {
	return async (points) => {
		const start = threadMs();
		const projection = await createProjection(points, { settings: { ...settings, iterations, perplexity } });
		projection.finish();
		return { map: projection.map, seconds: (threadMs() - start) / 1000 };
	};
}

function rowsOf({ values, count, dimension }: LabelledPoints): number[][] {
	return Array.from({ length: count }, (_, row) => [...values.subarray(row * dimension, (row + 1) * dimension)]);
}

/** Null where the package is not installed. */
function optionalPackage(name: string) {
	try {
		const loaded = require(name);
		return loaded.default ?? loaded.TSNE ?? loaded;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null;
		throw error;
	}
}

async function keckelt(points: LabelledPoints): Promise<Mapped | null> {
	const Tsne = optionalPackage('@keckelt/tsne');
	if (!Tsne) return null;
	const rows = rowsOf(points);
	const start = threadMs();
	const model = new Tsne({ dim: 2, perplexity, epsilon: 10 });
	model.initDataRaw(rows);
	for (let step = 0; step < iterations; step++) model.step();
	const seconds = (threadMs() - start) / 1000;
	return {
		map: Float32Array.from((model.getSolution() as ArrayLike<number>[]).flatMap((row) => [row[0], row[1]])),
		seconds,
	};
}

async function tsneJs(points: LabelledPoints): Promise<Mapped | null> {
	const Tsne = optionalPackage('tsne-js');
	if (!Tsne) return null;
	const rows = rowsOf(points);
	const start = threadMs();
	const model = new Tsne({
		dim: 2,
		perplexity,
		earlyExaggeration: 4,
		learningRate: 100,
		nIter: iterations,
		metric: 'euclidean',
	});
	model.init({ data: rows, type: 'dense' });
	model.run();
	const seconds = (threadMs() - start) / 1000;
	return { map: Float32Array.from((model.getOutput() as number[][]).flat()), seconds };
}

function findScikit(): string | null {
	const candidates = [process.env.NERCO_PYTHON, 'python3', '/usr/bin/python3'].filter((path) => path !== undefined);
	return candidates.find((path) => spawnSync(path, ['-c', 'import sklearn']).status === 0) ?? null;
}

/** Null where Python or scikit-learn is missing. */
async function barnesHut({ values, count, dimension }: LabelledPoints): Promise<Mapped | null> {
	const python = findScikit();
	if (!python) return null;
	const folder = mkdtempSync(join(tmpdir(), 'projection-'));
	try {
		const [input, output] = [join(folder, 'points.f32'), join(folder, 'map.f32')];
		writeFileSync(input, values);
		const script = fileURLToPath(new URL('./barnes_hut_tsne.py', import.meta.url));
		const settings = [count, dimension, iterations, perplexity].map(String);
		const { status, stdout } = spawnSync(python, [script, input, ...settings, output], {
			env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
			encoding: 'utf8',
		});
		if (status !== 0) return null;
		const bytes = readFileSync(output);
		const map = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
		return { map, seconds: Number(stdout) };
	} finally {
		rmSync(folder, { recursive: true });
	}
}
