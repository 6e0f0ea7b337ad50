import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readSafetensors } from '../../storage/safetensors';
import { readFloats, readIntegers } from '../../storage/stored-tensor';
import { drawNumbers, firstDifference, numericGradient } from '../../testing/numeric-gradient';
import { referencePath } from '../../testing/shared-data';
import { tinyBatch } from '../../testing/tiny-batch';
import { openWasmBuilds } from '../../testing/wasm-builds';
import type { CrfParameters } from '../operations';
import { layOutParameters } from '../parameters';
import type { WasmDevice } from './device';

const devices = await openWasmBuilds();
afterEach(() => {
	for (const [, device] of devices) device.endStep();
});
const everything = { inputs: true, parameters: true };

/** Scores of a small CRF; start and end may be empty. */
interface Scores {
	tagCount: number;
	emissions: ArrayLike<number>; // [C, K]
	transitions: ArrayLike<number>;
	start: ArrayLike<number>;
	end: ArrayLike<number>;
}

/** Opens parameters with the given scores; offsets of the three parts in the flat arrays. */
function openCrf(device: WasmDevice, { tagCount, transitions, start, end }: Scores): CrfParameters {
	const ends = start.length > 0 ? ['start', 'end'] : [];
	const layout = layOutParameters([
		{ name: 'transitions', shape: [tagCount, tagCount] },
		...ends.map((name) => ({ name, shape: [tagCount] })),
	]);
	const [moves, first, last] = layout.entries;
	const flat = new Float32Array(layout.size);
	flat.set(transitions, moves.offset);
	if (first) flat.set(start, first.offset);
	if (last) flat.set(end, last.offset);
	device.openParameters(layout);
	device.writeParameters(flat);
	return { transitions: moves, start: first ?? null, end: last ?? null };
}

function scoreOf(scores: Scores, first: number, path: readonly number[]): number {
	const { tagCount, emissions, transitions, start, end } = scores;
	let sum = 0;
	path.forEach((tag, l) => {
		sum += emissions[(first + l) * tagCount + tag];
		if (l > 0) sum += transitions[path[l - 1] * tagCount + tag];
	});
	return sum + (start[path[0]] ?? 0) + (end[path[path.length - 1]] ?? 0);
}

/** Every path of so many characters, in the order of counting. */
function allPaths(tagCount: number, length: number): number[][] {
	let paths: number[][] = [[]];
	for (let l = 0; l < length; l++) {
		paths = paths.flatMap((path) => Array.from({ length: tagCount }, (_, tag) => [...path, tag]));
	}
	return paths;
}

