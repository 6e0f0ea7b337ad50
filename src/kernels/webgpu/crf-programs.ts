// A linear-chain CRF on the GPU: one workgroup a sentence walks along time, its threads share the tags. As in
// reference/composed-crf.ts scores are normalised at every step. `spans` holds first character and number of characters
// of each sentence, [B, 2]; barriers need uniform loops, so every group walks `length` steps, the longest sentence's.
// Letters: B sentences, C characters, K tags.

import { groupSize, type ProgramText } from './program';

const eachTag = (variable: string) =>
	`for (var ${variable} = lane; ${variable} < K; ${variable} = ${variable} + ${groupSize})`;

/** Declares `name` = log of the sum over tags of e^(term), where the term is written with the loop variable q. */
const logSum = (name: string, term: string) => `
			var most_${name} = -1e30;
			for (var q = 0; q < K; q = q + 1) { most_${name} = max(most_${name}, ${term}); }
			var sum_${name} = 0.0;
			for (var q = 0; q < K; q = q + 1) { sum_${name} = sum_${name} + exp(${term} - most_${name}); }
			let ${name} = most_${name} + log(sum_${name});`;

/** result[c] = log probability of each tag at c given the characters so far, then the step's normaliser. [C, K + 1] */
export const crfForwardProgram = (tagCount: number): ProgramText => ({
	name: 'crfForward',
	inputs: ['emissions', 'transitions', 'start', 'spans'],
	uniforms: { length: 'i32' },
	threads: 'groups',
	constants: { K: tagCount },
	declarations: `
		var<workgroup> alpha : array<f32, K>;
		var<workgroup> reached : array<f32, K>;`,
	body: `
		let first = spans[2 * group];
		let steps = spans[2 * group + 1];
		for (var time = 0; time < uniforms.length; time = time + 1) {
			let character = first + time;
			if (time < steps) {
				${eachTag('tag')} {
					var before = start[tag];
					if (time > 0) {
						${logSum('moved', 'alpha[q] + transitions[q * K + tag]')}
						before = moved;
					}
					reached[tag] = before + emissions[character * K + tag];
				}
			}
			workgroupBarrier();
			if (time < steps) {
				${logSum('normaliser', 'reached[q]')}
				${eachTag('tag')} {
					alpha[tag] = reached[tag] - normaliser;
					result[character * (K + 1) + tag] = reached[tag] - normaliser;
				}
				if (lane == 0) { result[character * (K + 1) + K] = normaliser; }
			}
			workgroupBarrier();
		}`,
});

/** result[b] = log Z less the score of the given tags, summed step by step. [B] */
export const crfLossProgram = (tagCount: number): ProgramText => ({
	name: 'crfLoss',
	inputs: ['alphas', 'emissions', 'transitions', 'start', 'end', 'tags', 'spans'],
	uniforms: {},
	threads: 'elements',
	constants: { K: tagCount },
	body: `
		let first = spans[2 * index];
		let steps = spans[2 * index + 1];
		var sum = 0.0;
		for (var time = 0; time < steps; time = time + 1) {
			let character = first + time;
			let tag = tags[character];
			var moved = start[tag];
			if (time > 0) { moved = transitions[tags[character - 1] * K + tag]; }
			sum = sum + (alphas[character * (K + 1) + K] - (moved + emissions[character * K + tag]));
		}
		let last = first + steps - 1;
		${logSum('ending', 'alphas[last * (K + 1) + q] + end[q]')}
		result[index] = sum + (ending - end[tags[last]]);`,
});

/** result[c] = backward score of each tag at c, up to a constant of the character. [C, K] */
export const crfBackwardProgram = (tagCount: number): ProgramText => ({
	name: 'crfBackward',
	inputs: ['emissions', 'transitions', 'end', 'spans'],
	uniforms: { length: 'i32' },
	threads: 'groups',
	constants: { K: tagCount },
	declarations: `
		var<workgroup> beta : array<f32, K>;
		var<workgroup> ahead : array<f32, K>;
		var<workgroup> reached : array<f32, K>;`,
	body: `
		let first = spans[2 * group];
		let steps = spans[2 * group + 1];
		${eachTag('tag')} { beta[tag] = end[tag]; }
		workgroupBarrier();
		for (var back = 1; back <= uniforms.length; back = back + 1) {
			let time = steps - back;
			let character = first + time;
			if (time >= 0) {
				${eachTag('tag')} {
					result[character * K + tag] = beta[tag];
					ahead[tag] = beta[tag] + emissions[character * K + tag];
				}
			}
			workgroupBarrier();
			if (time > 0) {
				${eachTag('tag')} {
					${logSum('moved', 'transitions[tag * K + q] + ahead[q]')}
					reached[tag] = moved;
				}
			}
			workgroupBarrier();
			if (time > 0) {
				${logSum('normaliser', 'reached[q]')}
				${eachTag('tag')} { beta[tag] = reached[tag] - normaliser; }
			}
			workgroupBarrier();
		}`,
});

