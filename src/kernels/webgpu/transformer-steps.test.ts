// A standard transformer on the fused device, step by step: activations number by number, rows that only fill up, products by
// tiles, and recorded steps repeated with other sentences.

import { afterAll, describe, expect, test } from 'vitest';
import { activations } from '../../experiment/bert-config';
import { type BertInput, encodeBert } from '../../model/bert-encoder';
import { Tape } from '../../model/tape';
import {
	bertTape,
	droppingConfig,
	droppingInput,
	droppingLayout,
	droppingValues,
	excess,
	runDropping,
} from '../../testing/bert-runs';
import { closeFused, hasWebgpu, openFused } from '../../testing/open-webgpu';
import { tinyBatch } from '../../testing/tiny-batch';
import { RandomStream } from '../../util/random';
import type { Device, StepFacts } from '../operations';
import { trainedAlike } from '../parameters';
import { createReferenceDevice } from '../reference/device';
import { transformerOf } from '../transformer-operations';
import type { FusedDevice, FusedOptions } from './device';

const isThere = await hasWebgpu();
afterAll(closeFused);

const open = async (options: FusedOptions = {}) => (await openFused(options)) as FusedDevice;

/** Every eighth from -12 to 12, and numbers whose squares, cubes or exponentials overflow. */
const numbers = Float32Array.from([
	...Array.from({ length: 193 }, (_, index) => index / 8 - 12),
	...[-1e30, -1e13, -200, -90, 90, 200, 1e13, 1e30],
]);

async function activate(device: Device) {
	const results: Float32Array[] = [];
	for (const kind of activations) {
		bertTape(device, droppingLayout);
		const input = device.upload(numbers, 1, numbers.length);
		const gradient = device.upload(new Float32Array(numbers.length).fill(2), 1, numbers.length);
		results.push(await device.read(transformerOf(device).activation(input, kind)));
		results.push(await device.read(transformerOf(device).activationBackward(input, kind, gradient)));
		device.endStep();
	}
	return results;
}

/** The small model's step with rows behind the last sentence and a sentence without rows. */
async function runFilled(device: Device, rows: number) {
	const fill = (list: Int32Array) => Int32Array.from({ length: rows }, (_, row) => list[row] ?? -1);
	const { pieces, positions, segments, rowKeys, starts } = droppingInput;
	const input: BertInput = {
		...{ pieces: fill(pieces), positions: fill(positions), segments: fill(segments), rowKeys: fill(rowKeys) },
		starts: Int32Array.from([...starts, starts.at(-1) as number]),
	};
	device.openParameters(droppingLayout);
	device.writeParameters(droppingValues);
	const tape = bertTape(device, droppingLayout, { seed: 4, step: 3 });
	const { output } = encodeBert(tape, droppingConfig, '', () => input);
	const real = pieces.map((_, row) => row);
	const chosen = tape.gatherRows(output, device.uploadIndices(real));
	const given = await device.read(chosen.value);
	tape.receive(chosen, device.upload(Float32Array.from(given, Math.sin), 9, 12));
	tape.backward();
	const gradients = await device.readGradients();
	device.endStep();
	return { given, gradients };
}

const sentenceCount = 4;
const rowsOfStep = 24;

/** Sentences that follow from the batch's tags, filled up to a common number of rows. */
function inputOf({ batch }: StepFacts): BertInput {
	const stream = new RandomStream(batch.tags.reduce((sum, tag, index) => sum + (index + 1) * tag, 1));
	const lengths = Array.from({ length: sentenceCount }, () => 2 + stream.below(4));
	const rows = lengths.flatMap((length, sentence) =>
		Array.from({ length }, (_, position) => ({
			position,
			piece: stream.below(droppingConfig.pieces),
			key: 100 * sentence + position,
		})),
	);
	const list = (read: (row: (typeof rows)[number]) => number) =>
		Int32Array.from({ length: rowsOfStep }, (_, row) => (rows[row] ? read(rows[row]) : -1));
	return {
		pieces: list(({ piece }) => piece),
		positions: list(({ position }) => position),
		segments: list(() => 0),
		rowKeys: list(({ key }) => key),
		starts: Int32Array.from({ length: sentenceCount + 1 }, (_, end) =>
			lengths.slice(0, end).reduce((sum, length) => sum + length, 0),
		),
	};
}

