// Which grid carries the repulsion of a map of some width: nodes an axis, and their distance. The devices share the rule and
// differ in the sizes that their Fourier transforms know.

/** Widest distance of nodes, in units of the map (where w = 1/2 at distance 1), as long as the map fits the largest grid. */
const widestSpacing = 0.4;
/** Small maps get a finer spacing instead of a smaller grid, in steps, so that a grid lasts many steps of descent. */
const finerStep = 1.5;
const widerStep = 1.25;
/** Nodes that splines and their filter need beyond the points, both ends together. */
export const gridMargin = 10;

export interface GridChoice {
	/** Nodes an axis. */
	size: number;
	/** Distance of two nodes on the map. */
	spacing: number;
}

/** `sizes` ascending. */
export function chooseGrid(width: number, sizes: readonly number[]): GridChoice {
	const size = sizes.find((each) => each - gridMargin >= width / widestSpacing) ?? sizes[sizes.length - 1];
	const tight = Math.max(width, 1e-12) / (size - gridMargin) / widestSpacing; // over 1 where no grid is large enough
	const step = tight > 1 ? widerStep : finerStep;
	const isLeast = size === sizes[0] || tight > 1;
	const spacing = isLeast ? widestSpacing * step ** Math.ceil(Math.log(tight) / Math.log(step)) : widestSpacing;
	return { size, spacing };
}

/** Width of the widest map that a grid holds. */
export function gridCapacity({ size, spacing }: GridChoice): number {
	return (size - gridMargin) * spacing;
}
