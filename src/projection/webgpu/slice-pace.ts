// How much work to send to the GPU at once, so that a slice takes about as long as a picture stays on a screen twice: training and
// the desktop share the GPU. What is computed does not depend on it.

const targetMs = 30;
const fastestGrowth = 2;
const fastestShrinking = 0.25;

export class SlicePace {
	constructor(
		/** Milliseconds of a steady clock. */
		readonly now: () => number,
		private wanted: number,
		private readonly max: number,
	) {}

	/** Units of work for the next slice, at least 1. */
	get amount(): number {
		return Math.floor(this.wanted);
	}

	/** The last slice took so long. */
	note(ms: number): void {
		const factor = Math.max(fastestShrinking, Math.min(fastestGrowth, targetMs / Math.max(ms, 0.1)));
		this.wanted = Math.max(1, Math.min(this.max, this.wanted * factor));
	}
}
