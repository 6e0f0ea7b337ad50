// How much memory a training step on wasm takes as sentences grow. Bytes there follow from the shapes alone.

import { expect, test } from 'vitest';
import { arrangeBatch } from '../data/arrange-batch';
import type { Batch } from '../data/batch';
import type { LatticeSentence } from '../data/lattice';
import { createWasmDevice } from '../kernels/wasm/device';
import { tinyLabels, tinyShape } from '../testing/tiny-network';
import { Network } from './network';

const heads = 4;
const shape = { ...tinyShape({ heads, feedForwardDropout: 0.15, embeddingDropout: 0.5 }), maxDistance: 200 };
/** Scores, probabilities, and the gradients of both. */
const scoreTensors = 4;

/** A sentence with a word of two characters at every fourth character. */
function sentenceOf(characters: number): LatticeSentence {
	const wordStart = Int32Array.from({ length: characters / 4 }, (_, index) => 4 * index);
	const rows = (length: number) => new Int32Array(length).fill(3);
	return {
		characterRows: rows(characters),
		bigramRows: rows(characters),
		wordRows: rows(wordStart.length),
		wordStart,
		wordLast: wordStart.map((start) => start + 1),
		tags: rows(characters),
	};
}

/** Bytes of the scores and of the pair index, the only things that may grow as the square. */
function squareBytes({ pairCount, blockSize, characterCount }: Batch): number {
	const queryPairs = blockSize.reduce((sum, size, sentence) => sum + size * characterCount[sentence], 0);
	return 4 * (scoreTensors * heads * queryPairs + pairCount);
}

test('beyond the scores and the pair index, the peak of a step grows no more than linearly in the length', async () => {
	const rests: number[] = [];
	for (const characters of [80, 160, 240]) {
		const device = await createWasmDevice();
		const network = new Network(device, shape, tinyLabels);
		const sentences = Array.from({ length: 10 }, () => sentenceOf(characters));
		const order = [...sentences.keys()];
		const batch = arrangeBatch(sentences, order, { layout: device.rowLayout, distanceKind: 'pair' });
		const before = device.peakBytes;
		await network.train(batch, { objective: 'crf', trains: 'all', temperature: 1, seed: 1, step: 1 });
		rests.push(device.peakBytes - before - squareBytes(batch));
		device.dispose();
	}
	const alignment = 64 * 1000; // blocks begin at multiples of 64 bytes
	expect(rests[0]).toBeGreaterThan(0);
	expect(rests[2] - rests[1]).toBeLessThan(rests[1] - rests[0] + alignment);
});
