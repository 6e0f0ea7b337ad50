// Every backward step of the reference device against TensorFlow.js' own differentiation of a literal forward formula.
// The union package is imported here alone, for its gradients.

import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { arrangeBatch } from '../../data/arrange-batch';
import type { LatticeSentence } from '../../data/lattice';
import { RandomStream } from '../../util/random';
import { largestDifference } from '../conformance';
import type { Matrix } from '../operations';
import { findParameter, layOutParameters } from '../parameters';
import { createReferenceDevice } from './device';

const device = await createReferenceDevice();
const random = new RandomStream(3);
const draw = (length: number) => Float32Array.from({ length }, () => 2 * random.uniform() - 1);
const layout = layOutParameters([
	{ name: 'weight', shape: [4, 6] },
	{ name: 'bias', shape: [4] },
	{ name: 'gain', shape: [6] },
	{ name: 'shift', shape: [6] },
	{ name: 'transitions', shape: [4, 4] },
	{ name: 'start', shape: [4] },
	{ name: 'end', shape: [4] },
]);
const flat = draw(layout.size);
const entry = (name: string) => findParameter(layout, name);
const parameter = (name: string) =>
	tf.tensor(flat.slice(entry(name).offset, entry(name).offset + entry(name).size), [...entry(name).shape]);

const sentence = (characters: number, words: [start: number, last: number][]): LatticeSentence => ({
	characterRows: new Int32Array(characters),
	bigramRows: new Int32Array(characters),
	wordRows: new Int32Array(words.length),
	wordStart: Int32Array.from(words, ([start]) => start),
	wordLast: Int32Array.from(words, ([, last]) => last),
	tags: Int32Array.from({ length: characters }, () => random.below(4)),
});
const words: [number, number][] = [
	[0, 1],
	[1, 3],
];
const batch = arrangeBatch([sentence(5, words), sentence(3, []), sentence(1, [])], [0, 1, 2], {
	layout: 'padded',
	distanceKind: 'pair',
});

beforeEach(() => {
	device.endStep();
	device.openParameters(layout);
	device.writeParameters(flat);
	device.beginStep(batch);
});
afterAll(() => device.dispose());

/** Gradients of sum(forward(...) * weights) by TensorFlow.js. */
function differentiate(forward: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[], weights: Float32Array) {
	const loss = (...given: tf.Tensor[]) => tf.sum(tf.mul(tf.reshape(forward(...given), [-1]), tf.tensor1d(weights)));
	return tf
		.grads(loss as never)(inputs)
		.map((gradient) => gradient.dataSync());
}

async function expectSame(given: Matrix | Float32Array, expected: ArrayLike<number>): Promise<void> {
	const values = given instanceof Float32Array ? given : await device.read(given);
	expect(Array.from(expected).some((value) => value !== 0)).toBe(true);
	expect(largestDifference(values, expected)).toBeLessThan(2e-6);
}

async function gradientOf(name: string): Promise<Float32Array> {
	const { offset, size } = entry(name);
	return (await device.readGradients()).slice(offset, offset + size);
}

test('linear: input, weight, bias, through relu', async () => {
	const [input, gradient] = [draw(5 * 6), draw(5 * 4)];
	const weight = { entry: entry('weight'), columnStart: 0, columnCount: 6 };
	const call = { input: device.upload(input, 5, 6), weight, bias: entry('bias'), relu: true };
	const wanted = { inputs: true, parameters: true };
	const given = device.linearBackward(call, device.linear(call), device.upload(gradient, 5, 4), wanted);
	const expected = differentiate(
		(x, w, b) => tf.relu(tf.add(tf.matMul(x, w, false, true), b)),
		[tf.tensor(input, [5, 6]), parameter('weight'), parameter('bias')],
		gradient,
	);
	await expectSame(given!, expected[0]);
	await expectSame(await gradientOf('weight'), expected[1]);
	await expectSame(await gradientOf('bias'), expected[2]);
});

test('residualLayerNorm: input, gain, bias', async () => {
	const [input, residual, gradient] = [draw(30), draw(30), draw(30)];
	const call = {
		input: device.upload(input, 5, 6),
		residual: device.upload(residual, 5, 6),
		gain: entry('gain'),
		bias: entry('shift'),
	};
	const { saved } = device.residualLayerNorm(call);
	const wanted = { inputs: true, parameters: true };
	const given = device.residualLayerNormBackward(call, saved, device.upload(gradient, 5, 6), wanted);
	const expected = differentiate(
		(x, gain, bias) => {
			const { mean, variance } = tf.moments(tf.add(x, tf.tensor(residual, [5, 6])), 1, true);
			const normal = tf.div(tf.sub(tf.add(x, tf.tensor(residual, [5, 6])), mean), tf.sqrt(tf.add(variance, 1e-5)));
			return tf.add(tf.mul(normal, gain), bias);
		},
		[tf.tensor(input, [5, 6]), parameter('gain'), parameter('shift')],
		gradient,
	);
	await expectSame(given!, expected[0]);
	await expectSame(await gradientOf('gain'), expected[1]);
	await expectSame(await gradientOf('shift'), expected[2]);
});