/** result[c] = log of the sum over tags of e^(alpha + beta); 0 in padding. [C] */
export const crfTotalsProgram = (tagCount: number): ProgramText => ({
	name: 'crfTotals',
	inputs: ['alphas', 'betas', 'sentenceOf'],
	uniforms: {},
	threads: 'elements',
	constants: { K: tagCount },
	body: `
		var total = 0.0;
		if (sentenceOf[index] >= 0) {
			${logSum('both', 'alphas[index * (K + 1) + q] + betas[index * K + q]')}
			total = both;
		}
		result[index] = total;`,
});

/** result[c, k] = weight * (probability of tag k, less 1 where it is the given one and `isGradient`); 0 in padding. */
export const crfMarginalsProgram = (tagCount: number): ProgramText => ({
	name: 'crfMarginals',
	inputs: ['alphas', 'betas', 'totals', 'tags', 'sentenceOf'],
	uniforms: { weight: 'f32', isGradient: 'i32' },
	threads: 'elements',
	constants: { K: tagCount },
	body: `
		let character = index / K;
		let tag = index % K;
		var value = 0.0;
		if (sentenceOf[character] >= 0) {
			value = exp(alphas[character * (K + 1) + tag] + betas[index] - totals[character]);
			if (uniforms.isGradient == 1 && tags[character] == tag) { value = value - 1.0; }
		}
		result[index] = value * uniforms.weight;`,
});

/** result[b, i, j] = expected number of moves from i to j in sentence b, less those of the given tags. [B, K * K] */
export const crfMovesProgram = (tagCount: number): ProgramText => ({
	name: 'crfMoves',
	inputs: ['alphas', 'betas', 'totals', 'emissions', 'transitions', 'tags', 'spans'],
	uniforms: {},
	threads: 'elements',
	constants: { K: tagCount },
	body: `
		let to = index % K;
		let origin = (index / K) % K;
		let group = index / (K * K);
		let first = spans[2 * group];
		let moved = transitions[origin * K + to];
		var sum = 0.0;
		for (var character = first + 1; character < first + spans[2 * group + 1]; character = character + 1) {
			let step = moved + emissions[character * K + to] - alphas[character * (K + 1) + K];
			let score = alphas[(character - 1) * (K + 1) + origin] + step + betas[character * K + to] - totals[character];
			sum = sum + exp(score);
			if (tags[character - 1] == origin && tags[character] == to) { sum = sum - 1.0; }
		}
		result[index] = sum;`,
});

/**
 * Viterbi. result holds back pointers [C, K], then the best path's tags [C], then the bits of its score [B]. Scores are
 * added as previous + (emission + move), as in the published program; of equals the lower tag wins.
 */
export const crfViterbiProgram = (tagCount: number): ProgramText => ({
	name: 'crfViterbi',
	inputs: ['emissions', 'transitions', 'start', 'end', 'spans'],
	uniforms: { length: 'i32', characters: 'i32' },
	threads: 'groups',
	constants: { K: tagCount },
	declarations: `
		var<workgroup> score : array<f32, K>;
		var<workgroup> reached : array<f32, K>;`,
	body: `
		let first = spans[2 * group];
		let steps = spans[2 * group + 1];
		${eachTag('tag')} { score[tag] = emissions[first * K + tag] + start[tag]; }
		workgroupBarrier();
		for (var time = 1; time < uniforms.length; time = time + 1) {
			let character = first + time;
			if (time < steps) {
				${eachTag('tag')} {
					let emission = emissions[character * K + tag];
					var best = 0;
					var most = score[0] + (emission + transitions[tag]);
					for (var q = 1; q < K; q = q + 1) {
						let candidate = score[q] + (emission + transitions[q * K + tag]);
						if (candidate > most) { most = candidate; best = q; }
					}
					reached[tag] = most;
					result[character * K + tag] = best;
				}
			}
			workgroupBarrier();
			if (time < steps) { ${eachTag('tag')} { score[tag] = reached[tag]; } }
			workgroupBarrier();
		}
		storageBarrier();
		if (lane == 0) {
			var last = 0;
			var most = score[0] + end[0];
			for (var q = 1; q < K; q = q + 1) {
				let candidate = score[q] + end[q];
				if (candidate > most) { most = candidate; last = q; }
			}
			let path = uniforms.characters * K;
			for (var time = steps - 1; time >= 0; time = time - 1) {
				result[path + first + time] = last;
				if (time > 0) { last = result[(first + time) * K + last]; }
			}
			result[path + uniforms.characters + group] = bitcast<i32>(most);
		}`,
});
