// The webgpu device for tests in Node, on whatever adapter there is. Where there is none the tests that need it are
// skipped with the reason, unless NERCO_REQUIRE_WEBGPU=1 asks for a failure. Never imported by the product.

import type { Device } from '../kernels/operations';
import { probeAdapter } from '../kernels/webgpu/adapter';
import { createWebgpuDevice } from '../kernels/webgpu/device';
import { createFusedDevice, type FusedDevice, type FusedOptions } from '../kernels/webgpu/fused/device';
import { installNodeGpu } from '../kernels/webgpu/node-gpu';

/** The composed device, or null after saying on the console why there is none. */
export async function openWebgpu(): Promise<Device | null> {
	return (await hasWebgpu()) ? createWebgpuDevice() : null;
}

/** The fused device with settings of the test's own, or null. */
export async function openFused(options: FusedOptions = {}): Promise<FusedDevice | null> {
	return (await hasWebgpu()) ? createFusedDevice(options) : null;
}

/** Whether there is an adapter; where there is none, that and why is said on the console. */
export async function hasWebgpu(): Promise<boolean> {
	const notLoaded = await installNodeGpu();
	const probed = notLoaded === null ? await probeAdapter() : null;
	if (probed?.adapter) return true;
	const reason = notLoaded ?? (probed?.adapter === null ? probed.reason : 'unknown');
	if (process.env.NERCO_REQUIRE_WEBGPU === '1') throw new Error(`NERCO_REQUIRE_WEBGPU=1, but ${reason}`);
	console.warn(`webgpu tests skipped: ${reason}`);
	return false;
}
