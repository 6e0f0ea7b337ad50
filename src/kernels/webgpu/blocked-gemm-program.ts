// Large matrix products on real GPUs, where every operand is contiguous along k or across it and can be read four numbers at a
// time: C(m, n) = sum over k of A(m, k) B(k, n). A thread makes 8 by 8 numbers in registers, a workgroup of 64 a tile of 64 by 64;
// 16 steps of k at a time are brought into the workgroup's memory. The sums are those of gemm-program.ts in the same order.

import type { GemmVariant } from './gemm-program';
import type { ProgramText } from './program';

export interface BlockedVariant extends GemmVariant {
	/** Whether A's, and B's, neighbours in memory follow along k; else along m, and n. */
	aAlong: boolean;
	bAlong: boolean;
}

export const blockedTile = 64;
const depth = 16;
/** Vectors of one step of k. */
const quarters = blockedTile / 4;
const two = [0, 1];
const four = [0, 1, 2, 3];
const eight = [0, 1, 2, 3, 4, 5, 6, 7];

/** Sizes are those of the operands: the column of ones of `hasOnes` is not counted, and costs no tile. */
export function blockedGemmProgram(variant: BlockedVariant): ProgramText {
	const { a, b, c, aAlong, bAlong, isMasked, accumulates, bias, relu, hasOnes } = variant;
	const flags = [
		...[aAlong ? 'along' : 'across', bAlong ? 'along' : 'across'],
		...[isMasked && 'masked', accumulates && 'adds', bias && 'bias', relu && 'relu', hasOnes && 'ones'],
	];
	return {
		name: `gemm blocked ${a} ${b} ${c} ${flags.filter(Boolean).join(' ')}`,
		words: ['rows', 'columns', 'inner', 'a', 'aStride', 'b', 'bStride', 'c', 'cRow', 'bias', 'mask'],
		writes: c === 'arena' ? ['c'] : [],
		adds: c === 'gradients' ? ['c', ...(hasOnes ? ['bias'] : [])] : [],
		threads: 'groups',
		isVector: true,
		declarations: `
var<workgroup> lefts : array<vec4<f32>, ${depth * quarters}>;
var<workgroup> rights : array<vec4<f32>, ${depth * quarters}>;`,
		body: `
	let tilesAcross = (u.columns + ${blockedTile - 1}) / ${blockedTile};
	let tileRow = (group / tilesAcross) * ${blockedTile};
	let tileColumn = (group % tilesAcross) * ${blockedTile};
	let down = lane / 8;
	let across = lane % 8;
	${eight.map((i) => two.map((j) => `var sum${i}${j} = vec4<f32>(0.0);`).join(' ')).join('\n\t')}
	${hasOnes ? 'let countsOnes = tileColumn == 0 && across == 0;\n\tvar ones0 = vec4<f32>(0.0);\n\tvar ones1 = vec4<f32>(0.0);' : ''}
	for (var k0 = 0; k0 < u.inner; k0 = k0 + ${depth}) {
		${fetch('left', variant)}
		${fetch('right', variant)}
		workgroupBarrier();
		for (var k = 0; k < ${depth}; k = k + 1) {
			${two.map((i) => `let left${i} = lefts[k * ${quarters} + ${8 * i} + down];`).join('\n\t\t\t')}
			${two.map((j) => `let right${j} = rights[k * ${quarters} + ${8 * j} + across];`).join('\n\t\t\t')}
			${eight.flatMap((i) => two.map((j) => `sum${i}${j} = sum${i}${j} + left${i >> 2}[${i & 3}] * right${j};`)).join('\n\t\t\t')}
			${hasOnes ? 'if (countsOnes) { ones0 = ones0 + left0; ones1 = ones1 + left1; }' : ''}
		}
		workgroupBarrier();
	}
	${eight.map((i) => storeRow(variant, i)).join('\n\t')}
	${hasOnes ? two.map(storeOnes).join('\n\t') : ''}`,
	};
}

/** Brings 16 steps of k of one operand into the workgroup's memory, zeros beyond the last; rows beyond the last are repeated. */
function fetch(side: 'left' | 'right', { a, b, aAlong, bAlong, isMasked }: BlockedVariant): string {
	const [buffer, start, stride, origin, size, isAlong] =
		side === 'left'
			? [a, 'u.a', 'u.aStride', 'tileRow', 'u.rows', aAlong]
			: [b, 'u.b', 'u.bStride', 'tileColumn', 'u.columns', bAlong];
	const load = (at: string) =>
		side === 'left' && isMasked
			? `select(vec4<f32>(0.0), ${buffer}[(${at}) / 4], arena[(${at} - u.a + u.mask) / 4] > vec4<f32>(0.0))`
			: `${buffer}[(${at}) / 4]`;
	if (isAlong)
		return `{
			let depthAt = k0 + 4 * (lane % 4);
			let quarter = lane / 4;
			let isIn = depthAt < u.inner;
			${four
				.map((i) => {
					const at = `${start} + min(${origin} + 4 * quarter + ${i}, ${size} - 1) * ${stride} + min(depthAt, u.inner - 4)`;
					return `let line${i} = select(vec4<f32>(0.0), ${load(at)}, isIn);`;
				})
				.join('\n\t\t\t')}
			let at = 4 * (lane % 4) * ${quarters} + quarter;
			${four
				.map((i) => `${side}s[at + ${i * quarters}] = vec4<f32>(${four.map((j) => `line${j}[${i}]`).join(', ')});`)
				.join('\n\t\t\t')}
		}`;
	return `{
			let quarter = lane % ${quarters};
			let place = min(${origin} + 4 * quarter, ${size} - 4);
			${four
				.map((t) => {
					const k = `(lane / ${quarters} + ${4 * t})`;
					const at = `${start} + min(k0 + ${k}, u.inner - 1) * ${stride} + place`;
					return `${side}s[${k} * ${quarters} + quarter] = select(vec4<f32>(0.0), ${load(at)}, k0 + ${k} < u.inner);`;
				})
				.join('\n\t\t\t')}
		}`;
}

function storeRow({ c, accumulates, bias, relu }: BlockedVariant, row: number): string {
	const store = (half: number) => {
		const value = `sum${row}${half}${bias ? ` + values[(u.bias + n${half}) / 4]` : ''}`;
		const whole = relu ? `max(vec4<f32>(0.0), ${value})` : value;
		return `let n${half} = tileColumn + ${32 * half} + 4 * across;
			if (n${half} < u.columns) {
				let at = (u.c + m * u.cRow + n${half}) / 4;
				${c}[at] = ${accumulates ? `${c}[at] + ` : ''}${whole};
			}`;
	};
	return `{
		let m = tileRow + ${32 * (row >> 2)} + 4 * down + ${row & 3};
		if (m < u.rows) {
			${two.map(store).join('\n\t\t\t')}
		}
	}`;
}

/** The rows are a multiple of four wherever ones are asked for. */
const storeOnes = (half: number) => `{
		let m = tileRow + ${32 * half} + 4 * down;
		if (countsOnes && m < u.rows) { gradients[(u.bias + m) / 4] = gradients[(u.bias + m) / 4] + ones${half}; }
	}`;
