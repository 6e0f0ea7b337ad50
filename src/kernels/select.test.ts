import { describe, expect, test } from 'vitest';
import { UserError } from '../util/errors';
import type { Device, Matrix } from './operations';
import { createDevice, probeDevices } from './select';
import { selfTest } from './self-test';

/** Loaded late: one test looks whether TensorFlow.js is there. */
const openReference = async () => (await import('./reference/device')).createReferenceDevice();

describe('choosing a device', () => {
	test('wasm is chosen where there is no real graphics adapter', async () => {
		const { device, findings } = await createDevice({ request: 'auto' });
		expect(device.info.name).toBe('wasm');
		expect(findings).toEqual(['no webgpu: this environment has no WebGPU']);
		device.dispose();
	});

	test('a run on wasm loads no TensorFlow.js', async () => {
		const { device } = await createDevice({ request: 'wasm' });
		expect('_tfengine' in globalThis).toBe(false);
		device.dispose();
	});

	test('a device that is asked for and not there is an error with a remedy', async () => {
		const error = await createDevice({ request: 'webgpu' }).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(UserError);
		expect((error as UserError).code).toBe('device-not-available');
		expect((error as UserError).remedy).not.toBe('');
	});

	test('the probe names every device in order of preference', async () => {
		const probes = await probeDevices();
		expect(probes.map(({ name, isAvailable }) => [name, isAvailable])).toEqual([
			['webgpu', false],
			['wasm', true],
			['cpu', true],
		]);
	});
});

describe('the self-test', () => {
	test('passes on the reference device', async () => {
		const device = await openReference();
		expect(await selfTest(device)).toBeNull();
		device.dispose();
	});

	test('names the number that is wrong', async () => {
		const device = await openReference();
		const broken: Device = Object.create(device, {
			softmaxGroups: { value: (matrix: Matrix) => matrix },
		});
		expect(await selfTest(broken)).toMatch(/^softmax: -?\d.* instead of 0\.\d+/);
		device.dispose();
	});
});
