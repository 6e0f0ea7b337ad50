// WGSL for one step of the descent of t-SNE: survey the map, repel exactly, attract along stored pairs, add up, move. The field of
// the grid is in field-programs.ts. Formulas as in pair-forces.ts and descent.ts. N points, E stored pairs.

import { pointGroup, splitLength, wordsCode } from './descent-words';
import { gridCellCode } from './field-programs';
import type { GpuProgram } from './gpu-program';

/** Bounding box and mean of the map; halts where the grid no longer suits it. One workgroup, of a power of two of threads. */
export const surveyProgram = (threads: number): GpuProgram => ({
	name: `survey ${threads}`,
	groupSize: threads,
	bindings: { plan: 'uniform Plan', state: 'write State', points: 'read array<vec2<f32>>' },
	declarations: `${wordsCode}
var<workgroup> sums : array<vec2<f32>, ${threads}>;
var<workgroup> lows : array<vec2<f32>, ${threads}>;
var<workgroup> highs : array<vec2<f32>, ${threads}>;`,
	body: `
	var sum = vec2<f32>(0.0);
	var low = points[0];
	var high = points[0];
	for (var at = lane; at < plan.count; at = at + ${threads}u) {
		sum = sum + points[at];
		low = min(low, points[at]);
		high = max(high, points[at]);
	}
	sums[lane] = sum;
	lows[lane] = low;
	highs[lane] = high;
	workgroupBarrier();
	for (var half = ${threads / 2}u; half > 0u; half = half >> 1u) {
		if (lane < half) {
			sums[lane] = sums[lane] + sums[lane + half];
			lows[lane] = min(lows[lane], lows[lane + half]);
			highs[lane] = max(highs[lane], highs[lane + half]);
		}
		workgroupBarrier();
	}
	if (lane == 0u && state.halt != 2u) {
		state.mean = sums[0] / f32(plan.count);
		state.low = lows[0];
		state.high = highs[0];
		let extent = highs[0] - lows[0];
		let width = max(extent.x, extent.y);
		let isWrong = plan.size > 0u && (width > plan.capacity || (4.0 * width < plan.capacity && plan.capacity > 1e-10));
		state.halt = select(0u, 1u, isWrong);
	}`,
});

/** Sums of w^2 (y_i - y_j) and of w over one stretch of points: [splits, N], the last number unused. */
export const repelProgram: GpuProgram = {
	name: 'repel',
	groupSize: pointGroup,
	bindings: {
		plan: 'uniform Plan',
		state: 'read State',
		points: 'read array<vec2<f32>>',
		stretches: 'write array<vec4<f32>>',
	},
	declarations: wordsCode,
	body: `
	if (state.halt != 0u || index >= plan.count) { return; }
	let point = points[index];
	var force = vec2<f32>(0.0);
	var weights = 0.0;
	let first = group.y * ${splitLength}u;
	let last = min(first + ${splitLength}u, plan.count);
	for (var other = first; other < last; other = other + 1u) { // the same for all threads: one fetch serves them
		let apart = point - points[other];
		let weight = 1.0 / (1.0 + dot(apart, apart));
		weights = weights + weight;
		force = force + weight * weight * apart;
	}
	stretches[group.y * plan.count + index] = vec4<f32>(force, weights, 0.0);`,
};

/** Attraction of each point and its repulsion, side by side: [N, 4]; its sum of w (exact form only) and of p log(p / w), the latter
 *  in steps that ask for the divergence: [N, 2]. */
export function attractProgram(repulsion: 'exact' | 'grid'): GpuProgram {
	const field: Record<string, string> =
		repulsion === 'exact' ? { stretches: 'read array<vec4<f32>>' } : { field: 'read array<vec2<f32>>' };
	return {
		name: `attract ${repulsion}`,
		groupSize: pointGroup,
		bindings: {
			plan: 'uniform Plan',
			state: 'read State',
			points: 'read array<vec2<f32>>',
			links: 'read array<u32>',
			affinities: 'read array<f32>',
			...field,
			forces: 'write array<vec4<f32>>',
			sums: 'write array<vec2<f32>>',
		},
		declarations: wordsCode + (repulsion === 'grid' ? gridCellCode : ''),
		body: `
	if (state.halt != 0u || index >= plan.count) { return; }
	let isMeasured = state.iteration % plan.divergenceEvery == 0u || state.iteration == plan.iterations;
	var sum = vec2<f32>(0.0);
	let point = points[index];
	var force = vec2<f32>(0.0);
	let last = links[index + 1u];
	for (var entry = links[index]; entry < last; entry = entry + 1u) {
		let apart = point - points[links[plan.count + 1u + entry]];
		let inverse = 1.0 + dot(apart, apart);
		let affinity = affinities[entry];
		force = force + affinity / inverse * apart;
		if (isMeasured && affinity > 0.0) { sum.y = sum.y + affinity * log(affinity * inverse); }
	}
	${repulsion === 'exact' ? exactRepulsion : fieldRepulsion}
	forces[index] = vec4<f32>(force, repulsion);
	sums[index] = sum;`,
	};
}

