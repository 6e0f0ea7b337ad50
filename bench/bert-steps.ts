// Passes of BERT-base on a device, as the suite `bert` times them: forward alone, and forward, backward and update.

import { arrangeBatch } from '../src/data/arrange-batch';
import type { Device } from '../src/kernels/operations';
import { encodeBert } from '../src/model/bert-encoder';
import { Tape } from '../src/model/tape';
import {
	bertBase,
	bertInput,
	formulaWeights,
	layOutBert,
	lossWeights,
	sentencePieces,
	sentences,
} from './bert-workload';
import { generatedCase } from './step-cases';

const rule = { kind: 'sgd', learningRate: 1e-6, momentum: 0.9, weightDecay: 0.05, clipValue: 5 } as const;

export interface BertPasses {
	/** The last layer's output where asked; in either case it is computed whole. */
	forward(): Promise<Float32Array>;
	step(): Promise<Float32Array>;
}

/** Takes the device's parameters over. */
export function openBert(device: Device): BertPasses {
	const layout = layOutBert();
	device.openParameters(layout);
	device.writeParameters(formulaWeights(layout));
	const input = bertInput();
	const weights = lossWeights();
	const names = new Set(layout.entries.map(({ name }) => name));
	const batch = arrangeBatch(generatedCase('crf', 1, 13).batches[0], [0], {
		layout: device.rowLayout,
		distanceKind: 'pair',
	});

	async function pass(trains: boolean): Promise<Float32Array> {
		device.beginStep(batch);
		const tape = new Tape(device, layout, batch, { trained: trains ? names : new Set(), random: null });
		const { output } = encodeBert(tape, bertBase, '', input);
		if (trains) {
			tape.receive(output, device.upload(weights, sentences * sentencePieces, bertBase.width));
			tape.backward();
		}
		const rows = await device.read(output.value);
		device.endStep();
		if (trains) device.update(rule, layout.entries);
		return rows;
	}
	return { forward: () => pass(false), step: () => pass(true) };
}
