// Chooses the device of a run: asks what there is, opens the best of it, and lets it prove itself on a few numbers.
// Each device is loaded only when it is tried, so that a run on wasm loads no TensorFlow.js. In Node, WebGPU exists only
// after `installNodeGpu` of webgpu/node-gpu.ts.

import type { DeviceName, KernelsName } from '../experiment/device-info';
import { UserError } from '../util/errors';
import type { Device } from './operations';
import { selfTest } from './self-test';
import { describeAdapter, probeAdapter } from './webgpu/adapter';

/** 'auto': webgpu on a real adapter, else wasm, else cpu. A name: that device or an error; webgpu then also on software. */
export type DeviceRequest = 'auto' | DeviceName;

export interface DeviceProbe {
	name: DeviceName;
	isAvailable: boolean;
	/** True when it is available but emulated, far slower than wasm. */
	isSoftware: boolean;
	/** For people: what was found, or why it is not available. */
	finding: string;
}

/** What became of the GPU when the best device was asked for; `not-asked` when a device was named. */
export type GpuFate = 'used' | 'none' | 'software' | 'broken' | 'not-asked';

export interface ChosenDevice {
	device: Device;
	gpu: GpuFate;
	/** What was found on the way, in plain words: devices passed over and why, and warnings about the one chosen. */
	findings: string[];
}

/** How a device is to compute, where it has a choice. */
interface DeviceForm {
	kernels: KernelsName;
	threads: number;
}

/** What there is, in order of preference. Loads no device. */
export async function probeDevices(): Promise<DeviceProbe[]> {
	return [await probeWebgpu(), probeWasm(), probeCpu()];
}

/** Opens a device. UserError `device-not-available` or `device-self-test` when a named one, or every one, fails. */
export async function createDevice({
	request,
	kernels = 'fused',
	threads = 1,
}: {
	request: DeviceRequest;
	/** Of webgpu only. */
	kernels?: KernelsName;
	/** Of wasm only; see WasmDeviceOptions. */
	threads?: number;
}): Promise<ChosenDevice> {
	const form: DeviceForm = { kernels, threads };
	const probes = await probeDevices();
	if (request !== 'auto') {
		const probe = probes.find(({ name }) => name === request);
		const findings = probe?.isSoftware ? [`${probe.finding}: far slower than wasm`] : [];
		const device = await openNamed(request, form, probe);
		return { device, gpu: 'not-asked', findings: [...findings, ...(device.findings ?? [])] };
	}
	const findings: string[] = [];
	let gpu: GpuFate = 'none';
	for (const probe of probes) {
		if (!probe.isAvailable || probe.isSoftware) {
			if (probe.isSoftware) gpu = 'software';
			findings.push(
				probe.isSoftware ? `${probe.name} skipped: ${probe.finding}` : `no ${probe.name}: ${probe.finding}`,
			);
			continue;
		}
		const opened = await tryOpening(probe.name, form);
		if ('device' in opened) {
			const { device } = opened;
			if (probe.name === 'webgpu') gpu = 'used';
			return { device, gpu, findings: [...findings, ...(device.findings ?? [])] };
		}
		if (probe.name === 'webgpu') gpu = 'broken';
		findings.push(`${probe.name} skipped: ${opened.reason}`);
	}
	throw new UserError({
		code: 'device-not-available',
		expected: 'a usable compute device',
		found: findings.join('; '),
		remedy: 'Use an up-to-date browser, or Node 20.19 or newer.',
	});
}

async function openNamed(name: DeviceName, form: DeviceForm, probe: DeviceProbe | undefined): Promise<Device> {
	if (!probe?.isAvailable)
		throw new UserError({
			code: 'device-not-available',
			expected: `the device ${name}`,
			found: probe?.finding ?? 'no device with that name',
			remedy: 'Choose another device, or let the program choose (auto).',
		});
	const opened = await tryOpening(name, form);
	if ('device' in opened) return opened.device;
	throw new UserError({
		code: 'device-self-test',
		expected: `the device ${name} to start and pass its self-test`,
		found: opened.reason,
		remedy: 'Choose another device, or update your browser or graphics driver.',
	});
}

/** Opens and tests a device; what went wrong in words when it cannot be used. */
async function tryOpening(name: DeviceName, form: DeviceForm): Promise<{ device: Device } | { reason: string }> {
	let device: Device;
	try {
		device = await openDevice(name, form);
	} catch (error) {
		return { reason: `it failed to start: ${error instanceof Error ? error.message : String(error)}` };
	}
	try {
		const wrong = await selfTest(device);
		if (wrong === null) return { device };
		device.dispose();
		return { reason: `its self-test failed: ${wrong}` };
	} catch (error) {
		device.dispose();
		return { reason: `its self-test failed: ${error instanceof Error ? error.message : String(error)}` };
	}
}

async function openDevice(name: DeviceName, { kernels, threads }: DeviceForm): Promise<Device> {
	switch (name) {
		case 'webgpu':
			return kernels === 'fused'
				? (await import('./webgpu/device')).createFusedDevice()
				: (await import('./reference/device')).createReferenceDevice('webgpu');
		case 'wasm':
			return (await import('./wasm/device')).createWasmDevice({ threads });
		case 'cpu':
			return (await import('./reference/device')).createReferenceDevice();
		default:
			return name satisfies never;
	}
}

async function probeWebgpu(): Promise<DeviceProbe> {
	const probed = await probeAdapter();
	if (probed.adapter === null) return { name: 'webgpu', isAvailable: false, isSoftware: false, finding: probed.reason };
	const { isSoftware } = probed.adapter;
	const words = describeAdapter(probed.adapter);
	const finding = isSoftware ? `software adapter (${words})` : words;
	return { name: 'webgpu', isAvailable: true, isSoftware, finding };
}

function probeWasm(): DeviceProbe {
	const isAvailable = typeof WebAssembly === 'object';
	const finding = isAvailable ? 'WebAssembly' : 'this environment has no WebAssembly';
	return { name: 'wasm', isAvailable, isSoftware: false, finding };
}

function probeCpu(): DeviceProbe {
	return { name: 'cpu', isAvailable: true, isSoftware: false, finding: 'plain JavaScript' };
}
