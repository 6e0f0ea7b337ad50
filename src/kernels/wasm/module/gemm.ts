// Matrix product in float32, any strides: C = A B or C += A B, with A [rows, depth], B [depth, columns], C [rows, columns].
// As in Goto and van de Geijn ("Anatomy of high-performance matrix multiplication", 2008): blocks of B, then of A,
// are packed into panels (interleaved lines, zeros beyond the edge), and a kernel of 4 x 8 accumulators (6 x 8 where
// there is fma; more would spill) runs along the depth. Strides count floats; C's columns are contiguous.

import { at, madd } from './vector';

const panelRows: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
const panelColumns: i32 = 8;
/** Depth of a block at most; a longer depth is cut into blocks of one size, for a short last one would cost as much in C. */
const depthBlock: i32 = 640;
const columnBlock: i32 = 1024;
/** Floats in a packed block of A: 192 kB, to stay in the second cache while a panel of B stays in the first. B's block is then
 *  read once for about 80 rows. */
const packedRowFloats: i32 = 49152;

let packedA: usize = 0;
let packedB: usize = 0;
let edgeTile: usize = 0;

/** Takes working space at `start`, or behind the module's own data when that is 0, and returns its end; the memory must
 *  reach it before any other call. Each thread has its own. */
export function initialize(start: usize): usize {
	edgeTile = ((start ? start : __heap_base) + 63) & ~63;
	packedA = edgeTile + 256;
	packedB = packedA + (<usize>(packedRowFloats + panelRows * depthBlock) << 2);
	return (packedB + (<usize>(depthBlock * columnBlock) << 2) + 63) & ~63;
}

/** Lines whose neighbours are side by side: `width` floats a step of the depth. */
@inline
function packNeighbours(width: i32, source: usize, depthStride: usize, depth: i32, out: usize): void {
	for (let k = 0; k < depth; k++) {
		v128.store(out, v128.load(source));
		if (width == 8) v128.store(out, v128.load(source, 16), 16);
		if (width == 6) store<u64>(out, load<u64>(source, 16), 16);
		source += depthStride;
		out += <usize>width << 2;
	}
}

