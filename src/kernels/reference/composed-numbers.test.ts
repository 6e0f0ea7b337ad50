// The composed device on webgpu against the numbers of the one it replaced (fixtures/composed).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readSafetensors } from '../../storage/safetensors';
import { readFloats } from '../../storage/stored-tensor';
import { openWebgpu } from '../../testing/open-webgpu';
import { trainShortly } from '../../testing/short-steps';
import { largestDifference, runConformance } from '../conformance';
import type { Device } from '../operations';

const folder = join(import.meta.dirname, '../../../fixtures/composed');
const stored = (file: string) =>
	new Map([...readSafetensors(readFileSync(join(folder, file)), file).tensors].map(([k, v]) => [k, readFloats(v)]));

const opened = await openWebgpu();
afterAll(() => opened?.dispose());

describe.skipIf(!opened)('composed webgpu gives the stored numbers', () => {
	test('for every operation', async () => {
		const given = await runConformance(opened as Device);
		const expected = stored('operations.safetensors');
		expect(expected.size).toBe(97);
		const names = new Map(given.map(({ name, values }, index) => [`${String(index).padStart(3, '0')} ${name}`, values]));
		const different = [...expected].flatMap(([name, values]) => {
			const difference = largestDifference(names.get(name) ?? [], values);
			return difference <= 2e-6 ? [] : [`${name}: ${difference}`];
		});
		expect(different).toEqual([]);
	});

	test.each(['crf', 'contrastive'] as const)('for six training steps with the %s loss', async (objective) => {
		const expected = stored('short-steps.safetensors');
		const { losses, parameters } = await trainShortly(opened as Device, objective);
		expect(largestDifference(losses, expected.get(`${objective}/losses`) ?? [])).toBeLessThan(2e-6);
		expect(largestDifference(parameters, expected.get(`${objective}/parameters`) ?? [])).toBeLessThan(2e-5);
	});
});
