// Attraction along stored pairs and repulsion between all pairs, as pair-forces.ts has them, four pairs at a time.
// Addresses are bytes.

@inline
function sum4(v: v128): f32 {
	return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** Points of four columns as x x x x and y y y y need two loads of pairs each; `map` and `out` have x and y side by side. */
export function attract(
	first: i32,
	last: i32,
	rowStarts: usize,
	columns: usize,
	values: usize,
	map: usize,
	out: usize,
): void {
	const one = f32x4.splat(1);
	for (let point = first; point < last; point++) {
		const start = load<i32>(rowStarts + (<usize>point << 2));
		const end = load<i32>(rowStarts + (<usize>point << 2), 4);
		const x = load<f32>(map + (<usize>point << 3));
		const y = load<f32>(map + (<usize>point << 3), 4);
		const xs = f32x4.splat(x);
		const ys = f32x4.splat(y);
		let forceX = f32x4.splat(0);
		let forceY = f32x4.splat(0);
		let entry = start;
		for (; entry + 4 <= end; entry += 4) {
			const ids = columns + (<usize>entry << 2);
			let low = v128.load64_zero(map + (<usize>load<i32>(ids) << 3));
			low = v128.load64_lane(map + (<usize>load<i32>(ids, 4) << 3), low, 1);
			let high = v128.load64_zero(map + (<usize>load<i32>(ids, 8) << 3));
			high = v128.load64_lane(map + (<usize>load<i32>(ids, 12) << 3), high, 1);
			const dx = f32x4.sub(xs, v128.shuffle<f32>(low, high, 0, 2, 4, 6));
			const dy = f32x4.sub(ys, v128.shuffle<f32>(low, high, 1, 3, 5, 7));
			const square = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
			const weight = f32x4.div(v128.load(values + (<usize>entry << 2)), f32x4.add(one, square));
			forceX = f32x4.add(forceX, f32x4.mul(weight, dx));
			forceY = f32x4.add(forceY, f32x4.mul(weight, dy));
		}
		let sumX = sum4(forceX);
		let sumY = sum4(forceY);
		for (; entry < end; entry++) {
			const other = map + (<usize>load<i32>(columns + (<usize>entry << 2)) << 3);
			const dx = x - load<f32>(other);
			const dy = y - load<f32>(other, 4);
			const weight = load<f32>(values + (<usize>entry << 2)) / (1 + dx * dx + dy * dy);
			sumX += weight * dx;
			sumY += weight * dy;
		}
		store<f32>(out + (<usize>point << 3), sumX);
		store<f32>(out + (<usize>point << 3), sumY, 4);
	}
}

/** `xs` and `ys` hold `padded` numbers each, a multiple of 4, those behind the points so far away that they weigh nothing. */
export function repel(first: i32, last: i32, padded: i32, xs: usize, ys: usize, out: usize): f64 {
	const one = f32x4.splat(1);
	const bytes = <usize>padded << 2;
	let total: f64 = 0;
	for (let point = first; point < last; point++) {
		const x = v128.load32_splat(xs + (<usize>point << 2));
		const y = v128.load32_splat(ys + (<usize>point << 2));
		let forceX = f32x4.splat(0);
		let forceY = f32x4.splat(0);
		let weights = f32x4.splat(0);
		for (let at: usize = 0; at < bytes; at += 16) {
			const dx = f32x4.sub(x, v128.load(xs + at));
			const dy = f32x4.sub(y, v128.load(ys + at));
			const weight = f32x4.div(one, f32x4.add(one, f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy))));
			const square = f32x4.mul(weight, weight);
			weights = f32x4.add(weights, weight);
			forceX = f32x4.add(forceX, f32x4.mul(square, dx));
			forceY = f32x4.add(forceY, f32x4.mul(square, dy));
		}
		store<f32>(out + (<usize>point << 3), sum4(forceX));
		store<f32>(out + (<usize>point << 3), sum4(forceY), 4);
		total += <f64>sum4(weights) - 1;
	}
	return total;
}
