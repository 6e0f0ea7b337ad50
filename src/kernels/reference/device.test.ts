// The reference device against formulas written out on the host, and its manners: what it frees, what it refuses.

import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { arrangeBatch } from '../../data/arrange-batch';
import { dropThreshold, elementBits, rowBits } from '../../util/counter-random';
import { RandomStream } from '../../util/random';
import { runConformance } from '../conformance';
import { findParameter, layOutParameters, trainedAlike } from '../parameters';
import { createReferenceDevice } from './device';

const device = await createReferenceDevice();
const random = new RandomStream(5);
const draw = (length: number) => Float32Array.from({ length }, () => 2 * random.uniform() - 1);
const tagCount = 3;
const lengths = [4, 1, 3];
const sentences = lengths.map((length) => ({
	characterRows: new Int32Array(length),
	bigramRows: new Int32Array(length),
	wordRows: new Int32Array(0),
	wordStart: new Int32Array(0),
	wordLast: new Int32Array(0),
	tags: Int32Array.from({ length }, () => random.below(tagCount)),
}));
const batch = arrangeBatch(sentences, [0, 1, 2], { layout: 'padded', distanceKind: 'pair' });
const layout = layOutParameters([
	{ name: 'transitions', shape: [tagCount, tagCount] },
	{ name: 'start', shape: [tagCount] },
	{ name: 'end', shape: [tagCount] },
]);
const entries = layout.entries;
const flat = draw(layout.size);
const numbers = (name: string) => {
	const { offset, size } = findParameter(layout, name);
	return flat.slice(offset, offset + size);
};

beforeEach(() => {
	device.openParameters(layout);
	device.writeParameters(flat);
});
afterEach(() => device.endStep());
afterAll(() => device.dispose());

describe('the CRF, against every tag sequence in turn', () => {
	const crf = {
		transitions: findParameter(layout, 'transitions'),
		start: findParameter(layout, 'start'),
		end: findParameter(layout, 'end'),
	};
	const [transitions, start, end] = [numbers('transitions'), numbers('start'), numbers('end')];
	const emissions = draw(batch.characterRow.length * tagCount).map((value) => 3 * value);

	function everyPath(sentence: number) {
		const length = lengths[sentence];
		const first = batch.characterOffset[sentence];
		return Array.from({ length: tagCount ** length }, (_, code) => {
			const tags = Array.from({ length }, (_, time) => Math.floor(code / tagCount ** time) % tagCount);
			let score = start[tags[0]] + end[tags[length - 1]];
			tags.forEach((tag, time) => {
				score += emissions[(first + time) * tagCount + tag];
				if (time > 0) score += transitions[tags[time - 1] * tagCount + tag];
			});
			return { tags, score };
		});
	}

	test('the loss is the negative log of the share of the given tags', async () => {
		device.beginStep(batch);
		const given = device.upload(emissions, batch.characterRow.length, tagCount);
		const { perSentence } = device.crfLoss(given, crf, device.uploadIndices(batch.tags));
		const losses = await device.read(perSentence);
		sentences.forEach(({ tags }, sentence) => {
			const paths = everyPath(sentence);
			const total = paths.reduce((sum, { score }) => sum + Math.exp(score), 0);
			const own = paths.find((path) => path.tags.every((tag, time) => tag === tags[time]));
			expect(losses[sentence]).toBeCloseTo(Math.log(total) - (own?.score ?? Number.NaN), 5);
		});
	});

	test('decoding finds the best path and its score', async () => {
		device.beginStep(batch);
		const given = device.upload(emissions, batch.characterRow.length, tagCount);
		const decoding = await device.crfDecode(given, crf, null);
		sentences.forEach((_, sentence) => {
			const best = everyPath(sentence).reduce((left, right) => (right.score > left.score ? right : left));
			const first = batch.characterOffset[sentence];
			expect([...decoding.tags.subarray(first, first + lengths[sentence])]).toEqual(best.tags);
			expect(decoding.scores[sentence]).toBeCloseTo(best.score, 5);
		});
	});

	test('marginals are shares of all paths that pass', async () => {
		device.beginStep(batch);
		const marginals = await device.crfMarginals(device.upload(emissions, batch.characterRow.length, tagCount), crf);
		sentences.forEach((_, sentence) => {
			const paths = everyPath(sentence);
			const total = paths.reduce((sum, { score }) => sum + Math.exp(score), 0);
			for (let time = 0; time < lengths[sentence]; time++)
				for (let tag = 0; tag < tagCount; tag++) {
					const passing = paths.filter(({ tags }) => tags[time] === tag);
					const share = passing.reduce((sum, { score }) => sum + Math.exp(score), 0) / total;
					expect(marginals[(batch.characterOffset[sentence] + time) * tagCount + tag]).toBeCloseTo(share, 5);
				}
		});
	});

	test('equal paths are decided for the lower tag', async () => {
		device.writeParameters(new Float32Array(layout.size));
		device.beginStep(batch);
		const even = device.upload(new Float32Array(emissions.length), batch.characterRow.length, tagCount);
		const { tags } = await device.crfDecode(even, crf, null);
		expect([...tags].every((tag) => tag === 0)).toBe(true);
	});

	test('a tag that the CRF does not have is a bug', () => {
		device.beginStep(batch);
		const given = device.upload(emissions, batch.characterRow.length, tagCount);
		const tags = device.uploadIndices(batch.tags.map((tag) => tag + tagCount));
		expect(() => device.crfLoss(given, crf, tags)).toThrow('invariant: tag');
	});
});

