// Long work over many sentences in slices: a generator that yields after every thousand, so that a worker can answer in
// between, show how far it is, or stop.

/** Work in progress: yields how many items it has seen since it last did; returns its result. */
export type Slices<Result> = Generator<number, Result, void>;

const sliceSize = 1000;

/** Calls `act` for each item in order. */
export function* inSlices<Item>(items: readonly Item[], act: (item: Item, index: number) => void): Slices<void> {
	for (let start = 0; start < items.length; start += sliceSize) {
		const end = Math.min(items.length, start + sliceSize);
		for (let index = start; index < end; index++) act(items[index], index);
		yield end - start;
	}
}

/** The result of work that nobody needs to interrupt. */
export function atOnce<Result>(work: Generator<unknown, Result, void>): Result {
	for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}
