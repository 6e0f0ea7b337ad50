// Discrete Fourier transforms along the columns of a complex matrix, eight columns at a time, written out transposed; two
// calls make one of the plane. Sizes 2^a or 3 2^a. Self-sorting stages of radix 4, 2 and 3 (Stockham's form; Van Loan,
// "Computational Frameworks for the Fast Fourier Transform", 1992). The inverse is the same call with real and imaginary
// parts exchanged. Real and imaginary parts lie in planes of their own; strides count floats.

/** Bytes of one scratch element: eight real parts, eight imaginary ones. */
const elementBytes: usize = 64;

@inline
function timesReal(ar: v128, ai: v128, wr: v128, wi: v128): v128 {
	return f32x4.sub(f32x4.mul(ar, wr), f32x4.mul(ai, wi));
}

@inline
function timesImaginary(ar: v128, ai: v128, wr: v128, wi: v128): v128 {
	return f32x4.add(f32x4.mul(ar, wi), f32x4.mul(ai, wr));
}

/** Four columns of an element: real parts, and imaginary ones 32 bytes on. */
@inline
function storeElement(to: usize, real: v128, imaginary: v128): void {
	v128.store(to, real);
	v128.store(to, imaginary, 32);
}

/** The same, turned by a twiddle factor first. */
@inline
function storeTurned(to: usize, real: v128, imaginary: v128, wr: v128, wi: v128): void {
	storeElement(to, timesReal(real, imaginary, wr, wi), timesImaginary(real, imaginary, wr, wi));
}

/** A butterfly of two on four of the eight columns; `gap` and `toGap` are the bytes between its parts. */
@inline
function butterfly2(from: usize, gap: usize, to: usize, toGap: usize, wr: v128, wi: v128): void {
	const ar = v128.load(from);
	const ai = v128.load(from, 32);
	const br = v128.load(from + gap);
	const bi = v128.load(from + gap, 32);
	storeElement(to, f32x4.add(ar, br), f32x4.add(ai, bi));
	storeTurned(to + toGap, f32x4.sub(ar, br), f32x4.sub(ai, bi), wr, wi);
}

@inline
function butterfly4(from: usize, gap: usize, to: usize, toGap: usize, w1r: v128, w1i: v128, w2r: v128, w2i: v128, w3r: v128, w3i: v128): void {
	const ar = v128.load(from);
	const ai = v128.load(from, 32);
	const br = v128.load(from + gap);
	const bi = v128.load(from + gap, 32);
	const cr = v128.load(from + 2 * gap);
	const ci = v128.load(from + 2 * gap, 32);
	const dr = v128.load(from + 3 * gap);
	const di = v128.load(from + 3 * gap, 32);
	const sr = f32x4.add(ar, cr);
	const si = f32x4.add(ai, ci);
	const tr = f32x4.sub(ar, cr);
	const ti = f32x4.sub(ai, ci);
	const ur = f32x4.add(br, dr);
	const ui = f32x4.add(bi, di);
	const vr = f32x4.sub(bi, di); // -i (b - d)
	const vi = f32x4.sub(dr, br);
	storeElement(to, f32x4.add(sr, ur), f32x4.add(si, ui));
	storeTurned(to + toGap, f32x4.add(tr, vr), f32x4.add(ti, vi), w1r, w1i);
	storeTurned(to + 2 * toGap, f32x4.sub(sr, ur), f32x4.sub(si, ui), w2r, w2i);
	storeTurned(to + 3 * toGap, f32x4.sub(tr, vr), f32x4.sub(ti, vi), w3r, w3i);
}

@inline
function butterfly3(from: usize, gap: usize, to: usize, toGap: usize, w1r: v128, w1i: v128, w2r: v128, w2i: v128): void {
	const half = f32x4.splat(0.5);
	const root = f32x4.splat(0.8660254037844386);
	const ar = v128.load(from);
	const ai = v128.load(from, 32);
	const br = v128.load(from + gap);
	const bi = v128.load(from + gap, 32);
	const cr = v128.load(from + 2 * gap);
	const ci = v128.load(from + 2 * gap, 32);
	const sr = f32x4.add(br, cr);
	const si = f32x4.add(bi, ci);
	const mr = f32x4.sub(ar, f32x4.mul(half, sr));
	const mi = f32x4.sub(ai, f32x4.mul(half, si));
	const nr = f32x4.mul(root, f32x4.sub(bi, ci)); // -i root (b - c)
	const ni = f32x4.mul(root, f32x4.sub(cr, br));
	storeElement(to, f32x4.add(ar, sr), f32x4.add(ai, si));
	storeTurned(to + toGap, f32x4.add(mr, nr), f32x4.add(mi, ni), w1r, w1i);
	storeTurned(to + 2 * toGap, f32x4.sub(mr, nr), f32x4.sub(mi, ni), w2r, w2i);
}

/** cos and -sin of 2 pi index / size, from a table of pairs. */
@inline
function twiddleReal(twiddles: usize, index: i32): v128 {
	return v128.load32_splat(twiddles + (<usize>index << 3));
}

