// The devices to measure: each back end in every form that it offers.

import { openDevice } from '../src/cli/open-device';
import type { DeviceInfo, DeviceName } from '../src/experiment/device-info';
import type { Device } from '../src/kernels/operations';
import { createDevice } from '../src/kernels/select';
import { type Meter, metered } from './memory-meters';

export interface BenchDevice {
	device: Device;
	kernels: string;
	/** The device in its own words, software adapters marked. */
	adapter: string;
	/** Emulated or plain: only small cases, few steps. */
	isSlow: boolean;
	/** Counts so far; null where nothing can be told. */
	readMeter(): Meter | null;
}

/** Each form of a back end, newly opened; one where it has one. Throws where the back end is not available. */
export async function openForms(name: DeviceName): Promise<BenchDevice[]> {
	if (name !== 'webgpu') return [await openForm(() => openDevice(name))];
	await openDevice(name).then(({ device }) => device.dispose()); // says why when there is none
	const forms: BenchDevice[] = [];
	for (const kernels of ['composed', 'fused']) {
		const request = { request: name, kernels } as Parameters<typeof createDevice>[0];
		const form = await openForm(() => createDevice(request));
		if (forms.some((earlier) => earlier.kernels === form.kernels)) form.device.dispose();
		else forms.push(form);
	}
	return forms;
}

async function openForm(open: () => Promise<{ device: Device }>): Promise<BenchDevice> {
	const { opened, read } = await metered(open);
	const { device } = opened;
	const info: DeviceInfo & { kernels?: string } = device.info;
	const { name, label, isSoftware, build } = info;
	return {
		device,
		kernels: info.kernels ?? build ?? 'composed',
		adapter: isSoftware ? `${label} (software adapter)` : label,
		isSlow: isSoftware || name === 'cpu',
		readMeter: read,
	};
}
