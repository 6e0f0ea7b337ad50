// Lists made on the host by which sums run on the GPU in a fixed order, so that they come out the same every time.

/** For each row r the i with rows[i] = r, in rising order: offsets [rowCount + 1], then members [rows.length]. -1 is left out. */
export function membersOfRows(rows: ArrayLike<number>, rowCount: number): Int32Array {
	const lists = new Int32Array(rowCount + 1 + rows.length);
	for (let index = 0; index < rows.length; index++) if (rows[index] >= 0) lists[rows[index] + 1]++;
	for (let row = 0; row < rowCount; row++) lists[row + 1] += lists[row];
	const next = lists.slice(0, rowCount);
	const members = rowCount + 1;
	for (let index = 0; index < rows.length; index++) if (rows[index] >= 0) lists[members + next[rows[index]]++] = index;
	return lists;
}

/**
 * The same for the few touched rows of a large table: rows [n] (-1 where there are fewer), offsets [n + 1], members [n],
 * n = ids.length. Rows below the first are left out.
 */
export function touchedRows(ids: Int32Array, firstRow: number): Int32Array {
	const count = ids.length;
	const lists = new Int32Array(3 * count + 1).fill(-1, 0, count);
	const slotOf = new Map<number, number>();
	const slots = new Int32Array(count).fill(-1);
	const offsets = lists.subarray(count, 2 * count + 1);
	for (let index = 0; index < count; index++) {
		const row = ids[index];
		if (row < firstRow) continue;
		let slot = slotOf.get(row);
		if (slot === undefined) {
			slot = slotOf.size;
			slotOf.set(row, slot);
			lists[slot] = row;
		}
		slots[index] = slot;
		offsets[slot + 1]++;
	}
	for (let slot = 0; slot < count; slot++) offsets[slot + 1] += offsets[slot];
	const next = offsets.slice(0, count);
	for (let index = 0; index < count; index++)
		if (slots[index] >= 0) lists[2 * count + 1 + next[slots[index]]++] = index;
	return lists;
}

/** For each row of the result which row of which part it is: row * parts + part, or -1. */
export function sourcesOfRows(parts: readonly Int32Array[], rowCount: number): Int32Array {
	const sources = new Int32Array(rowCount).fill(-1);
	parts.forEach((rows, part) => {
		for (let row = 0; row < rows.length; row++) if (rows[row] >= 0) sources[rows[row]] = row * parts.length + part;
	});
	return sources;
}
