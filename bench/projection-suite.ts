// The suite `projection`: t-SNE of generated points of 160 dimensions, neighbours included, 300 steps, perplexity 30: ours on wasm and
// webgpu beside npm packages and scikit-learn's Barnes-Hut form, where those are there; UMAP beside umap-js. Seconds are processor
// time of the one thread that computes; of the whole process for an emulated GPU, which is several; of the clock for a real one.

import { type Affinities, neighbourAffinities } from '../src/projection/affinities';
import { type MapQuality, mapQuality } from '../src/projection/map-quality';
import { openForSearch, searchNeighbours } from '../src/projection/neighbour-search';
import { divergenceOf } from '../src/projection/pair-forces';
import { createProjection } from '../src/projection/projection';
import type { ProjectionSettings } from '../src/projection/projection-settings';
import { createMapForces } from '../src/projection/wasm/map-forces';
import { openMapKernels } from '../src/projection/wasm/map-kernels';
import { drawClusters, type LabelledPoints, resultOf } from '../src/testing/labelled-points';
import type { ProjectionRow } from './bench-row';
import type { BenchSession } from './bench-session';
import { barnesHut, karpathy, keckelt, type Mapped, type Mapper, umapJs } from './other-projections';
import { threadMs } from './processor-time';

interface Judge {
	points: LabelledPoints;
	affinities: Affinities;
}

const iterations = 300;
const perplexity = 30;
/** Up to here P of the judge has the true neighbours; beyond, those that cells find. */
const exactJudgeTo = 50_000;

interface Method {
	method: string;
	backend: string;
	mapper: Mapper;
}

export async function projectionSuite(session: BenchSession): Promise<void> {
	console.log('\nProjection\n\n| points | method | backend | seconds | KL | trustworthiness | neighbours kept |');
	console.log('| --- | --- | --- | --- | --- | --- | --- |');
	for (const { count, methods } of planOf(session)) {
		const asked = methods.filter((each) => `${count} ${each.method} ${each.backend}`.includes(session.options.only));
		const affordable = asked.filter((each) => isAffordable(session, count, each));
		if (session.isOver() || affordable.length === 0) continue;
		const judge = await openJudge(count);
		for (const each of affordable) {
			if (!session.isOver() && isAffordable(session, count, each)) await measure(session, judge, each);
		}
	}
	addRatio(session);
}

/** What is quick comes first. */
function planOf(session: BenchSession): { count: number; methods: Method[] }[] {
	const { backends, isFull } = session.options;
	const approximate = { method: 'approximate', backend: 'wasm', mapper: ours({ repulsion: 'grid' }) };
	const exact = { method: 'exact', backend: 'wasm', mapper: ours({ repulsion: 'exact', neighbours: 'exact' }) };
	const umap = { method: 'umap', backend: 'wasm', mapper: ours({ method: 'umap' }) };
	const isGpuReal = backends.includes('webgpu') && !session.options.isGpuSlow;
	const clock = isGpuReal ? () => performance.now() : processMs;
	const onGpu: Method[] = [
		{ method: 'exact', backend: 'webgpu', mapper: ours({ repulsion: 'exact' }, 'webgpu', clock) },
		{ method: 'approximate', backend: 'webgpu', mapper: ours({ repulsion: 'grid' }, 'webgpu', clock) },
	];
	const scikit = { method: 'scikit-learn Barnes-Hut', backend: 'C', mapper: barnesHut };
	const others: Method[] = [
		{ method: '@keckelt/tsne', backend: 'JavaScript', mapper: keckelt },
		{ method: 'tsne', backend: 'JavaScript', mapper: karpathy },
	];
	const small = [exact, approximate, umap, scikit, { method: 'umap-js', backend: 'JavaScript', mapper: umapJs }];
	const gpu = backends.includes('webgpu') ? onGpu : [];
	return [
		{ count: 1000, methods: [...small, ...gpu] },
		{ count: 3000, methods: [...small, ...gpu] },
		{ count: 10_000, methods: [approximate, scikit, exact, ...(isGpuReal ? gpu : [])] },
		{ count: 50_000, methods: [approximate, ...(isGpuReal ? [onGpu[1]] : [])] },
		{ count: 1000, methods: others },
		{ count: 3000, methods: others },
		...(isFull ? [{ count: 200_000, methods: [approximate, ...(isGpuReal ? [onGpu[1]] : [])] }] : []),
	];
}

