// How much work one submission may hold, so that the desktop stays alive and no watchdog bites: about 100 ms of a real
// GPU, found by measuring; on an emulated one, which computes on the processor, at most one large dispatch.

/** Most multiply-adds of one dispatch; larger ones are cut, and none are joined to more: 150 ms at 10 G a second. A whole product of
 *  BERT-base on a batch of ten sentences has 1.35e9. */
export const maxDispatchWork = 1.5e9;

/** Milliseconds that a submission should stay below. */
const targetMs = 80;
const startLimit = 5e9;
const [minLimit, maxLimit] = [1e8, 1e12];
/** A limit grows at most so many times at once: the first measurement may have met an idle clock. */
const growth = 2;

export class SubmitPace {
	/** Most multiply-adds of one submission, of several dispatches. */
	limit: number;

	constructor(private readonly isSoftware: boolean) {
		this.limit = isSoftware ? maxDispatchWork : startLimit;
	}

	/** Whether a measurement of so much work says something: less is mostly waiting. */
	isWorthMeasuring(work: number): boolean {
		return !this.isSoftware && work > Math.min(this.limit / 10, startLimit / 10);
	}

	/** So many multiply-adds, sent together, took so many milliseconds. */
	note(work: number, ms: number): void {
		const wanted = (work / Math.max(ms, 1e-3)) * targetMs;
		this.limit = Math.max(minLimit, Math.min(maxLimit, wanted, growth * this.limit));
	}
}