test('distanceRows: both tables, through relu', async () => {
	const [left, right, gradient] = [draw(12), draw(12), draw(7 * 3)];
	const [first, second] = [Int32Array.of(0, 1, 1, 3, 2, 0, 1), Int32Array.of(3, 3, 0, 1, 2, 2, 3)];
	const tables = [device.upload(left, 4, 3), device.upload(right, 4, 3)];
	const lists = [device.uploadIndices(first), device.uploadIndices(second)];
	const output = device.distanceRows(tables, lists, true);
	const given = device.distanceRowsBackward(tables, lists, true, output, device.upload(gradient, 7, 3));
	const expected = differentiate(
		(a, c) => tf.relu(tf.add(tf.gather(a, tf.tensor1d(first, 'int32')), tf.gather(c, tf.tensor1d(second, 'int32')))),
		[tf.tensor(left, [4, 3]), tf.tensor(right, [4, 3])],
		gradient,
	);
	await expectSame(given[0], expected[0]);
	await expectSame(given[1], expected[1]);
});

for (const width of [1, 3])
	test(`softmaxGroups and mixRows with ${width} weight(s) a term`, async () => {
		const [logits, values, gradient] = [draw(5 * 2 * width), draw(12), draw(15)];
		const lists = [Int32Array.of(0, 1, 1, 3, 2), Int32Array.of(3, 3, 0, 1, 2)];
		const indices = lists.map((list) => device.uploadIndices(list));
		const weights = device.softmaxGroups(device.upload(logits, 5, 2 * width), 2);
		const table = device.upload(values, 4, 3);
		const mixed = device.mixRowsBackward(table, indices, weights, device.upload(gradient, 5, 3));
		const given = device.softmaxGroupsBackward(weights, 2, mixed.weights);
		const expected = differentiate(
			(x, v) => {
				const shares = tf.softmax(tf.transpose(tf.reshape(x, [5, 2, width]), [0, 2, 1])); // [5, width, 2]
				const terms = lists.map((list, term) =>
					tf.mul(
						tf.gather(v, tf.tensor1d(list, 'int32')),
						tf.reshape(tf.slice(shares, [0, 0, term], [5, width, 1]), [5, width]),
					),
				);
				return tf.add(terms[0], terms[1]);
			},
			[tf.tensor(logits, [5, 2 * width]), tf.tensor(values, [4, 3])],
			gradient,
		);
		await expectSame(given, expected[0]);
		await expectSame(mixed.values, expected[1]);
	});

test('attention: queries, keys, relative rows and values, through the masked softmax', async () => {
	const { rowCount, sentenceCount, nodeCount, distances } = batch;
	const nodes = batch.blockSize[0];
	const [width, heads, size] = [6, 2, 3];
	const rows = [draw(rowCount * width), draw(rowCount * width), draw(rowCount * width), draw(rowCount * width)];
	const relative = draw(distances.count * width);
	const isReal = Float32Array.from({ length: rowCount }, (_, row) =>
		row % nodes < nodeCount[Math.floor(row / nodes)] ? 1 : 0,
	);
	const gradient = draw(rowCount * width).map((value, index) => value * isReal[Math.floor(index / width)]);
	const [query, key, position, value] = rows.map((one) => device.upload(one, rowCount, width));
	const tuples = device.upload(relative, distances.count, width);
	const probabilities = device.maskedSoftmax(device.relativeScores(query, key, position, tuples, heads));
	const output = device.weightedValuesBackward(probabilities, value, device.upload(gradient, rowCount, width));
	const scores = device.maskedSoftmaxBackward(probabilities, output.probabilities);
	const given = device.relativeScoresBackward(query, key, position, tuples, scores);
	const split = (matrix: tf.Tensor) =>
		tf.transpose(tf.reshape(matrix, [sentenceCount, nodes, heads, size]), [0, 2, 1, 3]); // [B, h, N, d]
	const mask = tf.reshape(tf.mul(tf.sub(tf.tensor1d(isReal), 1), 1e15), [sentenceCount, 1, 1, nodes]);
	const expected = differentiate(
		(q, k, p, v, r) => {
			const content = tf.matMul(split(q), split(k), false, true);
			const each = tf.gather(r, tf.tensor1d(distances.index, 'int32')); // [B * N * N, H]
			const rel = tf.transpose(tf.reshape(each, [sentenceCount, nodes, nodes, heads, size]), [0, 3, 1, 2, 4]);
			const position = tf.sum(tf.mul(tf.expandDims(split(p), 3), rel), 4);
			const weights = tf.softmax(tf.add(tf.add(content, position), mask));
			return tf.transpose(tf.matMul(weights, split(v)), [0, 2, 1, 3]);
		},
		[...rows.map((one) => tf.tensor(one, [rowCount, width])), tf.tensor(relative, [distances.count, width])],
		gradient,
	);
	await expectSame(given.contentQuery, expected[0]);
	await expectSame(given.key, expected[1]);
	await expectSame(given.positionQuery, expected[2]);
	await expectSame(output.value, expected[3]);
	await expectSame(given.relative, expected[4]);
});

