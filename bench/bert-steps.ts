// Passes of BERT-base on a device, as the suite `bert` times them: forward alone, and forward, backward and update.

import { arrangeBatch } from '../src/data/arrange-batch';
import type { Device, Matrix } from '../src/kernels/operations';
import { trainedAlike } from '../src/kernels/parameters';
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

export const bertRule = {
	kind: 'sgd',
	learningRate: 1e-6,
	momentum: 0.9,
	weightDecay: 0.05,
	clipNorm: 0,
	clipValue: 5,
} as const;

export const passNames = ['forward', 'step'] as const;
export type PassName = (typeof passNames)[number];

/** Does passes on a device, whose parameters it takes over; the result is the last layer's output before the update. */
export function openBert(device: Device): (pass: PassName) => Promise<Float32Array> {
	const layout = layOutBert();
	device.openParameters(layout);
	device.writeParameters(formulaWeights(layout));
	const input = bertInput();
	const weights = lossWeights();
	const names = new Set(layout.entries.map(({ name }) => name));
	const { batches } = generatedCase('crf', 1, 13); // its size does not matter: BERT reads pieces alone
	const batch = arrangeBatch(batches[0], [0], { layout: device.rowLayout, distanceKind: 'pair' });

	const queue = (tape: Tape, trains: boolean): Matrix[] => {
		const { output } = encodeBert(tape, bertBase, '', () => input);
		if (trains) {
			tape.receive(
				output,
				tape.matrix(sentences * sentencePieces, bertBase.width, () => weights),
			);
			tape.backward();
		}
		return [output.value];
	};

	return async (pass) => {
		const trains = pass === 'step';
		if (trains && device.trainedSize < layout.size) device.openFrozen();
		const facts = { batch, random: null };
		const body = () =>
			queue(new Tape(device, layout, batch, { trained: trains ? names : new Set(), random: null }), trains);
		const rows = device.runStep ? (await device.runStep({ key: pass, facts, body }))[0] : await plainly(body);
		if (trains) device.update(bertRule, trainedAlike(layout.entries));
		return rows;
	};

	async function plainly(body: () => Matrix[]): Promise<Float32Array> {
		device.beginStep(batch);
		const rows = await device.read(body()[0]);
		device.endStep();
		return rows;
	}
}
