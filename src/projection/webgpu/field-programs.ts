// WGSL for the repulsion of all points by convolution on a grid, as wasm/grid-field.ts has it: spread the points by cubic B-splines,
// transform, weigh, transform back; descent-programs.ts reads the field at the points. G nodes an axis, M = 2 G, so that the
// convolution does not go round. Spectra lie by columns: element (kx, ky) at kx M + ky.

import { gridMargin } from '../grid-choice';
import { pointGroup, wordsCode } from './descent-words';
import { fourierCode, type LineForm, lineBarrier, lineElement, resultOfFourier } from './fourier-code';
import type { GpuProgram } from './gpu-program';

/** The position of a point among the nodes: the first of four each way, and the splines' weights. */
export const gridCellCode = `
struct Cell { node : vec2<u32>, across : vec4<f32>, down : vec4<f32> }
fn splineWeights(t : f32) -> vec4<f32> {
	let rest = 1.0 - t;
	let first = rest * rest * rest / 6.0;
	let last = t * t * t / 6.0;
	let second = (4.0 - 3.0 * t * t * (2.0 - t)) / 6.0;
	return vec4<f32>(first, second, 1.0 - first - second - last, last);
}
fn cellOf(point : vec2<f32>, low : vec2<f32>) -> Cell {
	let inner = clamp((point - low) / plan.spacing + ${(gridMargin / 2).toFixed(1)}, vec2<f32>(1.0), vec2<f32>(f32(plan.size) - 3.5));
	let node = vec2<u32>(inner);
	let t = inner - vec2<f32>(node);
	return Cell(node - 1u, splineWeights(t.x), splineWeights(t.y));
}`;

/** The density in whole units, so that the sum does not depend on the order of the threads: [G, G], rows along y. */
export const clearProgram: GpuProgram = {
	name: 'clear',
	groupSize: pointGroup,
	bindings: { plan: 'uniform Plan', density: 'write array<u32>' },
	declarations: wordsCode,
	body: 'if (index < plan.size * plan.size) { density[index] = 0u; }',
};

export const spreadProgram: GpuProgram = {
	name: 'spread',
	groupSize: pointGroup,
	bindings: {
		plan: 'uniform Plan',
		state: 'read State',
		points: 'read array<vec2<f32>>',
		density: 'write array<atomic<u32>>',
	},
	declarations: wordsCode + gridCellCode,
	body: `
	if (state.halt != 0u || index >= plan.count) { return; }
	let cell = cellOf(points[index], state.low);
	for (var row = 0u; row < 4u; row = row + 1u) {
		let start = (cell.node.y + row) * plan.size + cell.node.x;
		for (var column = 0u; column < 4u; column = column + 1u) {
			let share = cell.down[row] * cell.across[column] * f32(plan.unit);
			atomicAdd(&density[start + column], u32(max(0.0, share) + 0.5));
		}
	}`,
};

const tables = { tables: 'read array<vec2<f32>>' };
const stateful = { plan: 'uniform Plan', state: 'read State' };

interface Line {
	/** Element `at` of the line `number`, before. */
	value: string;
	/** Between two transforms. */
	between?: string;
	/** Takes element `at` of the result, `value`. */
	store: string;
}

/** Lines of a workgroup in the form that has one thread a line. */
const linesAtOnce = 64;

/** Workgroups for that many lines. */
export function lineGroups({ threads }: LineForm, lines: number): readonly [number, number] {
	return [threads > 1 ? lines : lines / linesAtOnce, 1];
}

function lineProgram(
	name: string,
	bindings: Record<string, string>,
	form: LineForm,
	{ value, store, between = '' }: Line,
): GpuProgram {
	const { full, threads } = form;
	const isShared = threads > 1;
	const each = (text: string) => `for (var at = start; at < full; at = at + ${threads}u) { ${text} }`;
	return {
		name: `${name} ${full} ${threads}`,
		groupSize: isShared ? threads : linesAtOnce,
		bindings: { ...bindings, ...tables, ...(isShared ? {} : { scratch: 'write array<vec2<f32>>' }) },
		declarations: `${wordsCode}
const full = ${full}u;
const half = ${full / 2}u;
${fourierCode(form)}`,
		body: `
	${'state' in bindings ? 'if (state.halt != 0u) { return; }' : ''}
	let number = ${isShared ? 'group.x' : 'index'};
	let start = ${isShared ? 'lane' : '0u'};
	${each(`${lineElement(form, 'line', 'at')} = ${value};`)}
	${lineBarrier(form)}
	transform(start, number);
	${between}
	${each(`let value = ${lineElement(form, resultOfFourier(form), 'at')}; ${store}`)}`,
	};
}

