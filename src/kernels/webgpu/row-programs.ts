// Rows: picking them, summing them by lists, dropping elements. Sums follow lists made on the host, one thread a number,
// so that they come out the same every time; the back end's own gradient of gather adds with float atomics and does not.

import type { ProgramText } from './program';

/** result[i, c] = source[rows[i], c], or 0 where rows[i] is -1. */
export const gatherProgram: ProgramText = {
	name: 'gather',
	inputs: ['source', 'rows'],
	uniforms: { columns: 'i32' },
	threads: 'elements',
	body: `
		let row = rows[index / uniforms.columns];
		var value = 0.0;
		if (row >= 0) { value = source[row * uniforms.columns + index % uniforms.columns]; }
		result[index] = value;`,
};

const sumOfMembers = `
		var sum = 0.0;
		for (var place = offsets[slot]; place < offsets[slot + 1]; place = place + 1) {
			sum = sum + values[members[place] * uniforms.columns + column];
		}`;

/** result[r, c] = sum of values[members[place], c] over the places of r. */
export const sumRowsProgram: ProgramText = {
	name: 'sumRows',
	inputs: ['values', 'offsets', 'members'],
	uniforms: { columns: 'i32' },
	threads: 'elements',
	body: `
		let slot = index / uniforms.columns;
		let column = index % uniforms.columns;
		${sumOfMembers}
		result[index] = sum;`,
};

/** The same for some rows only, added to what `result` holds: result[rows[slot], c] += ... */
export const addRowsProgram: ProgramText = {
	name: 'addRows',
	inputs: ['values', 'offsets', 'members', 'rows'],
	uniforms: { columns: 'i32' },
	threads: 'elements',
	body: `
		let slot = index / uniforms.columns;
		let column = index % uniforms.columns;
		${sumOfMembers}
		let target_ = rows[slot] * uniforms.columns + column;
		result[target_] = result[target_] + sum;`,
};

/** The bits of util/counter-random.ts: an element is dropped when its bits are below the threshold. */
export const dropoutProgram: ProgramText = {
	name: 'dropout',
	inputs: ['values', 'rowKeys'],
	uniforms: { columns: 'i32', key: 'u32', threshold: 'u32', kept: 'f32' },
	threads: 'elements',
	declarations: `
		fn mix32(value : u32) -> u32 {
			var x = value;
			x = (x ^ (x >> 16u)) * 0x7feb352du;
			x = (x ^ (x >> 15u)) * 0x846ca68bu;
			return x ^ (x >> 16u);
		}`,
	body: `
		let row = index / uniforms.columns;
		let column = u32(index % uniforms.columns);
		let rowBits = mix32(uniforms.key ^ u32(rowKeys[row]));
		let bits = mix32(rowBits + column * 0x9e3779b9u);
		result[index] = select(values[index] / uniforms.kept, 0.0, bits < uniforms.threshold);`,
};

/** Which members belong to each row: those at places offsets[r] to offsets[r + 1] - 1. */
export interface RowLists {
	/** [rowCount + 1] */
	offsets: Int32Array;
	/** In rising order within a row. At least one element, so that it can be bound. */
	members: Int32Array;
}

/** Lists, for each row r, the i with rows[i] = r; -1 is left out. */
export function listRows(rows: ArrayLike<number>, rowCount: number): RowLists {
	const offsets = new Int32Array(rowCount + 1);
	for (let index = 0; index < rows.length; index++) if (rows[index] >= 0) offsets[rows[index] + 1]++;
	for (let row = 0; row < rowCount; row++) offsets[row + 1] += offsets[row];
	const members = new Int32Array(Math.max(1, offsets[rowCount]));
	const next = offsets.slice(0, rowCount);
	for (let index = 0; index < rows.length; index++) if (rows[index] >= 0) members[next[rows[index]]++] = index;
	return { offsets, members };
}

/** The same without the rows that have no member; `rows` names those that are left. */
export function listTouchedRows(targets: ArrayLike<number>): RowLists & { rows: Int32Array } {
	const order = Array.from({ length: targets.length }, (_, index) => index).filter((index) => targets[index] >= 0);
	order.sort((left, right) => targets[left] - targets[right] || left - right);
	const rows: number[] = [];
	const offsets: number[] = [];
	order.forEach((index, place) => {
		if (rows.length > 0 && rows[rows.length - 1] === targets[index]) return;
		rows.push(targets[index]);
		offsets.push(place);
	});
	offsets.push(order.length);
	return { rows: Int32Array.from(rows), offsets: Int32Array.from(offsets), members: Int32Array.from(order) };
}
