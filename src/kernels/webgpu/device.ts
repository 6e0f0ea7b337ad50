// The GPU device: the composed operations of reference/ on TensorFlow.js' WebGPU back end.

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgpu';
import { invariant } from '../../util/errors';
import type { Device } from '../operations';
import { ComposedDevice } from '../reference/composed-device';
import { describeAdapter, probeAdapter } from './adapter';

export async function createWebgpuDevice(): Promise<Device> {
	const probed = await probeAdapter();
	invariant(probed.adapter, 'no graphics adapter');
	// Without this, small tensors are silently computed by TensorFlow.js on the processor.
	tf.env().set('WEBGPU_CPU_FORWARD', false);
	await tf.setBackend('webgpu');
	const { isSoftware, ...adapter } = probed.adapter;
	const label = `WebGPU, ${describeAdapter(probed.adapter)}`;
	return new ComposedDevice({ name: 'webgpu', label, isSoftware, adapter, threads: 1 }, 'webgpu');
}
