// BERT beside the published classes: every layer and every gradient of their runs.

import { afterAll, describe, expect, test } from 'vitest';
import type { Device } from '../kernels/operations';
import { findParameter } from '../kernels/parameters';
import { createReferenceDevice } from '../kernels/reference/device';
import {
	droppingLayout,
	droppingValues,
	excess,
	forwardCases,
	forwardExcess,
	hasBertRuns,
	runDropping,
	windowCases,
	windowExcess,
} from '../testing/bert-runs';
import { openWasmBuilds } from '../testing/wasm-builds';

const devices: Record<string, Device> = {
	cpu: await createReferenceDevice(),
	...Object.fromEntries(await openWasmBuilds()),
};
afterAll(() => {
	for (const device of Object.values(devices)) device.dispose();
});

describe.skipIf(!hasBertRuns)('BERT (skipped: no shared data)', () => {
	const runs = Object.keys(devices).flatMap((device) => forwardCases.map((name) => [name, device] as const));
	test.each(runs)('%s on %s: embeddings, layers and gradients are the published ones', async (name, device) => {
		const found = await forwardExcess(devices[device], name);
		expect(found.filter(([, worst]) => !(worst <= 1))).toEqual([]);
		expect(found.length).toBeGreaterThan(25);
	});

	test.each(windowCases)('long sentences in windows, %s: every piece has the vector of its window', async (name) => {
		for (const device of Object.values(devices)) expect(await windowExcess(device, name)).toBeLessThan(1);
	});
});

describe('with dropout', () => {
	test('every device draws the same and computes the same, and another step draws anew', async () => {
		const expected = await runDropping(devices.cpu);
		for (const device of Object.values(devices)) {
			const { rows, gradients } = await runDropping(device);
			expect(excess(rows, expected.rows, 1e-5, 1e-5)).toBeLessThan(1);
			expect(excess(gradients, expected.gradients, 2e-5, 1e-5)).toBeLessThan(1);
			expect(excess((await runDropping(device, { step: 4 })).rows, expected.rows, 1e-5, 1e-5)).toBeGreaterThan(100);
		}
	});

	test('gradients are the slopes of the loss', async () => {
		const { gradients } = await runDropping(devices.cpu);
		for (const name of [
			'embeddings_project.weight',
			'encoder.layer.0.attention.self.query.weight',
			'encoder.layer.1.output.dense.bias',
		]) {
			const { offset } = findParameter(droppingLayout, name);
			const width = 1e-2;
			const moved = (by: number) => {
				const values = droppingValues.slice();
				values[offset] += by;
				return runDropping(devices.cpu, { values });
			};
			const slope = ((await moved(width)).loss - (await moved(-width)).loss) / (2 * width);
			expect(Math.abs(slope - gradients[offset])).toBeLessThan(5e-3 * Math.max(1, Math.abs(slope)));
		}
	});
});
