// A linear-chain CRF, any length and up to 128 tags: one workgroup a sentence walks along time with a thread a tag, so
// forward, backward and Viterbi are one dispatch each. Scores are normalised at every step. `spans` holds first character
// and number of characters of each sentence, [B, 2]; an index of -1 means scores that the model does not have.
// Letters: B sentences, C characters, K tags. (Lafferty et al. 2001; the published program's ConditionalRandomField)

import type { ProgramText } from './program';

/** The most tags that a CRF may have. */
export const maxTags = 128;

/** Declares `name` = log of the sum over tags q of e^(term). */
const logSum = (name: string, term: string) => `
		var most_${name} = -1e30;
		for (var q = 0; q < K; q = q + 1) { most_${name} = max(most_${name}, ${term}); }
		var sum_${name} = 0.0;
		for (var q = 0; q < K; q = q + 1) { sum_${name} = sum_${name} + exp(${term} - most_${name}); }
		let ${name} = most_${name} + log(sum_${name});`;

const edges = `
fn startOf(tag : i32) -> f32 {
	if (u.start < 0) { return 0.0; }
	return values[u.start + tag];
}
fn endOf(tag : i32) -> f32 {
	if (u.end < 0) { return 0.0; }
	return values[u.end + tag];
}`;

const walk = `
	let first = inputs[u.spans + 2 * group];
	let steps = inputs[u.spans + 2 * group + 1];
	let tag = lane;`;

const groupSize = (tagCount: number) => Math.ceil(tagCount / 8) * 8;

/**
 * alphas[c] = log probability of each tag at c given the characters so far, then the step's normaliser, [C, K + 1];
 * loss[b] = log Z less the score of the given tags, summed step by step, [B] (0 without tags: `tags` is -1).
 */
export const crfForwardProgram = (tagCount: number): ProgramText => ({
	name: 'crfForward',
	constants: { K: tagCount },
	words: ['alphas', 'loss', 'emissions', 'transitions', 'start', 'end', 'tags', 'spans'],
	writes: ['alphas', 'loss'],
	threads: 'groups',
	groupSize: groupSize(tagCount),
	declarations: `${edges}
var<workgroup> alpha : array<f32, K>;
var<workgroup> reached : array<f32, K>;`,
	body: `${walk}
	var sum = 0.0;
	for (var time = 0; time < steps; time = time + 1) {
		let character = first + time;
		if (tag < K) {
			var before = startOf(tag);
			if (time > 0) {
				${logSum('moved', 'alpha[q] + values[u.transitions + q * K + tag]')}
				before = moved;
			}
			reached[tag] = before + arena[u.emissions + character * K + tag];
		}
		workgroupBarrier();
		${logSum('normaliser', 'reached[q]')}
		if (tag < K) {
			alpha[tag] = reached[tag] - normaliser;
			arena[u.alphas + character * (K + 1) + tag] = reached[tag] - normaliser;
		}
		if (tag == 0) {
			arena[u.alphas + character * (K + 1) + K] = normaliser;
			if (u.tags >= 0) {
				let given = inputs[u.tags + character];
				var moved = startOf(given);
				if (time > 0) { moved = values[u.transitions + inputs[u.tags + character - 1] * K + given]; }
				sum = sum + (normaliser - (moved + arena[u.emissions + character * K + given]));
			}
		}
		workgroupBarrier();
	}
	if (tag == 0 && u.tags >= 0) {
		${logSum('ending', 'alpha[q] + endOf(q)')}
		arena[u.loss + group] = sum + (ending - endOf(inputs[u.tags + first + steps - 1]));
	}`,
});

/**
 * betas[c] = backward score of each tag up to a constant, [C, K]; totals[c] = log of the sum over tags of
 * e^(alpha + beta), [C]; out[c, k] = weight * (probability of tag k, less 1 where it is the given one), [C, K].
 * One workgroup more than sentences: it writes zeros in the rows of padding.
 */
export const crfBackwardProgram = (tagCount: number): ProgramText => ({
	name: 'crfBackward',
	constants: { K: tagCount },
	words: [
		...['out', 'betas', 'totals', 'alphas', 'emissions', 'transitions', 'start', 'end', 'tags', 'spans'],
		...['sentences', 'real', 'characters', 'weightFloat'],
	],
	writes: ['out', 'betas', 'totals'],
	threads: 'groups',
	groupSize: groupSize(tagCount),
	declarations: `${edges}
var<workgroup> beta : array<f32, K>;
var<workgroup> ahead : array<f32, K>;
var<workgroup> both : array<f32, K>;
var<workgroup> reached : array<f32, K>;`,
	body: `
	if (group == u.sentences) {
		for (var index = inputs[u.real] * K + lane; index < u.characters * K; index = index + ${groupSize(tagCount)}) {
			arena[u.out + index] = 0.0;
		}
		return;
	}
	${walk}
	if (tag < K) { beta[tag] = endOf(tag); }
	for (var time = steps - 1; time >= 0; time = time - 1) {
		let character = first + time;
		if (tag < K) {
			arena[u.betas + character * K + tag] = beta[tag];
			ahead[tag] = beta[tag] + arena[u.emissions + character * K + tag];
			both[tag] = beta[tag] + arena[u.alphas + character * (K + 1) + tag];
		}
		workgroupBarrier();
		${logSum('total', 'both[q]')}
		if (tag < K) {
			var value = exp(both[tag] - total);
			if (u.tags >= 0) { if (inputs[u.tags + character] == tag) { value = value - 1.0; } }
			arena[u.out + character * K + tag] = u.weightFloat * value;
			${logSum('moved', 'values[u.transitions + tag * K + q] + ahead[q]')}
			reached[tag] = moved;
		}
		if (tag == 0) { arena[u.totals + character] = total; }
		workgroupBarrier();
		${logSum('normaliser', 'reached[q]')}
		if (tag < K) { beta[tag] = reached[tag] - normaliser; }
		workgroupBarrier();
	}`,
});

