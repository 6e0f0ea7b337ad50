// Times training steps: arranging the batch, forward, backward, update. What is measured together takes turns (A B A B),
// so that whatever else the machine does falls on all of it.

import { arrangeBatch } from '../src/data/arrange-batch';
import { presetConfig } from '../src/experiment/presets';
import { trainedAlike } from '../src/kernels/parameters';
import { fusions } from '../src/model/fusion/fusions';
import { initialParameters } from '../src/model/initial-parameters';
import { Network } from '../src/model/network';
import { type NetworkShape, trainedEntries } from '../src/model/shape';
import { RandomStream } from '../src/util/random';
import type { BenchDevice } from './bench-devices';
import { type BenchRow, median } from './bench-row';
import { threadMs } from './processor-time';
import type { StepCase } from './step-cases';

export interface StepBudget {
	/** Measured steps of each run. */
	steps: number;
	/** Stops after the round in which this is over, with at least one measured step of each run. */
	seconds: number;
	/** Steps of each run before the measured ones; when not given, until the device is at its usual pace. */
	warmUp?: number;
}

/** A case on a device of its own. */
export interface StepRun {
	form: BenchDevice;
	bench: StepCase;
}

interface Measured {
	wall: number[];
	host: number[];
	arrange: number[];
	dispatches: number[];
	submits: number[];
}

/** One row a run. The devices stay the caller's; their parameters are taken over. */
export async function measureSteps(
	runs: readonly StepRun[],
	{ steps, seconds, warmUp }: StepBudget,
): Promise<BenchRow[]> {
	const runners = runs.map(stepRunner);
	for (const [index, runner] of runners.entries())
		for (let step = 0; step < (warmUp ?? warmUpSteps(runs[index])); step++) await runner.step();
	const measured = runners.map((): Measured => ({ wall: [], host: [], arrange: [], dispatches: [], submits: [] }));
	const endsAt = performance.now() + 1000 * seconds;
	for (let round = 0; round < steps; round++) {
		for (const [index, runner] of runners.entries()) await runner.step(measured[index]);
		if (performance.now() > endsAt) break;
	}
	return runs.map((run, index) => rowOf(run, measured[index]));
}

/** Steps until a device is at its usual pace: a shape is recorded, recorded again and compared before it is replayed. */
function warmUpSteps({ form, bench }: StepRun): number {
	if (form.device.info.name !== 'webgpu') return 2;
	if (form.isSlow) return form.kernels === 'fused' ? 3 : 1;
	return Math.max(30, 4 * bench.batches.length);
}

function stepRunner({ form, bench }: StepRun) {
	const { device, readMeter } = form;
	const network = openNetwork(device, bench.shape, bench.labels);
	const { objective, temperature } = bench;
	const batches = form.isSlow ? bench.batches.slice(0, 1) : bench.batches; // one shape, so that few steps are enough
	const trained = trainedAlike(trainedEntries(network.layout, objective, 'all'));
	const { distanceKind } = fusions[bench.shape.model.fusion];
	const rule = {
		kind: 'sgd',
		learningRate: 1e-4,
		momentum: 0.9,
		weightDecay: 0.05,
		clipNorm: 0,
		clipValue: 5,
	} as const;
	let step = 0;
	return {
		async step(measured?: Measured): Promise<void> {
			const sentences = batches[++step % batches.length];
			const before = readMeter();
			const [startedAt, startedThread] = [performance.now(), threadMs()];
			const batch = arrangeBatch(sentences, [...sentences.keys()], { layout: device.rowLayout, distanceKind });
			const arrange = threadMs() - startedThread;
			const running = network.train(batch, { objective, trains: 'all', temperature, seed: 1, step });
			const untilQueued = threadMs() - startedThread;
			await running;
			const startedUpdate = threadMs();
			device.update(rule, trained);
			const host = untilQueued + (threadMs() - startedUpdate);
			const wall = performance.now() - startedAt;
			const meter = readMeter();
			if (!measured) return;
			measured.wall.push(wall);
			measured.host.push(host);
			measured.arrange.push(arrange);
			measured.dispatches.push((meter?.dispatches ?? 0) - (before?.dispatches ?? 0));
			measured.submits.push((meter?.submits ?? 0) - (before?.submits ?? 0));
		},
	};
}

function rowOf({ form, bench }: StepRun, measured: Measured): BenchRow {
	const isGpu = form.device.info.name === 'webgpu';
	return {
		case: bench.name,
		backend: form.device.info.name,
		adapter: form.adapter,
		kernels: form.kernels,
		n: bench.n,
		batch: bench.batchSize,
		msMedian: median(measured.wall),
		hostMsMedian: median(measured.host),
		dispatches: isGpu ? median(measured.dispatches) : null,
		submits: isGpu ? median(measured.submits) : null,
		bytesPeak: form.readMeter()?.bytesPeak ?? null,
		steps: measured.wall.length,
		arrangeMsMedian: median(measured.arrange),
	};
}

/** A network with starting parameters; its tables hold small random numbers, which cost as much as any others. */
export function openNetwork(device: BenchDevice['device'], shape: NetworkShape, labels: StepCase['labels']): Network {
	const network = new Network(device, shape, labels);
	const stream = new RandomStream(3);
	const table = (rows: number, columns: number) =>
		Float32Array.from({ length: rows * columns }, () => 0.2 * (stream.uniform() - 0.5));
	const tables = {
		lattice: table(shape.latticeRows, shape.latticeSize),
		bigram: table(shape.bigramRows, shape.bigramSize),
	};
	network.load(initialParameters(shape, network.layout, tables, presetConfig('weibo').seed));
	return network;
}
