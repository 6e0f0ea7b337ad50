// Sparse square matrices in compressed rows: turned over, and joined with another, in short slices. N rows, E stored elements.

export interface SparseRows {
	count: number;
	/** [N + 1] */
	rowStarts: Int32Array;
	/** [E] */
	columns: Int32Array;
	/** [E] */
	values: Float32Array;
}

const elementsAtOnce = 1 << 19;

/** Columns come out ascending. Yields the share that is done. */
export function* transposeRows({ count, rowStarts, columns, values }: SparseRows): Generator<number, SparseRows> {
	const starts = new Int32Array(count + 1);
	for (let entry = 0; entry < columns.length; entry++) {
		starts[columns[entry] + 1]++;
		if (entry % elementsAtOnce === 0) yield (0.3 * entry) / columns.length;
	}
	for (let row = 0; row < count; row++) starts[row + 1] += starts[row];
	const next = starts.slice();
	const out: SparseRows = {
		count,
		rowStarts: starts,
		columns: new Int32Array(columns.length),
		values: new Float32Array(columns.length),
	};
	let pause = elementsAtOnce;
	for (let row = 0; row < count; row++) {
		if (rowStarts[row] > pause) {
			pause = rowStarts[row] + elementsAtOnce;
			yield 0.3 + (0.7 * row) / count;
		}
		for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry++) {
			const slot = next[columns[entry]]++;
			out.columns[slot] = row;
			out.values[slot] = values[entry];
		}
	}
	return out;
}

/** join(left, right) of every element that one of them stores, 0 where the other does not; both with ascending columns. Yields
 *  the share that is done. */
export function* joinRows(
	left: SparseRows,
	right: SparseRows,
	join: (left: number, right: number) => number,
): Generator<number, SparseRows> {
	const { count } = left;
	const rowStarts = new Int32Array(count + 1);
	const columns = new Int32Array(left.columns.length + right.columns.length);
	const values = new Float32Array(columns.length);
	let slot = 0;
	let pause = elementsAtOnce;
	for (let row = 0; row < count; row++) {
		if (slot > pause) {
			pause = slot + elementsAtOnce;
			yield row / count;
		}
		let a = left.rowStarts[row];
		let b = right.rowStarts[row];
		const [endA, endB] = [left.rowStarts[row + 1], right.rowStarts[row + 1]];
		while (a < endA || b < endB) {
			const columnA = a < endA ? left.columns[a] : count;
			const columnB = b < endB ? right.columns[b] : count;
			columns[slot] = Math.min(columnA, columnB);
			const fromLeft = columnA <= columnB ? left.values[a++] : 0;
			const fromRight = columnB <= columnA ? right.values[b++] : 0;
			values[slot++] = join(fromLeft, fromRight);
		}
		rowStarts[row + 1] = slot;
	}
	return { count, rowStarts, columns: columns.slice(0, slot), values: values.slice(0, slot) };
}

/** The same work, with its shares between two others. */
export function* withinShares<Result>(
	work: Generator<number, Result>,
	from: number,
	to: number,
): Generator<number, Result> {
	let next = work.next();
	for (; !next.done; next = work.next()) yield from + (to - from) * next.value;
	return next.value;
}
