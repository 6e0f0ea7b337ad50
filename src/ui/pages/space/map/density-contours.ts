// Lines of equal density of points: a histogram on a grid, smoothed by a Gaussian, cut by marching squares (Lorensen and Cline 1987, in
// two dimensions). Pure.

export interface ContourSettings {
	/** Cells of the grid on each side of the square from -`reach` to `reach`. */
	cells: number;
	/** Standard deviation of the Gaussian, in cells. */
	deviation: number;
	/** Shares of the highest density at which lines are drawn. */
	levels: readonly number[];
}

export const defaultContours: ContourSettings = { cells: 96, deviation: 2.2, levels: [0.12, 0.35, 0.65] };

/** Map units that the grid reaches from the middle: a little beyond what a whole map fills. */
const reach = 1.15;

export interface ContourLevel {
	/** Share of the highest density. */
	level: number;
	/** Ends of straight pieces in map units: x, y, x, y for each. */
	segments: Float32Array;
}

/** Contours of those points [2N] that pass. None where no point is in the square. */
export function densityContours(
	positions: Float32Array,
	passes: (point: number) => boolean,
	settings: ContourSettings = defaultContours,
): ContourLevel[] {
	const density = pointDensity(positions, passes, settings);
	const highest = density.reduce((left, right) => Math.max(left, right), 0);
	if (highest === 0) return [];
	const toUnits = (cell: number) => ((cell + 0.5) / settings.cells) * 2 * reach - reach;
	return settings.levels.map((level) => ({
		level,
		segments: Float32Array.from(marchingSquares(density, settings.cells, level * highest), toUnits),
	}));
}

/** Density at the middle of each cell [cells * cells], rows from the top; its unit is points in a cell. */
export function pointDensity(
	positions: Float32Array,
	passes: (point: number) => boolean,
	{ cells, deviation }: ContourSettings,
): Float32Array {
	const counts = new Float32Array(cells * cells);
	for (let point = 0; point < positions.length / 2; point++) {
		const column = Math.floor(((positions[2 * point] + reach) / (2 * reach)) * cells);
		const row = Math.floor(((positions[2 * point + 1] + reach) / (2 * reach)) * cells);
		if (column >= 0 && column < cells && row >= 0 && row < cells && passes(point)) counts[row * cells + column]++;
	}
	const weights = gaussianWeights(deviation);
	return blurred(blurred(counts, cells, weights, 1, cells), cells, weights, cells, 1);
}

/** Weights at distances 0, 1, 2 …; with their mirror image they add to 1. */
function gaussianWeights(deviation: number): number[] {
	const width = Math.ceil(3 * deviation);
	const raw = Array.from({ length: width + 1 }, (_, distance) => Math.exp(-(distance ** 2) / (2 * deviation ** 2)));
	const sum = raw.reduce((total, weight, distance) => total + weight * (distance === 0 ? 1 : 2), 0);
	return raw.map((weight) => weight / sum);
}

/** One direction of the Gaussian: `step` from a cell to the next along it, `line` from a line to the next. */
function blurred(
	values: Float32Array,
	cells: number,
	weights: readonly number[],
	step: number,
	line: number,
): Float32Array {
	const result = new Float32Array(values.length);
	for (let across = 0; across < cells; across++) {
		for (let along = 0; along < cells; along++) {
			const value = values[across * line + along * step];
			if (value === 0) continue;
			for (let distance = 0; distance < weights.length; distance++) {
				const add = value * weights[distance];
				if (along + distance < cells) result[across * line + (along + distance) * step] += add;
				if (distance > 0 && along >= distance) result[across * line + (along - distance) * step] += add;
			}
		}
	}
	return result;
}

/**
 * Pieces of the line where a field [side * side], rows from the top, has a value, in cells: x, y, x, y for each. Four corners make a
 * square of marching squares; saddles are cut as their mean says.
 */
export function marchingSquares(field: Float32Array, side: number, value: number): number[] {
	const pieces: number[] = [];
	for (let row = 0; row + 1 < side; row++) {
		for (let column = 0; column + 1 < side; column++) {
			const at = row * side + column;
			addPieces(pieces, column, row, [field[at], field[at + 1], field[at + side + 1], field[at + side]], value);
		}
	}
	return pieces;
}

/** `corners` clockwise from the top left. */
function addPieces(pieces: number[], x: number, y: number, corners: readonly number[], value: number): void {
	const crossings: number[][] = [];
	for (let edge = 0; edge < 4; edge++) {
		const [from, to] = [corners[edge], corners[(edge + 1) % 4]];
		if (from >= value === to >= value) continue;
		const share = (value - from) / (to - from);
		crossings.push(
			[
				[x + share, y],
				[x + 1, y + share],
				[x + 1 - share, y + 1],
				[x, y + 1 - share],
			][edge],
		);
	}
	if (crossings.length === 2) pieces.push(...crossings[0], ...crossings[1]);
	if (crossings.length !== 4) return;
	const mean = (corners[0] + corners[1] + corners[2] + corners[3]) / 4;
	const joinsFirst = mean >= value === corners[0] >= value;
	const [a, b, c, d] = crossings;
	pieces.push(...(joinsFirst ? [...a, ...b, ...c, ...d] : [...a, ...d, ...b, ...c]));
}
