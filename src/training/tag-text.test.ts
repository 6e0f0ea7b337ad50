import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KeptVectors } from '../data/vector-file';
import { presetConfig } from '../experiment/presets';
import type { Device } from '../kernels/operations';
import { createWasmDevice } from '../kernels/wasm/device';
import { initialParameters } from '../model/initial-parameters';
import { layOutNetwork, networkShape } from '../model/shape';
import { tinyData } from '../testing/tiny-data';
import { encodeText, noVectors, type TrainedModel } from './encode-text';
import { tagText } from './tag-text';
import { bestOf, trainRun } from './train-run';

let device: Device;
let model: TrainedModel;

/** A model whose characters are 天..: row 2 and on. Persons begin with rows 2..5, places with rows 6..9 (testing/tiny-data.ts). */
const alphabet = [...'天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收'];
const rows = new Map(alphabet.map((character, index) => [character, index + 2]));

beforeAll(async () => {
	device = await createWasmDevice();
	const config = presetConfig('smoke');
	Object.assign(config.model, { heads: 2, headSize: 8, lexicon: true, bigrams: false });
	config.stages = [{ ...config.stages[2], epochs: 12 }];
	const data = tinyData({ train: 60, dev: 10, test: 0 });
	let parameters = new Float32Array(0);
	const keepState = (state: Parameters<typeof bestOf>[0]) => {
		parameters = Float32Array.from(bestOf(state));
	};
	for await (const _ of trainRun(config, data, { device, clock: () => 0, keepState }));
	model = {
		shape: networkShape(config, data),
		labels: data.labels,
		latticeRows: rows,
		bigramRows: new Map(),
		lexiconWords: ['玄黄'],
		bert: null,
		normalizesEmbeddings: true,
		parameters,
	};
});
afterAll(() => device.dispose());

test('entities come back as spans in the order of the text', async () => {
	const { sentences } = await tagText(device, model, [[...'辰天暑宿列玄往张'], [], [...'宇暑张']]);
	expect(sentences.map((sentence) => sentence.spans)).toEqual([
		[
			{ start: 1, end: 3, type: 'PER' },
			{ start: 5, end: 7, type: 'PER' },
		],
		[],
		[{ start: 0, end: 2, type: 'LOC' }],
	]);
});

test('the probability of a whole labelling is at most that of any of its spans, also without spans', async () => {
	const details = { confidences: true, alternatives: false, words: false, probabilities: true };
	const texts = [[...'辰天暑宿列玄往张'], [...'辰宿列张'], []];
	const { sentences } = await tagText(device, model, texts, noVectors, details);
	const [first, plain, empty] = sentences;
	expect(first.probability).toBeGreaterThan(0);
	expect(first.probability).toBeLessThanOrEqual(Math.min(...first.spans.map(({ confidence = 0 }) => confidence)));
	expect(plain.spans).toEqual([]);
	expect(plain.probability).toBeGreaterThan(0);
	expect(plain.probability).toBeLessThan(1);
	expect(empty.probability).toBe(1);
});

test('confidences are probabilities, high where the model has learnt, with the words that were matched', async () => {
	const everything = { confidences: true, alternatives: true, words: true };
	const { sentences } = await tagText(device, model, [[...'辰天暑宿玄黄列张']], noVectors, everything);
	expect(sentences[0].words).toEqual([{ start: 4, end: 6, text: '玄黄' }]);
	expect(sentences[0].spans.length).toBeGreaterThan(0);
	for (const { confidence = -1, alternatives = [] } of sentences[0].spans) {
		expect(confidence).toBeGreaterThan(0.3);
		expect(confidence).toBeLessThanOrEqual(1);
		for (const { probability } of alternatives) expect(probability + confidence).toBeLessThan(1.0001);
	}
});

test('in a line that is cut, confidences and words have the positions of the whole line', async () => {
	const line = [...'辰天暑宿列张玄黄'.repeat(120)];
	const everything = { confidences: true, alternatives: true, words: true };
	const { sentences } = await tagText(device, model, [line], noVectors, everything);
	const { words = [], spans, characters } = sentences[0];
	expect(words).toHaveLength(120);
	for (const { start, end } of words) expect(characters.slice(start, end).join('')).toBe('玄黄');
	expect(spans.at(-1)?.start).toBeGreaterThan(900);
	expect(spans.every(({ confidence = -1 }) => confidence > 0)).toBe(true);
});

