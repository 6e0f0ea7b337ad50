// Dawn's null adapter: it takes every WebGPU call and computes nothing, so that the clock shows the host's share of a
// step alone, and bytes, dispatches and submits can be counted at any size without a GPU. Numbers read back are zeros.

import { create } from 'webgpu';

/** Room of one buffer that the adapter claims; nothing is checked against it. All buffers together get 512 MiB. */
const claimedBytes = 1 << 30;

let nullGpu: GPU | null = null;

/** Runs `open` with the null adapter as the environment's GPU. Devices opened within stay usable afterwards. */
export async function withNullGpu<Opened>(open: () => Promise<Opened>): Promise<Opened> {
	const { gpu } = navigator;
	nullGpu ??= create(['backend=null', 'enable-dawn-features=skip_validation']);
	const adapter = await nullGpu.requestAdapter();
	const install = (value: unknown) => Object.defineProperty(navigator, 'gpu', { value, configurable: true });
	install({ requestAdapter: async () => roomy(adapter) });
	try {
		return await open();
	} finally {
		install(gpu);
	}
}

function roomy(adapter: GPUAdapter | null): Partial<GPUAdapter> | null {
	if (!adapter) return null;
	const limits = claimRoom(adapter.limits);
	const info = { vendor: 'null', architecture: '', device: '', description: '', isFallbackAdapter: false };
	return {
		limits,
		info: info as GPUAdapterInfo,
		features: new Set() as unknown as GPUSupportedFeatures,
		async requestDevice() {
			const device = await adapter.requestDevice();
			Object.defineProperty(device, 'limits', { value: limits });
			readZeros(device);
			return device;
		},
	};
}

/** Memory of the null adapter holds anything; a repeated step must read the same as the first, or it is not believed. */
function readZeros(device: GPUDevice): void {
	const createBuffer = device.createBuffer.bind(device);
	device.createBuffer = (descriptor) => {
		const buffer = createBuffer(descriptor);
		if (descriptor.usage & GPUBufferUsage.MAP_READ)
			buffer.getMappedRange = (offset = 0, size = descriptor.size - offset) => new ArrayBuffer(size);
		return buffer;
	};
}

function claimRoom(limits: GPUSupportedLimits): GPUSupportedLimits {
	const claimed = new Set<PropertyKey>(['maxStorageBufferBindingSize', 'maxBufferSize']);
	return new Proxy(limits, {
		get: (target, name) => (claimed.has(name) ? claimedBytes : target[name as keyof GPUSupportedLimits]),
	});
}
