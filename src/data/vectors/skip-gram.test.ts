import { expect, test } from 'vitest';
import { errorCodeOf } from '../../testing/error-code';
import { RandomStream } from '../../util/random';
import { buildLexicon } from '../lexicon';
import { readVectors } from '../vector-file';
import { type SkipGramProgress, skipGramDefaults, type TrainedVectors, trainSkipGram } from './skip-gram';
import { UnitTextBuilder, type VectorUnits } from './unit-text';
import { formatVectors } from './vector-text';

/** A text of twenty different characters would be thinned out to nothing. */
const settings = { ...skipGramDefaults, dimension: 12, epochs: 12, sampling: 0, learningRate: 0.1 };

function train(lines: readonly string[], units: VectorUnits, lexicon: string[] = [], seed = 3) {
	const builder = new UnitTextBuilder(units, buildLexicon(lexicon));
	for (const line of lines) builder.add(line);
	const reports: SkipGramProgress[] = [];
	const training = trainSkipGram(builder.finish(1), settings, seed);
	for (let next = training.next(); ; next = training.next()) {
		if (next.done) return { vectors: next.value, reports };
		reports.push(next.value);
	}
}

function cosine({ words, values, dimension }: TrainedVectors, left: string, right: string): number {
	const row = (word: string) => values.subarray(words.indexOf(word) * dimension, (words.indexOf(word) + 1) * dimension);
	const dot = (one: Float32Array, other: Float32Array) =>
		one.reduce((sum, value, index) => sum + value * other[index], 0);
	return dot(row(left), row(right)) / Math.sqrt(dot(row(left), row(left)) * dot(row(right), row(right)));
}

/** Cities are gone to, fruits are eaten: within a kind the contexts are the same. */
function twoKinds(kinds: readonly (readonly string[])[], frames: readonly string[]): string[] {
	const random = new RandomStream(1);
	return Array.from({ length: 1500 }, () => {
		const kind = random.below(2);
		const [before, after] = frames[2 * kind + random.below(2)].split('_');
		return before + kinds[kind][random.below(kinds[kind].length)] + after;
	});
}

test.each<[VectorUnits, string[][], string[], string[]]>([
	[
		'characters',
		[
			['京', '沪', '渝'],
			['桃', '梨', '杏'],
		],
		['我去_市', '他到_城'],
		['吃了_子', '买斤_果'],
	],
	[
		'words',
		[
			['北京', '上海', '重庆'],
			['桃子', '鸭梨', '红杏'],
		],
		['我去_市', '他到_城'],
		['吃了_呢', '买斤_吧'],
	],
])('%s in the same contexts come closer than others', (units, kinds, going, eating) => {
	const { vectors } = train(twoKinds(kinds, [...going, ...eating]), units, kinds.flat());
	const [[city, otherCity], [fruit, otherFruit]] = kinds;
	const unrelated = Math.max(cosine(vectors, city, fruit), cosine(vectors, otherCity, otherFruit));
	expect(cosine(vectors, city, otherCity)).toBeGreaterThan(unrelated + 0.2);
	expect(cosine(vectors, fruit, otherFruit)).toBeGreaterThan(unrelated + 0.2);
});

test('bigrams reach to the end mark, as the lattice asks for them', () => {
	const { vectors } = train(['天气 好', '天气坏'], 'bigrams');
	expect(vectors.words.toSorted()).toEqual(['天气', '气坏', '气好', '坏<end>', '好<end>'].toSorted());
});

test('words of a position that overlap all get vectors', () => {
	const lexicon = ['南京', '南京市', '市长', '长江', '大桥', '长江大桥'];
	const { vectors } = train(new Array(50).fill('南京市长江大桥'), 'words', lexicon);
	expect(vectors.words).toEqual(expect.arrayContaining(lexicon));
	expect(vectors.values.every(Number.isFinite)).toBe(true);
});

test('the same seed gives the same file, another seed another', () => {
	const lines = twoKinds([['京'], ['桃']], ['我去_市', '他到_城', '吃了_子', '买斤_果']).slice(0, 100);
	const fileOf = (seed: number) => [...formatVectors(train(lines, 'characters', [], seed).vectors)].join('');
	expect(fileOf(5)).toBe(fileOf(5));
	expect(fileOf(6)).not.toBe(fileOf(5));
});

test('progress grows to the whole of the work, and the loss falls', () => {
	const lines = twoKinds(
		[
			['京', '沪'],
			['桃', '梨'],
		],
		['我去_市', '他到_城', '吃了_子', '买斤_果'],
	);
	const { reports } = train(lines, 'characters');
	expect(reports.length).toBeGreaterThan(2);
	const done = reports.map((report) => report.done);
	expect(done).toEqual([...new Set(done)].sort((left, right) => left - right));
	expect(reports.at(-1)).toMatchObject({ epoch: 12, epochs: 12, done: reports[0].total });
	expect(reports.at(-1)?.loss).toBeLessThan(Number(reports[0].loss));
});

test('what is written as text is read again', async () => {
	const { vectors } = train(['天气好', '𠮷 好'], 'characters');
	async function* bytes() {
		for (const piece of formatVectors(vectors)) yield new TextEncoder().encode(piece);
	}
	const read = await readVectors(bytes(), { file: 'a.vec', wants: () => true });
	expect(read.words).toEqual(vectors.words);
	expect([...read.values]).toEqual(Array.from(vectors.values, (value) => Math.fround(Number(value.toFixed(5)))));
});

test('rare units are left out, and the others are ordered by falling count', () => {
	const builder = new UnitTextBuilder('characters', null);
	for (const line of ['天气天天', '好气', '']) builder.add(line);
	const text = builder.finish(2);
	expect(text.words).toEqual(['天', '气']);
	expect([...text.counts]).toEqual([3, 2]);
});

test('text without two different units is refused', () => {
	expect(errorCodeOf(() => train(['好好好'], 'characters'))).toBe('skip-gram-text-small');
	expect(errorCodeOf(() => train([], 'bigrams'))).toBe('skip-gram-text-small');
});
