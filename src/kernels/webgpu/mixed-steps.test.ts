// Many steps of mixed lengths on the devices that keep their own memory: nothing grows once each size was seen, and
// the same seed gives the same losses, bit for bit.

import { afterAll, describe, expect, test } from 'vitest';
import { arrangeBatch } from '../../data/arrange-batch';
import { initialParameters } from '../../model/initial-parameters';
import { Network } from '../../model/network';
import { trainedEntries } from '../../model/shape';
import { closeFused, hasWebgpu, openFused } from '../../testing/open-webgpu';
import { tinyLabels, tinySentences, tinyShape } from '../../testing/tiny-network';
import type { Device } from '../operations';
import { trainedAlike } from '../parameters';
import { createWasmDevice } from '../wasm/device';

const shape = tinyShape({ embeddingDropout: 0.3, outputDropout: 0.3 });
const buckets = [
	{ nodes: 16, characters: 24, words: 8, distances: 64 },
	{ nodes: 16, characters: 40, words: 16, distances: 128 },
];

/** Batches of one to three sentences, short and long ones. */
const differentBatches = 12;

function batchOf(device: Device, step: number) {
	const sentences = tinySentences(1 + (step % 3), step % differentBatches);
	return arrangeBatch(sentences, [...sentences.keys()], {
		layout: device.rowLayout,
		distanceKind: 'pair',
		...(device.rowLayout === 'padded' ? { buckets } : {}),
	});
}

/** Losses of steps on a device, and its bytes after each. */
async function train(device: Device, steps: number) {
	const network = new Network(device, shape, tinyLabels);
	const table = (rows: number) => Float32Array.from({ length: rows * 4 }, (_, index) => Math.sin(index));
	network.load(initialParameters(shape, network.layout, { lattice: table(20), bigram: table(15) }, 1));
	const [losses, bytes]: [number[], number[]] = [[], []];
	const trained = trainedAlike(trainedEntries(network.layout, 'crf', 'all'));
	for (let step = 1; step <= steps; step++) {
		const call = { objective: 'crf', trains: 'all', temperature: 0.1, seed: 4, step } as const;
		losses.push((await network.train(batchOf(device, step), call)).loss);
		device.update(
			{ kind: 'sgd', learningRate: 0.01, momentum: 0.9, weightDecay: 0.01, clipNorm: 0, clipValue: 5 },
			trained,
		);
		bytes.push(device.memory().bytes);
	}
	return { losses, bytes };
}

const isThere = await hasWebgpu();
const opened: Device[] = [];
afterAll(async () => {
	for (const device of opened) device.dispose();
	await closeFused();
});

// A software GPU takes long for one step: there each size is seen four times, and the bench's memory suite takes 500 steps.
describe.each([
	['webgpu', 4 * differentBatches],
	['wasm', 500],
] as const)('steps of mixed lengths on %s', (name, steps) => {
	test.skipIf(name === 'webgpu' && !isThere)(
		'hold the bytes that they held when each size was seen, and repeat bit for bit',
		async () => {
			const open = async () => {
				const device = name === 'webgpu' ? ((await openFused()) as Device) : await createWasmDevice();
				opened.push(device);
				return device;
			};
			const first = await train(await open(), steps);
			const afterAll = first.bytes.slice(differentBatches);
			expect(new Set(afterAll)).toEqual(new Set([afterAll[0]]));
			const second = await train(await open(), 20);
			expect(second.losses).toEqual(first.losses.slice(0, 20));
		},
	);
});
