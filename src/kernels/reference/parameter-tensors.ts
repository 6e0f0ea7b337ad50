// The parameters of a model on a TensorFlow.js device: for each entry of the flat layout its value, its gradient and
// the optimiser's memory, each a tensor [rows, columns]. How a number changes is the device's business.

import * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../util/errors';
import type { OptimizerState } from '../operations';
import type { ParameterEntry, ParameterLayout } from '../parameters';

export interface ParameterTensors {
	value: tf.Tensor2D;
	gradient: tf.Tensor2D;
	/** Momentum, or AdamW's first moment. */
	first: tf.Tensor2D;
	/** AdamW's second moment; null until it is needed. */
	second: tf.Tensor2D | null;
}

export type TensorRole = keyof ParameterTensors;

export class ParameterStore {
	private readonly tensors = new Map<string, ParameterTensors>();

	/** All numbers are 0. */
	constructor(readonly layout: ParameterLayout) {
		for (const entry of layout.entries)
			this.tensors.set(entry.name, {
				value: zerosLike(entry),
				gradient: zerosLike(entry),
				first: zerosLike(entry),
				second: null,
			});
	}

	get(entry: ParameterEntry): ParameterTensors {
		const found = this.tensors.get(entry.name);
		invariant(found, `the device holds no parameter ${entry.name}`);
		return found;
	}

	/** Replaces the old tensor by another, which is freed. */
	replace(entry: ParameterEntry, role: TensorRole, tensor: tf.Tensor2D): void {
		const tensors = this.get(entry);
		tensors[role]?.dispose();
		tensors[role] = tf.keep(tensor);
	}

	/** Allocates AdamW's second moment, all 0, where there is none. */
	ensureSecond(): void {
		for (const entry of this.layout.entries) this.get(entry).second ??= zerosLike(entry);
	}

	/** Sets one role of all entries from a flat array of layout.size numbers. */
	write(role: TensorRole, flat: Float32Array): void {
		invariant(flat.length === this.layout.size, `${flat.length} numbers for a layout of ${this.layout.size}`);
		for (const entry of this.layout.entries) {
			const values = flat.slice(entry.offset, entry.offset + entry.size);
			this.replace(entry, role, tf.tensor2d(values, [entry.rows, entry.columns], 'float32'));
		}
	}

	/** One role of all entries as a flat array of layout.size numbers; gaps are 0. */
	async read(role: TensorRole, fetch: (tensor: tf.Tensor) => Promise<Float32Array>): Promise<Float32Array> {
		const flat = new Float32Array(this.layout.size);
		const parts = await Promise.all(
			this.layout.entries.map(async (entry) => {
				const tensor = this.get(entry)[role];
				return tensor === null ? null : fetch(tensor);
			}),
		);
		parts.forEach((values, index) => {
			if (values) flat.set(values, this.layout.entries[index].offset);
		});
		return flat;
	}

	async readState(fetch: (tensor: tf.Tensor) => Promise<Float32Array>): Promise<OptimizerState> {
		const hasSecond = this.layout.entries.some((entry) => this.get(entry).second !== null);
		return { first: await this.read('first', fetch), second: hasSecond ? await this.read('second', fetch) : null };
	}

	writeState(state: OptimizerState): void {
		this.write('first', state.first);
		if (state.second) {
			this.write('second', state.second);
			return;
		}
		for (const entry of this.layout.entries) {
			const tensors = this.get(entry);
			tensors.second?.dispose();
			tensors.second = null;
		}
	}

	dispose(): void {
		for (const tensors of this.tensors.values())
			tf.dispose([tensors.value, tensors.gradient, tensors.first, ...(tensors.second ? [tensors.second] : [])]);
		this.tensors.clear();
	}
}

function zerosLike(entry: ParameterEntry): tf.Tensor2D {
	return tf.keep(tf.zeros<tf.Rank.R2>([entry.rows, entry.columns]));
}
