// Do the fast devices compute a standard transformer as the reference device does, operation for operation?

import { afterAll, describe, expect, test } from 'vitest';
import { closeFused, hasWebgpu, openFused } from '../testing/open-webgpu';
import { tinyBatch } from '../testing/tiny-batch';
import { openWasmBuilds } from '../testing/wasm-builds';
import { type ConformanceResult, largestDifference } from './conformance';
import type { Device } from './operations';
import { createReferenceDevice } from './reference/device';
import { runTransformerConformance } from './transformer-conformance';

const isThere = await hasWebgpu();
const cpu = await createReferenceDevice();
const builds = await openWasmBuilds();
const expected = await run(cpu);
afterAll(async () => {
	for (const device of [cpu, ...builds.map(([, device]) => device)]) device.dispose();
	await closeFused();
});

function run(device: Device): Promise<ConformanceResult[]> {
	const batch = tinyBatch([{ characters: 2, words: 0 }], { layout: device.rowLayout });
	return runTransformerConformance(device, () => device.beginStep(batch));
}

async function compare(device: Device, tolerance: number): Promise<void> {
	const given = await run(device);
	expect(given.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
	const differences = expected.map(({ name, values }, index) => [name, largestDifference(given[index].values, values)]);
	expect(differences.filter(([, difference]) => !((difference as number) <= tolerance))).toEqual([]);
	expect(await run(device)).toEqual(given);
}

describe('the operations of a transformer', () => {
	test('give finite numbers that are not all zero on cpu', () => {
		expect(expected).toHaveLength(2 * (8 + 12 + 8 + 1));
		for (const { name, values } of expected) {
			expect(Array.from(values).every(Number.isFinite), name).toBe(true);
			expect(
				Array.from(values).some((value) => value !== 0),
				name,
			).toBe(true);
		}
	});

	test.each(builds)('give the same on %s as on cpu, and the same bits again', async (_, device) => {
		await compare(device, 5e-6);
	});

	test.skipIf(!isThere).each([
		{ rowLanes: 1, gemmForm: 'direct' },
		{ rowLanes: 32, gemmForm: 'blocked' },
	] as const)(
		'give the same on fused webgpu as on cpu, and the same bits again, with $rowLanes threads a row and $gemmForm products',
		async (options) => {
			await compare((await openFused(options)) as Device, 1e-5);
		},
	);
});
