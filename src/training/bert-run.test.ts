// Runs with BERT as a whole: what is kept while it is frozen, resuming through files on both sides of its unfreezing, features
// that are computed once, layers that are computed again.

import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExperimentConfig } from '../experiment/config';
import type { TrainingEvent } from '../experiment/events';
import type { LiveState, RunState } from '../experiment/run-state';
import type { Device } from '../kernels/operations';
import { createWasmDevice } from '../kernels/wasm/device';
import { layOutNetwork, networkShape } from '../model/shape';
import { FeatureFile } from '../storage/node/feature-file';
import { decodeResumeState, encodeResumeState, resumeStateParts } from '../storage/resume-state';
import { tinyBertConfig, tinyBertData, tinyBertOf } from '../testing/tiny-bert-run';
import { exceedsMemory } from './bert-memory';
import { type TrainRunOptions, trainRun } from './train-run';

const data = tinyBertData({ train: 12, dev: 6, test: 5 });
const layout = layOutNetwork(networkShape(tinyBertConfig(), data));

let device: Device;
beforeAll(async () => {
	device = await createWasmDevice();
});
afterAll(() => device.dispose());

async function play(
	config: ExperimentConfig,
	options: Partial<TrainRunOptions> = {},
	onEvent: (event: TrainingEvent) => void = () => {},
): Promise<TrainingEvent[]> {
	const events: TrainingEvent[] = [];
	for await (const event of trainRun(config, data, { device, clock: () => 0, bert: tinyBertOf(data), ...options })) {
		events.push(event);
		onEvent(event);
	}
	return events;
}

const measured = (events: readonly TrainingEvent[]) =>
	events.filter(({ kind }) => kind === 'step' || kind === 'epoch-finished');

async function joined(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
	const chunks: Uint8Array[] = [];
	for await (const part of parts) chunks.push(part.slice());
	return Buffer.concat(chunks);
}

test('a state ends where BERT begins until BERT is trained', async () => {
	const states: RunState[] = [];
	await play(tinyBertConfig(), { keepState: (state) => void states.push(state) });
	const sizes = states.map(({ parameters, optimizer }) => [parameters.length, optimizer.first.length]);
	const { frozenOffset, size } = layout;
	expect(size - frozenOffset).toBeGreaterThan(500);
	expect(sizes.slice(0, 2)).toEqual(Array(2).fill([frozenOffset, frozenOffset]));
	expect(sizes.slice(2)).toEqual(Array(sizes.length - 2).fill([size, size]));
	expect(sizes.length).toBeGreaterThan(3);
});

test('a state that is written while it is read is the file of the same state in memory', async () => {
	for (const kind of ['sgd', 'adamw'] as const) {
		const config = tinyBertConfig(({ stages }) => void (stages[0].optimizer.kind = kind));
		const about = { config, dataHashes: { train: 'a' }, notes: {} };
		let written: Uint8Array = new Uint8Array(0);
		await play(config, {
			saveState: async (state: LiveState) => void (written = await joined(resumeStateParts({ ...about, state }))),
			keepState: (state) => expect(Buffer.compare(written, encodeResumeState({ ...about, state }))).toBe(0),
		});
		expect(written.length).toBeGreaterThan(4 * layout.size);
	}
});

test.each([2, 5, 8, 11])('a run stopped at step %i goes on from its file to the last bit', async (step) => {
	const config = tinyBertConfig();
	const whole = await play(config);
	const end = await device.readParameters();

	const stop = new AbortController();
	let file: Uint8Array = new Uint8Array(0);
	const saveState = async (state: LiveState) => {
		file = await joined(resumeStateParts({ config, dataHashes: {}, notes: {}, state }));
	};
	const first = await play(config, { signal: stop.signal, saveState }, (event) => {
		if (event.kind === 'step' && event.step === step) stop.abort();
	});
	const other = await createWasmDevice();
	const rest = await play(config, { device: other, resumeFrom: decodeResumeState(file).state });
	expect([...measured(first), ...measured(rest)]).toEqual(measured(whole));
	expect(Buffer.compare(bytesOf(await other.readParameters()), bytesOf(end))).toBe(0);
	other.dispose();
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) => new Uint8Array(buffer, byteOffset, byteLength);

test('features that are kept give the scores of features computed anew, to the last bit, however many fit', async () => {
	const epochs = async (featureBytes: number) => measured(await play(tinyBertConfig(), { featureBytes }));
	const anew = await epochs(0);
	expect(await epochs(2 ** 20)).toEqual(anew);
	expect(await epochs(2000)).toEqual(anew);
});

test('features that memory has no room for are read from a file, with the same scores, and the file goes', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'nerco-features-'));
	const featureStore = new FeatureFile(folder);
	let largest = 0;
	const onEvent = () => {
		for (const name of readdirSync(folder)) largest = Math.max(largest, statSync(join(folder, name)).size);
	};
	const onDisk = measured(await play(tinyBertConfig(), { featureBytes: 2000, featureStore }, onEvent));
	expect(onDisk).toEqual(measured(await play(tinyBertConfig(), { featureBytes: 0 })));
	const { dev, test: held } = data.splits;
	const all = [...dev, ...held].reduce((sum, { characterRows }) => sum + 4 * 8 * characterRows.length, 0);
	expect(largest).toBeGreaterThanOrEqual(all - 2000);
	await featureStore.close();
	expect(readdirSync(folder)).toEqual([]);
	rmSync(folder, { recursive: true });
});

test('training on cached features drops nothing of BERT, and the run says so', async () => {
	const cached = await play(tinyBertConfig(({ bert }) => void (bert.features = 'cached')));
	const fresh = await play(tinyBertConfig());
	const first = (events: readonly TrainingEvent[]) => events.find(({ kind }) => kind === 'step');
	expect(first(cached)).not.toEqual(first(fresh));
	const said = (events: readonly TrainingEvent[]) =>
		events.some((event) => event.kind === 'warning' && event.code === 'features-cached');
	expect([said(cached), said(fresh)]).toEqual([true, false]);
});

test('layers that are computed again give the same losses, to the last bit, in less memory', async () => {
	const run = async (recompute: ExperimentConfig['bert']['recompute']) => {
		const own = await createWasmDevice();
		const events = await play(
			tinyBertConfig(({ bert }) => void (bert.recompute = recompute)),
			{ device: own },
		);
		own.dispose();
		return { numbers: measured(events), bytes: own.peakBytes };
	};
	const [again, kept] = [await run('always'), await run('never')];
	expect(again.numbers).toEqual(kept.numbers);
	expect(again.bytes).toBeLessThan(kept.bytes);
});

test('layers are computed again by themselves only where the insides of the largest batch would not fit wasm', () => {
	const shape = networkShape(tinyBertConfig(), data);
	const { bert } = shape;
	if (!bert) throw new Error('no BERT');
	const wide = { ...bert, config: { ...bert.config, width: 2 ** 16, innerWidth: 2 ** 20, layers: 100 } };
	const exceeds = (config: ExperimentConfig, wasWide: boolean, name: 'wasm' | 'webgpu' = 'wasm') =>
		exceedsMemory(config, data, {
			device: { info: { ...device.info, name } },
			shape: { ...shape, bert: wasWide ? wide : bert },
			layout,
		});
	const frozen = tinyBertConfig(({ stages }) => void (stages[0].groups.bert.firstEpoch = 0));
	expect([exceeds(tinyBertConfig(), true), exceeds(tinyBertConfig(), false)]).toEqual([true, false]);
	expect([exceeds(tinyBertConfig(), true, 'webgpu'), exceeds(frozen, true)]).toEqual([false, false]);
});
