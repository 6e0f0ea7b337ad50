// Where the sentences of a step have their rows and scores, and work over them that is shared between threads by heads.
// Letters as in attention.ts.

import { invariant } from '../../util/errors';
import { type QueryRows, type WasmMatrix, WasmScores } from './heap-values';
import type { Kernels } from './kernel-exports';
import type { Workspace } from './workspace';

const floatBytes = 4;

export interface SentenceBlock {
	/** s */
	size: number;
	nodes: number;
	/** q */
	queries: number;
	/** Byte offset of the sentence's rows in a matrix [R, H], and in one [Q, H]. */
	rowBytes: number;
	queryBytes: number;
	/** Byte address of the sentence's part of distances.index. */
	index: number;
	/** Byte offset of the sentence's scores, [heads, q, s]. */
	scoreBytes: number;
}

export function sentenceBlocks(space: Workspace, queries: QueryRows, heads: number, width: number): SentenceBlock[] {
	const { batch, index } = space.current();
	const ofCharacters = queries === 'characters';
	const rowBytes = width * floatBytes;
	let pairs = 0;
	return Array.from(batch.blockSize, (size, sentence) => {
		const block = {
			size,
			nodes: batch.nodeCount[sentence],
			queries: ofCharacters ? batch.characterCount[sentence] : size,
			rowBytes: batch.rowOffset[sentence] * rowBytes,
			queryBytes: (ofCharacters ? batch.characterOffset : batch.rowOffset)[sentence] * rowBytes,
			index: index + batch.pairOffset[sentence] * floatBytes,
			scoreBytes: heads * pairs * floatBytes,
		};
		pairs += block.queries * size;
		return block;
	});
}

/** Which queries a matrix holds, by its rows; one with as many characters as lattice rows is the same either way. */
export function queryRowsOf(space: Workspace, query: WasmMatrix): QueryRows {
	const { batch } = space.current();
	if (query.rows === batch.rowCount) return 'nodes';
	invariant(query.rows === batch.characterRow.length, `queries of ${query.rows} rows`);
	return 'characters';
}

export function newScores(space: Workspace, queries: QueryRows, heads: number): WasmScores {
	const { batch } = space.current();
	const count =
		queries === 'nodes'
			? batch.pairCount
			: batch.blockSize.reduce((sum, size, sentence) => sum + size * batch.characterCount[sentence], 0);
	return new WasmScores(heads, queries, count, space.heap.takeStep(heads * count * floatBytes));
}

/** A matrix [Q, columns] for operations that write the rows of every sentence; zeros in the padding. */
export function queryMatrix(space: Workspace, queries: QueryRows, columns: number): WasmMatrix {
	if (queries === 'nodes') return space.latticeMatrix(columns);
	const { characterRow, realCharacterCount } = space.current().batch;
	const make = realCharacterCount === characterRow.length ? 'matrix' : 'zeros';
	return space[make](characterRow.length, columns);
}

export function headSizeOf(columns: number, heads: number): number {
	invariant(columns % heads === 0, `width ${columns} does not divide into ${heads} heads`);
	return columns / heads;
}

/** Work over heads [first, end) of one sentence. */
export type HeadWork = (kernels: Kernels, block: SentenceBlock, first: number, end: number) => void;

/** Does something for all heads of all sentences, the heads shared between threads; `before` and `after` once a share. */
export function forHeads(
	space: Workspace,
	blocks: readonly SentenceBlock[],
	heads: number,
	headSize: number,
	work: HeadWork,
	{ before, after }: { before?: RangeWork; after?: RangeWork } = {},
): void {
	const pairs = blocks.reduce((sum, { size, queries }) => sum + size * queries, 0);
	space.share(heads, pairs * heads * headSize, (kernels, first, end) => {
		before?.(kernels, [first, end]);
		for (const block of blocks) work(kernels, block, first, end);
		after?.(kernels, [first, end]);
	});
}

export type RangeWork = (kernels: Kernels, heads: readonly [first: number, end: number]) => void;
