// Where a map is best made: on a real GPU that computes right, from some points on, else on wasm. A GPU proves itself once on a few
// points against the plain forms, because drivers differ.

import { probeAdapter } from '../kernels/webgpu/adapter';
import { UserError } from '../util/errors';
import { RandomStream } from '../util/random';
import type { Affinities } from './affinities';
import { finishSlices } from './awaited';
import { exactNeighbours } from './neighbours';
import { repelExactly } from './pair-forces';
import { PointProducts } from './point-products';
import type { ProjectionOptions } from './projection';
import { GpuDescent } from './webgpu/gpu-descent';
import { gpuNeighbours } from './webgpu/gpu-neighbours';
import { GpuRoom } from './webgpu/gpu-room';

/** Below, wasm is done before a GPU has compiled its programs. */
const gpuFrom = 2000;
const [provedPoints, provedDimension, provedNeighbours] = [300, 12, 10];
const maxError = 0.02;

let proof: Promise<boolean> | null = null;

/** For `createProjection`. Software adapters are passed over. */
export async function chooseMapDevice(count: number): Promise<'wasm' | 'webgpu'> {
	if (count < gpuFrom) return 'wasm';
	proof ??= proveAdapter();
	return (await proof) ? 'webgpu' : 'wasm';
}

/** Where a projection runs, as `createProjection` has it. */
export type MapDevice = Pick<ProjectionOptions, 'device' | 'gpu'>;
export type MapDeviceChoice = (count: number) => Promise<MapDevice>;

export const bestMapDevice: MapDeviceChoice = async (count) => ({ device: await chooseMapDevice(count) });
export const wasmAlone: MapDeviceChoice = async () => ({ device: 'wasm' });

/** Whether a projection on a GPU failed by the GPU's fault, so that wasm may make the same map. */
export function isFaultOfGpu({ device }: MapDevice, error: unknown): boolean {
	if (device !== 'webgpu') return false;
	if (!(error instanceof UserError)) return true;
	return ['projection-gpu-lost', 'projection-out-of-memory', 'device-not-available'].includes(error.code);
}

/** After a GPU was lost or erred: wasm from then on. */
export function distrustGpu(): void {
	proof = Promise.resolve(false);
}

async function proveAdapter(): Promise<boolean> {
	const { adapter } = await probeAdapter();
	if (!adapter || adapter.isSoftware) return false;
	const room = await GpuRoom.open();
	try {
		return await isGpuRight(room);
	} catch (error) {
		if (error instanceof UserError || room.hasFailed) return false;
		throw error;
	} finally {
		room.close();
	}
}

/** Whether neighbours are those of wasm, and both forms of repulsion near the plain one. UserError as `GpuRoom.read` has them. */
export async function isGpuRight(room: GpuRoom): Promise<boolean> {
	const random = new RandomStream(1);
	const draw = (length: number, width: number) => Float32Array.from({ length }, () => width * random.uniform());
	const points = { values: draw(provedPoints * provedDimension, 1), count: provedPoints, dimension: provedDimension };
	const products = await PointProducts.open(points);
	const found = await finishSlices(gpuNeighbours(room, products, provedNeighbours, () => 0));
	const expected = await finishSlices(exactNeighbours(products, provedNeighbours));
	if (found.ids.some((id, k) => id !== expected.ids[k])) return false;
	const map = draw(2 * provedPoints, 20);
	const exact = new Float32Array(map.length);
	const weightSum = repelExactly(map, 0, provedPoints, exact);
	for (const form of ['exact', 'grid'] as const) {
		const forces = await forcesOf(room, map, form);
		if (!(Math.abs(forces.weightSum / weightSum - 1) < maxError)) return false;
		if (!(relativeError(forces.repulsion, exact) < maxError)) return false;
	}
	return true;
}

async function forcesOf(room: GpuRoom, map: Float32Array, form: 'exact' | 'grid') {
	const count = map.length / 2;
	const none: Affinities = {
		count,
		rowStarts: new Int32Array(count + 1),
		columns: new Int32Array(1),
		values: new Float32Array(1),
	};
	const still = { iterations: 0, exaggeration: 1, exaggeratedIterations: 0, learningRate: 1 };
	const descent = new GpuDescent(room, none, map, still, form);
	await finishSlices(
		descent.run(
			{ iteration: 0, divergence: Number.NaN },
			() => {},
			() => 0,
		),
	);
	return descent.forces();
}

/** Root mean square of the difference over that of the expected. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
	let [difference, square] = [0, 0];
	for (let k = 0; k < expected.length; k++) {
		difference += (actual[k] - expected[k]) ** 2;
		square += expected[k] ** 2;
	}
	return Math.sqrt(difference / square);
}
