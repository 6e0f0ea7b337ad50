import { afterAll, beforeAll, expect, test } from 'vitest';
import { scoreByAllRules } from '../analysis/span-scores';
import type { PreparedData } from '../data/prepared';
import type { ExperimentConfig } from '../experiment/config';
import type { TrainingEvent } from '../experiment/events';
import { presetConfig } from '../experiment/presets';
import type { RunState } from '../experiment/run-state';
import type { Device } from '../kernels/operations';
import { createWasmDevice } from '../kernels/wasm/device';
import { decodeResumeState, encodeResumeState } from '../storage/resume-state';
import { tinyData } from '../testing/tiny-data';
import { UserError } from '../util/errors';
import { type TrainRunOptions, trainRun } from './train-run';

let device: Device;
beforeAll(async () => {
	device = await createWasmDevice();
});
afterAll(() => device.dispose());

/** Two epochs each of the three stages on a network of width 16. */
function tinyConfig(change: (config: ExperimentConfig) => void = () => {}): ExperimentConfig {
	const config = presetConfig('smoke');
	Object.assign(config.model, { heads: 2, headSize: 8 });
	for (const stage of config.stages) Object.assign(stage, { batchSize: 4, epochs: 2 });
	change(config);
	return config;
}

async function play(
	config: ExperimentConfig,
	data: PreparedData,
	options: Partial<TrainRunOptions> = {},
	onEvent: (event: TrainingEvent) => void = () => {},
): Promise<TrainingEvent[]> {
	const events: TrainingEvent[] = [];
	for await (const event of trainRun(config, data, { device, clock: () => 0, ...options })) {
		events.push(event);
		onEvent(event);
	}
	return events;
}

const encoded = (config: ExperimentConfig, state: RunState) =>
	encodeResumeState({ config, dataHashes: {}, notes: {}, state });
const stepsOf = (events: TrainingEvent[]) => events.filter((event) => event.kind === 'step');
const resultsOf = (events: TrainingEvent[]) =>
	events.filter((event) => ['step', 'epoch-finished', 'stage-finished'].includes(event.kind));

test('the three stages run in order and the run completes', async () => {
	const events = await play(tinyConfig(), tinyData({ train: 9, dev: 5, test: 4 }));
	expect(events.map((event) => event.kind).filter((kind) => kind !== 'step')).toEqual([
		'run-started',
		...['contrastive', 'head', 'full'].flatMap(() => [
			'stage-started',
			'epoch-finished',
			'epoch-finished',
			'stage-finished',
		]),
		'finished',
	]);
	expect(stepsOf(events)).toHaveLength(3 * 2 * 3);
	expect(events.at(-1)).toMatchObject({ kind: 'finished', reason: 'completed', stages: { length: 3 } });
});

test('a contrastive stage has losses only, a CRF stage scores under three rules for dev and test', async () => {
	const events = await play(tinyConfig(), tinyData({ train: 8, dev: 5, test: 4 }));
	const epochs = events.filter((event) => event.kind === 'epoch-finished');
	expect(epochs[0].dev).toEqual({ loss: expect.any(Number) });
	expect(epochs[5].dev?.scores?.published.support).toBeGreaterThan(3);
	expect(Object.keys(epochs[5].test?.scores ?? {})).toEqual(['published', 'strict', 'seqeval']);
});

test('a network overfits five sentences', async () => {
	const config = tinyConfig((draft) => {
		draft.stages = [{ ...draft.stages[2], epochs: 60, patience: 60 }];
		Object.assign(draft.model, { embeddingDropout: 0, feedForwardDropout: 0, outputDropout: 0, wordDropout: 0 });
	});
	const data = tinyData({ train: 5, dev: 0, test: 0 });
	data.splits.dev = data.splits.train;
	const events = await play(config, data);
	const last = events.findLast((event) => event.kind === 'epoch-finished');
	expect(last?.dev?.scores?.strict.micro.f1).toBe(1);
	expect(last?.trainLoss).toBeLessThan(0.5);
});