/** Rows of the density to columns of half a spectrum: [M, G]. G lines. */
export function rowsProgram(form: LineForm): GpuProgram {
	return lineProgram('rows', { ...stateful, density: 'read array<u32>', spectrum: 'write array<vec2<f32>>' }, form, {
		value: `vec2<f32>(select(0.0, f32(density[number * half + min(at, half - 1u)]), at < half) / f32(plan.unit), 0.0)`,
		store: 'spectrum[at * half + number] = value;',
	});
}

/** Down each column, times the kernel, and up again, in place: [M, G]; leaves each column's share of the sum of w. M lines. */
export function columnsProgram(form: LineForm): GpuProgram {
	return lineProgram(
		'columns',
		{
			...stateful,
			spectrum: 'write array<vec2<f32>>',
			force: 'read array<vec2<f32>>',
			weight: 'read array<f32>',
			energies: 'write array<f32>',
		},
		form,
		{
			value: 'select(vec2<f32>(0.0), spectrum[number * half + min(at, half - 1u)], at < half)',
			between: `
	var energy = 0.0;
	for (var at = start; at < full; at = at + ${form.threads}u) {
		let value = ${lineElement(form, resultOfFourier(form), 'at')};
		energy = energy + dot(value, value) * weight[number * full + at];
		${lineElement(form, 'line', 'at')} = times(value, force[number * full + at]).yx;
	}
	${form.threads > 1 ? sharedEnergy(form.threads) : 'energies[number] = energy;'}
	transform(start, number);`,
			store: 'if (at < half) { spectrum[number * half + at] = value.yx; }',
		},
	);
}

const sharedEnergy = (threads: number) => `
	other[lane].x = energy; // each thread has read its elements of it
	workgroupBarrier();
	if (lane == 0u) {
		var sum = 0.0;
		for (var share = 0u; share < ${threads}u; share = share + 1u) { sum = sum + other[share].x; }
		energies[number] = sum;
	}
	workgroupBarrier();`;

/** Half a spectrum to the field of forces, x and y side by side: [G, G]. G lines. */
export function rowsBackProgram(form: LineForm): GpuProgram {
	return lineProgram(
		'rows back',
		{ ...stateful, spectrum: 'read array<vec2<f32>>', field: 'write array<vec2<f32>>' },
		form,
		{
			value: 'spectrum[at * half + number].yx',
			store: 'if (at < half) { field[number * half + at] = value.yx; }',
		},
	);
}

const kernelCode = `
fn kernelAt(at : u32, number : u32, isWeight : bool) -> vec2<f32> {
	let nodes = vec2<i32>(i32(at), i32(number));
	let size = vec2<i32>(i32(plan.size));
	let apart = plan.spacing * vec2<f32>(select(nodes, nodes - 2 * size, nodes >= size));
	let weight = 1.0 / (1.0 + dot(apart, apart));
	return select(weight * weight * apart, vec2<f32>(weight, 0.0), isWeight);
}`;

/** Rows of a kernel, sampled around node (0, 0), to columns of its spectrum: [M, M]. The weight is real; of the force, x is the
 *  real part and y the imaginary one. M lines. */
export function kernelRowsProgram(form: LineForm, kernel: 'weight' | 'force'): GpuProgram {
	const program = lineProgram(
		`kernel rows ${kernel}`,
		{ plan: 'uniform Plan', spectrum: 'write array<vec2<f32>>' },
		form,
		{
			value: `kernelAt(at, number, ${kernel === 'weight'})`,
			store: 'spectrum[at * full + number] = value;',
		},
	);
	return { ...program, declarations: program.declarations + kernelCode };
}

/** The other direction, then divided by the splines' own spectrum and by the transforms' factor: [M, M]. `filters` [M]. M lines. */
export function kernelColumnsProgram(form: LineForm, kernel: 'weight' | 'force'): GpuProgram {
	const isWeight = kernel === 'weight';
	return lineProgram(
		`kernel columns ${kernel}`,
		{
			spectrum: `${isWeight ? 'read' : 'write'} array<vec2<f32>>`,
			filters: 'read array<f32>',
			...(isWeight ? { weight: 'write array<f32>' } : {}),
		},
		form,
		{
			value: 'spectrum[number * full + at]',
			store: `
				let kept = value * (filters[at] * filters[number] / ${form.full ** 2}.0);
				${isWeight ? 'weight[number * full + at] = kept.x;' : 'spectrum[number * full + at] = kept;'}`,
		},
	);
}
