import { afterAll, beforeAll, expect, test } from 'vitest';
import { choosePoints } from '../analysis/space-points';
import type { ExperimentConfig } from '../experiment/config';
import type { TrainingEvent } from '../experiment/events';
import { presetConfig } from '../experiment/presets';
import type { RunState } from '../experiment/run-state';
import type { Device } from '../kernels/operations';
import { createWasmDevice } from '../kernels/wasm/device';
import { tinyData } from '../testing/tiny-data';
import { type CapturedSpace, captureSpace, type RunSnapshot } from './capture-space';
import { arrangeFor } from './evaluate';
import { type TrainRunOptions, trainRun } from './train-run';

let device: Device;
beforeAll(async () => {
	device = await createWasmDevice();
});
afterAll(() => device.dispose());

const data = tinyData({ train: 9, dev: 5, test: 3 });
const choice = { maxPoints: 40, outsideShare: 0.2, maxDevSentences: 5, maxTrainSentences: 4, seed: 1 };
const points = choosePoints(data.splits, data.labels, choice);

function tinyConfig(): ExperimentConfig {
	const config = presetConfig('smoke');
	Object.assign(config.model, { heads: 2, headSize: 8 });
	for (const stage of config.stages) Object.assign(stage, { batchSize: 4, epochs: 2 });
	config.stages[2].updateEvery = 2;
	return config;
}

async function play(options: Partial<TrainRunOptions> = {}): Promise<TrainingEvent[]> {
	const events: TrainingEvent[] = [];
	for await (const event of trainRun(tinyConfig(), data, { device, clock: () => 0, ...options })) events.push(event);
	return events;
}

const capture = ({ network, hasPredictions }: RunSnapshot) => captureSpace(network, data, points, { hasPredictions });

test('capturing snapshots leaves the events and the parameters of a run the same, bit for bit', async () => {
	const states: RunState[] = [];
	const keepState = (state: RunState) => void states.push(structuredClone(state));
	const plain = await play({ keepState });
	const kept = states.splice(0);
	const seen = await play({ keepState, onSnapshot: async (snapshot) => void (await capture(snapshot)) });
	expect(seen).toEqual(plain);
	expect(states).toEqual(kept);
});

test('a snapshot can be captured at the start, after each epoch, and at the end of each stage with its best parameters', async () => {
	const seen: Omit<RunSnapshot, 'network'>[] = [];
	const vectors: Float32Array[] = [];
	const events = await play({
		onSnapshot: async ({ network, ...snapshot }) => {
			seen.push(snapshot);
			vectors.push((await capture({ network, ...snapshot })).vectors);
		},
	});
	const summaries = events.flatMap((event) => (event.kind === 'stage-finished' ? [event.summary] : []));
	expect(seen.map(({ stage, epoch, isStageBest }) => `${stage} ${epoch}${isStageBest ? ' best' : ''}`)).toEqual([
		'contrastive 0',
		...summaries.flatMap(({ stage, bestEpoch }) => [`${stage} 1`, `${stage} 2`, `${stage} ${bestEpoch} best`]),
	]);
	expect(seen.map(({ hasPredictions }) => hasPredictions)).toEqual([...Array(4).fill(false), ...Array(6).fill(true)]);
	const [best] = summaries.map(({ bestEpoch }) => bestEpoch);
	expect(vectors[3]).toEqual(vectors[best]);
	expect(seen[3].step).toBe(3 * best);
	expect(vectors[4]).toEqual(vectors[3]); // the head alone is trained
	expect(vectors[1]).not.toEqual(vectors[0]);
});

test('vectors and tags are those of each sentence alone', async () => {
	let found: CapturedSpace | null = null;
	const alone: { vectors: Float32Array; tags: Int32Array }[] = [];
	await play({
		onSnapshot: async (snapshot) => {
			if (!snapshot.isStageBest || snapshot.stage !== 'full') return;
			found = await capture(snapshot);
			for (const { split, index } of points.sentences) {
				const batch = arrangeFor(snapshot.network, data.splits[split], [index]);
				const { representations, tags } = await snapshot.network.decode(batch, { readsRepresentations: true });
				alone.push({ vectors: representations!, tags: tags[0] });
			}
		},
	});
	const { vectors, dimension, predictions } = found!;
	expect(dimension).toBe(16);
	for (const [point, sentence] of points.sentence.entries()) {
		const from = points.character[point] * dimension;
		const wanted = alone[sentence].vectors.subarray(from, from + dimension);
		for (const [k, value] of wanted.entries()) expect(vectors[point * dimension + k]).toBeCloseTo(value, 5);
	}
	expect([...predictions!.tags]).toEqual(alone.flatMap(({ tags }) => [...tags]));
});

test('a capture leaves nothing on the device', async () => {
	const memories: ReturnType<Device['memory']>[] = [];
	await play({
		onSnapshot: async (snapshot) => {
			await capture(snapshot);
			await capture(snapshot);
			memories.push(device.memory());
		},
	});
	const late = memories.slice(-3);
	expect(new Set(late.map(({ allocations }) => allocations)).size).toBe(1);
	expect(new Set(late.map(({ bytes }) => bytes)).size).toBe(1);
});
