// The device of a command: WebGPU is put in place for Node where it may be wanted, then kernels/select.ts chooses.

import { type DeviceName, deviceNames, type KernelsName, kernelsNames } from '../experiment/device-info';
import { type ChosenDevice, createDevice, type DeviceRequest } from '../kernels/select';
import { UsageError } from './command-line';

/** The value of --backend; `auto` when not given. */
export function parseBackend(text: string | undefined): DeviceRequest {
	if (text === undefined || text === 'auto') return 'auto';
	if (deviceNames.includes(text as DeviceName)) return text as DeviceName;
	throw new UsageError(`--backend takes auto, ${deviceNames.join(', ')}, not '${text}'`);
}

/** The value of --kernels; how webgpu computes. */
export function parseKernels(text: string | undefined): KernelsName {
	const name = kernelsNames.find((candidate) => candidate === (text ?? 'fused'));
	if (name) return name;
	throw new UsageError(`--kernels takes ${kernelsNames.join(', ')}, not '${text}'`);
}

export async function openDevice(request: DeviceRequest, kernels?: KernelsName): Promise<ChosenDevice> {
	if (request === 'auto' || request === 'webgpu') await offerNodeGpu();
	return createDevice({ request, kernels });
}

/** Makes `navigator.gpu` where the prebuilt module fits this machine; without it probing says that there is none. */
export async function offerNodeGpu(): Promise<void> {
	const { installNodeGpu } = await import('../kernels/webgpu/node-gpu');
	await installNodeGpu();
}
