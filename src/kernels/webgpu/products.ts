// Matrix products of the fused device in terms of addresses and strides; the program is gemm-program.ts.

import type { ArenaAddress } from './arena-values';
import { type GemmVariant, gemmProgram, gemmTile } from './gemm-program';
import type { ParameterAddress } from './parameter-segments';
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

export function multiply(
	space: Workspace,
	variant: GemmVariant,
	{ rows, columns, inner, a, b, c, bias, mask, ...batch }: Product,
): void {
	const { sentences = 1, heads = 1 } = batch;
	const tiles = Math.ceil(rows / gemmTile) * Math.ceil(columns / gemmTile);
	space.run(gemmProgram(variant, space.gemmForm), {
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