test('the same seed gives the same losses, another seed others', async () => {
	const data = tinyData({ train: 9, dev: 4, test: 0 });
	const first = stepsOf(await play(tinyConfig(), data));
	const second = stepsOf(await play(tinyConfig(), data));
	const third = stepsOf(
		await play(
			tinyConfig((draft) => (draft.seed = 2)),
			data,
		),
	);
	expect(second).toEqual(first);
	expect(third).not.toEqual(first);
});

test('memory stays the same over 50 steps', async () => {
	const config = tinyConfig((draft) => {
		draft.stages = [{ ...draft.stages[2], epochs: 25 }];
	});
	const memories: ReturnType<Device['memory']>[] = [];
	const note = (event: TrainingEvent) => event.kind === 'epoch-finished' && memories.push(device.memory());
	await play(config, tinyData({ train: 8, dev: 4, test: 0 }), {}, note);
	expect(memories).toHaveLength(25);
	expect(new Set(memories.slice(2).map((memory) => memory.allocations)).size).toBe(1);
	expect(new Set(memories.slice(2).map((memory) => memory.bytes)).size).toBe(1);
});

test.each([1, 3, 5, 6, 8, 11, 14, 17])(
	'a run stopped after %i steps and resumed equals the uninterrupted one',
	async (count) => {
		const config = tinyConfig((draft) => {
			draft.stages[2].updateEvery = 2;
			draft.stages[1].optimizer.kind = 'sgd';
		});
		const data = tinyData({ train: 9, dev: 4, test: 3 });
		const whole = await play(config, data);
		const controller = new AbortController();
		let state: RunState | undefined;
		let steps = 0;
		const first = await play(
			config,
			data,
			{ signal: controller.signal, keepState: (kept) => void (state = kept) },
			(event) => event.kind === 'step' && ++steps === count && controller.abort(),
		);
		expect(first.at(-1)).toMatchObject({ kind: 'finished', reason: 'stopped' });
		const second = await play(config, data, { resumeFrom: structuredClone(state) });
		const logged = [...first.slice(0, state?.position.eventCount), ...second];
		expect(resultsOf(logged)).toEqual(resultsOf(whole));
	},
);

test('keeping the state in the middle of epochs changes nothing, and a run resumed from any such state gives the same bits', async () => {
	const config = tinyConfig((draft) => {
		draft.stages[2].updateEvery = 2;
		draft.stages[1].optimizer.kind = 'sgd';
	});
	const data = tinyData({ train: 9, dev: 4, test: 3 });
	const whole = await play(config, data);
	const states: RunState[] = [];
	const keepState = (state: RunState) => void states.push(structuredClone(state));
	const kept = await play(config, data, { keepState, isStateDue: (at) => at === 'step' });
	expect(resultsOf(kept)).toEqual(resultsOf(whole));
	const inEpochs = states.filter(({ position }) => position.progress.stepInEpoch > 0);
	expect(inEpochs).toHaveLength(stepsOf(whole).length);
	for (const state of inEpochs.filter((_, index) => index % 3 !== 0)) {
		const rest = await play(config, data, { resumeFrom: state });
		expect(resultsOf([...whole.slice(0, state.position.eventCount), ...rest])).toEqual(resultsOf(whole));
	}
});

test('an evaluation that was cut off continues at its next batch, bit for bit', async () => {
	const config = tinyConfig((draft) => {
		draft.stages[2].updateEvery = 2;
		draft.stages[0].batchSize = 2;
	});
	const data = tinyData({ train: 9, dev: 7, test: 5 });
	const whole = await play(config, data);
	const states: RunState[] = [];
	const isStateDue: TrainRunOptions['isStateDue'] = (at) => at !== 'step';
	const keepState = (state: RunState) => void states.push(decodeResumeState(encoded(config, state)).state);
	const tagsOf: number[] = [];
	const keepPredictions: TrainRunOptions['keepPredictions'] = ({ dev }) => void tagsOf.push(dev.length);
	expect(resultsOf(await play(config, data, { keepState, isStateDue }))).toEqual(resultsOf(whole));
	const evaluating = states.filter(({ evaluation }) => evaluation);
	const begun = evaluating.filter(({ evaluation }) => evaluation && evaluation.dev.batches > 0);
	expect(evaluating.every(({ position: { progress } }) => progress.stepInEpoch > 0)).toBe(true);
	expect(begun.length).toBeGreaterThan(12);
	for (const state of begun.filter((_, index) => index % 4 === 1)) {
		const rest = await play(config, data, { resumeFrom: state, keepPredictions });
		expect(resultsOf([...whole.slice(0, state.position.eventCount), ...rest])).toEqual(resultsOf(whole));
		expect(rest.findIndex(({ kind }) => kind === 'epoch-finished')).toBe(2); // no step is repeated
	}
	expect(new Set(tagsOf)).toEqual(new Set([7]));
});

