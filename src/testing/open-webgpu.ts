// The webgpu device for tests in Node, on whatever adapter there is. Where there is none the tests that need it are
// skipped with the reason, unless NERCO_REQUIRE_WEBGPU=1 asks for a failure. Never imported by the product.

import type { Device } from '../kernels/operations';
import { probeAdapter } from '../kernels/webgpu/adapter';
import { createWebgpuDevice } from '../kernels/webgpu/device';
import { installNodeGpu } from '../kernels/webgpu/node-gpu';

/** The device, or null after saying on the console why there is none. */
export async function openWebgpu(): Promise<Device | null> {
	const notLoaded = await installNodeGpu();
	const probed = notLoaded === null ? await probeAdapter() : null;
	if (probed?.adapter) return createWebgpuDevice();
	const reason = notLoaded ?? (probed?.adapter === null ? probed.reason : 'unknown');
	if (process.env.NERCO_REQUIRE_WEBGPU === '1') throw new Error(`NERCO_REQUIRE_WEBGPU=1, but ${reason}`);
	console.warn(`webgpu tests skipped: ${reason}`);
	return null;
}
