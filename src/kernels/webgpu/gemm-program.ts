// Matrix products of every kind: C(m, n) = sum over k of A(m, k) B(k, n), the operands anywhere in a buffer with any
// strides, one product for each sentence and head. A thread makes 4 by 4 numbers: a workgroup of 64 makes a tile of 32
// by 32. Two forms of the same sums in the same order: 'direct' reads the operands where they are, without barriers, which
// suits emulated GPUs; 'tiled' brings 16 steps of k at a time into the workgroup's memory first, which suits real ones.

import type { BufferName, ProgramText } from './program';

/** `tiled` takes blocked-gemm-program.ts for what is large, `blocked` wherever it can. */
export type GemmForm = 'direct' | 'tiled' | 'blocked';

export interface GemmVariant {
	a: BufferName;
	b: BufferName;
	c: BufferName;
	/** A counts as 0 where the number at the same index of `mask` is not above 0: the gradient of a ReLU. */
	isMasked?: boolean;
	/** C is added to what is there. */
	accumulates?: boolean;
	/** + bias[n] from the parameters, then max(0, .). */
	bias?: boolean;
	relu?: boolean;
	/** B has one more column, all 1, whose products are added to gradients[bias + m]: the gradient of a bias. */
	hasOnes?: boolean;
}

const four = [0, 1, 2, 3];
const tile = 32;
const depth = 16;
export const gemmTile = tile;

export function gemmProgram(variant: GemmVariant, form: 'direct' | 'tiled'): ProgramText {
	const { a, b, c, isMasked, accumulates, bias, relu, hasOnes } = variant;
	const flags = [isMasked && 'masked', accumulates && 'adds', bias && 'bias', relu && 'relu', hasOnes && 'ones'];
	return {
		name: `gemm ${form} ${a} ${b} ${c} ${flags.filter(Boolean).join(' ')}`,
		words: [
			...['rows', 'columns', 'inner', 'heads'],
			...['a', 'aRow', 'aInner', 'aSentence', 'aHead'],
			...['b', 'bInner', 'bColumn', 'bSentence', 'bHead'],
			...['c', 'cRow', 'cSentence', 'cHead', 'bias', 'mask'],
		],
		writes: c === 'arena' ? ['c'] : [],
		adds: c === 'gradients' ? ['c', ...(hasOnes ? ['bias'] : [])] : [],
		threads: 'groups',
		declarations: form === 'tiled' ? tileMemory : '',
		body: `
	let tilesAcross = (u.columns + ${tile - 1}) / ${tile};
	let tiles = tilesAcross * ((u.rows + ${tile - 1}) / ${tile});
	let tile = group % tiles;
	let sentence = group / tiles / u.heads;
	let head = (group / tiles) % u.heads;
	let aStart = u.a + sentence * u.aSentence + head * u.aHead;
	let bStart = u.b + sentence * u.bSentence + head * u.bHead;
	let cStart = u.c + sentence * u.cSentence + head * u.cHead;
	let tileRow = (tile / tilesAcross) * ${tile};
	let tileColumn = (tile % tilesAcross) * ${tile};
	let lastRow = u.rows - 1;
	let lastColumn = u.columns - 1;
	${isMasked ? 'let maskShift = u.mask - u.a;' : ''}
	${four.map((i) => `let m${i} = tileRow + (lane / 8) * 4 + ${i};`).join('\n\t')}
	${four.map((i) => `let n${i} = tileColumn + ${form === 'tiled' ? `(lane % 8) * 4 + ${i}` : `lane % 8 + ${8 * i}`};`).join('\n\t')}
	${four.map((i) => `var sum${i} = vec4<f32>(0.0);`).join('\n\t')}
	${form === 'tiled' ? tiledSums(variant) : directSums(variant)}
	${bias ? four.map((i) => `let bias${i} = values[u.bias + min(n${i}, lastColumn)];`).join('\n\t') : ''}
	${stores(variant)}`,
	};
}

/** A(m, k) at an element of A's buffer. */
const leftAt = ({ a, isMasked }: GemmVariant, at: string) =>
	isMasked ? `select(0.0, ${a}[${at}], arena[${at} + maskShift] > 0.0)` : `${a}[${at}]`;

/** B(k, n) at an element of B's buffer. */
const rightAt = ({ b, hasOnes }: GemmVariant, at: string, n: string) =>
	hasOnes ? `select(${b}[${at}], 1.0, ${n} == lastColumn)` : `${b}[${at}]`;