test('the steps of an epoch are kept before its evaluation, and a stop within it loses none of either', async () => {
	const config = tinyConfig((draft) => (draft.stages = [draft.stages[2]]));
	const data = tinyData({ train: 9, dev: 7, test: 5 });
	const controller = new AbortController();
	let breaths = 0;
	let last: RunState | undefined;
	const asked: string[] = [];
	const events = await play(config, data, {
		signal: controller.signal,
		breathe: async () => void (++breaths === 3 && controller.abort()),
		keepState: (state) => void (last = structuredClone(state)),
		isStateDue: (at) => asked.push(at) > 0 && at === 'evaluation-start',
	});
	expect(asked.slice(0, 4)).toEqual(['step', 'step', 'step', 'evaluation-start']);
	expect(events.at(-1)).toMatchObject({ reason: 'stopped' });
	expect(last?.position.progress).toMatchObject({ epoch: 1, stepInEpoch: 3 });
	expect(last?.evaluation?.dev.batches).toBe(2);
});

test('a held run waits between two batches of its evaluation, after its state was kept', async () => {
	const config = tinyConfig((draft) => (draft.stages = [{ ...draft.stages[2], epochs: 1 }]));
	const order: string[] = [];
	const evaluation = (text: string) => order.length < 3 && order.push(text);
	await play(config, tinyData({ train: 9, dev: 7, test: 0 }), {
		breathe: async () => void evaluation('breathe'),
		isStateDue: (at) => at === 'evaluation',
		keepState: () => void evaluation('keep'),
		hold: async () => void evaluation('hold'),
	});
	expect(order).toEqual(['breathe', 'keep', 'hold']);
});

test('the next stage begins from the best epoch, not from the last one', async () => {
	const config = tinyConfig((draft) => {
		draft.stages = [
			{ ...draft.stages[2], name: 'first', epochs: 3 },
			{ ...draft.stages[2], name: 'second', epochs: 1 },
		];
	});
	const data = tinyData({ train: 8, dev: 6, test: 0 });
	const states: RunState[] = [];
	let atSecond: Float32Array | null = null;
	for await (const event of trainRun(config, data, { device, clock: () => 0, keepState: (s) => void states.push(s) })) {
		if (event.kind === 'stage-started' && event.index === 1) atSecond = await device.readParameters();
	}
	expect(states[2].bestParameters).not.toBeNull();
	expect(states[2].bestParameters).toEqual(atSecond);
});

test('the tags of each best epoch are handed out, and their scores are those of its event', async () => {
	const config = tinyConfig();
	const data = tinyData({ train: 9, dev: 5, test: 4 });
	const kept: { epoch: number; stage: string; f1: Record<string, number | undefined> }[] = [];
	const f1Of = (split: 'dev' | 'test', tags: readonly Int32Array[]) => {
		const named = (ids: Int32Array) => Array.from(ids, (id) => data.labels.tags[id]);
		const pairs = tags.map((ids, index) => ({ predicted: named(ids), gold: named(data.splits[split][index].tags) }));
		return scoreByAllRules(pairs).strict.micro.f1;
	};
	const events = await play(config, data, {
		keepPredictions: ({ dev, test }, at) =>
			void kept.push({ ...at, f1: { dev: f1Of('dev', dev), test: f1Of('test', test) } }),
	});
	const best = events.flatMap((event) => (event.kind === 'epoch-finished' && event.dev?.scores ? [event] : []));
	const expected = best
		.filter(({ isBest }) => isBest)
		.map(({ stage, epoch, dev, test }) => ({
			stage,
			epoch,
			f1: { dev: dev?.scores?.strict.micro.f1, test: test?.scores?.strict.micro.f1 },
		}));
	expect(expected.length).toBeGreaterThan(0);
	expect(kept).toEqual(expected);
});

