// Steps of a small network on the fused device: how many dispatches they take, that repeating a recorded step gives the
// bits of running it, that memory does not grow, and that each guard of recording catches what it is there for.

import { afterAll, describe, expect, test } from 'vitest';
import { arrangeBatch } from '../../data/arrange-batch';
import type { Batch } from '../../data/batch';
import type { Objective } from '../../experiment/config';
import { initialParameters } from '../../model/initial-parameters';
import { Network } from '../../model/network';
import { trainedEntries } from '../../model/shape';
import { closeFused, hasWebgpu, openFused } from '../../testing/open-webgpu';
import { tinyLabels, tinySentences, tinyShape } from '../../testing/tiny-network';
import type { Device, Matrix, StepFacts } from '../operations';
import { trainedAlike } from '../parameters';
import type { FusedDevice } from './device';
import { GpuEngine } from './gpu-engine';
import { openGpu } from './open-gpu';
import type { ProgramText } from './program';
import { RecordedSteps } from './recorded-steps';
import { Workspace } from './workspace';

const isThere = await hasWebgpu();
afterAll(closeFused);

const dropouts = { embeddingDropout: 0.3, feedForwardDropout: 0.2, outputDropout: 0.3, wordDropout: 0.1 };
const shape = tinyShape({ ...dropouts, crfStartEnd: true });
const small = { nodes: 16, characters: 64, words: 32, distances: 128 };
const large = { nodes: 32, characters: 64, words: 32, distances: 192 };

function batchOf(seed: number, size = small): Batch {
	const sentences = tinySentences(5, seed);
	return arrangeBatch(sentences, [...sentences.keys()], { layout: 'padded', distanceKind: 'pair', buckets: [size] });
}

async function openNetwork(records: boolean): Promise<{ device: FusedDevice; network: Network }> {
	const device = (await openFused({ records })) as FusedDevice;
	const network = new Network(device, shape, tinyLabels);
	const table = (rows: number) => Float32Array.from({ length: rows * 4 }, (_, index) => Math.sin(index));
	network.load(initialParameters(shape, network.layout, { lattice: table(20), bigram: table(15) }, 1));
	return { device, network };
}

async function trainStep(
	{ device, network }: { device: FusedDevice; network: Network },
	objective: Objective,
	step: number,
	batch: Batch,
) {
	const before = device.counts.dispatches;
	const { loss } = await network.train(batch, { objective, trains: 'all', temperature: 0.1, seed: 4, step });
	const rule = {
		kind: 'sgd',
		learningRate: 0.01 / step,
		momentum: 0.9,
		weightDecay: 0.01,
		clipNorm: 0,
		clipValue: 5,
	} as const;
	device.update(rule, trainedAlike(trainedEntries(network.layout, { objective, trains: 'all' })));
	return { loss, dispatches: device.counts.dispatches - before };
}

describe.skipIf(!isThere)('a recorded step', () => {
	test.each([
		{ objective: 'crf' as const, maxDispatches: 120 },
		{ objective: 'contrastive' as const, maxDispatches: 140 },
	])(
		'of $objective takes at most $maxDispatches dispatches and gives the bits of an unrecorded one',
		async ({ objective, maxDispatches }) => {
			const recorded = await openNetwork(true);
			const plain = await openNetwork(false);
			for (let step = 1; step <= 6; step++) {
				const batch = batchOf(step);
				const given = await trainStep(recorded, objective, step, batch);
				const expected = await trainStep(plain, objective, step, batch);
				expect(given.loss).toBe(expected.loss);
				expect(expected.dispatches).toBeLessThanOrEqual(maxDispatches);
				if (step > 3) expect(given.dispatches).toBe(expected.dispatches);
			}
			expect(recorded.device.counts.repeatedSteps).toBe(4); // once beside the third step, then the rest
			expect(plain.device.counts.repeatedSteps).toBe(0);
			expect(await recorded.device.readParameters()).toEqual(await plain.device.readParameters());
			expect(recorded.device.findings).toEqual([]);
		},
	);

	test('of matrices that share elements gives the bits of one whose matrices are apart', async () => {
		const { device } = await openNetwork(true);
		const values = await device.readParameters();
		const steady = { ...shape, model: { ...shape.model, wordDropout: 0 } };
		const sharing = new Network(device, steady, tinyLabels);
		sharing.load(values);
		const call = { objective: 'contrastive', trains: 'all', temperature: 0.1, seed: 4, step: 1 } as const;
		const { loss } = await sharing.train(batchOf(1), call);
		const gradients = await device.readGradients();
		// Without whole steps the device cannot know what is needed later, and keeps everything.
		const apart = new Network(Object.create(device, { runStep: { value: undefined } }) as Device, steady, tinyLabels);
		apart.load(values);
		expect((await apart.train(batchOf(1), call)).loss).toBe(loss);
		expect(await device.readGradients()).toEqual(gradients);
	});

	test('of any shape leaves memory as it was once each shape was seen', async () => {
		const running = await openNetwork(true);
		await trainStep(running, 'crf', 1, batchOf(1, large));
		await trainStep(running, 'crf', 2, batchOf(2, small));
		const { bytes } = running.device.memory();
		for (let step = 3; step < 12; step++)
			await trainStep(running, 'crf', step, batchOf(step, step % 3 ? small : large));
		expect(running.device.memory().bytes).toBe(bytes);
		expect(running.device.findings).toEqual([]);
	});
});

