// Do the fast devices give what the reference device gives, operation for operation? The reference device on webgpu is held
// to it in reference/composed-numbers.test.ts.

import { afterAll, describe, expect, test } from 'vitest';
import { closeFused, hasWebgpu, openFused } from '../testing/open-webgpu';
import { type ConformanceResult, largestDifference, runConformance } from './conformance';
import type { Device } from './operations';
import { createReferenceDevice } from './reference/device';
import { runUpdateConformance } from './update-conformance';
import { createWasmDevice } from './wasm/device';

const isThere = await hasWebgpu();
const cpu = await createReferenceDevice();
const expected = await runConformance(cpu);

afterAll(async () => {
	cpu.dispose();
	await closeFused();
});

/** Names of a device's own and inherited methods. */
function methodsOf(device: Device): Set<string> {
	const names = new Set<string>();
	for (let owner = Object.getPrototypeOf(device); owner !== Object.prototype; owner = Object.getPrototypeOf(owner))
		for (const name of Object.getOwnPropertyNames(owner)) if (name !== 'constructor') names.add(name);
	return names;
}

function compare(given: readonly ConformanceResult[], tolerance: number): string[] {
	expect(given.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
	return expected.flatMap(({ name, values }, index) => {
		const difference = largestDifference(given[index].values, values);
		return difference <= tolerance ? [] : [`${name}: ${difference}`];
	});
}

describe('every operation', () => {
	test('gives finite numbers that are not all zero on cpu', () => {
		const odd = expected.filter(({ values }) => {
			const numbers = Array.from(values);
			return !numbers.every(Number.isFinite) || numbers.every((value) => value === 0);
		});
		const zeroByRule = ['contrastive/loss without classes', 'update/adamw/gradients', 'update/sgd/gradients', 'zeros'];
		expect(odd.map(({ name }) => name).sort()).toEqual(zeroByRule);
	});

	test('is called', async () => {
		const wasm: Device = await createWasmDevice();
		const ofWasm = methodsOf(wasm);
		const shared = [...methodsOf(cpu)].filter((name) => ofWasm.has(name));
		const called = new Set<string>();
		const watched = new Proxy(cpu, {
			get(target, name) {
				called.add(String(name));
				const value = Reflect.get(target, name);
				return typeof value === 'function' ? value.bind(target) : value;
			},
		});
		await runConformance(watched);
		await runUpdateConformance(watched);
		wasm.dispose();
		const noOperation = ['constant', 'dispose', 'failure', 'keepOnly', 'memory', 'writeOptimizerState'];
		expect(shared.filter((name) => !called.has(name)).sort()).toEqual(noOperation);
	});

	test('gives the same on wasm as on cpu', async () => {
		const wasm: Device = await createWasmDevice();
		expect(compare(await runConformance(wasm), 5e-6)).toEqual([]);
		wasm.dispose();
	});

	test.skipIf(!isThere).each([
		{ rowLanes: 1, gemmForm: 'direct' },
		{ rowLanes: 32, gemmForm: 'tiled' },
	] as const)(
		'gives the same on fused webgpu as on cpu, and the same bits again, with $rowLanes threads a row and $gemmForm products',
		async (options) => {
			const fused = (await openFused(options)) as Device;
			const given = await runConformance(fused);
			expect(compare(given, 2e-5)).toEqual([]);
			expect(await runConformance(fused)).toEqual(given);
		},
	);
});
