// Where the values of one step lie: matrices in the arena, index lists and other host values in the inputs. Both are
// handed out from the front and all at once taken back, so that equal steps get equal places.

/** A matrix of the step, row-major from element `offset` of the arena. */
export class ArenaMatrix {
	constructor(
		readonly rows: number,
		readonly columns: number,
		readonly offset: number,
		/** Number of the step that made it. */
		readonly step: number,
	) {}

	get size(): number {
		return this.rows * this.columns;
	}
}

/** Scores [B, heads, N, N] from element `offset` of the arena. */
export class ArenaScores {
	constructor(
		readonly heads: number,
		readonly size: number,
		readonly offset: number,
		readonly step: number,
	) {}
}

/** Matrices begin at multiples of so many elements. */
const alignment = 64;

export class StepMemory {
	/** Elements in use, and the most ever. */
	private used = 0;
	private most = 0;

	take(elements: number): number {
		const offset = this.used;
		this.used += Math.ceil(Math.max(1, elements) / alignment) * alignment;
		this.most = Math.max(this.most, this.used);
		return offset;
	}

	get usedElements(): number {
		return this.used;
	}

	/** Elements that the arena must have. */
	get neededElements(): number {
		return this.most;
	}

	reset(): void {
		this.used = 0;
	}
}