function logSum(values: readonly number[]): number {
	const largest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
	return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

/** Negative log likelihood, tag probabilities and best path of one sentence, by enumeration. */
function enumerate(scores: Scores, first: number, tags: readonly number[]) {
	const { tagCount } = scores;
	const paths = allPaths(tagCount, tags.length);
	const all = paths.map((path) => scoreOf(scores, first, path));
	const logZ = logSum(all);
	const marginals = new Float64Array(tags.length * tagCount);
	paths.forEach((path, index) => {
		for (const [l, tag] of path.entries()) marginals[l * tagCount + tag] += Math.exp(all[index] - logZ);
	});
	const best = all.indexOf(all.reduce((most, value) => Math.max(most, value)));
	return { loss: logZ - scoreOf(scores, first, tags), marginals, best: paths[best], score: all[best] };
}

const lengths = [4, 1, 5];
const sizes = lengths.map((characters) => ({ characters, words: 0 }));

function drawScores(tagCount: number, hasEnds: boolean, scale: number): Scores {
	const count = lengths.reduce((sum, length) => sum + length, 0);
	return {
		tagCount,
		emissions: drawNumbers(11, count * tagCount, scale),
		transitions: drawNumbers(12, tagCount * tagCount, scale),
		start: drawNumbers(13, hasEnds ? tagCount : 0, scale),
		end: drawNumbers(14, hasEnds ? tagCount : 0, scale),
	};
}

describe.each(devices)('%s', (_, device) => {
	// Scores of order 400 leave the scaled recursion for the one in log space.
	test.each([
		[3, false, 2],
		[4, true, 2],
		[3, true, 60],
		[4, true, 400],
		[1, false, 1],
	])(
		'%i tags, start and end %s, scores of order %i: loss, gradients, marginals as by enumeration',
		async (tagCount, hasEnds, scale) => {
			const scores = drawScores(tagCount, hasEnds, scale);
			const crf = openCrf(device, scores);
			const batch = tinyBatch(sizes, { tagCount });
			device.beginStep(batch);
			const emissions = device.upload(Float32Array.from(scores.emissions), batch.realCharacterCount, tagCount);
			const tags = device.uploadIndices(batch.tags);
			const firsts = [...batch.characterOffset];
			const goldOf = (sentence: number) => [
				...batch.tags.subarray(firsts[sentence], firsts[sentence] + lengths[sentence]),
			];
			const truth = (given: Scores) => firsts.map((first, sentence) => enumerate(given, first, goldOf(sentence)));
			const expected = truth(scores);

			const { perSentence, saved } = device.crfLoss(emissions, crf, tags);
			const tolerance = 1e-6;
			expect(
				firstDifference(
					await device.read(perSentence),
					expected.map(({ loss }) => loss),
					tolerance,
				),
			).toBe(null);
			const marginals = expected.flatMap((each) => [...each.marginals]);
			expect(firstDifference(await device.crfMarginals(emissions, crf), marginals, tolerance)).toBe(null);

			const weight = 0.3;
			const given = device.crfLossBackward(emissions, crf, tags, saved, weight, everything);
			const flat = await device.readGradients();
			for (const name of ['emissions', 'transitions', 'start', 'end'] as const) {
				const total = (point: ArrayLike<number>) =>
					weight * truth({ ...scores, [name]: point }).reduce((sum, { loss }) => sum + loss, 0);
				const entry = name === 'emissions' ? null : crf[name];
				const actual =
					name === 'emissions'
						? await device.read(given)
						: flat.subarray(entry?.offset, (entry?.offset ?? 0) + (entry?.size ?? 0));
				if (name === 'emissions' || entry) {
					expect(firstDifference(actual, numericGradient(total, scores[name]), 5e-6), name).toBe(null);
				}
			}
			device.endStep();
		},
	);

	test('the best path is that of enumeration', async () => {
		const scores = drawScores(4, true, 3);
		const crf = openCrf(device, scores);
		const batch = tinyBatch(sizes, { tagCount: 4 });
		device.beginStep(batch);
		const emissions = device.upload(Float32Array.from(scores.emissions), 10, 4);
		const { tags, scores: best } = await device.crfDecode(emissions, crf, null);
		const expected = lengths.map((length, b) => enumerate(scores, batch.characterOffset[b], Array(length).fill(0)));
		expect([...tags]).toEqual(expected.flatMap((each) => each.best));
		expect(
			firstDifference(
				best,
				expected.map(({ score }) => score),
				1e-6,
			),
		).toBe(null);
		device.endStep();
	});

	test('equal scores go to the lower tag, and constraints forbid moves', async () => {
		const crf = openCrf(device, { ...drawScores(3, false, 0), tagCount: 3 });
		device.beginStep(tinyBatch([{ characters: 3, words: 0 }], { tagCount: 3 }));
		const emissions = device.zeros(3, 3);
		expect([...(await device.crfDecode(emissions, crf, null)).tags]).toEqual([0, 0, 0]);
		const constraints = new Float32Array(25); // rows and columns 3 and 4: start and end
		for (const [from, to] of [
			[3, 0],
			[1, 1],
			[1, 0],
		]) {
			constraints[from * 5 + to] = -10000;
		}
		expect([...(await device.crfDecode(emissions, crf, constraints)).tags]).toEqual([2, 0, 0]);
		device.endStep();
	});

	test('scores that no float32 exponential holds give finite numbers', async () => {
		const scores = drawScores(5, true, 1e6);
		const crf = openCrf(device, scores);
		const batch = tinyBatch(sizes);
		device.beginStep(batch);
		const emissions = device.upload(Float32Array.from(scores.emissions), 10, 5);
		const tags = device.uploadIndices(batch.tags);
		const { perSentence, saved } = device.crfLoss(emissions, crf, tags);
		const given = device.crfLossBackward(emissions, crf, tags, saved, 1, everything);
		const all = [perSentence, given].map((matrix) => device.read(matrix));
		const numbers = [...(await Promise.all(all)), await device.readGradients()].flatMap((values) => [...values]);
		expect(numbers.every(Number.isFinite)).toBe(true);
		device.endStep();
	});

	test('a tag that the head does not have is refused', () => {
		const crf = openCrf(device, drawScores(3, false, 1));
		device.beginStep(tinyBatch([{ characters: 2, words: 0 }]));
		const tags = device.uploadIndices(Int32Array.of(0, 3));
		expect(() => device.crfLoss(device.zeros(2, 3), crf, tags)).toThrow('character 1 has tag 3 of 3');
		device.endStep();
	});
});

const folder = referencePath('crf');
const cases = folder ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];

