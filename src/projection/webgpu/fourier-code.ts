// WGSL of a discrete Fourier transform of one line, sizes 2^a: Stockham's self-sorting stages of radix 4, with one of radix 2 where a
// is odd, between two arrays in turn. The inverse is the same with real and imaginary parts exchanged. Two forms of the same
// sums: a workgroup has a line in its own memory, or one thread has a line in a buffer, without a barrier, for emulated GPUs
// (they write out the zeros of a workgroup's memory one by one when they compile).

export interface LineForm {
	/** Elements of a line. */
	full: number;
	/** Threads that share a line; 1 where each has its own in the binding `scratch`, [2 full, full]. */
	threads: number;
}

/** Bytes of workgroup memory that a line takes. */
export function fourierBytes(size: number): number {
	return 2 * 8 * size;
}

export type LineArray = 'line' | 'other';

/** An element of one of the two arrays. */
export function lineElement({ full, threads }: LineForm, array: LineArray, at: string): string {
	if (threads > 1) return `${array}[${at}]`;
	return `scratch[(${at}${array === 'other' ? ` + ${full}u` : ''}) * ${full}u + number]`;
}

export function lineBarrier({ threads }: LineForm): string {
	return threads > 1 ? 'workgroupBarrier();' : '';
}

/** The array in which `transform` leaves what it found in `line`. */
export function resultOfFourier({ full }: LineForm): LineArray {
	return stagesOf(full).length % 2 === 0 ? 'line' : 'other';
}

/** cos and -sin of 2 pi k / size, and what cubic B-splines take from a spectrum, to be divided out. */
export function fourierTables(size: number): { turns: Float32Array; filters: Float32Array } {
	const angle = (k: number) => (2 * Math.PI * k) / size;
	const turns = new Float32Array(2 * size);
	for (let k = 0; k < size; k++) turns.set([Math.cos(angle(k)), -Math.sin(angle(k))], 2 * k);
	return { turns, filters: Float32Array.from({ length: size }, (_, k) => (3 / (2 + Math.cos(angle(k)))) ** 2) };
}

/** Declares `times`, and `transform(lane, number)`, which all threads of a line call after a barrier and which ends with one; `number`
 *  is that of the line. It needs a binding `tables` of `turns`. */
export function fourierCode(form: LineForm): string {
	const { full, threads } = form;
	const stages = stagesOf(full).map(({ radix, stride }, number) => {
		const [from, to] = number % 2 === 0 ? (['line', 'other'] as const) : (['other', 'line'] as const);
		const stage: Stage = {
			size: full,
			stride,
			from: (at) => lineElement(form, from, at),
			to: (at) => lineElement(form, to, at),
		};
		return `for (var b = lane; b < ${full / radix}u; b = b + ${threads}u) {
		let p = b / ${stride}u;
		let to = b % ${stride}u + ${stride * radix}u * p;
		${(radix === 2 ? butterfly2 : butterfly4)(stage)}
	}
	${lineBarrier(form)}`;
	});
	const memory = ['line', 'other'].map((array) => `var<workgroup> ${array} : array<vec2<f32>, ${full}>;`);
	return `
${threads > 1 ? memory.join('\n') : ''}
fn times(a : vec2<f32>, b : vec2<f32>) -> vec2<f32> {
	return vec2<f32>(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}
fn transform(lane : u32, number : u32) {
	${stages.join('\n\t')}
}`;
}

/** `stride` is how many transforms are already side by side. */
function stagesOf(size: number): { radix: 2 | 4; stride: number }[] {
	const stages: { radix: 2 | 4; stride: number }[] = [];
	for (let stride = 1; stride < size; ) {
		const radix = (size / stride) % 4 === 0 ? 4 : 2;
		stages.push({ radix, stride });
		stride *= radix;
	}
	return stages;
}

interface Stage {
	size: number;
	stride: number;
	from(at: string): string;
	to(at: string): string;
}

const butterfly2 = ({ size, stride, from, to }: Stage) => `
		let x0 = ${from('b')};
		let x1 = ${from(`b + ${size / 2}u`)};
		${to('to')} = x0 + x1;
		${to(`to + ${stride}u`)} = times(x0 - x1, tables[p * ${stride}u]);`;

const butterfly4 = ({ size, stride, from, to }: Stage) => `
		let x0 = ${from('b')};
		let x1 = ${from(`b + ${size / 4}u`)};
		let x2 = ${from(`b + ${size / 2}u`)};
		let x3 = ${from(`b + ${(3 * size) / 4}u`)};
		let s = x0 + x2;
		let t = x0 - x2;
		let u = x1 + x3;
		let v = vec2<f32>(x1.y - x3.y, x3.x - x1.x);
		${to('to')} = s + u;
		${to(`to + ${stride}u`)} = times(t + v, tables[p * ${stride}u]);
		${to(`to + ${2 * stride}u`)} = times(s - u, tables[p * ${2 * stride}u]);
		${to(`to + ${3 * stride}u`)} = times(t - v, tables[p * ${3 * stride}u]);`;
