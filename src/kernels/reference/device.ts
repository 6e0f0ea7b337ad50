// The reference device: each operation in plain TensorFlow.js, slow and obvious. On the back end `cpu` the other devices
// are held to it; on `webgpu` it is a second opinion on a GPU, equal by tolerance and not bit for bit.

import * as tf from '@tensorflow/tfjs-core';
import type { Device } from '../operations';
import { type BackendName, openCpuBackend } from './backend';
import { ComposedDevice } from './composed-device';

/** On `webgpu` a missing adapter is a bug of the caller, who asks `probeAdapter` first. */
export async function createReferenceDevice(backend: BackendName = 'cpu'): Promise<Device> {
	tf.enableProdMode(); // no advice on the console
	if (backend === 'cpu') return new ComposedDevice(await openCpuBackend());
	const { openWebgpuBackend } = await import('./webgpu-backend');
	return new ComposedDevice(await openWebgpuBackend());
}
