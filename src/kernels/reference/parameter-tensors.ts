// The parameters of a model on a TensorFlow.js device: for each entry of the flat layout its value, and where it is not
// frozen its gradient and the optimiser's memory, each a tensor [rows, columns]. How a number changes is the device's business.

import * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../util/errors';
import type { OptimizerState } from '../operations';
import type { ParameterEntry, ParameterLayout, ParameterRange } from '../parameters';

export interface ParameterTensors {
	value: tf.Tensor2D;
	/** Null while the parameter is frozen, like the next. */
	gradient: tf.Tensor2D | null;
	/** Momentum, or AdamW's first moment. */
	first: tf.Tensor2D | null;
	/** AdamW's second moment; null until it is needed. */
	second: tf.Tensor2D | null;
}

/** Those of a parameter that may be trained. */
export type TrainedTensors = ParameterTensors & { gradient: tf.Tensor2D; first: tf.Tensor2D };

export type TensorRole = keyof ParameterTensors;

export class ParameterStore {
	/** How many numbers of the layout have gradients. */
	trainedSize: number;
	private readonly tensors = new Map<string, ParameterTensors>();

	/** All numbers are 0. */
	constructor(readonly layout: ParameterLayout) {
		this.trainedSize = layout.frozenOffset;
		for (const entry of layout.entries) {
			const value = zerosLike(entry);
			const memory = this.isTrained(entry)
				? { gradient: zerosLike(entry), first: zerosLike(entry) }
				: { gradient: null, first: null };
			this.tensors.set(entry.name, { value, ...memory, second: null });
		}
	}

	/** Gives the frozen part gradients and optimiser state, all 0. */
	openFrozen(): void {
		const { layout } = this;
		invariant(this.trainedSize < layout.size || layout.frozenOffset === layout.size, 'the frozen part is open');
		const hasSecond = this.hasSecond();
		this.trainedSize = layout.size;
		for (const entry of layout.entries) {
			const tensors = this.get(entry);
			tensors.gradient ??= zerosLike(entry);
			tensors.first ??= zerosLike(entry);
		}
		if (hasSecond) this.ensureSecond();
	}

	get(entry: ParameterEntry): ParameterTensors {
		const found = this.tensors.get(entry.name);
		invariant(found, `the device holds no parameter ${entry.name}`);
		return found;
	}

	/** Of a parameter that is not frozen. */
	trained(entry: ParameterEntry): TrainedTensors {
		const { gradient, first, ...others } = this.get(entry);
		invariant(gradient && first, `parameter ${entry.name} is frozen`);
		return { gradient, first, ...others };
	}

	get trainedEntries(): readonly ParameterEntry[] {
		return this.layout.entries.filter((entry) => this.isTrained(entry));
	}

	/** Replaces the old tensor by another, which is freed. */
	replace(entry: ParameterEntry, role: TensorRole, tensor: tf.Tensor2D): void {
		const tensors = this.get(entry);
		tensors[role]?.dispose();
		tensors[role] = tf.keep(tensor);
	}

	/** Allocates AdamW's second moment, all 0, where there is none. */
	ensureSecond(): void {
		for (const entry of this.trainedEntries) this.get(entry).second ??= zerosLike(entry);
	}

	/** Sets the values from `offset` on. */
	writeValues(values: Float32Array, offset: number): void {
		const range = { start: offset, end: offset + values.length };
		invariant(offset >= 0 && range.end <= this.layout.size, `${values.length} numbers from ${offset} on`);
		for (const entry of this.layout.entries) {
			const part = overlap(entry, range);
			if (part.start >= part.end) continue;
			const written = tf.tensor1d(values.slice(part.start - offset, part.end - offset), 'float32');
			this.replace(entry, 'value', withPart(this.get(entry).value, written, part.start - entry.offset));
		}
	}

	/** Values of a range as a flat array; gaps are 0. */
	readValues(range: ParameterRange | undefined, fetch: Fetch): Promise<Float32Array> {
		return this.read('value', range ?? { start: 0, end: this.trainedSize }, fetch);
	}

	readGradients(fetch: Fetch): Promise<Float32Array> {
		return this.read('gradient', { start: 0, end: this.trainedSize }, fetch);
	}

	async readState(given: ParameterRange | undefined, fetch: Fetch): Promise<OptimizerState> {
		const range = given ?? { start: 0, end: this.trainedSize };
		const second = this.hasSecond() ? await this.read('second', range, fetch) : null;
		return { first: await this.read('first', range, fetch), second };
	}

	writeState(state: OptimizerState | null): void {
		if (state) this.writeTrained('first', state.first);
		else for (const entry of this.trainedEntries) this.replace(entry, 'first', zerosLike(entry));
		if (state?.second) {
			this.writeTrained('second', state.second);
			return;
		}
		for (const entry of this.trainedEntries) {
			const tensors = this.get(entry);
			tensors.second?.dispose();
			tensors.second = null;
		}
	}

	dispose(): void {
		for (const { value, gradient, first, second } of this.tensors.values())
			for (const tensor of [value, gradient, first, second]) tensor?.dispose();
		this.tensors.clear();
	}

	private isTrained({ offset }: ParameterEntry): boolean {
		return offset < this.trainedSize;
	}

	private hasSecond(): boolean {
		return this.trainedEntries.some((entry) => this.get(entry).second !== null);
	}

	private writeTrained(role: 'first' | 'second', flat: Float32Array): void {
		invariant(flat.length === this.trainedSize, `${flat.length} numbers for ${this.trainedSize} parameters`);
		for (const entry of this.trainedEntries) {
			const values = flat.slice(entry.offset, entry.offset + entry.size);
			this.replace(entry, role, tf.tensor2d(values, [entry.rows, entry.columns], 'float32'));
		}
	}

	private async read(role: TensorRole, range: ParameterRange, fetch: Fetch): Promise<Float32Array> {
		const flat = new Float32Array(range.end - range.start);
		const entries = this.layout.entries.filter((entry) => {
			const { start, end } = overlap(entry, range);
			return start < end;
		});
		const parts = await Promise.all(
			entries.map(async (entry) => {
				const tensor = this.get(entry)[role];
				return tensor === null ? null : fetch(tensor);
			}),
		);
		entries.forEach((entry, index) => {
			const { start, end } = overlap(entry, range);
			const values = parts[index]?.subarray(start - entry.offset, end - entry.offset);
			if (values) flat.set(values, start - range.start);
		});
		return flat;
	}
}

type Fetch = (tensor: tf.Tensor) => Promise<Float32Array>;

function zerosLike(entry: ParameterEntry): tf.Tensor2D {
	return tf.keep(tf.zeros<tf.Rank.R2>([entry.rows, entry.columns]));
}

/** What of an entry lies in a range; empty when nothing does. */
function overlap({ offset, size }: ParameterEntry, { start, end }: ParameterRange): ParameterRange {
	return { start: Math.max(offset, start), end: Math.min(offset + size, end) };
}

/** The tensor with some of its numbers, from `start` on in row-major order, replaced. Disposes of `part`. */
function withPart(tensor: tf.Tensor2D, part: tf.Tensor1D, start: number): tf.Tensor2D {
	return tf.tidy(() => {
		const old = tf.reshape(tensor, [tensor.size]);
		const end = start + part.size;
		const whole = tf.concat([tf.slice(old, 0, start), part, tf.slice(old, end, tensor.size - end)]);
		part.dispose();
		return tf.reshape(whole, tensor.shape);
	});
}
