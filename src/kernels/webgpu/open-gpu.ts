// A GPU device with all the room that its adapter gives.

import { invariant } from '../../util/errors';

export async function openGpu(): Promise<GPUDevice> {
	const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
	invariant(adapter, 'no graphics adapter');
	const { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupStorageSize } = adapter.limits;
	const requiredLimits = { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupStorageSize };
	return adapter.requestDevice({ requiredLimits });
}
