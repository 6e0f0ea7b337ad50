// Times one kind of training step on one device: arranging the batch, forward, backward, update.

import { arrangeBatch } from '../src/data/arrange-batch';
import { presetConfig } from '../src/experiment/presets';
import type { Device } from '../src/kernels/operations';
import { fusions } from '../src/model/fusion/fusions';
import { initialParameters } from '../src/model/initial-parameters';
import { Network } from '../src/model/network';
import { trainedEntries } from '../src/model/shape';
import { RandomStream } from '../src/util/random';
import { benchRows, benchSentence, benchTags, type StepCase } from './step-cases';

export interface StepTimes {
	case: string;
	backend: string;
	adapter: string;
	n: number;
	batch: number;
	msMedian: number;
	/** Time of this process on the processor, all threads. */
	cpuMsMedian: number;
	charactersPerSecond: number;
	/** What the device holds after the steps. */
	bytes: number;
}

const warmUpSteps = 2;

export async function measureStep(device: Device, bench: StepCase, steps: number): Promise<StepTimes> {
	const network = openNetwork(device);
	const stream = new RandomStream(7);
	const { objective, batchSize, characters, words } = bench;
	const trained = trainedEntries(network.layout, objective, 'all');
	const { distanceKind } = fusions[network.shape.model.fusion];
	const wall: number[] = [];
	const processor: number[] = [];
	for (let step = 1; step <= warmUpSteps + steps; step++) {
		const sentences = Array.from({ length: batchSize }, () => benchSentence(bench, stream));
		const startedAt = performance.now();
		const startedCpu = process.cpuUsage();
		const batch = arrangeBatch(sentences, [...sentences.keys()], { layout: device.rowLayout, distanceKind });
		await network.train(batch, { objective, trains: 'all', temperature: 0.08, seed: 1, step });
		device.update({ kind: 'sgd', learningRate: 1e-4, momentum: 0.9, weightDecay: 0.05, clipValue: 5 }, trained);
		const { user, system } = process.cpuUsage(startedCpu);
		if (step <= warmUpSteps) continue;
		wall.push(performance.now() - startedAt);
		processor.push((user + system) / 1000);
	}
	return {
		case: bench.name,
		backend: device.info.name,
		adapter: device.info.label,
		n: characters + words,
		batch: batchSize,
		msMedian: median(wall),
		cpuMsMedian: median(processor),
		charactersPerSecond: (1000 * batchSize * characters) / median(wall),
		bytes: device.memory().bytes,
	};
}

function openNetwork(device: Device): Network {
	const { model } = presetConfig('weibo');
	const shape = {
		model,
		latticeRows: benchRows.lattice,
		latticeSize: model.embeddingSize,
		bigramRows: benchRows.bigram,
		bigramSize: model.embeddingSize,
		tagCount: benchTags.length,
		tagOffset: 0,
		maxDistance: 250,
	};
	const network = new Network(device, shape, { tags: benchTags });
	const stream = new RandomStream(3);
	const table = (rows: number) =>
		Float32Array.from({ length: rows * model.embeddingSize }, () => 0.2 * (stream.uniform() - 0.5));
	const tables = { lattice: table(benchRows.lattice), bigram: table(benchRows.bigram) };
	network.load(initialParameters(shape, network.layout, tables, 1));
	return network;
}

function median(numbers: number[]): number {
	return numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)];
}