test('a head stage leaves the encoder and the embeddings as they were', async () => {
	const config = tinyConfig((draft) => {
		draft.stages = [draft.stages[1]];
	});
	const states: RunState[] = [];
	let start: Float32Array | null = null;
	const data = tinyData({ train: 8, dev: 4, test: 0 });
	for await (const event of trainRun(config, data, { device, clock: () => 0, keepState: (s) => void states.push(s) })) {
		if (event.kind === 'run-started') start = await device.readParameters();
	}
	const end = states[0].parameters;
	const moved = Array.from(end).filter((value, index) => value !== start?.[index]).length;
	expect(moved).toBeGreaterThan(0);
	expect(moved).toBeLessThanOrEqual(5 * 16 + 5 + 25);
});

test('a diverging run ends with a reason, not with an exception', async () => {
	const config = tinyConfig((draft) => {
		const { optimizer } = draft.stages[2];
		draft.stages = [
			{
				...draft.stages[2],
				optimizer: { ...optimizer, kind: 'sgd', learningRate: 10, clipValue: 0, warmup: 0, weightDecay: 1 },
			},
		];
		draft.stages[0].epochs = 60;
	});
	const events = await play(config, tinyData({ train: 8, dev: 4, test: 0 }));
	expect(events.at(-1)).toMatchObject({ kind: 'finished', reason: 'not-a-number' });
});

test('a lost device ends the run with its reason', async () => {
	let isLost = false;
	const failing = new Proxy(device, {
		get(target, key) {
			if (key === 'failure') return () => (isLost ? new Error('the device is gone') : null);
			const value = Reflect.get(target, key);
			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
	const events = await play(tinyConfig(), tinyData({ train: 8, dev: 4, test: 0 }), { device: failing }, (event) => {
		if (event.kind === 'step') isLost = true;
	});
	expect(events.at(-1)).toMatchObject({ kind: 'finished', reason: 'device-lost', message: 'the device is gone' });
});

test('a device without room is not lost: its refusal is thrown, and what it gives is not taken for a loss', async () => {
	const broken = (failure: Error) =>
		new Proxy(device, {
			get(target, key) {
				if (key === 'failure') return () => failure;
				const value = Reflect.get(target, key);
				return typeof value === 'function' ? value.bind(target) : value;
			},
		});
	const data = tinyData({ train: 8, dev: 4, test: 0 });
	const parts = { code: 'gpu-out-of-memory', expected: 'room', found: 'none', remedy: 'Choose smaller batches.' };
	await expect(play(tinyConfig(), data, { device: broken(new UserError(parts)) })).rejects.toThrow('smaller batches');
});

test('without a dev split each stage keeps its last parameters and says so', async () => {
	const events = await play(tinyConfig(), tinyData({ train: 8, dev: 0, test: 3 }));
	expect(events).toContainEqual(expect.objectContaining({ kind: 'warning', code: 'no-dev' }));
	expect(events.at(-1)).toMatchObject({ reason: 'completed', stages: [{ bestEpoch: 0 }, {}, {}] });
});

test('settings out of range and an empty training split are refused before anything starts', async () => {
	const data = tinyData({ train: 4, dev: 2, test: 0 });
	await expect(
		play(
			tinyConfig((draft) => (draft.stages[0].epochs = 0)),
			data,
		),
	).rejects.toThrow(UserError);
	await expect(play(tinyConfig(), tinyData({ train: 0, dev: 2, test: 0 }))).rejects.toThrow(/training sentence/);
});
