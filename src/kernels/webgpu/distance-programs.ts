// Position fusion over distinct distances: sums and weighted mixtures of table rows, softmax over groups of columns,
// and their gradients. Up to four tables or index lists a dispatch. Letters: P distance tuples, D table rows.

import type { ProgramText } from './program';

export const maxTables = 4;
const tables = Array.from({ length: maxTables }, (_, t) => t);
const tableWords = tables.map((t) => `table${t}`);
const listWords = tables.map((t) => `list${t}`);
const elements = (text: Omit<ProgramText, 'threads'>): ProgramText => ({ ...text, threads: 'elements' });

/** out[p] = sum over t of tables[t][lists[t][p]], then max(0, .) if asked. [P, columns] */
export const distanceRowsProgram = (count: number, relu: boolean): ProgramText =>
	elements({
		name: `distanceRows${relu ? ' relu' : ''}`,
		constants: { TABLES: count },
		words: ['out', 'columns', ...tableWords, ...listWords],
		body: `
	let tuple = index / u.columns;
	let column = index % u.columns;
	var sum = 0.0;
	${tables
		.slice(0, count)
		.map((t) => `sum = sum + arena[u.table${t} + inputs[u.list${t} + tuple] * u.columns + column];`)
		.join('\n\t')}
	arena[u.out + index] = ${relu ? 'max(0.0, sum)' : 'sum'};`,
	});

/** out[d] = sum of the gradient over the tuples with row d (row-lists.ts, membersOfRows), as far as the ReLU let through. [D, columns] */
export const distanceRowsGradientProgram = (relu: boolean): ProgramText =>
	elements({
		name: `distanceRowsGradient${relu ? ' relu' : ''}`,
		words: ['out', 'gradient', 'output', 'lists', 'rows', 'columns'],
		body: `
	let row = index / u.columns;
	let column = index % u.columns;
	let members = u.lists + u.rows + 1;
	let end = members + inputs[u.lists + row + 1];
	var sum = 0.0;
	for (var next = members + inputs[u.lists + row]; next < end; next = next + 1) {
		let c = inputs[next] * u.columns + column;
		${relu ? 'if (arena[u.output + c] > 0.0) { sum = sum + arena[u.gradient + c]; }' : 'sum = sum + arena[u.gradient + c];'}
	}
	arena[u.out + index] = sum;`,
	});

/** Softmax over g of column g * width + k; one thread for each row and k. */
export const softmaxGroupsProgram: ProgramText = elements({
	name: 'softmaxGroups',
	words: ['out', 'source', 'groups', 'width'],
	body: `
	let start = (index / u.width) * u.groups * u.width + index % u.width;
	var highest = -1e30;
	for (var g = 0; g < u.groups; g = g + 1) { highest = max(highest, arena[u.source + start + g * u.width]); }
	var sum = 0.0;
	for (var g = 0; g < u.groups; g = g + 1) { sum = sum + exp(arena[u.source + start + g * u.width] - highest); }
	for (var g = 0; g < u.groups; g = g + 1) {
		arena[u.out + start + g * u.width] = exp(arena[u.source + start + g * u.width] - highest) / sum;
	}`,
});

/** output * (gradient - sum over the group of output * gradient). */
export const softmaxGroupsGradientProgram: ProgramText = elements({
	name: 'softmaxGroupsGradient',
	words: ['out', 'output', 'gradient', 'groups', 'width'],
	body: `
	let start = (index / u.width) * u.groups * u.width + index % u.width;
	var expected = 0.0;
	for (var g = 0; g < u.groups; g = g + 1) {
		let c = start + g * u.width;
		expected = expected + arena[u.output + c] * arena[u.gradient + c];
	}
	for (var g = 0; g < u.groups; g = g + 1) {
		let c = start + g * u.width;
		arena[u.out + c] = arena[u.output + c] * (arena[u.gradient + c] - expected);
	}`,
});

/** out[p, k] = sum over t of weights[p, t * share + (share > 1 ? k : 0)] * source[lists[t][p], k]. [P, columns] */
export const mixRowsProgram = (count: number): ProgramText =>
	elements({
		name: 'mixRows',
		constants: { TABLES: count },
		words: ['out', 'source', 'weights', 'share', 'columns', ...listWords],
		body: `
	let tuple = index / u.columns;
	let column = index % u.columns;
	let weight = u.weights + tuple * TABLES * u.share + select(0, column, u.share > 1);
	var sum = 0.0;
	${tables
		.slice(0, count)
		.map(
			(t) =>
				`sum = sum + arena[weight + ${t} * u.share] * arena[u.source + inputs[u.list${t} + tuple] * u.columns + column];`,
		)
		.join('\n\t')}
	arena[u.out + index] = sum;`,
	});

/** Gradient of the mixed rows; members are t * P + p over all lists joined. [D, columns] */
export const mixedValuesGradientProgram = (count: number): ProgramText =>
	elements({
		name: 'mixedValuesGradient',
		constants: { TABLES: count },
		words: ['out', 'gradient', 'weights', 'share', 'columns', 'lists', 'rows', 'tuples'],
		body: `
	let row = index / u.columns;
	let column = index % u.columns;
	let members = u.lists + u.rows + 1;
	let end = members + inputs[u.lists + row + 1];
	var sum = 0.0;
	for (var next = members + inputs[u.lists + row]; next < end; next = next + 1) {
		let t = inputs[next] / u.tuples;
		let tuple = inputs[next] % u.tuples;
		let weight = u.weights + (tuple * TABLES + t) * u.share + select(0, column, u.share > 1);
		sum = sum + arena[weight] * arena[u.gradient + tuple * u.columns + column];
	}
	arena[u.out + index] = sum;`,
	});

/** Gradient of the weights: one thread for each of [P, TABLES * share]. */
export const mixingWeightsGradientProgram = (count: number): ProgramText =>
	elements({
		name: 'mixingWeightsGradient',
		constants: { TABLES: count },
		words: ['out', 'source', 'gradient', 'share', 'columns', ...listWords],
		body: `
	let tuple = index / (TABLES * u.share);
	let t = (index / u.share) % TABLES;
	var list = u.list0;
	${tables
		.slice(1, count)
		.map((other) => `if (t == ${other}) { list = u.list${other}; }`)
		.join('\n\t')}
	let source = u.source + inputs[list + tuple] * u.columns;
	let gradient = u.gradient + tuple * u.columns;
	var sum = 0.0;
	if (u.share > 1) {
		let column = index % u.share;
		sum = arena[gradient + column] * arena[source + column];
	} else {
		for (var c = 0; c < u.columns; c = c + 1) { sum = sum + arena[gradient + c] * arena[source + c]; }
	}
	arena[u.out + index] = sum;`,
	});
