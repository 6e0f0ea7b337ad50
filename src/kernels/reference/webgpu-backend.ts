// TensorFlow.js' WebGPU back end, opened on a GPU device of our own making, so that every error of the GPU is heard from
// the first moment. TensorFlow.js has one back end of a name, so the devices of a process share it; the last to close
// takes it down.

import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../util/errors';

export interface OpenBackend {
	readonly backend: WebGPUBackend;
	/** What the GPU complained of first, or null. */
	failure: Error | null;
	users: number;
}

const backendName = 'webgpu';
let open: OpenBackend | null = null;

/** The back end in use, or a new one where there is none or the GPU failed. Each caller closes it once. */
export async function openBackend(): Promise<OpenBackend> {
	if (open === null || open.failure !== null) open = await startBackend();
	open.users++;
	return open;
}

export function closeBackend(closing: OpenBackend): void {
	closing.users--;
	if (closing.users > 0) return;
	if (open === closing) {
		open = null;
		tf.removeBackend(backendName);
	}
	closing.backend.device.destroy();
}

async function startBackend(): Promise<OpenBackend> {
	tf.enableProdMode(); // no advice on the console
	// Without this, TensorFlow.js silently computes small tensors on the processor.
	tf.env().set('WEBGPU_CPU_FORWARD', false);
	const device = await requestDevice();
	const started: OpenBackend = { backend: new WebGPUBackend(device, device.adapterInfo), failure: null, users: 0 };
	// The package registers a back end of its own when there was a GPU as it loaded.
	if (tf.findBackendFactory(backendName) !== null) tf.removeBackend(backendName);
	tf.registerBackend(backendName, () => started.backend);
	device.addEventListener('uncapturederror', (event) => {
		started.failure ??= new Error(`the GPU reports an error: ${event.error.message}`);
	});
	void device.lost.then(({ reason, message }) => {
		started.failure ??= new Error(`the GPU was lost (${reason}): ${message}`);
	});
	invariant(await tf.setBackend(backendName), 'TensorFlow.js does not take the WebGPU back end');
	return started;
}

async function requestDevice(): Promise<GPUDevice> {
	const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
	invariant(adapter, 'no graphics adapter');
	const { limits } = adapter;
	return adapter.requestDevice({
		requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
		requiredLimits: {
			maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
			maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
			maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
			maxBufferSize: limits.maxBufferSize,
			maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
			maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
		},
	});
}