@inline
function twiddleImaginary(twiddles: usize, index: i32): v128 {
	return v128.load32_splat(twiddles + (<usize>index << 3), 4);
}

/** One stage: `length` is that of the transforms still to do, `stride` how many stand side by side. */
function stage(radix: i32, size: i32, length: i32, stride: i32, from: usize, to: usize, twiddles: usize): void {
	const part = length / radix;
	const gap = <usize>(part * stride) * elementBytes;
	const toGap = <usize>stride * elementBytes;
	const turn = size / length;
	for (let p = 0; p < part; p++) {
		const w1r = twiddleReal(twiddles, p * turn);
		const w1i = twiddleImaginary(twiddles, p * turn);
		const second = radix > 2 ? 2 * p * turn : 0;
		const w2r = twiddleReal(twiddles, second);
		const w2i = twiddleImaginary(twiddles, second);
		const third = radix > 3 ? 3 * p * turn : 0;
		const w3r = twiddleReal(twiddles, third);
		const w3i = twiddleImaginary(twiddles, third);
		let source = from + <usize>(p * stride) * elementBytes;
		let target = to + <usize>(p * stride * radix) * elementBytes;
		for (let q = 0; q < stride; q++) {
			if (radix == 4) {
				butterfly4(source, gap, target, toGap, w1r, w1i, w2r, w2i, w3r, w3i);
				butterfly4(source + 16, gap, target + 16, toGap, w1r, w1i, w2r, w2i, w3r, w3i);
			} else if (radix == 2) {
				butterfly2(source, gap, target, toGap, w1r, w1i);
				butterfly2(source + 16, gap, target + 16, toGap, w1r, w1i);
			} else {
				butterfly3(source, gap, target, toGap, w1r, w1i, w2r, w2i);
				butterfly3(source + 16, gap, target + 16, toGap, w1r, w1i, w2r, w2i);
			}
			source += elementBytes;
			target += elementBytes;
		}
	}
}

/** All stages on eight columns in `scratch` (2 x size elements); returns where the result lies. */
function transform(size: i32, scratch: usize, twiddles: usize): usize {
	let from = scratch;
	let to = scratch + <usize>size * elementBytes;
	let length = size;
	let stride = 1;
	while (length > 1) {
		const radix = length % 4 == 0 ? 4 : length % 2 == 0 ? 2 : 3;
		stage(radix, size, length, stride, from, to, twiddles);
		const spare = from;
		from = to;
		to = spare;
		length /= radix;
		stride *= radix;
	}
	return from;
}

/** Four rows of scratch elements as four columns of a plane. */
@inline
function storeTransposed(from: usize, to: usize, strideBytes: usize): void {
	const x0 = v128.load(from);
	const x1 = v128.load(from + elementBytes);
	const x2 = v128.load(from + 2 * elementBytes);
	const x3 = v128.load(from + 3 * elementBytes);
	const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
	const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
	const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
	const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
	v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
	v128.store(to + strideBytes, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
	v128.store(to + 2 * strideBytes, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
	v128.store(to + 3 * strideBytes, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}

/** out[column][row] for columns [first, last) (multiples of 8) and rows below `wanted` (a multiple of 4). Rows of the
 *  source from `present` on are taken as 0; `sourceImaginary` 0 means that the source is real. */
export function fourierColumns(
	size: i32,
	first: i32,
	last: i32,
	present: i32,
	wanted: i32,
	sourceReal: usize,
	sourceImaginary: usize,
	sourceStride: i32,
	outReal: usize,
	outImaginary: usize,
	outStride: i32,
	twiddles: usize,
	scratch: usize,
): void {
	const strideBytes = <usize>outStride << 2;
	const zero = f32x4.splat(0);
	for (let column = first; column < last; column += 8) {
		for (let row = 0; row < size; row++) {
			const element = scratch + <usize>row * elementBytes;
			const offset = (<usize>(row * sourceStride + column)) << 2;
			const isPresent = row < present;
			const isComplex = isPresent && sourceImaginary != 0;
			v128.store(element, isPresent ? v128.load(sourceReal + offset) : zero);
			v128.store(element, isPresent ? v128.load(sourceReal + offset, 16) : zero, 16);
			v128.store(element, isComplex ? v128.load(sourceImaginary + offset) : zero, 32);
			v128.store(element, isComplex ? v128.load(sourceImaginary + offset, 16) : zero, 48);
		}
		const result = transform(size, scratch, twiddles);
		for (let row = 0; row < wanted; row += 4) {
			const from = result + <usize>row * elementBytes;
			const to = (<usize>(column * outStride + row)) << 2;
			storeTransposed(from, outReal + to, strideBytes);
			storeTransposed(from + 16, outReal + to + 4 * strideBytes, strideBytes);
			storeTransposed(from + 32, outImaginary + to, strideBytes);
			storeTransposed(from + 48, outImaginary + to + 4 * strideBytes, strideBytes);
		}
	}
}
