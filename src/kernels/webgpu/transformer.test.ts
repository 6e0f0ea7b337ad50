// BERT on the fused device beside the published classes: every layer and every gradient of their runs, with parameters in many
// segments.

import { afterAll, describe, expect, test } from 'vitest';
import {
	excess,
	forwardCases,
	forwardExcess,
	hasBertRuns,
	runDropping,
	windowCases,
	windowExcess,
} from '../../testing/bert-runs';
import { closeFused, hasWebgpu, openFused } from '../../testing/open-webgpu';
import { createReferenceDevice } from '../reference/device';
import type { FusedDevice, FusedOptions } from './device';

const isThere = await hasWebgpu();
afterAll(closeFused);

const open = async (options: FusedOptions = {}) => (await openFused({ segmentBytes: 8192, ...options })) as FusedDevice;

describe.skipIf(!isThere || !hasBertRuns)('BERT on the fused device (skipped: no shared data)', () => {
	test.each(forwardCases)('%s: embeddings, layers and gradients are the published ones', async (name) => {
		const found = await forwardExcess(await open(), name);
		expect(found.filter(([, worst]) => !(worst <= 1))).toEqual([]);
		expect(found.length).toBeGreaterThan(25);
	});

	test.each(windowCases)('long sentences in windows, %s: every piece has the vector of its window', async (name) => {
		expect(await windowExcess(await open(), name)).toBeLessThan(1);
	});
});

describe.skipIf(!isThere)('BERT with dropout on the fused device', () => {
	test('draws and computes what the reference device does, and draws anew in another step', async () => {
		const cpu = await createReferenceDevice();
		const expected = await runDropping(cpu);
		cpu.dispose();
		const device = await open({ segmentBytes: 256 });
		const { rows, gradients } = await runDropping(device);
		expect(excess(rows, expected.rows, 1e-5, 1e-5)).toBeLessThan(1);
		expect(excess(gradients, expected.gradients, 2e-5, 1e-5)).toBeLessThan(1);
		expect(excess((await runDropping(device, { step: 4 })).rows, expected.rows, 1e-5, 1e-5)).toBeGreaterThan(100);
	});
});
