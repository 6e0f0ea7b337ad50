// Scales of charts: round ticks, and the smoothing that is drawn over raw values. Pure.

/** About `count` round numbers (1, 2 or 5 times a power of ten apart) that enclose [min, max]. */
export function niceTicks(min: number, max: number, count = 5): number[] {
	const span = max - min || Math.abs(max) || 1;
	const rough = span / Math.max(1, count - 1);
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999) ?? 10 * power;
	const first = Math.floor(min / step + 1e-9);
	const last = Math.max(first + 1, Math.ceil((max === min ? min + span / 2 : max) / step - 1e-9));
	return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Powers of ten that enclose [min, max], both positive. */
export function logTicks(min: number, max: number): number[] {
	const first = Math.floor(Math.log10(min) + 1e-9);
	const last = Math.max(first + 1, Math.ceil(Math.log10(max) - 1e-9));
	return Array.from({ length: last - first + 1 }, (_, index) => Number(`1e${first + index}`));
}

/**
 * Exponential moving average with the bias of its start taken out, as Adam does (Kingma and Ba 2015, section 3):
 * m <- w m + (1 - w) x, shown as m / (1 - w^t). `weight` in [0, 1); 0 leaves the values as they are.
 */
export function smoothed(values: readonly number[], weight: number): number[] {
	let mean = 0;
	let rest = 1;
	return values.map((value) => {
		mean = weight * mean + (1 - weight) * value;
		rest *= weight;
		return mean / (1 - rest);
	});
}

/** Places for labels at given heights, in the same order, at least `gap` apart and within [top, bottom] where they fit. */
export function spreadLabels(heights: readonly number[], gap: number, top: number, bottom: number): number[] {
	const order = heights.map((_, index) => index).sort((left, right) => heights[left] - heights[right]);
	const placed = heights.slice();
	let least = top;
	for (const index of order) {
		placed[index] = Math.max(heights[index], least);
		least = placed[index] + gap;
	}
	// What was pushed out at the bottom goes back up, from the last label on.
	let most = bottom;
	for (const index of order.reverse()) {
		placed[index] = Math.min(placed[index], most);
		most = placed[index] - gap;
	}
	return placed;
}