/** Whether packages whose time grows with the square of the points have time enough left, estimated from a smaller case. */
function isAffordable(session: BenchSession, count: number, { method, backend }: Method): boolean {
	const before = session.projections.findLast((row) => row.method === method && row.backend === backend);
	if (!before || backend !== 'JavaScript' || method === 'umap-js') return true;
	const needed = before.seconds * (count / before.points) ** 2;
	if (needed < session.secondsLeft()) return true;
	session.note(`${method} at ${count} points would take ${needed.toFixed(0)} s: left out, --full has no limit`);
	return false;
}

async function measure(session: BenchSession, judge: Judge, { method, backend, mapper }: Method): Promise<void> {
	const mapped = await mapper(judge.points, { iterations, perplexity });
	if (!mapped) return session.note(`${method} is not installed here`);
	const words = mapped.blas ? `${backend}, BLAS kernels ${mapped.blas}` : backend;
	addRow(session, await judged(judge, { points: judge.points.count, method, backend: words }, mapped));
	if (method === 'approximate') session.note(await fieldError(judge, mapped.map));
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
	const products = await openForSearch(points, count > exactJudgeTo ? 'approximate' : 'exact');
	const neighbours = resultOf(searchNeighbours(products, 3 * perplexity, 1));
	return { points, affinities: resultOf(neighbourAffinities(neighbours, perplexity)) };
}

async function forcesOf({ affinities }: Judge, map: Float32Array, repulsion: 'exact' | 'grid') {
	const forces = createMapForces(await openMapKernels(), affinities, repulsion);
	const out = new Float32Array(map.length);
	const weightSum = resultOf(forces.compute(map, new Float32Array(map.length), out));
	return { repulsion: out, weightSum };
}

async function judged(
	judge: Judge,
	what: Pick<ProjectionRow, 'points' | 'method' | 'backend'>,
	{ map, seconds }: Mapped,
): Promise<ProjectionRow> {
	const { weightSum } = await forcesOf(judge, map, 'exact');
	const quality: MapQuality = resultOf(mapQuality(judge.points, map, { neighbours: 30, maxPoints: 300 }));
	const { trustworthiness, preservation } = quality;
	const kl = divergenceOf(judge.affinities, map, weightSum);
	return { ...what, seconds, kl, trustworthiness, knnPreservation: preservation };
}

/** How far the grid's repulsion is off the exact one on a finished map. */
async function fieldError(judge: Judge, map: Float32Array): Promise<string> {
	const [exact, grid] = [await forcesOf(judge, map, 'exact'), await forcesOf(judge, map, 'grid')];
	let [difference, square] = [0, 0];
	for (let k = 0; k < map.length; k++) {
		difference += (grid.repulsion[k] - exact.repulsion[k]) ** 2;
		square += exact.repulsion[k] ** 2;
	}
	const share = (100 * Math.sqrt(difference / square)).toFixed(2);
	const sumShare = (100 * Math.abs(grid.weightSum / exact.weightSum - 1)).toFixed(3);
	const { maxRSS } = process.resourceUsage();
	return `repulsion by the grid there: ${share} % off (root mean square), sum of w ${sumShare} %; peak memory ${(maxRSS / 1024).toFixed(0)} MiB`;
}

function processMs(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

function ours(settings: Partial<ProjectionSettings>, device: 'wasm' | 'webgpu' = 'wasm', clock = threadMs): Mapper {
	return async (points, asked) => {
		const start = clock();
		const projection = await createProjection(points, { settings: { ...asked, ...settings }, device });
		await projection.finishAsync();
		return { map: projection.map, seconds: (clock() - start) / 1000 };
	};
}
