// The webgpu devices for tests in Node, on whatever adapter there is. Where there is none the tests that need it are
// skipped with the reason, unless NERCO_REQUIRE_WEBGPU=1 asks for a failure. Never imported by the product.

import type { Device } from '../kernels/operations';
import { createReferenceDevice } from '../kernels/reference/device';
import { probeAdapter } from '../kernels/webgpu/adapter';
import { FusedDevice, type FusedOptions } from '../kernels/webgpu/device';
import { installNodeGpu } from '../kernels/webgpu/node-gpu';
import { openGpu } from '../kernels/webgpu/open-gpu';
import { invariant } from '../util/errors';

/** The reference device on the GPU, or null after saying on the console why there is none. */
export async function openComposed(): Promise<Device | null> {
	return (await hasWebgpu()) ? createReferenceDevice('webgpu') : null;
}

let commonGpu: Promise<GPUDevice> | null = null;

/**
 * A fused device with settings of the test's own, or null. All of a test file share one GPU, which `closeFused` gives
 * back: on a GPU of its own each device would compile every program again, a second or more on a software adapter.
 */
export async function openFused(options: FusedOptions = {}): Promise<FusedDevice | null> {
	if (!(await hasWebgpu())) return null;
	const { adapter } = await probeAdapter();
	invariant(adapter, 'no graphics adapter');
	commonGpu ??= openGpu();
	return new FusedDevice(adapter, await commonGpu, options);
}

export async function closeFused(): Promise<void> {
	(await commonGpu)?.destroy();
	commonGpu = null;
}

/**
 * Zeros for a program's workgroup memory take two thirds of the time in which a software adapter compiles a tiled product. Ours
 * read only what they wrote, and TensorFlow.js' do too: without the zeros a test shows when one does not.
 */
const dawnOptions = ['enable-dawn-features=disable_workgroup_init'];

/** Whether there is an adapter; where there is none, that and why is said on the console. */
export async function hasWebgpu(): Promise<boolean> {
	const notLoaded = await installNodeGpu(dawnOptions);
	const probed = notLoaded === null ? await probeAdapter() : null;
	if (probed?.adapter) return true;
	const reason = notLoaded ?? (probed?.adapter === null ? probed.reason : 'unknown');
	if (process.env.NERCO_REQUIRE_WEBGPU === '1') throw new Error(`NERCO_REQUIRE_WEBGPU=1, but ${reason}`);
	console.warn(`webgpu tests skipped: ${reason}`);
	return false;
}