test('batches and their order do not change what a sentence gets', async () => {
	const texts = Array.from({ length: 40 }, (_, index) =>
		Array.from(
			{ length: 3 + ((index * 7) % 90) },
			(_, character) => alphabet[(index * 5 + character * 3) % alphabet.length],
		),
	);
	const together = await tagText(device, model, texts);
	for (const index of [0, 13, 39]) {
		const alone = await tagText(device, model, [texts[index]]);
		expect(alone.sentences[0]).toEqual(together.sentences[index]);
	}
});

test('a very long line is tagged in pieces, with positions of the whole line', async () => {
	const line = [...'辰天暑宿列张'.repeat(200)];
	const { sentences } = await tagText(device, model, [line]);
	const last = sentences[0].spans.at(-1);
	expect(sentences[0].spans.length).toBeGreaterThan(150);
	expect(last?.start).toBeGreaterThan(1100);
	expect(sentences[0].characters.slice(last?.start, last?.end)).toHaveLength(2);
});

const vectors: KeptVectors = {
	file: 'v.vec',
	dimension: 8,
	words: ['冬', '藏'],
	values: Float32Array.from({ length: 16 }, (_, index) => index + 1),
	entryCount: 2,
	notes: [],
};

test('characters without a row are looked up in stored vectors, normalised, or counted as unknown', () => {
	const text = [{ characters: [...'天冬冬闰'], tags: null }];
	expect(encodeText(model, text).counts.characters).toEqual({ total: 4, lookedUp: 0, unknown: 3 });
	const found = encodeText(model, text, { ...noVectors, characters: vectors });
	expect(found.counts.characters).toEqual({ total: 4, lookedUp: 2, unknown: 1 });
	const { latticeRows } = model.shape;
	expect(Array.from(found.sentences[0].characterRows)).toEqual([2, latticeRows, latticeRows, 1]);
	const table = layOutNetwork(found.shape).entries[0];
	const row = found.parameters.subarray(table.offset + latticeRows * 8, table.offset + (latticeRows + 1) * 8);
	const norm = Math.sqrt(1 + 4 + 9 + 16 + 25 + 36 + 49 + 64);
	expect(row[7]).toBeCloseTo(8 / norm, 6);
});

test('added rows leave the tags of known text as they were', async () => {
	const text = [[...'辰天暑宿列玄往张']];
	const plain = await tagText(device, model, text);
	const grown = await tagText(device, model, [...text, ['冬']], { ...noVectors, characters: vectors });
	expect(grown.sentences[0]).toEqual(plain.sentences[0]);
});

test('lexicon words of the text are matched and counted', () => {
	const { sentences, counts } = encodeText(model, [{ characters: [...'天玄黄'], tags: null }]);
	expect(Array.from(sentences[0].wordStart)).toEqual([1]);
	expect(counts.words).toEqual({ total: 1, lookedUp: 0, unknown: 1 });
});

test('a model with BERT is refused where its BERT is not there', () => {
	const wider = { ...model, shape: { ...model.shape, model: { ...model.shape.model, encoder: 'flat-bert' as const } } };
	expect(() => encodeText(wider, [{ characters: ['冬'], tags: null }])).toThrow(/files of a BERT model/);
});

test('stored vectors of another width are refused', () => {
	const wide = { ...vectors, dimension: 4 };
	expect(() => encodeText(model, [{ characters: ['冬'], tags: null }], { ...noVectors, characters: wide })).toThrow(
		/vectors of 8 dimensions/,
	);
});

test('a model as published that predicts <pad> gives no span for it', async () => {
	const shape = {
		...model.shape,
		model: { ...model.shape.model, constrainedDecoding: false },
		tagOffset: 0,
		tagCount: model.labels.tags.length,
	};
	const layout = layOutNetwork(shape);
	const lattice = new Float32Array(shape.latticeRows * shape.latticeSize);
	const parameters = initialParameters(shape, layout, { lattice, bigram: null }, 1);
	const bias = layout.entries.find((entry) => entry.name === 'output.bias');
	parameters[bias?.offset ?? 0] = 100;
	const { sentences } = await tagText(device, { ...model, shape, parameters }, [[...'天地']]);
	expect(sentences[0].spans).toEqual([]);
});
