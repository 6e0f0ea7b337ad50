// Matrix products of the fused device in terms of addresses and strides; the programs are gemm-program.ts and, for what is large and
// can be read four numbers at a time, blocked-gemm-program.ts.

import type { ArenaAddress } from './arena-values';
import { blockedGemmProgram, blockedTile } from './blocked-gemm-program';
import { type GemmVariant, gemmProgram, gemmTile } from './gemm-program';
import { ParameterAddress } from './parameter-segments';
import type { Workspace } from './workspace';

/** Strides of one operand of a product; see gemm-program.ts. */
interface Operand {
	at: ArenaAddress | ParameterAddress;
	/** Step along m (of A) or n (of B). */
	outer: number;
	/** Step along k. */
	inner: number;
	sentence?: number;
	head?: number;
}

export interface Product {
	rows: number;
	columns: number;
	inner: number;
	a: Operand;
	b: Operand;
	/** First element, step from row to row, from sentence to sentence, from head to head. */
	c: { at: ArenaAddress | ParameterAddress; row: number; sentence?: number; head?: number };
	sentences?: number;
	heads?: number;
	bias?: ParameterAddress;
	mask?: ArenaAddress;
}

export const arenaProduct: GemmVariant = { a: 'arena', b: 'arena', c: 'arena' };

/** Fewer large tiles leave most of a GPU without work. */
const fewestBlocks = 64;

export function multiply(space: Workspace, variant: GemmVariant, product: Product): void {
	const blocks = space.gemmForm === 'direct' ? 0 : blocksOf(variant, product);
	if (blocks >= (space.gemmForm === 'blocked' ? 1 : fewestBlocks)) multiplyBlocked(space, variant, product, blocks);
	else multiplyAny(space, variant, product);
}

function multiplyAny(
	space: Workspace,
	variant: GemmVariant,
	{ rows, columns, inner, a, b, c, bias, mask, ...batch }: Product,
): void {
	const { sentences = 1, heads = 1 } = batch;
	const tiles = Math.ceil(rows / gemmTile) * Math.ceil(columns / gemmTile);
	space.run(gemmProgram(variant, space.gemmForm === 'direct' ? 'direct' : 'tiled'), {
		count: tiles * sentences * heads,
		words: {
			...{ rows, columns, inner, heads },
			...{ a: a.at, aRow: a.outer, aInner: a.inner, aSentence: a.sentence ?? 0, aHead: a.head ?? 0 },
			...{ b: b.at, bColumn: b.outer, bInner: b.inner, bSentence: b.sentence ?? 0, bHead: b.head ?? 0 },
			...{ c: c.at, cRow: c.row, cSentence: c.sentence ?? 0, cHead: c.head ?? 0 },
			...{ bias: bias ?? 0, mask: mask ?? 0 },
		},
		work: rows * columns * inner * sentences * heads,
	});
}

/** Large tiles of a product; 0 where it cannot be read and written four numbers at a time. */
function blocksOf({ hasOnes }: GemmVariant, { rows, columns, inner, a, b, c, mask, ...batch }: Product): number {
	const stored = hasOnes ? columns - 1 : columns;
	const isByFour =
		canRead(a, rows, inner) &&
		canRead(b, stored, inner) &&
		[elementOf(c.at), c.row, stored, mask?.shift ?? 0, hasOnes ? rows : 0].every((number) => number % 4 === 0);
	const isOne = (batch.sentences ?? 1) * (batch.heads ?? 1) === 1;
	return isByFour && isOne ? Math.ceil(rows / blockedTile) * Math.ceil(stored / blockedTile) : 0;
}

const elementOf = (at: ArenaAddress | ParameterAddress) => (at instanceof ParameterAddress ? at.local : at.shift);

/** Whether neighbours lie side by side in groups of four, along k or across it. */
function canRead({ at, outer, inner }: Operand, size: number, depth: number): boolean {
	const [stride, side] = inner === 1 ? [outer, depth] : [inner, size];
	return (inner === 1 || outer === 1) && [elementOf(at), stride, side].every((number) => number % 4 === 0);
}

function multiplyBlocked(
	space: Workspace,
	variant: GemmVariant,
	{ rows, columns, inner, a, b, c, bias, mask }: Product,
	count: number,
): void {
	const [aAlong, bAlong] = [a.inner === 1, b.inner === 1];
	space.run(blockedGemmProgram({ ...variant, aAlong, bAlong }), {
		count,
		words: {
			...{ rows, columns: variant.hasOnes ? columns - 1 : columns, inner },
			...{ a: a.at, aStride: aAlong ? a.outer : a.inner, b: b.at, bStride: bAlong ? b.outer : b.inner },
			...{ c: c.at, cRow: c.row, bias: bias ?? 0, mask: mask ?? 0 },
		},
		work: rows * columns * inner,
	});
}
