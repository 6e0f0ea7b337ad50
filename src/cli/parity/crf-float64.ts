// CRF gradients in float64: those of the mean negative log likelihood, by forward-backward in the log domain.
// A judge between a float32 reference and a float32 device: over long sentences the reference's own rounding in the
// transitions' gradient is larger than the tolerance (2.1e-5 in crf/long-batch).

export interface CrfCase {
	/** [B, L, K], [B, L], [B] */
	emissions: ArrayLike<number>;
	tags: ArrayLike<number>;
	lengths: ArrayLike<number>;
	tagCount: number;
	/** [K, K]; [K] or null. */
	transitions: ArrayLike<number>;
	start: ArrayLike<number> | null;
	end: ArrayLike<number> | null;
}

export interface CrfGradients {
	emissions: Float64Array;
	transitions: Float64Array;
	start: Float64Array;
	end: Float64Array;
}

export function crfGradients(given: CrfCase): CrfGradients {
	const { emissions, tagCount: K, lengths } = given;
	const gradients = {
		emissions: new Float64Array(emissions.length),
		transitions: new Float64Array(K * K),
		start: new Float64Array(K),
		end: new Float64Array(K),
	};
	const width = emissions.length / K / lengths.length;
	for (let sentence = 0; sentence < lengths.length; sentence++) addSentence(given, sentence, width, gradients);
	return gradients;
}

function addSentence(given: CrfCase, sentence: number, width: number, gradients: CrfGradients): void {
	const { emissions, tags, lengths, tagCount: K, transitions, start, end } = given;
	const weight = 1 / lengths.length;
	const length = lengths[sentence];
	const each = Array.from({ length: K }, (_, tag) => tag);
	const offset = (position: number, tag: number) => (sentence * width + position) * K + tag;
	const move = (from: number, to: number) => transitions[from * K + to];

	const forward = [each.map((tag) => (start?.[tag] ?? 0) + emissions[offset(0, tag)])];
	for (let t = 1; t < length; t++)
		forward.push(
			each.map((to) => logSumExp(each.map((from) => forward[t - 1][from] + move(from, to))) + emissions[offset(t, to)]),
		);
	const backward: number[][] = [];
	backward[length - 1] = each.map((tag) => end?.[tag] ?? 0);
	for (let t = length - 1; t > 0; t--)
		backward[t - 1] = each.map((from) =>
			logSumExp(each.map((to) => move(from, to) + emissions[offset(t, to)] + backward[t][to])),
		);
	const logZ = logSumExp(each.map((tag) => forward[length - 1][tag] + backward[length - 1][tag]));

	const gold = (position: number) => tags[sentence * width + position];
	for (let t = 0; t < length; t++)
		for (const tag of each) {
			const expected = Math.exp(forward[t][tag] + backward[t][tag] - logZ) - (gold(t) === tag ? 1 : 0);
			gradients.emissions[offset(t, tag)] = weight * expected;
			if (t === 0) gradients.start[tag] += weight * expected;
			if (t === length - 1) gradients.end[tag] += weight * expected;
		}
	for (let t = 1; t < length; t++) {
		for (const from of each)
			for (const to of each) {
				const score = forward[t - 1][from] + move(from, to) + emissions[offset(t, to)] + backward[t][to];
				gradients.transitions[from * K + to] += weight * Math.exp(score - logZ);
			}
		gradients.transitions[gold(t - 1) * K + gold(t)] -= weight;
	}
}

function logSumExp(values: number[]): number {
	const largest = Math.max(...values);
	return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
