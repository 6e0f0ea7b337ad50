// Gradient descent with momentum and a gain for each coordinate (Jacobs 1988, as t-SNE has it): a gain grows where the
// gradient keeps its sign against the motion and shrinks where it turns. Maps are [N, 2].

const minGain = 0.01;

export class Descent {
	private readonly velocity: Float32Array;
	private readonly gains: Float32Array;

	constructor(length: number) {
		this.velocity = new Float32Array(length);
		this.gains = new Float32Array(length).fill(1);
	}

	/** Moves `map` by one step and centres it; false where a number is no longer finite. */
	step(map: Float32Array, gradient: Float32Array, rate: number, momentum: number): boolean {
		const { velocity, gains } = this;
		let sumX = 0;
		let sumY = 0;
		for (let k = 0; k < map.length; k++) {
			const isAlong = gradient[k] > 0 === velocity[k] > 0;
			const gain = Math.max(minGain, isAlong ? gains[k] * 0.8 : gains[k] + 0.2);
			gains[k] = gain;
			velocity[k] = momentum * velocity[k] - rate * gain * gradient[k];
			map[k] += velocity[k];
			if (k % 2 === 0) sumX += map[k];
			else sumY += map[k];
		}
		const count = map.length / 2;
		for (let k = 0; k < map.length; k += 2) {
			map[k] -= sumX / count;
			map[k + 1] -= sumY / count;
		}
		return Number.isFinite(sumX + sumY);
	}
}
