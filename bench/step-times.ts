// Times training steps: arranging the batch, forward, backward, update. Forms of one device take turns (A B A B), so
// that whatever else the machine does falls on both.

import { arrangeBatch } from '../src/data/arrange-batch';
import { presetConfig } from '../src/experiment/presets';
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
	/** Steps of each form. */
	steps: number;
	/** Stops after the step in which this is over, with at least one measured step of each form. */
	seconds: number;
}

interface Measured {
	wall: number[];
	host: number[];
	dispatches: number[];
	submits: number[];
}

/** One row a form. The forms' devices stay the caller's; their parameters are taken over. */
export async function measureSteps(
	forms: readonly BenchDevice[],
	bench: StepCase,
	{ steps, seconds }: StepBudget,
): Promise<BenchRow[]> {
	const runners = forms.map((form) => stepRunner(form, bench));
	for (let step = 1; step <= 2; step++) for (const runner of runners) await runner.step(step);
	const measured = runners.map((): Measured => ({ wall: [], host: [], dispatches: [], submits: [] }));
	const endsAt = performance.now() + 1000 * seconds;
	for (let step = 3; step < 3 + steps; step++) {
		for (const [index, runner] of runners.entries()) await runner.step(step, measured[index]);
		if (performance.now() > endsAt) break;
	}
	return forms.map((form, index) => rowOf(form, bench, measured[index]));
}

function stepRunner({ device, readMeter }: BenchDevice, bench: StepCase) {
	const network = openNetwork(device, bench.shape, bench.labels);
	const { objective, temperature, batches } = bench;
	const trained = trainedEntries(network.layout, objective, 'all');
	const { distanceKind } = fusions[bench.shape.model.fusion];
	const rule = { kind: 'sgd', learningRate: 1e-4, momentum: 0.9, weightDecay: 0.05, clipValue: 5 } as const;
	return {
		async step(step: number, measured?: Measured): Promise<void> {
			const sentences = batches[step % batches.length];
			const before = readMeter();
			const [startedAt, startedThread] = [performance.now(), threadMs()];
			const batch = arrangeBatch(sentences, [...sentences.keys()], { layout: device.rowLayout, distanceKind });
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
			measured.dispatches.push((meter?.dispatches ?? 0) - (before?.dispatches ?? 0));
			measured.submits.push((meter?.submits ?? 0) - (before?.submits ?? 0));
		},
	};
}

function rowOf({ device, kernels, adapter, readMeter }: BenchDevice, bench: StepCase, measured: Measured): BenchRow {
	const isGpu = device.info.name === 'webgpu';
	return {
		case: bench.name,
		backend: device.info.name,
		adapter,
		kernels,
		n: bench.n,
		batch: bench.batchSize,
		msMedian: median(measured.wall),
		hostMsMedian: median(measured.host),
		dispatches: isGpu ? median(measured.dispatches) : null,
		submits: isGpu ? median(measured.submits) : null,
		bytesPeak: readMeter()?.bytesPeak ?? null,
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
