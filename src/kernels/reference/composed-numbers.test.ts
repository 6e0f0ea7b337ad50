// The reference device on webgpu gives the numbers of the one on cpu, and those of the composed device that it replaced
// (fixtures/composed), within rounding: TensorFlow.js adds rows there by float atomics, in any order.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readSafetensors } from '../../storage/safetensors';
import { readFloats } from '../../storage/stored-tensor';
import { openComposed } from '../../testing/open-webgpu';
import { trainShortly } from '../../testing/short-steps';
import { largestDifference, runConformance } from '../conformance';
import type { Device } from '../operations';
import { createReferenceDevice } from './device';

const folder = join(import.meta.dirname, '../../../fixtures/composed');
const stored = (file: string) =>
	new Map([...readSafetensors(readFileSync(join(folder, file)), file).tensors].map(([k, v]) => [k, readFloats(v)]));

const opened = await openComposed();
afterAll(() => opened?.dispose());

/** Results under the names of the stored ones, which are numbered: a name may occur twice. */
const runAll = async (device: Device) =>
	new Map(
		(await runConformance(device)).map(({ name, values }, index) => [
			`${String(index).padStart(3, '0')} ${name}`,
			values,
		]),
	);

type Results = ReadonlyMap<string, ArrayLike<number>>;

function compare(given: Results, expected: Results, tolerance: number): string[] {
	return [...expected].flatMap(([name, values]) => {
		const difference = largestDifference(given.get(name) ?? [], values);
		return difference <= tolerance ? [] : [`${name}: ${difference}`];
	});
}

describe.skipIf(!opened)('the reference device on webgpu', () => {
	test('gives the same for every operation as on cpu, and the stored numbers', async () => {
		const cpu = await createReferenceDevice();
		const expected = await runAll(cpu);
		cpu.dispose();
		const given = await runAll(opened as Device);
		expect([...given.keys()]).toEqual([...expected.keys()]);
		expect(compare(given, expected, 2e-6)).toEqual([]);
		const operations = stored('operations.safetensors');
		expect(operations.size).toBe(97);
		expect(compare(given, operations, 1e-5)).toEqual([]);
	});

	test.each(['crf', 'contrastive'] as const)(
		'gives the stored numbers of a short run with the %s loss',
		async (loss) => {
			const expected = stored('short-steps.safetensors');
			const { losses, parameters } = await trainShortly(opened as Device, loss);
			expect(largestDifference(losses, expected.get(`${loss}/losses`) ?? [])).toBeLessThan(2e-6);
			expect(largestDifference(parameters, expected.get(`${loss}/parameters`) ?? [])).toBeLessThan(2e-5);
		},
	);
});