async function trainSteps(device: FusedDevice, steps: number) {
	device.openParameters(droppingLayout);
	device.writeParameters(droppingValues);
	const outputs: Float32Array[] = [];
	const bytes: number[] = [];
	const dispatches: number[] = [];
	for (let step = 1; step <= steps; step++) {
		const batch = tinyBatch([{ characters: 9, words: 0 }], { layout: device.rowLayout, seed: step });
		const facts = { batch, random: { seed: 4, step } };
		const trained = new Set(droppingLayout.entries.map(({ name }) => name));
		const before = device.counts.dispatches;
		const body = () => {
			const tape = new Tape(device, droppingLayout, batch, { trained, random: facts.random });
			const { output } = encodeBert(tape, droppingConfig, '', inputOf);
			const real = (of: StepFacts) => Int32Array.from({ length: sentenceCount }, (_, row) => inputOf(of).starts[row]);
			const chosen = tape.gatherRows(output, tape.indices('first pieces', real));
			tape.receive(chosen, chosen.value);
			tape.backward();
			return [chosen.value];
		};
		outputs.push(...(await device.runStep({ key: 'bert', facts, body })));
		dispatches.push(device.counts.dispatches - before);
		device.update(
			{ kind: 'sgd', learningRate: 0.01, momentum: 0.9, weightDecay: 0.01, clipNorm: 1, clipValue: 5 },
			trainedAlike(droppingLayout.entries),
		);
		bytes.push(device.memory().bytes);
	}
	return { outputs, bytes, dispatches };
}

describe.skipIf(!isThere)('a transformer on the fused device', () => {
	test('has activations and slopes that are those of the reference device, finite everywhere', async () => {
		const cpu = await createReferenceDevice();
		const expected = await activate(cpu);
		cpu.dispose();
		const given = await activate(await open());
		expect(given).toHaveLength(2 * activations.length);
		for (const [index, list] of given.entries()) {
			expect(list.every(Number.isFinite)).toBe(true);
			// The reference's own formulas overflow at the last eight numbers: there the limits hold.
			expect(
				excess(list.subarray(0, 193), expected[index].subarray(0, 193), 5e-6, 5e-6),
				activations[index >> 1],
			).toBeLessThan(1);
			const limits = numbers.subarray(193).map((value) => (index % 2 === 0 ? Math.max(0, value) : value > 0 ? 2 : 0));
			expect(excess(list.subarray(193), limits, 2e-6, 2e-6)).toBeLessThan(1);
		}
	});

	test('gives the same whether rows behind the last sentence fill up or not', async () => {
		const device = await open();
		const { given, gradients } = await runFilled(device, 9);
		const filled = await runFilled(device, 16);
		expect(given).toEqual((await runDropping(device)).rows);
		expect(filled.given).toEqual(given);
		expect(excess(filled.gradients, gradients, 1e-6, 1e-6)).toBeLessThan(1);
		expect(gradients.some((value) => value !== 0)).toBe(true);
	});

	test('gives with products by large tiles and 32 threads a row what it gives without', async () => {
		const expected = await runDropping(await open({ rowLanes: 1, gemmForm: 'direct' }));
		const given = await runDropping(await open({ rowLanes: 32, gemmForm: 'blocked' }));
		expect(excess(given.rows, expected.rows, 1e-5, 1e-5)).toBeLessThan(1);
		expect(excess(given.gradients, expected.gradients, 2e-5, 1e-5)).toBeLessThan(1);
	});

	test('repeats a recorded step with other sentences, bit for bit, and leaves nothing behind', async () => {
		const [recording, plain] = [await open(), await open({ records: false })];
		const given = await trainSteps(recording, 7);
		const expected = await trainSteps(plain, 7);
		expect(recording.findings).toEqual([]);
		expect(recording.counts.repeatedSteps).toBe(5); // once beside the third step, then the rest
		expect(plain.counts.repeatedSteps).toBe(0);
		expect(given.outputs).toEqual(expected.outputs);
		expect(new Set(expected.outputs.map(String)).size).toBe(7);
		expect(await recording.readParameters()).toEqual(await plain.readParameters());
		expect(new Set(given.bytes.slice(3)).size).toBe(1);
		expect(given.dispatches.at(-1)).toBe(expected.dispatches.at(-1));
	});
});
