// The reference device: TensorFlow.js on its plain JavaScript back end. Slow and obvious; the others are held to it.

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Device } from '../operations';
import { ComposedDevice } from './composed-device';

export async function createReferenceDevice(): Promise<Device> {
	tf.enableProdMode(); // no advice on the console
	await tf.setBackend('cpu');
	const label = `TensorFlow.js ${tf.version_core}, plain JavaScript`;
	return new ComposedDevice({ name: 'cpu', label, isSoftware: false, threads: 1 }, 'cpu');
}