/** The last column of B that is in its buffer. */
const lastStored = ({ hasOnes }: GemmVariant) => (hasOnes ? 'lastColumn - 1' : 'lastColumn');

function directSums(variant: GemmVariant): string {
	return `
	${four.map((i) => `let row${i} = aStart + min(m${i}, lastRow) * u.aRow;`).join('\n\t')}
	${four.map((i) => `let column${i} = bStart + min(n${i}, ${lastStored(variant)}) * u.bColumn;`).join('\n\t')}
	var aAt = 0;
	var bAt = 0;
	for (var k = 0; k < u.inner; k = k + 1) {
		let right = vec4<f32>(${four.map((i) => rightAt(variant, `column${i} + bAt`, `n${i}`)).join(', ')});
		${four.map((i) => `sum${i} = sum${i} + ${leftAt(variant, `row${i} + aAt`)} * right;`).join('\n\t\t')}
		aAt = aAt + u.aInner;
		bAt = bAt + u.bInner;
	}`;
}

/** Columns of A and rows of B of one tile, four neighbours together: element k * 8 + quarter. */
const tileMemory = `
var<workgroup> lefts : array<vec4<f32>, ${(depth * tile) / 4}>;
var<workgroup> rights : array<vec4<f32>, ${(depth * tile) / 4}>;`;

/**
 * Neighbouring threads fetch what is side by side: along k where a step of k is a step of one element, else along m or
 * n. Beyond the last k both operands count as 0.
 */
function tiledSums(variant: GemmVariant): string {
	const quarters = tile / 4;
	const fetch = (name: 'left' | 'right', slot: number) => {
		const [inner, start, origin, stride, last] =
			name === 'left'
				? ['aInner', 'aStart', 'tileRow', 'aRow', 'lastRow']
				: ['bInner', 'bStart', 'tileColumn', 'bColumn', lastStored(variant)];
		const at = (i: number) => `${start} + min(first + ${i}, ${last}) * u.${stride} + depthAt`;
		const values = four.map((i) =>
			name === 'left' ? leftAt(variant, at(i)) : rightAt(variant, at(i), `(first + ${i})`),
		);
		return `{
			let slot = lane + ${64 * slot};
			let isAlong = u.${inner} == 1;
			let k = select(slot / ${quarters}, slot % ${depth}, isAlong);
			let quarter = select(slot % ${quarters}, slot / ${depth}, isAlong);
			let first = ${origin} + 4 * quarter;
			let depthAt = min(k0 + k, u.inner - 1) * u.${inner};
			let fetched = vec4<f32>(${values.join(', ')});
			${name}s[k * ${quarters} + quarter] = select(vec4<f32>(0.0), fetched, k0 + k < u.inner);
		}`;
	};
	return `
	for (var k0 = 0; k0 < u.inner; k0 = k0 + ${depth}) {
		${[0, 1].map((slot) => `${fetch('left', slot)}\n\t\t${fetch('right', slot)}`).join('\n\t\t')}
		workgroupBarrier();
		for (var k = 0; k < ${depth}; k = k + 1) {
			let left = lefts[k * ${quarters} + lane / 8];
			let right = rights[k * ${quarters} + lane % 8];
			${four.map((i) => `sum${i} = sum${i} + left[${i}] * right;`).join('\n\t\t\t')}
		}
		workgroupBarrier();
	}`;
}

function stores({ c, accumulates, bias, relu, hasOnes }: GemmVariant): string {
	const store = (row: number, column: number) => {
		const value = `sum${row}[${column}]${bias ? ` + bias${column}` : ''}`;
		const whole = relu ? `max(0.0, ${value})` : value;
		const index = `cRow${row} + n${column}`;
		const plain = `${c}[${index}] = ${accumulates ? `${c}[${index}] + ` : ''}${whole};`;
		return hasOnes
			? `if (n${column} == lastColumn) { gradients[u.bias + m${row}] = gradients[u.bias + m${row}] + sum${row}[${column}]; }
			else if (n${column} < lastColumn) { ${plain} }`
			: `if (n${column} < u.columns) { ${plain} }`;
	};
	return four
		.map(
			(row) => `if (m${row} < u.rows) {
		let cRow${row} = cStart + m${row} * u.cRow;
		${four.map((column) => store(row, column)).join('\n\t\t')}
	}`,
		)
		.join('\n\t');
}
