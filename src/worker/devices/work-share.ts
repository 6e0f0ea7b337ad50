// How much time work beside training gets: a share of the time that training took, saved up from step to step and paid
// back where a slice took longer than it was given.

export class WorkShare {
	private creditMs = 0;
	private lastMs: number;

	/** `share`: milliseconds of work for each of training. */
	constructor(
		private readonly share: number,
		private readonly now: () => number,
		/** Most that is saved up. */
		private readonly maxMs = 1000,
	) {
		this.lastMs = now();
	}

	/** Works in slices of `sliceMs` while there is credit; to be called between steps. `work` resolves to whether more is left. */
	async spend(work: (sliceMs: number) => Promise<boolean>, breathe: () => Promise<void>, sliceMs = 20): Promise<void> {
		let nowMs = this.now();
		this.creditMs = Math.min(this.maxMs, this.creditMs + this.share * (nowMs - this.lastMs));
		while (this.creditMs > 0) {
			const isLeft = await work(Math.min(sliceMs, this.creditMs));
			this.creditMs -= this.now() - nowMs;
			if (!isLeft) break;
			await breathe();
			nowMs = this.now();
		}
		this.lastMs = this.now();
	}
}
