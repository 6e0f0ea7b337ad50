// Moving rows and columns: embedding look-up, gathering, placing, joining, cutting; sums by lists; sums of columns;
// dropout. One thread a number. Matrices are named by their first element in the arena, lists by theirs in the inputs.

import type { ProgramText } from './program';

const elements = (text: Omit<ProgramText, 'threads'>): ProgramText => ({ ...text, threads: 'elements' });

/** out[i, c] = source[rows[i], c], or 0 where rows[i] is -1; the source is a matrix or an embedding table. */
export const gatherProgram = (source: 'arena' | 'values'): ProgramText =>
	elements({
		name: `gather ${source}`,
		words: ['out', 'source', 'rows', 'columns'],
		body: `
	let row = inputs[u.rows + index / u.columns];
	var value = 0.0;
	if (row >= 0) { value = ${source}[u.source + row * u.columns + index % u.columns]; }
	arena[u.out + index] = value;`,
	});

export const maxParts = 4;
const partNames = Array.from({ length: maxParts }, (_, part) => `part${part}`);
const widthNames = Array.from({ length: maxParts }, (_, part) => `width${part}`);

/** out[r] = row of the part that the sources name (row-lists.ts, sourcesOfRows), else 0. */
export const placeProgram: ProgramText = elements({
	name: 'place',
	words: ['out', 'sources', 'parts', 'columns', ...partNames],
	body: `
	let source = inputs[u.sources + index / u.columns];
	var value = 0.0;
	if (source >= 0) {
		let part = source % u.parts;
		var start = u.part0;
		${partNames.map((name, part) => (part > 0 ? `if (part == ${part}) { start = u.${name}; }` : '')).join('\n\t\t')}
		value = arena[start + (source / u.parts) * u.columns + index % u.columns];
	}
	arena[u.out + index] = value;`,
});

/** Parts side by side; unused parts have width 0. */
export const concatProgram: ProgramText = elements({
	name: 'concat',
	words: ['out', 'columns', ...partNames, ...widthNames],
	body: `
	let row = index / u.columns;
	var column = index % u.columns;
	var value = 0.0;
	${partNames
		.map(
			(
				name,
				part,
			) => `if (column >= 0 && column < u.width${part}) { value = arena[u.${name} + row * u.width${part} + column]; }
	column = column - u.width${part};`,
		)
		.join('\n\t')}
	arena[u.out + index] = value;`,
});

/** out = columns [start, start + columns) of a matrix of `width` columns. */
export const sliceColumnsProgram: ProgramText = elements({
	name: 'sliceColumns',
	words: ['out', 'source', 'start', 'width', 'columns'],
	body: `
	arena[u.out + index] = arena[u.source + (index / u.columns) * u.width + u.start + index % u.columns];`,
});

/** out = left + right */
export const addProgram: ProgramText = elements({
	name: 'add',
	words: ['out', 'left', 'right'],
	replaces: 'left',
	body: 'arena[u.out + index] = arena[u.left + index] + arena[u.right + index];',
});

/** out = matrix + vector in every row. */
export const addVectorProgram: ProgramText = elements({
	name: 'addVector',
	words: ['out', 'source', 'vector', 'columns'],
	body: 'arena[u.out + index] = arena[u.source + index] + values[u.vector + index % u.columns];',
});

export const zeroProgram: ProgramText = elements({
	name: 'zero',
	words: ['out'],
	body: 'arena[u.out + index] = 0.0;',
});

export const mixer = `
fn mix32(value : u32) -> u32 {
	var x = value;
	x = (x ^ (x >> 16u)) * 0x7feb352du;
	x = (x ^ (x >> 15u)) * 0x846ca68bu;
	return x ^ (x >> 16u);
}`;

/**
 * Dropout by the bits of util/counter-random.ts: an element is dropped when its bits are below the threshold. `key` is
 * the index of the step's key among the inputs: drawn again each step, never written into a recorded dispatch.
 */
export const dropoutProgram: ProgramText = elements({
	name: 'dropout',
	words: ['out', 'source', 'rowKeys', 'key', 'threshold', 'columns', 'keptFloat'],
	replaces: 'source',
	declarations: mixer,
	body: `
	let row = index / u.columns;
	let rowBits = mix32(u32(inputs[u.key]) ^ u32(inputs[u.rowKeys + row]));
	let bits = mix32(rowBits + u32(index % u.columns) * 0x9e3779b9u);
	arena[u.out + index] = select(arena[u.source + index] / u.keptFloat, 0.0, bits < u32(u.threshold));`,
});

/** gradients[table + rows[slot], c] += sum of source[member, c] over the members of the slot (row-lists.ts, touchedRows). */
export const touchedRowsProgram: ProgramText = elements({
	name: 'touchedRows',
	words: ['table', 'source', 'lists', 'slots', 'columns'],
	writes: [],
	adds: ['table'],
	body: `
	let slot = index / u.columns;
	let column = index % u.columns;
	let row = inputs[u.lists + slot];
	if (row < 0) { return; }
	let offsets = u.lists + u.slots;
	let members = offsets + u.slots + 1;
	var sum = 0.0;
	for (var next = inputs[offsets + slot]; next < inputs[offsets + slot + 1]; next = next + 1) {
		sum = sum + arena[u.source + inputs[members + next] * u.columns + column];
	}
	let target_ = u.table + row * u.columns + column;
	gradients[target_] = gradients[target_] + sum;`,
});

/** gradients[vector + c] += sum over rows of source[r, c]. 16 columns a workgroup, 16 threads a column. */
export const columnSumsProgram: ProgramText = {
	name: 'columnSums',
	words: ['vector', 'source', 'rows', 'columns', 'scaleFloat'],
	writes: [],
	adds: ['vector'],
	threads: 'groups',
	groupSize: 256,
	declarations: 'var<workgroup> sums : array<f32, 256>;',
	body: `
	let column = group * 16 + lane % 16;
	let strand = lane / 16;
	var sum = 0.0;
	if (column < u.columns) {
		for (var row = strand; row < u.rows; row = row + 16) { sum = sum + arena[u.source + row * u.columns + column]; }
	}
	sums[lane] = sum;
	workgroupBarrier();
	if (strand == 0 && column < u.columns) {
		var total = 0.0;
		for (var other = 0; other < 16; other = other + 1) { total = total + sums[other * 16 + lane]; }
		gradients[u.vector + column] = gradients[u.vector + column] + u.scaleFloat * total;
	}`,
};