const doubled: ProgramText = {
	name: 'testDouble',
	words: ['out', 'source', 'factor'],
	threads: 'elements',
	body: 'arena[u.out + index] = f32(inputs[u.source + index] * u.factor);',
};

async function openWorkspace() {
	const engine = new GpuEngine(await openGpu(), true);
	const space = new Workspace(engine);
	const steps = new RecordedSteps(space, {
		digest: async () => new Float32Array(4),
		keep: async () => () => {},
	});
	/** out = numbers * factor */
	const scale = (source: number, factor: number, text = doubled): Matrix => {
		const out = space.matrix(1, 3);
		space.run(text, { count: 3, words: { out: out.address, source, factor } });
		return out;
	};
	const factsOf = (tag: number) =>
		({ batch: { tags: Int32Array.of(tag, 2, 3) }, random: null }) as unknown as StepFacts;
	const tagsOf = ({ facts }: { facts: StepFacts }) => facts.batch.tags;
	return { engine, space, steps, scale, factsOf, tags: () => space.derived('tags', tagsOf).offset };
}

describe.skipIf(!isThere)('the guards of recording', () => {
	test('a step whose values are all derived is repeated with new ones', async () => {
		const { engine, steps, scale, factsOf, tags } = await openWorkspace();
		for (let tag = 1; tag <= 5; tag++) {
			const body = () => [scale(tags(), 2)];
			expect(await steps.runStep({ key: 'k', facts: factsOf(tag), body })).toEqual([Float32Array.of(2 * tag, 4, 6)]);
		}
		expect(steps.repeated).toBe(3);
		engine.dispose();
	});

	test('steps on the same data prove nothing and are not repeated', async () => {
		const { engine, steps, scale, factsOf, tags } = await openWorkspace();
		for (let step = 0; step < 4; step++)
			await steps.runStep({ key: 'k', facts: factsOf(1), body: () => [scale(tags(), 2)] });
		expect(steps.repeated).toBe(0);
		engine.dispose();
	});

	test.each(['a number of a dispatch', 'a given list'])(
		'%s that changes is found, and later steps are not recorded',
		async (what) => {
			const { engine, space, steps, scale, factsOf, tags } = await openWorkspace();
			for (let tag = 1; tag <= 4; tag++) {
				const body = () => [
					what === 'a given list' ? scale(space.given(Int32Array.of(tag, 2, 3)).offset, 1) : scale(tags(), tag),
				];
				const expected = what === 'a given list' ? [tag, 2, 3] : [tag * tag, 2 * tag, 3 * tag];
				expect(await steps.runStep({ key: 'k', facts: factsOf(tag), body })).toEqual([Float32Array.from(expected)]);
			}
			expect(steps.repeated).toBe(0);
			expect(steps.findings).toHaveLength(1);
			expect(steps.findings[0]).toContain('without recording');
			engine.dispose();
		},
	);

	test('a value that changes only after the recording is found by running the step both ways', async () => {
		const { engine, steps, scale, factsOf, tags } = await openWorkspace();
		for (let tag = 1; tag <= 4; tag++) {
			const factor = tag < 3 ? 2 : 5;
			const values = await steps.runStep({ key: 'k', facts: factsOf(tag), body: () => [scale(tags(), factor)] });
			expect(values).toEqual([Float32Array.of(tag * factor, 2 * factor, 3 * factor)]);
		}
		expect(steps.findings[0]).toContain('different numbers');
		engine.dispose();
	});

	test('a matrix from outside the step is found, and the numbers are right all the same', async () => {
		const { engine, space, steps, scale, factsOf } = await openWorkspace();
		const outside = space.upload(Float32Array.of(7, 8, 9), 1, 3);
		const body = () => {
			space.at(outside);
			return [outside, scale(space.given(Int32Array.of(1, 2, 3)).offset, 1)];
		};
		const values = await steps.runStep({ key: 'k', facts: factsOf(1), body });
		expect(values).toEqual([Float32Array.of(7, 8, 9), Float32Array.of(1, 2, 3)]);
		expect(steps.findings[0]).toContain('a matrix that was made before the step');
		engine.dispose();
	});

	test('an invalid program fails the step that records it', async () => {
		const { engine, steps, scale, factsOf, tags } = await openWorkspace();
		const broken = { ...doubled, name: 'testBroken', body: 'arena[u.out + index] = nothing;' };
		const body = () => [scale(tags(), 2, broken)];
		await expect(steps.runStep({ key: 'k', facts: factsOf(1), body })).rejects.toThrow('the GPU reported an error');
		expect(engine.failure).not.toBeNull();
		engine.dispose();
	});

	test('a lost GPU voids all recordings', async () => {
		const { engine, steps, scale, factsOf, tags } = await openWorkspace();
		const body = () => [scale(tags(), 2)];
		for (let tag = 1; tag <= 4; tag++) await steps.runStep({ key: 'k', facts: factsOf(tag), body });
		expect(steps.repeated).toBe(2);
		engine.gpu.destroy();
		await engine.gpu.lost;
		await expect(steps.runStep({ key: 'k', facts: factsOf(5), body })).rejects.toThrow('GPU');
		expect(steps.repeated).toBe(2);
	});
});