test('crfLoss: emissions, transitions, start and end scores', async () => {
	const characters = batch.characterRow.length;
	const emissions = draw(characters * 4);
	const crf = { transitions: entry('transitions'), start: entry('start'), end: entry('end') };
	const given = device.upload(emissions, characters, 4);
	const tags = device.uploadIndices(batch.tags);
	const { saved } = device.crfLoss(given, crf, tags);
	const gradient = device.crfLossBackward(given, crf, tags, saved, 0.5, { inputs: true, parameters: true });
	const expected = differentiate(
		(em, transitions, start, end) => {
			const losses = Array.from(batch.characterCount, (count, index) => {
				const first = batch.characterOffset[index];
				const step = (time: number) => tf.reshape(tf.slice(em, [first + time, 0], [1, 4]), [4]);
				const one = (vector: tf.Tensor, tag: number) => tf.slice(vector, [tag], [1]);
				let alpha: tf.Tensor = tf.add(step(0), start);
				let score: tf.Tensor = tf.add(one(step(0), batch.tags[first]), one(start, batch.tags[first]));
				for (let time = 1; time < count; time++) {
					alpha = tf.add(tf.logSumExp(tf.add(tf.expandDims(alpha, 1), transitions), 0), step(time));
					const [from, to] = [batch.tags[first + time - 1], batch.tags[first + time]];
					const move = tf.reshape(tf.slice(transitions, [from, to], [1, 1]), [1]);
					score = tf.add(score, tf.add(move, one(step(time), to)));
				}
				score = tf.add(score, one(end, batch.tags[first + count - 1]));
				return tf.reshape(tf.sub(tf.logSumExp(tf.add(alpha, end)), score), [1]);
			});
			return tf.concat(losses);
		},
		[tf.tensor(emissions, [characters, 4]), parameter('transitions'), parameter('start'), parameter('end')],
		new Float32Array(3).fill(0.5),
	);
	await expectSame(gradient, expected[0]);
	await expectSame(await gradientOf('transitions'), expected[1]);
	await expectSame(await gradientOf('start'), expected[2]);
	await expectSame(await gradientOf('end'), expected[3]);
});

test('contrastiveLoss: features, by the literal formula pair by pair', async () => {
	const classes = Int32Array.of(0, 1, 2, 0, 2, 0, -1, 3);
	const features = draw(8 * 3);
	const call = { features: device.upload(features, 8, 3), classes, classCount: 4, outsideClass: 1, temperature: 0.5 };
	const { loss, perClass, saved } = device.contrastiveLoss(call);
	const literal = (x: tf.Tensor, only?: number) => {
		const unit = tf.div(x, tf.norm(x, 2, 1, true));
		const similarity = (i: number, j: number) =>
			tf.div(tf.sum(tf.mul(tf.gather(unit, [i]), tf.gather(unit, [j]))), 0.5);
		const charactersOf = (wanted: (index: number) => boolean) =>
			[...classes.keys()].filter((character) => wanted(classes[character]));
		const terms: tf.Tensor[] = [];
		for (const type of [0, 2].filter((index) => only === undefined || index === only)) {
			const members = charactersOf((index) => index === type);
			const others = charactersOf((index) => index !== type && index >= 0);
			for (const i of members)
				for (const j of members.filter((other) => other !== i)) {
					const negatives = others.map((k) => tf.exp(similarity(i, k))).reduce((left, right) => tf.add(left, right));
					const positive = tf.exp(similarity(i, j));
					const term = tf.neg(tf.log(tf.div(positive, tf.add(positive, negatives))));
					terms.push(tf.div(term, members.length * (members.length - 1)));
				}
		}
		return tf.reshape(
			terms.reduce((left, right) => tf.add(left, right)),
			[1],
		);
	};
	const x = tf.tensor(features, [8, 3]);
	const [expected] = differentiate((given) => literal(given), [x], Float32Array.of(1));
	await expectSame(device.contrastiveLossBackward(call, saved), expected);
	await expectSame(loss, literal(x).dataSync());
	await expectSame(perClass, [literal(x, 0).dataSync()[0], 0, literal(x, 2).dataSync()[0], 0]);
});
