// What the reference device needs of a TensorFlow.js back end, and the plain one.

import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { DeviceInfo } from '../../experiment/device-info';

/** `cpu` is the oracle of all devices; `webgpu` is a second opinion on a GPU (`--kernels composed`). */
export type BackendName = 'cpu' | 'webgpu';

/** A back end in use. */
export interface TensorBackend {
	/** Its name in TensorFlow.js. */
	readonly name: BackendName;
	readonly info: DeviceInfo;
	/** Why it can no longer compute, or null. */
	failure(): Error | null;
	/** Says that a read was refused; returns the failure that this means. */
	refused(error: unknown): Error;
	/** Called once. */
	close(): void;
}

/** TensorFlow.js in plain JavaScript, which does not fail. */
export async function openCpuBackend(): Promise<TensorBackend> {
	await tf.setBackend('cpu');
	const label = `TensorFlow.js ${tf.version_core}, plain JavaScript`;
	return {
		name: 'cpu',
		info: { name: 'cpu', label, isSoftware: false, threads: 1 },
		failure: () => null,
		refused: (error) => (error instanceof Error ? error : new Error(String(error))),
		close: () => {},
	};
}
