// How a generator that works in slices waits for the GPU: it yields the promise, and is resumed when that has settled.

/** Result of a slice of work: the share that is done, a promise to wait for before the next slice, or nothing. */
export type Slice = number | Promise<unknown> | undefined;

/** What the promise gives; its error is thrown here. The driver of the generator continues only after the yielded promise. */
export function* awaited<Value>(promise: Promise<Value>): Generator<Promise<unknown>, Value> {
	const outcome: { value?: Value; error?: unknown; kind: 'open' | 'given' | 'refused' } = { kind: 'open' };
	yield promise.then(
		(value) => Object.assign(outcome, { value, kind: 'given' }),
		(error) => Object.assign(outcome, { error, kind: 'refused' }),
	);
	if (outcome.kind === 'refused') throw outcome.error;
	return outcome.value as Value;
}

/** Runs a generator of slices to its end. */
export async function finishSlices<Result>(work: Generator<Slice, Result>): Promise<Result> {
	let next = work.next();
	for (; !next.done; next = work.next()) await next.value;
	return next.value;
}