test.skipIf(!folder)('there are cases of the published program', () => expect(cases.length).toBeGreaterThan(5));

describe.each(devices)('%s, the published program', (_, device) => {
	test.each(cases)('%s', async (file) => {
		const expected = JSON.parse(readFileSync(join(folder!, file), 'utf8'));
		const { tensors } = readSafetensors(readFileSync(join(folder!, file.replace('.json', '.safetensors'))));
		const floats = (name: string) => (tensors.has(name) ? readFloats(tensors.get(name)!) : new Float32Array(0));
		const [, longest, tagCount] = tensors.get('emissions')!.shape;
		const lengths: number[] = expected.seq_len;
		const crf = openCrf(device, {
			tagCount,
			emissions: [],
			transitions: floats('transitions'),
			start: floats('start_scores'),
			end: floats('end_scores'),
		});
		/** Numbers of the real characters of an array [B, L, width]. */
		const real = <T extends Float32Array | Int32Array>(values: T, width: number) =>
			lengths.flatMap((length, b) => [...values.subarray(b * longest * width, (b * longest + length) * width)]);

		const batch = tinyBatch(lengths.map((characters) => ({ characters, words: 0 })));
		device.beginStep(batch);
		const rows = Float32Array.from(real(floats('emissions'), tagCount));
		const emissions = device.upload(rows, batch.realCharacterCount, tagCount);
		const tags = device.uploadIndices(Int32Array.from(real(readIntegers(tensors.get('tags')!), 1)));
		const { perSentence, saved } = device.crfLoss(emissions, crf, tags);
		expect(firstDifference(await device.read(perSentence), expected.nll_float64, 1e-6)).toBe(null);
		const given = device.crfLossBackward(emissions, crf, tags, saved, 1 / lengths.length, everything);
		// The published float32 gradients are themselves up to 2.1e-5 off the float64 ones (long-batch).
		const gradient = real(floats('grad_emissions_of_mean_nll'), tagCount);
		expect(firstDifference(await device.read(given), gradient, 1e-5)).toBe(null);
		const { offset, size } = crf.transitions;
		const moves = (await device.readGradients()).subarray(offset, offset + size);
		expect(firstDifference(moves, floats('grad_transitions_of_mean_nll'), 2.1e-5)).toBe(null);

		const constraints = expected.constrained ? floats('constrain') : null;
		const decoded = await device.crfDecode(emissions, crf, constraints);
		expect([...decoded.tags]).toEqual(expected.viterbi.flat());
		expect([...decoded.scores]).toEqual(expected.viterbi_score);
		device.endStep();
	});
});
