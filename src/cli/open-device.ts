// The device of a command: WebGPU and relaxed SIMD are put in place for Node where they may be wanted, then
// kernels/select.ts chooses.

import { setFlagsFromString } from 'node:v8';
import { type DeviceName, deviceNames, type KernelsName, kernelsNames } from '../experiment/device-info';
import { type ChosenDevice, createDevice, type DeviceRequest } from '../kernels/select';
import { hasRelaxedSimd } from '../kernels/wasm/load';
import { UsageError } from './command-line';

/** The value of --backend; `auto` when not given. */
export function parseBackend(text: string | undefined): DeviceRequest {
	if (text === undefined || text === 'auto') return 'auto';
	if (deviceNames.includes(text as DeviceName)) return text as DeviceName;
	throw new UsageError(`--backend must be one of auto, ${deviceNames.join(', ')}, not '${text}'`);
}

/** The value of --kernels; how webgpu computes. */
export function parseKernels(text: string | undefined): KernelsName {
	const name = kernelsNames.find((candidate) => candidate === (text ?? 'fused'));
	if (name) return name;
	throw new UsageError(`--kernels must be one of ${kernelsNames.join(', ')}, not '${text}'`);
}

const maxThreads = 16;

/** The value of --threads: how many threads wasm computes with. */
export function parseThreads(text: string | undefined): number {
	const threads = Number(text ?? 1);
	if (Number.isInteger(threads) && threads >= 1 && threads <= maxThreads) return threads;
	throw new UsageError(`--threads must be an integer from 1 to ${maxThreads}, not '${text}'`);
}

/** `threads` are those of wasm. */
export async function openDevice(request: DeviceRequest, kernels?: KernelsName, threads = 1): Promise<ChosenDevice> {
	if (request === 'auto' || request === 'webgpu') await offerNodeGpu();
	if (request === 'auto' || request === 'wasm') offerRelaxedSimd();
	return createDevice({ request, kernels, threads });
}

/** Turns relaxed SIMD on where this Node hides it behind a flag (20), so that wasm runs its faster build. */
function offerRelaxedSimd(): void {
	if (!hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
}

/** Makes `navigator.gpu` where the prebuilt module fits this machine; without it probing says that there is none. */
export async function offerNodeGpu(): Promise<void> {
	const { installNodeGpu } = await import('../kernels/webgpu/node-gpu');
	await installNodeGpu();
}