const exactRepulsion = `
		var whole = vec4<f32>(0.0, 0.0, -1.0, 0.0); // without the point's weight on itself
		for (var split = 0u; split < plan.splits; split = split + 1u) { whole = whole + stretches[split * plan.count + index]; }
		let repulsion = whole.xy;
		sum.x = whole.z;`;

const fieldRepulsion = `
		let cell = cellOf(point, state.low);
		var repulsion = vec2<f32>(0.0);
		for (var row = 0u; row < 4u; row = row + 1u) {
			let start = (cell.node.y + row) * plan.size + cell.node.x;
			var line = vec2<f32>(0.0);
			for (var column = 0u; column < 4u; column = column + 1u) { line = line + cell.across[column] * field[start + column]; }
			repulsion = repulsion + cell.down[row] * line;
		}`;

/** The sum of w over all pairs, the divergence where the step asks for it, and the number of steps. One workgroup. `energies` are
 *  those of field-programs.ts, one for each column of the spectrum. */
export function settleProgram(repulsion: 'exact' | 'grid', threads: number): GpuProgram {
	const isGrid = repulsion === 'grid';
	return {
		name: `settle ${repulsion} ${threads}`,
		groupSize: threads,
		bindings: {
			plan: 'uniform Plan',
			state: 'write State',
			sums: 'read array<vec2<f32>>',
			...(isGrid ? { energies: 'read array<f32>' } : {}),
		},
		declarations: `${wordsCode}
var<workgroup> tallies : array<vec2<f32>, ${threads}>;`,
		body: `
	var sum = vec2<f32>(0.0);
	for (var at = lane; at < plan.count; at = at + ${threads}u) { sum = sum + sums[at]; }
	${isGrid ? `for (var at = lane; at < 2u * plan.size; at = at + ${threads}u) { sum.x = sum.x + energies[at]; }` : ''}
	tallies[lane] = sum;
	workgroupBarrier();
	for (var half = ${threads / 2}u; half > 0u; half = half >> 1u) {
		if (lane < half) { tallies[lane] = tallies[lane] + tallies[lane + half]; }
		workgroupBarrier();
	}
	if (lane == 0u && state.halt == 0u) {
		state.weightSum = tallies[0].x${isGrid ? ' - f32(plan.count)' : ''};
		let isLast = state.iteration == plan.iterations;
		if (state.iteration % plan.divergenceEvery == 0u || isLast) {
			state.divergence = tallies[0].y + plan.mass * log(state.weightSum);
		}
		if (isLast) { state.halt = 2u; } else { state.iteration = state.iteration + 1u; }
	}`,
	};
}

/** One step along the gradient; the map is centred on what it was before. `motions` are velocity and gain: [N, 4]. */
export const moveProgram: GpuProgram = {
	name: 'move',
	groupSize: pointGroup,
	bindings: {
		plan: 'uniform Plan',
		state: 'read State',
		points: 'write array<vec2<f32>>',
		forces: 'read array<vec4<f32>>',
		motions: 'write array<vec4<f32>>',
	},
	declarations: wordsCode,
	body: `
	if (state.halt != 0u || index >= plan.count) { return; }
	let isEarly = state.iteration <= plan.exaggerated; // the step that is under way has been counted
	let force = forces[index];
	let factor = 4.0 * select(1.0, plan.exaggeration, isEarly);
	let gradient = factor * force.xy - (4.0 / state.weightSum) * force.zw;
	var velocity = motions[index].xy;
	let isAlong = (gradient > vec2<f32>(0.0)) == (velocity > vec2<f32>(0.0));
	let gain = max(vec2<f32>(0.01), select(motions[index].zw + 0.2, motions[index].zw * 0.8, isAlong));
	velocity = select(plan.lateMomentum, plan.earlyMomentum, isEarly) * velocity - plan.rate * gain * gradient;
	motions[index] = vec4<f32>(velocity, gain);
	points[index] = points[index] - state.mean + velocity;`,
};
