// How far maps and forces of two computations lie apart, for tests of projections.

/** Root of the mean squared move of a point, over the earlier frame's root mean squared distance from its centre. */
export function relativeMove(map: Float32Array, earlier: Float32Array): number {
	const count = earlier.length / 2;
	let [centreX, centreY] = [0, 0];
	for (let k = 0; k < earlier.length; k += 2) {
		centreX += earlier[k] / count;
		centreY += earlier[k + 1] / count;
	}
	let moved = 0;
	let spread = 0;
	for (let k = 0; k < map.length; k += 2) {
		moved += (map[k] - earlier[k]) ** 2 + (map[k + 1] - earlier[k + 1]) ** 2;
		spread += (earlier[k] - centreX) ** 2 + (earlier[k + 1] - centreY) ** 2;
	}
	return Math.sqrt(moved / Math.max(spread, Number.MIN_VALUE));
}

/** Root mean square of the difference over that of the expected. */
export function relativeError(actual: Float32Array, expected: Float32Array): number {
	let difference = 0;
	let square = 0;
	for (let k = 0; k < expected.length; k++) {
		difference += (actual[k] - expected[k]) ** 2;
		square += expected[k] ** 2;
	}
	return Math.sqrt(difference / square);
}
