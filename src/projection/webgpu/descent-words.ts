// The numbers that all programs of the descent share: what the host plans, and what the GPU knows of the map. The descent counts
// its own steps, so that the host may send several at once. N points, E stored pairs.

/** What the host decides, in the order of the WGSL structure. */
export interface DescentPlan {
	count: number;
	/** Stretches of `splitLength` points that exact repulsion is summed over, one after another. */
	splits: number;
	/** Nodes an axis of the grid; 0 for exact repulsion. */
	size: number;
	iterations: number;
	exaggeratedIterations: number;
	/** Steps between two divergences. */
	divergenceEvery: number;
	/** Of the density: so much is one point. A power of two. */
	unit: number;
	spacing: number;
	/** Widest map that the grid holds. */
	capacity: number;
	exaggeration: number;
	rate: number;
	earlyMomentum: number;
	lateMomentum: number;
	/** Sum of the affinities. */
	mass: number;
}

const wholeNumbers = 7;
const planWords = 16;

/** As the uniform block `planCode` has it. */
export function planBlock(plan: DescentPlan): Uint32Array {
	const words = new Uint32Array(planWords);
	const floats = new Float32Array(words.buffer);
	for (const [at, value] of Object.values(inOrder(plan)).entries()) (at < wholeNumbers ? words : floats)[at] = value;
	return words;
}

function inOrder(plan: DescentPlan): DescentPlan {
	const { count, splits, size, iterations, exaggeratedIterations, divergenceEvery, unit } = plan;
	const { spacing, capacity, exaggeration, rate, earlyMomentum, lateMomentum, mass } = plan;
	return {
		...{ count, splits, size, iterations, exaggeratedIterations, divergenceEvery, unit },
		...{ spacing, capacity, exaggeration, rate, earlyMomentum, lateMomentum, mass },
	};
}

/** Why the GPU goes no further by itself. */
export const halts = { none: 0, wrongGrid: 1, done: 2 } as const;

/** What the GPU knows, in the order of the WGSL structure: `iteration` counts whole steps. */
export const stateBytes = 48;

/** What the GPU wrote down of the descent: `halt` is one of `halts`, `width` that of the map on its wider side. */
export function readState(bytes: ArrayBuffer) {
	const [words, floats] = [new Uint32Array(bytes), new Float32Array(bytes)];
	return {
		iteration: words[0],
		halt: words[1],
		weightSum: floats[2],
		divergence: floats[3],
		width: Math.max(floats[6] - floats[4], floats[7] - floats[5]),
	};
}

export const pointGroup = 64;
/** Points that one workgroup of exact repulsion goes through. */
export const splitLength = 1024;

/** Declarations of every program of the descent. */
export const wordsCode = `
struct Plan {
	count : u32, splits : u32, size : u32, iterations : u32,
	exaggerated : u32, divergenceEvery : u32, unit : u32, spacing : f32,
	capacity : f32, exaggeration : f32, rate : f32, earlyMomentum : f32,
	lateMomentum : f32, mass : f32, spare : vec2<f32>,
}
struct State {
	iteration : u32, halt : u32, weightSum : f32, divergence : f32,
	low : vec2<f32>, high : vec2<f32>, mean : vec2<f32>, spare : vec2<f32>,
}`;
