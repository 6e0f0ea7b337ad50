// A few training steps of a small network, for comparing devices with each other and with stored numbers. Each objective
// starts from the same parameters; every dropout is on. Never imported by the product.

import { arrangeBatch } from '../data/arrange-batch';
import type { Objective } from '../experiment/config';
import type { Device } from '../kernels/operations';
import { trainedAlike } from '../kernels/parameters';
import { initialParameters } from '../model/initial-parameters';
import { Network } from '../model/network';
import { trainedEntries } from '../model/shape';
import { tinyLabels, tinySentences, tinyShape } from './tiny-network';

const dropouts = { embeddingDropout: 0.3, feedForwardDropout: 0.2, outputDropout: 0.3, wordDropout: 0.1 };
const shape = tinyShape({ ...dropouts, crfStartEnd: true });
const rules = {
	crf: { kind: 'sgd', learningRate: 0.05, momentum: 0.9, weightDecay: 0.01, clipNorm: 0, clipValue: 5 },
	contrastive: {
		kind: 'adamw',
		learningRate: 0.002,
		beta1: 0.9,
		beta2: 0.99,
		epsilon: 1e-3,
		weightDecay: 0.01,
		clipNorm: 0,
		clipValue: 5,
	},
} as const;

/** Losses of three steps, and the parameters after the last. */
export async function trainShortly(device: Device, objective: Objective) {
	const network = new Network(device, shape, tinyLabels);
	const table = (rows: number) => Float32Array.from({ length: rows * 4 }, (_, index) => Math.sin(index));
	network.load(initialParameters(shape, network.layout, { lattice: table(20), bigram: table(15) }, 1));
	const trained = trainedAlike(trainedEntries(network.layout, objective, 'all'));
	const losses: number[] = [];
	for (let step = 1; step <= 3; step++) {
		const sentences = tinySentences(5, step);
		const order = [...sentences.keys()];
		const batch = arrangeBatch(sentences, order, { layout: device.rowLayout, distanceKind: 'pair' });
		const call = { objective, trains: 'all', temperature: 0.1, seed: 4, step } as const;
		losses.push((await network.train(batch, call)).loss);
		const rule = rules[objective];
		device.update(rule.kind === 'sgd' ? rule : { ...rule, count: step }, trained);
	}
	return { losses: Float32Array.from(losses), parameters: await device.readParameters() };
}
