// Training on several threads of the wasm device: the same bits as on one.

import { expect, test } from 'vitest';
import { arrangeBatch } from '../data/arrange-batch';
import type { LatticeSentence } from '../data/lattice';
import type { Objective } from '../experiment/config';
import { trainedAlike } from '../kernels/parameters';
import { createWasmDevice } from '../kernels/wasm/device';
import { tinyLabels, tinyShape } from '../testing/tiny-network';
import { wasmBuilds } from '../testing/wasm-builds';
import { RandomStream } from '../util/random';
import { initialParameters } from './initial-parameters';
import { Network } from './network';
import { trainedEntries } from './shape';

const shape = {
	...tinyShape({ heads: 5, headSize: 20, feedForwardDropout: 0.15, embeddingDropout: 0.5, outputDropout: 0.3 }),
	maxDistance: 80,
};

/** Large enough that the work of most operations is worth sharing. */
function sentences(): LatticeSentence[] {
	const stream = new RandomStream(11);
	const rows = (length: number, limit: number) => Int32Array.from({ length }, () => 2 + stream.below(limit - 2));
	return Array.from({ length: 6 }, (_, index) => {
		const [characters, words] = [30 + 7 * index, 9];
		const wordStart = rows(words, characters - 2).sort();
		return {
			characterRows: rows(characters, 20),
			bigramRows: rows(characters, 15),
			wordRows: rows(words, 20),
			wordStart,
			wordLast: wordStart.map((start) => start + 1),
			tags: rows(characters, 7),
		};
	});
}

async function train(build: (typeof wasmBuilds)[number], threads: number, objective: Objective) {
	const device = await createWasmDevice({ build, threads });
	try {
		expect(device.info.threads).toBe(threads);
		const network = new Network(device, shape, tinyLabels);
		const table = (rows: number) => Float32Array.from({ length: rows * 4 }, (_, index) => Math.sin(index));
		network.load(initialParameters(shape, network.layout, { lattice: table(20), bigram: table(15) }, 1));
		const order = Array.from({ length: 6 }, (_, index) => index);
		const batch = arrangeBatch(sentences(), order, { layout: device.rowLayout, distanceKind: 'pair' });
		const losses: number[] = [];
		for (let step = 1; step <= 2; step++) {
			const call = { objective, trains: 'all', temperature: 0.1, seed: 3, step } as const;
			losses.push((await network.train(batch, call)).loss);
			const rule = {
				kind: 'sgd',
				learningRate: 1e-4,
				momentum: 0.9,
				weightDecay: 0.01,
				clipNorm: 0,
				clipValue: 5,
			} as const;
			device.update(rule, trainedAlike(trainedEntries(network.layout, objective, 'all')));
		}
		return { losses, values: await device.readParameters() };
	} finally {
		device.dispose();
	}
}

for (const build of wasmBuilds)
	for (const objective of ['crf', 'contrastive'] as const)
		test(`${build}, ${objective}: two threads give the bits of one`, async () => {
			const alone = await train(build, 1, objective);
			expect(alone.losses[1]).not.toBe(alone.losses[0]);
			expect(await train(build, 2, objective)).toEqual(alone);
		});

test('three threads give the bits of one', async () => {
	expect(await train('plain', 3, 'crf')).toEqual(await train('plain', 1, 'crf'));
});
