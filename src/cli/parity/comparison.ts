// How parity compares: one row a fixture, back end and quantity, with the largest absolute and relative difference
// against what the published program produced, and whether every element lies within the tolerance.

/** A difference is within tolerance when it is at most the larger of `absolute` and `relative` times the expected value. */
export interface Tolerance {
	absolute: number;
	relative: number;
}

export interface ParityRow {
	fixture: string;
	backend: string;
	quantity: string;
	/** Largest difference of an element. */
	maxAbs: number;
	/** The same over the largest expected magnitude of the quantity. */
	maxRel: number;
	tolerance: Tolerance;
	ok: boolean;
	/** Why there is nothing to compare, when a fixture lacks a tensor; such a row is neither right nor wrong. */
	missing?: string;
	/** Why the fixture could not be run to its end; such a row is wrong. */
	error?: string;
}

/** From the table "Tolerances to start from" of the reference material. */
export const tolerances = {
	activation: { absolute: 1e-5, relative: 1e-5 },
	gradient: { absolute: 2e-5, relative: 1e-5 },
	contrastiveLoss: { absolute: 1e-6, relative: 1e-5 },
	contrastiveGradient: { absolute: 5e-6, relative: 1e-5 },
	crf: { absolute: 1e-5, relative: 1e-5 },
	trajectoryLoss: { absolute: 1e-4, relative: 1e-5 },
	trajectoryParameter: { absolute: 2e-5, relative: 1e-5 },
	/** From scratch at rate 1e-3 (`flat`) wasm and cpu agree to 1e-5 where both are 2.5e-4 from the log: its float32
	 *  CRF rounds (see crf-float64.ts), and the first steps magnify that. With such a CRF put in for a trial the largest
	 *  difference fell from 8.0e-3 to 7.8e-4. Other runs lie within 2e-5 relative. */
	pipelineLoss: { absolute: 1e-3, relative: 3e-4 },
	/** Twelve to twenty-four steps at real size; another order of summation moves losses by up to 7.4e-4. */
	pipelineParameter: { absolute: 1e-4, relative: 1e-4 },
	pipelineNorm: { absolute: 1e-4, relative: 1e-5 },
	rate: { absolute: 1e-12, relative: 1e-12 },
	bert: { output: { absolute: 1e-5, relative: 1e-5 }, gradient: { absolute: 5e-5, relative: 1e-5 } },
	/** Where attention is peaked, float32 itself is noisier. */
	bertPeaked: { output: { absolute: 2e-4, relative: 1e-4 }, gradient: { absolute: 5e-3, relative: 1e-4 } },
	/** Of twelve layers at real size. */
	bertBase: { absolute: 2e-5, relative: 1e-5 },
	/** Of quantities in units of their own tolerance. */
	whole: { absolute: 1, relative: 0 },
	score: { absolute: 5e-7, relative: 0 },
	exact: { absolute: 0, relative: 0 },
} as const satisfies Record<string, Tolerance | Record<'output' | 'gradient', Tolerance>>;

/** Gathers the rows of one fixture on one back end. */
export class Comparison {
	readonly rows: ParityRow[] = [];
	/** Largest expected magnitude of each quantity so far. */
	private readonly magnitudes = new Map<string, number>();

	/** `slack` widens every tolerance but `exact` (3 for webgpu and relaxed-fma builds). */
	constructor(
		private readonly fixture: string,
		private readonly backend: string,
		private readonly slack = 1,
	) {}

	/** Compares element by element; several calls for one quantity add up to one row. Where the true values are known,
	 *  the expected values' own distance from them is allowed on top: a float32 reference rounds too. */
	compare(
		quantity: string,
		actual: ArrayLike<number>,
		expected: ArrayLike<number> | null | undefined,
		tolerance: Tolerance,
		truth?: ArrayLike<number>,
	): void {
		if (expected === null || expected === undefined) {
			this.missing(quantity, 'the fixture lacks it');
			return;
		}
		const row = this.rowOf(quantity, tolerance);
		if (actual.length !== expected.length) {
			row.ok = false;
			row.maxAbs = Number.MAX_VALUE;
			return;
		}
		let largest = 0;
		let furthest = 0;
		for (let index = 0; index < expected.length; index++) {
			const difference = Math.abs(actual[index] - expected[index]);
			const size = Math.abs(expected[index]);
			const rounding = truth ? Math.abs(truth[index] - expected[index]) : 0;
			const isWithin = difference <= Math.max(row.tolerance.absolute, row.tolerance.relative * size) + rounding;
			if (!isWithin) row.ok = false; // also when it is NaN
			largest = Math.max(largest, size);
			furthest = Math.max(furthest, Number.isNaN(difference) ? Number.MAX_VALUE : difference);
		}
		row.maxAbs = Math.max(row.maxAbs, furthest);
		const magnitude = Math.max(largest, this.magnitudes.get(quantity) ?? 0);
		this.magnitudes.set(quantity, magnitude);
		row.maxRel = row.maxAbs === 0 ? 0 : magnitude === 0 ? Number.MAX_VALUE : row.maxAbs / magnitude;
	}

	/** Compares anything by its JSON text. */
	same(quantity: string, actual: unknown, expected: unknown): void {
		const row = this.rowOf(quantity, tolerances.exact);
		if (JSON.stringify(actual) === JSON.stringify(expected)) return;
		row.ok = false;
		row.maxAbs = Number.MAX_VALUE;
	}

	missing(quantity: string, why: string): void {
		this.rows.push({ ...this.newRow(quantity, tolerances.exact), missing: why });
	}

	/** The fixture broke off. */
	broken(error: string): void {
		this.rows.push({ ...this.newRow('whole run', tolerances.exact), ok: false, error });
	}

	private rowOf(quantity: string, tolerance: Tolerance): ParityRow {
		const found = this.rows.find((row) => row.quantity === quantity && !row.missing);
		if (found) return found;
		const row = this.newRow(quantity, tolerance);
		this.rows.push(row);
		return row;
	}

	private newRow(quantity: string, { absolute, relative }: Tolerance): ParityRow {
		const tolerance = { absolute: absolute * this.slack, relative: relative * this.slack };
		const { fixture, backend } = this;
		return { fixture, backend, quantity, maxAbs: 0, maxRel: 0, tolerance, ok: true };
	}
}
