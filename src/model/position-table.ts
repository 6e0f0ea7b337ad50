// The fixed table of sinusoids over distances (FLAT, equations 8 and 9, in the published program's form):
// row d = [sin(d f_0) .. sin(d f_{H/2-1}), cos(d f_0) .. cos(d f_{H/2-1})], f_k = 10000^(-k / (H/2 - 1)), d in [-reach, reach].
// A function of the distance alone, so it grows with the longest sentence and is never stored. The published training
// scripts count rows from 0, so that row d holds the sinusoids of d + shift, shift = characters of the longest sentence
// (reference/pipeline); FLAT's paper and reference/flat-tiny have shift = 0.

/** [2 * reach + 1, width]; rounded to float32 at each step as the published program does. Width is even; of an odd width the last column stays 0. */
export function positionTable(reach: number, width: number, shift: number): Float32Array {
	const half = Math.floor(width / 2);
	const exponent = Math.fround(-Math.log(10000) / Math.max(1, half - 1));
	const frequency = Float32Array.from({ length: half }, (_, k) => Math.exp(Math.fround(k * exponent)));
	const table = new Float32Array((2 * reach + 1) * width);
	for (let distance = -reach; distance <= reach; distance++) {
		const start = (distance + reach) * width;
		for (let k = 0; k < half; k++) {
			const angle = Math.fround((distance + shift) * frequency[k]);
			table[start + k] = Math.sin(angle);
			table[start + half + k] = Math.cos(angle);
		}
	}
	return table;
}
