// Matrix products of every kind: C(m, n) = sum over k of A(m, k) B(k, n), the operands anywhere in a buffer with any
// strides, one product for each sentence and head. A thread makes 4 by 4 numbers: a workgroup of 64 makes a tile of 32
// by 32. No shared memory and no barriers, so that emulated GPUs run it well; neighbouring threads read neighbouring n.

import type { BufferName, ProgramText } from './program';

export interface GemmVariant {
	a: BufferName;
	b: BufferName;
	c: BufferName;
	/** A counts as 0 where the number at the same place of `mask` is not above 0: the gradient of a ReLU. */
	isMasked?: boolean;
	/** C is added to what is there. */
	accumulates?: boolean;
	/** + bias[n] from the parameters, then max(0, .). */
	bias?: boolean;
	relu?: boolean;
	/** B has one more column, all 1, whose products are added to gradients[bias + m]: the gradient of a bias. */
	hasOnes?: boolean;
}

const columns = [0, 1, 2, 3];
const tile = 32;
export const gemmTile = tile;

export function gemmProgram(variant: GemmVariant): ProgramText {
	const { a, b, c, isMasked, accumulates, bias, relu, hasOnes } = variant;
	const flags = [isMasked && 'masked', accumulates && 'adds', bias && 'bias', relu && 'relu', hasOnes && 'ones'];
	const left = (row: number) =>
		isMasked ? `select(0.0, ${a}[row${row} + aAt], arena[row${row} + aAt + maskShift] > 0.0)` : `${a}[row${row} + aAt]`;
	const right = (column: number) =>
		hasOnes ? `select(${b}[column${column} + bAt], 1.0, isOne${column})` : `${b}[column${column} + bAt]`;
	const store = (row: number, column: number) => {
		const value = `sum${row}[${column}]${bias ? ` + bias${column}` : ''}`;
		const whole = relu ? `max(0.0, ${value})` : value;
		const place = `cRow${row} + n${column}`;
		const plain = `${c}[${place}] = ${accumulates ? `${c}[${place}] + ` : ''}${whole};`;
		return hasOnes
			? `if (isOne${column}) { gradients[u.bias + m${row}] = gradients[u.bias + m${row}] + sum${row}[${column}]; }
			else if (n${column} < lastColumn) { ${plain} }`
			: `if (n${column} < u.columns) { ${plain} }`;
	};
	return {
		name: `gemm ${a} ${b} ${c} ${flags.filter(Boolean).join(' ')}`,
		words: [
			...['rows', 'columns', 'inner', 'heads'],
			...['a', 'aRow', 'aInner', 'aSentence', 'aHead'],
			...['b', 'bInner', 'bColumn', 'bSentence', 'bHead'],
			...['c', 'cRow', 'cSentence', 'cHead', 'bias', 'mask'],
		],
		writes: c === 'arena' ? ['c'] : [],
		adds: c === 'gradients' ? ['c', ...(hasOnes ? ['bias'] : [])] : [],
		threads: 'groups',
		body: `
	let tilesAcross = (u.columns + ${tile - 1}) / ${tile};
	let tiles = tilesAcross * ((u.rows + ${tile - 1}) / ${tile});
	let tile = group % tiles;
	let sentence = group / tiles / u.heads;
	let head = (group / tiles) % u.heads;
	let aStart = u.a + sentence * u.aSentence + head * u.aHead;
	let bStart = u.b + sentence * u.bSentence + head * u.bHead;
	let cStart = u.c + sentence * u.cSentence + head * u.cHead;
	let m0 = (tile / tilesAcross) * ${tile} + (lane / 8) * 4;
	let n0 = (tile % tilesAcross) * ${tile} + lane % 8;
	let lastRow = u.rows - 1;
	let lastColumn = u.columns - 1;
	${isMasked ? 'let maskShift = u.mask - u.a;' : ''}
	${columns.map((i) => (i > 0 ? `let m${i} = m0 + ${i}; let n${i} = n0 + ${8 * i};` : '')).join('\n\t')}
	${columns.map((i) => `let row${i} = aStart + min(m${i}, lastRow) * u.aRow;`).join('\n\t')}
	${columns.map((i) => `let column${i} = bStart + min(n${i}, lastColumn${hasOnes ? ' - 1' : ''}) * u.bColumn;`).join('\n\t')}
	${hasOnes ? columns.map((i) => `let isOne${i} = n${i} == lastColumn;`).join('\n\t') : ''}
	${columns.map((i) => `var sum${i} = vec4<f32>(0.0);`).join('\n\t')}
	var aAt = 0;
	var bAt = 0;
	for (var k = 0; k < u.inner; k = k + 1) {
		let right = vec4<f32>(${columns.map(right).join(', ')});
		${columns.map((i) => `sum${i} = sum${i} + ${left(i)} * right;`).join('\n\t\t')}
		aAt = aAt + u.aInner;
		bAt = bAt + u.bInner;
	}
	${bias ? columns.map((i) => `let bias${i} = values[u.bias + min(n${i}, lastColumn)];`).join('\n\t') : ''}
	${columns
		.map(
			(row) => `if (m${row} < u.rows) {
		let cRow${row} = cStart + m${row} * u.cRow;
		${columns.map((column) => store(row, column)).join('\n\t\t')}
	}`,
		)
		.join('\n\t')}`,
	};
}
