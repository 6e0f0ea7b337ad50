// The flat parameters of the fused device with their gradients and the optimiser's memory, and their updates.

import { invariant } from '../../util/errors';
import type { OptimizerState, UpdateRule } from '../operations';
import type { ParameterEntry, ParameterLayout, ParameterRange, TrainedParameter } from '../parameters';
import { adamwProgram, sgdProgram, trainedMask } from './update-program';
import type { Workspace } from './workspace';

/** No clipping, as a number. */
const unlimited = 3e38;

export class ParameterBuffers {
	private layout: ParameterLayout | null = null;
	private hasSecond = false;
	private maskOf: readonly ParameterEntry[] | null = null;

	constructor(private readonly space: Workspace) {}

	open(layout: ParameterLayout): void {
		invariant(layout.frozenOffset === layout.size, 'this device has no frozen part');
		this.space.flush();
		this.layout = layout;
		this.hasSecond = false;
		this.maskOf = null;
		for (const name of ['values', 'gradients', 'first'] as const)
			this.space.engine.replaceBuffer(name, 4 * layout.size);
		this.space.engine.replaceBuffer('second', 0);
		this.space.engine.replaceBuffer('mask', 4 * Math.ceil(layout.size / 512));
	}

	write(values: Float32Array, offset = 0): void {
		this.space.flush();
		this.space.engine.write('values', offset, values, values.length);
	}

	read(range?: ParameterRange): Promise<Float32Array> {
		return this.readFlat('values', range);
	}

	async gradientNorm(entries: readonly ParameterEntry[]): Promise<number> {
		const gradients = await this.readGradients();
		let sum = 0;
		for (const { offset, size } of entries)
			for (const value of gradients.subarray(offset, offset + size)) sum += value * value;
		return Math.sqrt(sum);
	}

	readGradients(): Promise<Float32Array> {
		return this.readFlat('gradients');
	}

	writeGradients(values: Float32Array): void {
		this.space.flush();
		this.space.engine.write('gradients', 0, values, this.parameterCount);
	}

	zeroGradients(): void {
		this.space.flush();
		this.space.engine.clear('gradients');
	}

	writeOptimizerState(state: OptimizerState): void {
		this.space.flush();
		this.space.engine.write('first', 0, state.first, this.parameterCount);
		this.setSecond(state.second !== null);
		if (state.second) this.space.engine.write('second', 0, state.second, this.parameterCount);
	}

	async readOptimizerState(): Promise<OptimizerState> {
		const first = await this.readFlat('first');
		return { first, second: this.hasSecond ? await this.readFlat('second') : null };
	}

	update(rule: UpdateRule, trained: readonly TrainedParameter[]): void {
		const isAlike = trained.every(({ rate, decays, updatesBefore = 0 }) => rate === 1 && decays && updatesBefore === 0);
		invariant(isAlike && rule.clipNorm === 0, 'this device updates all parameters alike');
		this.space.flush();
		this.writeMask(trained.map(({ entry }) => entry));
		const clip = rule.clipValue > 0 ? rule.clipValue : unlimited;
		const common = { rateFloat: rule.learningRate, decayFloat: rule.weightDecay, clipFloat: clip };
		const count = Math.ceil(this.parameterCount / 4);
		if (rule.kind === 'sgd') {
			this.space.run(sgdProgram, { count, words: { ...common, momentumFloat: rule.momentum } });
		} else {
			if (!this.hasSecond) this.setSecond(true);
			const { beta1, beta2, epsilon, count: updates } = rule;
			this.space.run(adamwProgram, {
				count,
				words: {
					...common,
					...{ beta1Float: beta1, rest1Float: 1 - beta1, beta2Float: beta2, rest2Float: 1 - beta2 },
					...{ scale1Float: 1 - beta1 ** updates, scale2Float: 1 - beta2 ** updates, epsilonFloat: epsilon },
				},
			});
		}
		this.space.flush();
	}

	get parameterCount(): number {
		invariant(this.layout, 'no parameters were opened');
		return this.layout.size;
	}

	private setSecond(isWanted: boolean): void {
		if (isWanted || this.hasSecond) this.space.engine.replaceBuffer('second', isWanted ? 4 * this.parameterCount : 0);
		this.hasSecond = isWanted;
	}

	private writeMask(trained: readonly ParameterEntry[]): void {
		const isKnown =
			this.maskOf?.length === trained.length && trained.every((entry, index) => entry === this.maskOf?.[index]);
		if (isKnown) return;
		this.space.engine.write('mask', 0, trainedMask(this.parameterCount, trained));
		this.maskOf = [...trained];
	}

	private async readFlat(
		name: 'values' | 'gradients' | 'first' | 'second',
		{ start, end } = { start: 0, end: this.parameterCount },
	): Promise<Float32Array> {
		this.space.flush();
		const region = { byteOffset: 4 * start, bytes: 4 * (end - start) };
		return new Float32Array(await this.space.engine.read(name, [region]));
	}
}
