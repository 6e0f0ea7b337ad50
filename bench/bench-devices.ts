// The devices to measure: each back end in every form that it offers.

import { openDevice } from '../src/cli/open-device';
import { type DeviceName, type KernelsName, kernelsNames } from '../src/experiment/device-info';
import type { Device } from '../src/kernels/operations';
import { type Meter, metered } from './memory-meters';
import { withNullGpu } from './null-gpu';

/** `null` is webgpu on an adapter that computes nothing. */
export type BenchBackend = DeviceName | 'null';

export interface BenchDevice {
	device: Device;
	kernels: string;
	/** The device in its own words, software adapters marked. */
	adapter: string;
	/** Emulated or plain: only small cases, few steps. */
	isSlow: boolean;
	/** On the null adapter: times are those of the host, numbers are none. */
	isNull: boolean;
	/** Counts so far; null where the device reports none. */
	readMeter(): Meter | null;
}

/** Each form of a back end, newly opened; one where it has one. Throws where the back end is not available. */
export async function openForms(
	name: BenchBackend,
	forms: readonly KernelsName[] = kernelsNames,
): Promise<BenchDevice[]> {
	if (name === 'wasm' || name === 'cpu') return [await openForm(async () => (await openDevice(name)).device)];
	const opened: BenchDevice[] = [];
	for (const kernels of forms) opened.push(await openGpuForm(name, kernels));
	return opened;
}

async function openGpuForm(name: 'webgpu' | 'null', kernels: KernelsName): Promise<BenchDevice> {
	if (name === 'webgpu') return openForm(async () => (await openDevice('webgpu', kernels)).device);
	const form = await withNullGpu(() => openForm(() => openUntested(kernels)));
	return { ...form, isNull: true, isSlow: false, adapter: 'WebGPU, Dawn null adapter (computes nothing)' };
}

/** Without the self-test, which the null adapter cannot pass. */
async function openUntested(kernels: KernelsName): Promise<Device> {
	if (kernels === 'fused') return (await import('../src/kernels/webgpu/device')).createFusedDevice();
	return (await import('../src/kernels/reference/device')).createReferenceDevice('webgpu');
}

async function openForm(open: () => Promise<Device>): Promise<BenchDevice> {
	const { opened: device, read } = await metered(open);
	const { name, label, isSoftware, build } = device.info;
	return {
		device,
		kernels: build ?? 'composed',
		adapter: isSoftware ? `${label} (software adapter)` : label,
		isSlow: isSoftware || name === 'cpu',
		isNull: false,
		readMeter: read,
	};
}

export function closeForms(forms: readonly BenchDevice[]): void {
	for (const { device } of forms) device.dispose();
}
