// A number over several seeds: mean and sample standard deviation.

export interface SeedStatistics {
	mean: number;
	/** With n - 1 in the denominator; null for one seed, which has no deviation. */
	deviation: number | null;
	count: number;
}

/** Null without values. */
export function seedStatistics(values: readonly number[]): SeedStatistics | null {
	if (values.length === 0) return null;
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	if (values.length === 1) return { mean, deviation: null, count: 1 };
	const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
	return { mean, deviation: Math.sqrt(squares / (values.length - 1)), count: values.length };
}
