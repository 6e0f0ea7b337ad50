// The devices to measure: each back end in every form that it offers.

import { openDevice } from '../src/cli/open-device';
import { type DeviceName, kernelsNames } from '../src/experiment/device-info';
import type { Device } from '../src/kernels/operations';
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
	const forms: BenchDevice[] = [];
	for (const kernels of kernelsNames) {
		forms.push(await openForm(() => openDevice(name, kernels)));
	}
	return forms;
}

async function openForm(open: () => Promise<{ device: Device }>): Promise<BenchDevice> {
	const { opened, read } = await metered(open);
	const { device } = opened;
	const { name, label, isSoftware, build } = device.info;
	return {
		device,
		kernels: build ?? 'composed',
		adapter: isSoftware ? `${label} (software adapter)` : label,
		isSlow: isSoftware || name === 'cpu',
		readMeter: read,
	};
}
