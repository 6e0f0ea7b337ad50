import { expect, test } from 'vitest';
import type { TrainingEvent } from '../experiment/events';
import { presetConfig } from '../experiment/presets';
import type { RunState } from '../experiment/run-state';
import { createWasmDevice } from '../kernels/wasm/device';
import { tinyData } from '../testing/tiny-data';
import { checkpointOf } from './run-checkpoint';
import { trainRun } from './train-run';

/** The checkpoint of a run of three stages, three steps an epoch, two epochs each, that is stopped after so many steps. */
async function checkpointAfter(steps: number) {
	const config = presetConfig('smoke');
	Object.assign(config.model, { heads: 2, headSize: 8 });
	for (const stage of config.stages) Object.assign(stage, { batchSize: 4, epochs: 2 });
	const data = tinyData({ train: 9, dev: 4, test: 3 });
	const device = await createWasmDevice();
	const controller = new AbortController();
	const events: TrainingEvent[] = [];
	let state: RunState | undefined;
	const keepState = (kept: RunState) => void (state = kept);
	let done = 0;
	for await (const event of trainRun(config, data, { device, clock: () => 0, signal: controller.signal, keepState })) {
		events.push(event);
		if (event.kind === 'step' && ++done === steps) controller.abort();
	}
	device.dispose();
	return checkpointOf({ config, data, state: state as RunState, events, dataHashes: {}, versions: {} });
}

test('a run stopped before its stage was measured carries no metrics of another stage', async () => {
	const { provenance, metrics } = await checkpointAfter(13);
	expect(provenance).toMatchObject({ stage: 'full', epoch: 1 });
	expect(metrics).toEqual({ dev: null, test: null });
});

test('a run stopped later carries the best epoch of its stage', async () => {
	const { provenance, metrics } = await checkpointAfter(16);
	expect(provenance).toMatchObject({ stage: 'full', epoch: 1 });
	expect(metrics.dev?.scores?.published.support).toBeGreaterThan(0);
});

test('a run that completed carries the best epoch of its last stage', async () => {
	const { provenance, metrics } = await checkpointAfter(Number.POSITIVE_INFINITY);
	expect(provenance.stage).toBe('full');
	expect([1, 2]).toContain(provenance.epoch);
	expect(metrics.test?.scores).toBeDefined();
});
