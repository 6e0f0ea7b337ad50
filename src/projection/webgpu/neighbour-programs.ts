// WGSL for exact neighbours: keys |b|^2 - 2 a.b of some rows against all points by tiled products, then the K smallest keys of
// each row by radix selection. Keys are stored as unsigned integers of the same order. N points, K neighbours, D dimension.

import type { GpuProgram } from './gpu-program';

/** Rows and columns of a tile of products. */
export const keyTile = 64;
const depth = 16;
const four = [0, 1, 2, 3];

const search = `struct Search { count : u32, dimension : u32, first : u32, rows : u32, size : u32, chunk : u32 }`;

const keysStart = {
	groupSize: 256,
	bindings: {
		search: 'uniform Search',
		values: 'read array<f32>',
		squares: 'read array<f32>',
		keys: 'write array<u32>',
	},
};

const sortable = `
fn sortable(key : f32) -> u32 {
	let bits = bitcast<u32>(key);
	return select(bits | 0x80000000u, ~bits, bits >> 31u == 1u);
}`;

const beginTile = `
	let tileColumn = group.x * ${keyTile}u;
	let tileRow = group.y * ${keyTile}u;
	let across = 4u * (lane % 16u);
	let down = 4u * (lane / 16u);
	${four.map((i) => `var sums${i} = vec4<f32>(0.0);`).join('\n\t')}`;

const storeTile = `
	var sums = array<vec4<f32>, 4>(${four.map((i) => `sums${i}`).join(', ')});
	for (var i = 0u; i < 4u; i = i + 1u) {
		let row = tileRow + down + i;
		for (var j = 0u; j < 4u; j = j + 1u) {
			let column = tileColumn + across + j;
			if (row < search.rows && column < search.count) {
				let key = sortable(squares[column] - 2.0 * sums[i][j]);
				keys[row * search.count + column] = select(key, 0xffffffffu, column == search.first + row);
			}
		}
	}`;

/** Keys of rows [first, first + rows): [rows, N]. A thread makes four rows by four columns, from the workgroup's memory. */
const tiledKeys: GpuProgram = {
	...keysStart,
	name: 'keys tiled',
	declarations: `${search}
var<workgroup> lefts : array<f32, ${depth * keyTile}>;
var<workgroup> rights : array<f32, ${depth * keyTile}>;
${sortable}
fn fetch(row : u32, k : u32) -> f32 {
	let value = values[min(row, search.count - 1u) * search.dimension + min(k, search.dimension - 1u)];
	return select(0.0, value, k < search.dimension);
}`,
	body: `
	${beginTile}
	for (var k0 = 0u; k0 < search.dimension; k0 = k0 + ${depth}u) {
		for (var slot = lane; slot < ${depth * keyTile}u; slot = slot + 256u) {
			let k = slot % ${depth}u;
			let row = slot / ${depth}u;
			lefts[k * ${keyTile}u + row] = fetch(search.first + tileRow + row, k0 + k);
			rights[k * ${keyTile}u + row] = fetch(tileColumn + row, k0 + k);
		}
		workgroupBarrier();
		for (var k = 0u; k < ${depth}u; k = k + 1u) {
			let at = k * ${keyTile}u;
			let right = vec4<f32>(${four.map((i) => `rights[at + across + ${i}u]`).join(', ')});
			${four.map((i) => `sums${i} = sums${i} + lefts[at + down + ${i}u] * right;`).join('\n\t\t\t')}
		}
		workgroupBarrier();
	}
	${storeTile}`,
};

/** The same sums in the same order without memory in common, for emulated GPUs. */
const directKeys: GpuProgram = {
	...keysStart,
	name: 'keys direct',
	declarations: `${search}${sortable}
fn startOf(row : u32) -> u32 { return min(row, search.count - 1u) * search.dimension; }`,
	body: `
	${beginTile}
	${four.map((i) => `let left${i} = startOf(search.first + tileRow + down + ${i}u);`).join('\n\t')}
	${four.map((i) => `let right${i} = startOf(tileColumn + across + ${i}u);`).join('\n\t')}
	for (var k = 0u; k < search.dimension; k = k + 1u) {
		let right = vec4<f32>(${four.map((i) => `values[right${i} + k]`).join(', ')});
		${four.map((i) => `sums${i} = sums${i} + values[left${i} + k] * right;`).join('\n\t\t')}
	}
	${storeTile}`,
};

/** Keys of some rows against all points, [rows, N]: by tiles in common memory, or without it for emulated GPUs. */
export function keysProgram(form: 'tiled' | 'direct'): GpuProgram {
	return form === 'tiled' ? tiledKeys : directKeys;
}

/** Ids of the K smallest keys of each row, of equal ones the lowest ids, in no order: [rows, K]. A workgroup has one row. */
export const selectProgram = (threads: number): GpuProgram => ({
	name: `select ${threads}`,
	groupSize: threads,
	bindings: { search: 'uniform Search', keys: 'read array<u32>', ids: 'write array<u32>' },
	declarations: `${search}
var<workgroup> bins : array<atomic<u32>, 256>;
var<workgroup> known : vec2<u32>;
var<workgroup> below : array<u32, ${threads}>;
var<workgroup> equal : array<u32, ${threads}>;`,
	body: `
	let start = group.x * search.count;
	var prefix = 0u;
	var wanted = search.size;
	for (var turn = 0u; turn < 4u; turn = turn + 1u) {
		let shift = 24u - 8u * turn;
		for (var bin = lane; bin < 256u; bin = bin + ${threads}u) { atomicStore(&bins[bin], 0u); }
		workgroupBarrier();
		for (var column = lane; column < search.count; column = column + ${threads}u) {
			let key = keys[start + column];
			if (turn == 0u || (key >> (shift + 8u)) == prefix) { atomicAdd(&bins[(key >> shift) & 255u], 1u); }
		}
		workgroupBarrier();
		if (lane == 0u) {
			var digit = 0u;
			var seen = atomicLoad(&bins[0]);
			var before = 0u;
			while (seen < wanted && digit < 255u) {
				digit = digit + 1u;
				before = seen;
				seen = seen + atomicLoad(&bins[digit]);
			}
			known = vec2<u32>((prefix << 8u) | digit, wanted - before);
		}
		workgroupBarrier();
		prefix = known.x;
		wanted = known.y;
		workgroupBarrier();
	}
	// The Kth smallest key is the prefix; the wanted number of those equal to it are taken. Each thread searches a stretch of columns.
	let first = lane * search.chunk;
	let last = min(first + search.chunk, search.count);
	var less = 0u;
	var same = 0u;
	for (var column = first; column < last; column = column + 1u) {
		let key = keys[start + column];
		less = less + select(0u, 1u, key < prefix);
		same = same + select(0u, 1u, key == prefix);
	}
	below[lane] = less;
	equal[lane] = same;
	workgroupBarrier();
	var slot = 0u;
	var rank = 0u;
	for (var other = 0u; other < lane; other = other + 1u) {
		slot = slot + below[other];
		rank = rank + equal[other];
	}
	let out = group.x * search.size;
	for (var column = first; column < last; column = column + 1u) {
		let key = keys[start + column];
		if (key < prefix) {
			ids[out + slot] = column;
			slot = slot + 1u;
		} else if (key == prefix) {
			if (rank < wanted) { ids[out + search.size - wanted + rank] = column; }
			rank = rank + 1u;
		}
	}`,
});