test('dropout keeps and drops by the counter-based bits, and divides what it keeps', async () => {
	const rowKeys = Int32Array.of(0, 65537, 3 * 65536 + 12);
	const rate = 0.3;
	const key = 0xdeadbeef;
	const dropped = device.dropout(device.upload(new Float32Array(150).fill(1), 3, 50), {
		rate,
		key,
		rowKeys: device.uploadIndices(rowKeys),
	});
	const expected = Array.from({ length: 150 }, (_, index) => {
		const bits = elementBits(rowBits(key, rowKeys[Math.floor(index / 50)]), index % 50);
		return bits < dropThreshold(rate) ? 0 : Math.fround(1 / (1 - rate));
	});
	const values = await device.read(dropped);
	expect(values.filter((value) => value === 0).length).toBeGreaterThan(20);
	values.forEach((value, index) => {
		expect(value).toBeCloseTo(expected[index], 6);
	});
});

test('sgd adds decay after clipping, and clears every gradient', async () => {
	const [transitions, start] = [entries[0], entries[1]];
	const gradient = device.upload(Float32Array.of(9, -9, 0.5), 1, 3);
	device.addVectorBackward(start, gradient);
	const rule = { kind: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.2, clipNorm: 0, clipValue: 5 } as const;
	device.update(rule, trainedAlike([start]));
	device.update(rule, trainedAlike([start]));
	const values = (await device.readParameters()).slice(start.offset, start.offset + 3);
	const clipped = [5, -5, 0.5];
	values.forEach((value, index) => {
		const begin = numbers('start')[index];
		const first = clipped[index] + 0.2 * begin;
		const after = begin - 0.1 * first;
		expect(value).toBeCloseTo(after - 0.1 * (0.9 * first + 0.2 * after), 5);
	});
	expect((await device.readGradients()).every((one) => one === 0)).toBe(true);
	const untouched = (await device.readParameters()).slice(transitions.offset, transitions.offset + 9);
	expect(untouched).toEqual(numbers('transitions'));
});

test('adamw corrects its moments and decays apart from them', async () => {
	const start = entries[1];
	device.addVectorBackward(start, device.upload(Float32Array.of(2, -0.5, 0.25), 1, 3));
	const rule = { kind: 'adamw', beta1: 0.9, beta2: 0.99, epsilon: 1e-8, clipNorm: 0, clipValue: 0, count: 1 } as const;
	device.update({ ...rule, learningRate: 0.01, weightDecay: 0.1 }, trainedAlike([start]));
	const values = (await device.readParameters()).slice(start.offset, start.offset + 3);
	[1, -1, 1].forEach((sign, index) => {
		const begin = numbers('start')[index];
		expect(values[index]).toBeCloseTo(begin - 0.01 * (sign + 0.1 * begin), 5);
	});
});

test('parameters and the optimiser state come back as they were written', async () => {
	const state = { first: draw(layout.size), second: draw(layout.size) };
	device.writeOptimizerState(state);
	const read = await device.readOptimizerState();
	for (const { offset, size } of entries) {
		expect(read.first.slice(offset, offset + size)).toEqual(state.first.slice(offset, offset + size));
		expect(read.second?.slice(offset, offset + size)).toEqual(state.second.slice(offset, offset + size));
	}
	device.writeOptimizerState({ first: state.first, second: null });
	expect((await device.readOptimizerState()).second).toBeNull();
});

test('a constant outlives steps and is replaced under its key', async () => {
	const before = device.memory().allocations;
	const first = device.constant('table', Float32Array.of(1, 2), 1, 2);
	device.beginStep(batch);
	device.endStep();
	expect(await device.read(first)).toEqual(Float32Array.of(1, 2));
	const second = device.constant('table', Float32Array.of(3, 4), 1, 2);
	expect(await device.read(second)).toEqual(Float32Array.of(3, 4));
	expect(device.memory().allocations).toBe(before + 1);
});

test('a matrix without rows passes through', async () => {
	const none = device.upload(new Float32Array(0), 0, 3);
	const weight = { entry: entries[0], columnStart: 0, columnCount: 3 };
	const call = { input: none, weight, bias: entries[1], relu: true };
	const output = device.linear(call);
	expect([output.rows, output.columns]).toEqual([0, 3]);
	const given = device.linearBackward(call, output, output, { inputs: true, parameters: true });
	expect(given?.rows).toBe(0);
	const indices = device.uploadIndices(new Int32Array(0));
	expect(device.gatherRows(device.upload(draw(6), 2, 3), indices).rows).toBe(0);
	const placed = device.placeRows([{ matrix: none, rows: indices }], 2);
	expect(await device.read(placed)).toEqual(new Float32Array(6));
	device.embeddingRowsBackward(entries[0], indices, none);
});

test('a run through every operation leaves nothing behind', async () => {
	const fresh = await createReferenceDevice();
	await runConformance(fresh);
	const once = fresh.memory().allocations;
	await runConformance(fresh);
	expect(fresh.memory().allocations).toBe(once);
	fresh.dispose();
	expect(() => fresh.zeros(1, 1)).toThrow('disposed');
});

test('steps do not nest and ask for padded rows', () => {
	device.beginStep(batch);
	expect(() => device.beginStep(batch)).toThrow('invariant');
	device.endStep();
	expect(() => device.beginStep({ ...batch, layout: 'ragged' })).toThrow('padded');
});