/** Four lines along which the depth is contiguous: 4 x 4 transposes. */
@inline
function packFourLines(width: i32, source: usize, lineStride: usize, depth: i32, out: usize): void {
	let line0 = source;
	let line1 = line0 + lineStride;
	let line2 = line1 + lineStride;
	let line3 = line2 + lineStride;
	const step = <usize>width << 2;
	let k = 0;
	for (; k + 4 <= depth; k += 4) {
		const x0 = v128.load(line0);
		const x1 = v128.load(line1);
		const x2 = v128.load(line2);
		const x3 = v128.load(line3);
		const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
		const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
		const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
		const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
		v128.store(out, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
		v128.store(out + step, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
		v128.store(out + 2 * step, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
		v128.store(out + 3 * step, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
		line0 += 16;
		line1 += 16;
		line2 += 16;
		line3 += 16;
		out += 4 * step;
	}
	for (; k < depth; k++) {
		store<f32>(out, load<f32>(line0));
		store<f32>(out, load<f32>(line1), 4);
		store<f32>(out, load<f32>(line2), 8);
		store<f32>(out, load<f32>(line3), 12);
		line0 += 4;
		line1 += 4;
		line2 += 4;
		line3 += 4;
		out += step;
	}
}

/** Two lines along which the depth is contiguous. */
@inline
function packTwoLines(width: i32, source: usize, lineStride: usize, depth: i32, out: usize): void {
	const step = <usize>width << 2;
	let line0 = source;
	let line1 = source + lineStride;
	for (let k = 0; k < depth; k++) {
		store<f32>(out, load<f32>(line0));
		store<f32>(out, load<f32>(line1), 4);
		line0 += 4;
		line1 += 4;
		out += step;
	}
}

/** `present` lines at any strides (bytes), then lines of zeros up to `width`. */
function packAny(width: i32, source: usize, lineStride: usize, depthStride: usize, present: i32, depth: i32, out: usize): void {
	const step = <usize>width << 2;
	for (let line = 0; line < width; line++) {
		let from = source + <usize>line * lineStride;
		let to = at(out, line);
		if (line < present) {
			for (let k = 0; k < depth; k++) {
				store<f32>(to, load<f32>(from));
				from += depthStride;
				to += step;
			}
		} else {
			for (let k = 0; k < depth; k++) {
				store<f32>(to, 0);
				to += step;
			}
		}
	}
}

/** Packs `count` lines into panels of `width`: out[panel][k][line]. Strides in bytes. */
@inline
function packPanels(width: i32, source: usize, lineStride: usize, depthStride: usize, count: i32, depth: i32, out: usize): void {
	for (let line = 0; line < count; line += width) {
		const first = source + <usize>line * lineStride;
		if (count - line < width) packAny(width, first, lineStride, depthStride, count - line, depth, out);
		else if (lineStride == 4) packNeighbours(width, first, depthStride, depth, out);
		else if (depthStride == 4) {
			packFourLines(width, first, lineStride, depth, out);
			if (width == 8) packFourLines(width, first + 4 * lineStride, lineStride, depth, out + 16);
			if (width == 6) packTwoLines(width, first + 4 * lineStride, lineStride, depth, out + 16);
		} else packAny(width, first, lineStride, depthStride, width, depth, out);
		out += <usize>(width * depth) << 2;
	}
}

@inline
function put(target: usize, value: v128, accumulate: bool): void {
	if (accumulate) v128.store(target, f32x4.add(v128.load(target), value));
	else v128.store(target, value);
}

function tile4x8(depth: i32, a: usize, b: usize, c: usize, rowBytes: usize, accumulate: bool): void {
	const zero = f32x4.splat(0);
	let c00 = zero, c01 = zero;
	let c10 = zero, c11 = zero;
	let c20 = zero, c21 = zero;
	let c30 = zero, c31 = zero;
	const end = b + (<usize>depth << 5);
	while (b < end) {
		const b0 = v128.load(b);
		const b1 = v128.load(b, 16);
		let x = v128.load32_splat(a);
		c00 = madd(x, b0, c00);
		c01 = madd(x, b1, c01);
		x = v128.load32_splat(a, 4);
		c10 = madd(x, b0, c10);
		c11 = madd(x, b1, c11);
		x = v128.load32_splat(a, 8);
		c20 = madd(x, b0, c20);
		c21 = madd(x, b1, c21);
		x = v128.load32_splat(a, 12);
		c30 = madd(x, b0, c30);
		c31 = madd(x, b1, c31);
		a += 16;
		b += 32;
	}
	put(c, c00, accumulate);
	put(c + 16, c01, accumulate);
	c += rowBytes;
	put(c, c10, accumulate);
	put(c + 16, c11, accumulate);
	c += rowBytes;
	put(c, c20, accumulate);
	put(c + 16, c21, accumulate);
	c += rowBytes;
	put(c, c30, accumulate);
	put(c + 16, c31, accumulate);
}

function tile6x8(depth: i32, a: usize, b: usize, c: usize, rowBytes: usize, accumulate: bool): void {
	const zero = f32x4.splat(0);
	let c00 = zero, c01 = zero;
	let c10 = zero, c11 = zero;
	let c20 = zero, c21 = zero;
	let c30 = zero, c31 = zero;
	let c40 = zero, c41 = zero;
	let c50 = zero, c51 = zero;
	const end = b + (<usize>depth << 5);
	while (b < end) {
		const b0 = v128.load(b);
		const b1 = v128.load(b, 16);
		let x = v128.load32_splat(a);
		c00 = madd(x, b0, c00);
		c01 = madd(x, b1, c01);
		x = v128.load32_splat(a, 4);
		c10 = madd(x, b0, c10);
		c11 = madd(x, b1, c11);
		x = v128.load32_splat(a, 8);
		c20 = madd(x, b0, c20);
		c21 = madd(x, b1, c21);
		x = v128.load32_splat(a, 12);
		c30 = madd(x, b0, c30);
		c31 = madd(x, b1, c31);
		x = v128.load32_splat(a, 16);
		c40 = madd(x, b0, c40);
		c41 = madd(x, b1, c41);
		x = v128.load32_splat(a, 20);
		c50 = madd(x, b0, c50);
		c51 = madd(x, b1, c51);
		a += 24;
		b += 32;
	}
	put(c, c00, accumulate);
	put(c + 16, c01, accumulate);
	c += rowBytes;
	put(c, c10, accumulate);
	put(c + 16, c11, accumulate);
	c += rowBytes;
	put(c, c20, accumulate);
	put(c + 16, c21, accumulate);
	c += rowBytes;
	put(c, c30, accumulate);
	put(c + 16, c31, accumulate);
	c += rowBytes;
	put(c, c40, accumulate);
	put(c + 16, c41, accumulate);
	c += rowBytes;
	put(c, c50, accumulate);
	put(c + 16, c51, accumulate);
}

@inline
function tile(depth: i32, a: usize, b: usize, c: usize, rowBytes: usize, accumulate: bool): void {
	if (ASC_FEATURE_RELAXED_SIMD) tile6x8(depth, a, b, c, rowBytes, accumulate);
	else tile4x8(depth, a, b, c, rowBytes, accumulate);
}

/** Moves the part of `edgeTile` that is inside C. */
function putEdge(rows: i32, columns: i32, c: usize, rowBytes: usize, accumulate: bool): void {
	let from = edgeTile;
	for (let row = 0; row < rows; row++) {
		let column = 0;
		for (; column + 4 <= columns; column += 4) put(at(c, column), v128.load(at(from, column)), accumulate);
		for (; column < columns; column++) {
			const target = at(c, column);
			const value = load<f32>(at(from, column));
			store<f32>(target, accumulate ? load<f32>(target) + value : value);
		}
		from += <usize>panelColumns << 2;
		c += rowBytes;
	}
}

/** Product of a packed block of A and a packed block of B. */
function multiplyPacked(rows: i32, columns: i32, depth: i32, c: usize, rowBytes: usize, accumulate: bool): void {
	const edgeBytes: usize = <usize>panelColumns << 2;
	for (let column = 0; column < columns; column += panelColumns) {
		const b = packedB + (<usize>(column * depth) << 2);
		const present = min(panelColumns, columns - column);
		for (let row = 0; row < rows; row += panelRows) {
			const a = packedA + (<usize>(row * depth) << 2);
			const target = at(c + <usize>row * rowBytes, column);
			if (present == panelColumns && row + panelRows <= rows) tile(depth, a, b, target, rowBytes, accumulate);
			else {
				tile(depth, a, b, edgeTile, edgeBytes, false);
				putEdge(min(panelRows, rows - row), present, target, rowBytes, accumulate);
			}
		}
	}
}

export function gemm(
	rows: i32,
	columns: i32,
	depth: i32,
	a: usize,
	aRowStride: i32,
	aDepthStride: i32,
	b: usize,
	bDepthStride: i32,
	bColumnStride: i32,
	c: usize,
	cRowStride: i32,
	accumulate: bool,
): void {
	const aRowBytes = <usize>aRowStride << 2;
	const aDepthBytes = <usize>aDepthStride << 2;
	const bDepthBytes = <usize>bDepthStride << 2;
	const bColumnBytes = <usize>bColumnStride << 2;
	const cRowBytes = <usize>cRowStride << 2;
	const kBlocks = (depth + depthBlock - 1) / depthBlock;
	const kBlock = (depth + kBlocks - 1) / max(1, kBlocks);
	for (let column = 0; column < columns; column += columnBlock) {
		const columnCount = min(columnBlock, columns - column);
		for (let k = 0; k < depth; k += kBlock) {
			const kCount = min(kBlock, depth - k);
			const bBlock = b + <usize>k * bDepthBytes + <usize>column * bColumnBytes;
			packPanels(panelColumns, bBlock, bColumnBytes, bDepthBytes, columnCount, kCount, packedB);
			const rowBlock = max(panelRows, (packedRowFloats / kCount / panelRows) * panelRows);
			for (let row = 0; row < rows; row += rowBlock) {
				const rowCount = min(rowBlock, rows - row);
				const aBlock = a + <usize>row * aRowBytes + <usize>k * aDepthBytes;
				packPanels(panelRows, aBlock, aRowBytes, aDepthBytes, rowCount, kCount, packedA);
				const target = at(c + <usize>row * cRowBytes, column);
				multiplyPacked(rowCount, columnCount, kCount, target, cRowBytes, accumulate || k > 0);
			}
		}
	}
}

/** One product a head; `...HeadStride` floats are between the heads' matrices. */
export function gemmHeads(
	heads: i32,
	rows: i32,
	columns: i32,
	depth: i32,
	a: usize,
	aHeadStride: i32,
	aRowStride: i32,
	aDepthStride: i32,
	b: usize,
	bHeadStride: i32,
	bDepthStride: i32,
	bColumnStride: i32,
	c: usize,
	cHeadStride: i32,
	cRowStride: i32,
	accumulate: bool,
): void {
	for (let head = 0; head < heads; head++) {
		gemm(rows, columns, depth, a, aRowStride, aDepthStride, b, bDepthStride, bColumnStride, c, cRowStride, accumulate);
		a = at(a, aHeadStride);
		b = at(b, bHeadStride);
		c = at(c, cHeadStride);
	}
}
