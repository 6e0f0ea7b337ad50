// The part of the wire about the device that computes.

import type { DeviceInfo, DeviceName } from '../experiment/device-info';
import type { GpuFate } from '../kernels/select';

export type BackendRequest = 'auto' | DeviceName;

export interface OpenedDevice {
	info: DeviceInfo;
	gpu: GpuFate;
	/** What probing found, in plain words: why a device was passed over, that an adapter is emulated. */
	findings: string[];
}

export interface DeviceCommands {
	/** Chooses, opens and self-tests a device; the earlier one is closed. Refused while a run is active. */
	/** `threads` are those of wasm, 1 when not given. */
	'open-device': { request: { backend: BackendRequest; threads?: number }; reply: OpenedDevice };
}
