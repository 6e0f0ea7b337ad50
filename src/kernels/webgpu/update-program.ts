// One update of all parameters of a segment, four numbers a thread; every gradient becomes 0. Untouched rows of the tables decay
// like the others: reading and writing everything densely is one pass over memory. `mask` says of each 16 numbers to which
// class of parameters they belong; those of a class share their rate, decay and corrections. (Loshchilov and Hutter
// 2019; Pascanu et al. 2013; reference/trajectory, trajectory-finetune)

import type { TrainedParameter } from '../parameters';
import type { ProgramText } from './program';

/** Classes of parameters at most; class 0 is not trained. */
export const maxClasses = 256;
/** Numbers of each class before the blocks in `mask`: rate, decay, and AdamW's two corrections. */
export const classNumbers = 4;
/** Words of `mask` before the blocks. */
export const maskHeader = maxClasses * classNumbers;
/** Parameters begin at multiples of so many numbers, so that a block has one class. */
const blockSize = 16;

/** The class of a block. */
export const classAt = (block: string) => `(u32(mask[${maskHeader} + ${block} / 4]) >> u32(8 * (${block} % 4))) & 255u`;

const start = (isClipped: boolean) => `
	let class_ = i32(${classAt('(index / 4)')});
	let given = gradients[index] * (u.scaleFloat${isClipped ? ' * min(1.0, u.clipNormFloat / (u.scaleFloat * arena[u.norm / 4].x + 1e-6))' : ''});
	let gradient = clamp(given, vec4<f32>(-u.clipFloat), vec4<f32>(u.clipFloat));
	gradients[index] = vec4<f32>(0.0);
	if (class_ == 0) { return; }
	let rate = bitcast<f32>(mask[${classNumbers} * class_]);
	let decay = bitcast<f32>(mask[${classNumbers} * class_ + 1]);
	let value = values[index];`;

const common = (isClipped: boolean) => ['scaleFloat', 'clipFloat', ...(isClipped ? ['clipNormFloat', 'norm'] : [])];

const named = (name: string, isClipped: boolean) => (isClipped ? `${name} within a norm` : name);

/** m = momentum * m + (g + decay * p); p = p - rate * m. `isClipped`: gradients are first brought down to a norm. */
export const sgdProgram = (isClipped: boolean): ProgramText => ({
	name: named('sgd', isClipped),
	words: [...common(isClipped), 'momentumFloat'],
	threads: 'elements',
	isVector: true,
	writes: [],
	body: `${start(isClipped)}
	let moved = u.momentumFloat * first[index] + (gradient + decay * value);
	first[index] = moved;
	values[index] = value - rate * moved;`,
});

/** p = p - rate * (m / c1 / (sqrt(v / c2) + epsilon) + decay * p). */
export const adamwProgram = (isClipped: boolean): ProgramText => ({
	name: named('adamw', isClipped),
	words: [...common(isClipped), 'beta1Float', 'rest1Float', 'beta2Float', 'rest2Float', 'epsilonFloat'],
	threads: 'elements',
	isVector: true,
	writes: [],
	body: `${start(isClipped)}
	let scale1 = bitcast<f32>(mask[${classNumbers} * class_ + 2]);
	let scale2 = bitcast<f32>(mask[${classNumbers} * class_ + 3]);
	let mean = u.beta1Float * first[index] + u.rest1Float * gradient;
	let square = u.beta2Float * second[index] + u.rest2Float * (gradient * gradient);
	first[index] = mean;
	second[index] = square;
	let step = (mean / scale1) / (sqrt(square / scale2) + u.epsilonFloat);
	values[index] = value - rate * (step + decay * value);`,
});

/** The class of each block of [start, end), one byte each, as words. */
export function blockClasses(
	{ start, end }: { start: number; end: number },
	trained: readonly TrainedParameter[],
	classOf: (parameter: TrainedParameter) => number,
): Int32Array {
	const bytes = new Uint8Array(4 * Math.ceil((end - start) / blockSize / 4));
	for (const parameter of trained) {
		const { offset, size } = parameter.entry;
		if (offset < start || offset >= end) continue;
		const first = (offset - start) / blockSize;
		bytes.fill(classOf(parameter), first, first + Math.ceil(size / blockSize));
	}
	return new Int32Array(bytes.buffer);
}

/** Words of `mask` for so many numbers. */
export const maskWords = (size: number) => maskHeader + Math.ceil(size / blockSize / 4);