/** out[b, i, j] = expected number of moves from i to j in sentence b, less those of the given tags. [B, K * K] */
export const crfMovesProgram = (tagCount: number): ProgramText => ({
	name: 'crfMoves',
	constants: { K: tagCount },
	words: ['out', 'alphas', 'betas', 'totals', 'emissions', 'transitions', 'tags', 'spans'],
	threads: 'elements',
	body: `
	let to = index % K;
	let origin = (index / K) % K;
	let sentence = index / (K * K);
	let first = inputs[u.spans + 2 * sentence];
	let end = first + inputs[u.spans + 2 * sentence + 1];
	let moved = values[u.transitions + origin * K + to];
	var sum = 0.0;
	for (var character = first + 1; character < end; character = character + 1) {
		let step = moved + arena[u.emissions + character * K + to] - arena[u.alphas + character * (K + 1) + K];
		let before = arena[u.alphas + (character - 1) * (K + 1) + origin];
		sum = sum + exp(before + step + arena[u.betas + character * K + to] - arena[u.totals + character]);
		if (inputs[u.tags + character - 1] == origin && inputs[u.tags + character] == to) { sum = sum - 1.0; }
	}
	arena[u.out + index] = sum;`,
});

/** Adds the emissions' gradient at each sentence's first character to the start's, at its last to the end's. [K] threads */
export const crfEdgesProgram = (tagCount: number): ProgramText => ({
	name: 'crfEdges',
	constants: { K: tagCount },
	words: ['gradient', 'start', 'end', 'spans', 'sentences'],
	writes: [],
	adds: ['start', 'end'],
	threads: 'elements',
	body: `
	var atStart = 0.0;
	var atEnd = 0.0;
	for (var b = 0; b < u.sentences; b = b + 1) {
		let first = inputs[u.spans + 2 * b];
		let last = first + inputs[u.spans + 2 * b + 1] - 1;
		atStart = atStart + arena[u.gradient + first * K + index];
		atEnd = atEnd + arena[u.gradient + last * K + index];
	}
	if (u.start >= 0) { gradients[u.start + index] = gradients[u.start + index] + atStart; }
	if (u.end >= 0) { gradients[u.end + index] = gradients[u.end + index] + atEnd; }`,
});

/**
 * Viterbi. pointers [C, K] is room to work in; path [C] gets the best tags, then each sentence's score, [B]. Scores are
 * added as previous + (emission + move), as in the published program; of equals the lower tag wins. `constraints` is a
 * matrix [K + 2, K + 2] added to the moves, or -1.
 */
export const crfViterbiProgram = (tagCount: number): ProgramText => ({
	name: 'crfViterbi',
	constants: { K: tagCount },
	words: [
		...['pointers', 'path', 'emissions', 'transitions', 'start', 'end', 'constraints', 'spans'],
		...['characters', 'sentences', 'real'],
	],
	writes: ['pointers', 'path'],
	threads: 'groups',
	groupSize: groupSize(tagCount),
	declarations: `${edges}
fn allowed(origin : i32, to : i32) -> f32 {
	if (u.constraints < 0) { return 0.0; }
	return arena[u.constraints + origin * (K + 2) + to];
}
fn ending(tag : i32) -> f32 {
	if (u.end < 0) { return 0.0; }
	return values[u.end + tag] + allowed(tag, K + 1);
}
var<workgroup> score : array<f32, K>;
var<workgroup> reached : array<f32, K>;`,
	body: `
	if (group == u.sentences) {
		for (var index = inputs[u.real] + lane; index < u.characters; index = index + ${groupSize(tagCount)}) {
			arena[u.path + index] = 0.0;
		}
		return;
	}
	${walk}
	if (tag < K) { score[tag] = arena[u.emissions + first * K + tag] + (startOf(tag) + allowed(K, tag)); }
	workgroupBarrier();
	for (var time = 1; time < steps; time = time + 1) {
		let character = first + time;
		if (tag < K) {
			let emission = arena[u.emissions + character * K + tag];
			var best = 0;
			var highest = score[0] + (emission + (values[u.transitions + tag] + allowed(0, tag)));
			for (var q = 1; q < K; q = q + 1) {
				let candidate = score[q] + (emission + (values[u.transitions + q * K + tag] + allowed(q, tag)));
				if (candidate > highest) { highest = candidate; best = q; }
			}
			reached[tag] = highest;
			arena[u.pointers + character * K + tag] = f32(best);
		}
		workgroupBarrier();
		if (tag < K) { score[tag] = reached[tag]; }
		workgroupBarrier();
	}
	storageBarrier();
	if (tag == 0) {
		var last = 0;
		var highest = score[0] + ending(0);
		for (var q = 1; q < K; q = q + 1) {
			let candidate = score[q] + ending(q);
			if (candidate > highest) { highest = candidate; last = q; }
		}
		for (var time = steps - 1; time >= 0; time = time - 1) {
			arena[u.path + first + time] = f32(last);
			if (time > 0) { last = i32(arena[u.pointers + (first + time) * K + last]); }
		}
		arena[u.path + u.characters + group] = highest;
	}`,
});
