// Which parameters an update changes and which of them change alike, as the `mask` of every segment says it: parameters of one
// class share their rate, decay and corrections.

import { invariant } from '../../util/errors';
import type { UpdateRule } from '../operations';
import type { TrainedParameter } from '../parameters';
import { ownRule } from '../update-rule';
import type { GpuBuffers } from './gpu-buffers';
import type { ParameterSegments } from './parameter-segments';
import { blockClasses, classNumbers, maskHeader, maxClasses } from './update-program';

export class ParameterClasses {
	private trained: readonly TrainedParameter[] = [];
	/** The first parameter of each class, from class 1 on; null before they are written. */
	private classes: readonly TrainedParameter[] | null = null;

	constructor(
		private readonly buffers: GpuBuffers,
		private readonly segments: ParameterSegments,
		/** Segments with a mask. */
		private readonly masked: readonly number[],
	) {}

	/** Writes the classes of these parameters; all others are of class 0, which is not trained. */
	write(trained: readonly TrainedParameter[]): void {
		if (this.classes && areAlike(this.trained, trained)) return;
		const firsts = new Map<string, TrainedParameter>();
		for (const parameter of trained) if (!firsts.has(classOf(parameter))) firsts.set(classOf(parameter), parameter);
		invariant(firsts.size < maxClasses, `${firsts.size} rates of parameters`);
		const numbers = new Map([...firsts.keys()].map((key, index) => [key, index + 1]));
		const numberOf = (parameter: TrainedParameter) => numbers.get(classOf(parameter)) as number;
		for (const segment of this.masked) {
			const blocks = blockClasses(this.segments.ranges[segment], trained, numberOf);
			this.buffers.write('mask', 4 * maskHeader, blocks, { segment });
		}
		this.trained = [...trained];
		this.classes = [...firsts.values()];
	}

	/** Writes the rate, decay and corrections of each class. */
	writeRates(rule: UpdateRule): void {
		const classes = this.classes ?? [];
		const header = new Float32Array(classNumbers * (classes.length + 1));
		classes.forEach((parameter, index) => {
			const own = ownRule(rule, parameter);
			const at = classNumbers * (index + 1);
			header.set([own.learningRate, own.weightDecay], at);
			if (own.kind === 'adamw') header.set([1 - own.beta1 ** own.count, 1 - own.beta2 ** own.count], at + 2);
		});
		for (const segment of this.masked) this.buffers.write('mask', 0, header, { segment });
	}
}

const classOf = ({ rate, decays, updatesBefore = 0 }: TrainedParameter) => `${rate} ${decays} ${updatesBefore}`;

function areAlike(left: readonly TrainedParameter[], right: readonly TrainedParameter[]): boolean {
	return (
		left.length === right.length &&
		left.every((one, index) => one.entry === right[index].entry && classOf(one) === classOf(right[index]))
	);
}
