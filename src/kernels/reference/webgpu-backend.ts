// TensorFlow.js' WebGPU back end, opened on a GPU device of our own making, so that every error of the GPU is heard from
// the first moment. TensorFlow.js has one back end of a name, so the devices of a process share it; the last to close
// takes it down.

import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import type { DeviceInfo } from '../../experiment/device-info';
import { invariant } from '../../util/errors';
import { type AdapterFinding, describeAdapter, probeAdapter } from '../webgpu/adapter';
import type { TensorBackend } from './backend';

interface SharedBackend {
	readonly backend: WebGPUBackend;
	/** What the GPU complained of first, or null. */
	failure: Error | null;
	users: number;
}

const backendName = 'webgpu';
let open: SharedBackend | null = null;

/** The back end in use, or a new one where there is none or the GPU failed. */
export async function openWebgpuBackend(): Promise<TensorBackend> {
	const { adapter } = await probeAdapter();
	invariant(adapter, 'no graphics adapter');
	if (open === null || open.failure !== null) open = await startBackend();
	const shared = open;
	shared.users++;
	return {
		name: backendName,
		info: infoOf(adapter),
		failure: () => shared.failure,
		// A read is refused when the GPU is lost, before or after that is reported.
		refused: (error) => {
			shared.failure ??= new Error(
				`the GPU does not answer: ${error instanceof Error ? error.message : String(error)}`,
			);
			return shared.failure;
		},
		close: () => closeBackend(shared),
	};
}

function infoOf({ isSoftware, ...adapter }: AdapterFinding): DeviceInfo {
	const label = `WebGPU, ${describeAdapter({ isSoftware, ...adapter })}`;
	return { name: 'webgpu', label, isSoftware, adapter, threads: 1, build: 'composed' };
}

function closeBackend(closing: SharedBackend): void {
	closing.users--;
	if (closing.users > 0) return;
	if (open === closing) {
		open = null;
		tf.removeBackend(backendName);
	}
	closing.backend.device.destroy();
}

async function startBackend(): Promise<SharedBackend> {
	// Without this, TensorFlow.js silently computes small tensors on the processor.
	tf.env().set('WEBGPU_CPU_FORWARD', false);
	const device = await requestDevice();
	const started: SharedBackend = { backend: new WebGPUBackend(device, device.adapterInfo), failure: null, users: 0 };
	// The package registers a back end of its own when there was a GPU as it loaded.
	if (tf.findBackendFactory(backendName) !== null) tf.removeBackend(backendName);
	tf.registerBackend(backendName, () => started.backend);
	device.addEventListener('uncapturederror', (event) => {
		started.failure ??= new Error(`the GPU reported an error: ${event.error.message}`);
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
