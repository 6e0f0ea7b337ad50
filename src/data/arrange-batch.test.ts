import { expect, test } from 'vitest';
import { arrangeBatch, measureBatches } from './arrange-batch';
import type { Batch } from './batch';
import type { LatticeSentence } from './lattice';

/** A sentence whose ids tell what they are: characters from 10 * base, bigrams 1000 higher, words 2000 higher. */
function sentence(base: number, length: number, words: [number, number][]): LatticeSentence {
	const count = (size: number, from: number) => Int32Array.from({ length: size }, (_, index) => from + index);
	return {
		characterRows: count(length, 10 * base),
		bigramRows: count(length, 1000 + 10 * base),
		wordRows: count(words.length, 2000 + 10 * base),
		wordStart: Int32Array.from(words, ([start]) => start),
		wordLast: Int32Array.from(words, ([, last]) => last),
		tags: count(length, 1),
	};
}

const split = [
	sentence(1, 4, [
		[0, 1],
		[1, 3],
	]),
	sentence(2, 1, []),
	sentence(3, 3, [[1, 2]]),
];

test('ragged rows are characters then words of each sentence, with nothing between', () => {
	const batch = arrangeBatch(split, [2, 0], { layout: 'ragged', distanceKind: 'pair' });
	expect([...batch.rowOffset]).toEqual([0, 4]);
	expect([...batch.nodeCount]).toEqual([4, 6]);
	expect(batch.rowCount).toBe(10);
	expect([...batch.blockSize]).toEqual([4, 6]);
	expect([...batch.pairOffset]).toEqual([0, 16]);
	expect(batch.pairCount).toBe(52);
	expect([...batch.characterRow]).toEqual([0, 1, 2, 4, 5, 6, 7]);
	expect([...batch.wordRow]).toEqual([3, 8, 9]);
	expect([...batch.characterIds]).toEqual([30, 31, 32, 10, 11, 12, 13]);
	expect([...batch.bigramIds]).toEqual([1030, 1031, 1032, 1010, 1011, 1012, 1013]);
	expect([...batch.wordIds]).toEqual([2030, 2010, 2011]);
	expect([...batch.tags]).toEqual([1, 2, 3, 1, 2, 3, 4]);
	expect([...batch.sentenceIndex]).toEqual([2, 0]);
	expect([...batch.characterOffset]).toEqual([0, 3]);
});

test('padding is marked: -1 for rows, names and ids, 0 for tags', () => {
	const batch = arrangeBatch(split, [0, 1], { layout: 'padded', distanceKind: 'pair' });
	expect([...batch.blockSize]).toEqual([16, 16]);
	expect(batch.rowCount).toBe(32);
	expect([...batch.rowOffset]).toEqual([0, 16]);
	expect(batch.pairCount).toBe(512);
	expect(batch.characterRow).toHaveLength(32);
	expect(batch.wordRow).toHaveLength(32);
	for (const list of [batch.characterRow, batch.characterKey, batch.characterIds, batch.bigramIds]) {
		expect([...list.subarray(5)]).toEqual(new Array(27).fill(-1));
	}
	for (const list of [batch.wordRow, batch.wordKey, batch.wordIds]) {
		expect([...list.subarray(2)]).toEqual(new Array(30).fill(-1));
	}
	expect([...batch.rowKey.subarray(6, 16)]).toEqual(new Array(10).fill(-1));
	expect([...batch.tags.subarray(5)]).toEqual(new Array(27).fill(0));
	expect(batch.realCharacterCount).toBe(5);
	expect(batch.distances.ss).toHaveLength(batch.distances.count);
});

/** What a batch says, free of its layout: one line a character, word and pair of nodes. */
function contents(batch: Batch): string[] {
	const lines: string[] = [];
	for (let index = 0; index < batch.realCharacterCount; index++) {
		const row = batch.characterRow[index];
		lines.push(
			`character ${batch.rowKey[row]} ${batch.characterIds[index]} ${batch.bigramIds[index]} ${batch.tags[index]}`,
		);
		expect(batch.characterKey[index]).toBe(batch.rowKey[row]);
	}
	for (let index = 0; index < batch.wordIds.length && batch.wordIds[index] >= 0; index++) {
		lines.push(`word ${batch.rowKey[batch.wordRow[index]]} ${batch.wordIds[index]}`);
		expect(batch.wordKey[index]).toBe(batch.rowKey[batch.wordRow[index]]);
	}
	const { index, ss, se, es, ee } = batch.distances;
	for (let sentence = 0; sentence < batch.sentenceCount; sentence++) {
		for (let query = 0; query < batch.nodeCount[sentence]; query++) {
			for (let key = 0; key < batch.nodeCount[sentence]; key++) {
				const number = index[batch.pairOffset[sentence] + query * batch.blockSize[sentence] + key];
				lines.push(`pair ${[sentence, query, key, ss[number], se[number], es[number], ee[number]].join()}`);
			}
		}
	}
	return lines;
}

test('the padded layout says the same as the ragged one', () => {
	const [ragged, padded] = (['ragged', 'padded'] as const).map((layout) =>
		contents(arrangeBatch(split, [1, 0, 2], { layout, distanceKind: 'triple' })),
	);
	expect(ragged.length).toBeGreaterThan(50);
	expect(padded).toEqual(ragged);
});

test.each(['ragged', 'padded'] as const)('a batch without any word is laid out (%s)', (layout) => {
	const batch = arrangeBatch(split, [1], { layout, distanceKind: 'pair' });
	expect([...batch.wordIds].every((id) => id === -1)).toBe(true);
	expect([...batch.characterIds.subarray(0, 1)]).toEqual([20]);
	expect(batch.distances.realCount).toBe(1);
});

test('a bucket that fits decides all sizes', () => {
	const bucket = { nodes: 48, characters: 100, words: 50, distances: 700 };
	const batch = arrangeBatch(split, [0, 2], { layout: 'padded', distanceKind: 'pair', buckets: [bucket] });
	expect(batch.blockSize[0]).toBe(48);
	expect(batch.characterIds).toHaveLength(100);
	expect(batch.wordIds).toHaveLength(50);
	expect(batch.distances.count).toBe(700);
});

test('batches are measured without being laid out', () => {
	const orders = [[0, 2], [1]];
	const measured = measureBatches(split, orders, 'triple');
	const arranged = orders.map((order) => arrangeBatch(split, order, { layout: 'ragged', distanceKind: 'triple' }));
	expect(measured).toEqual(
		arranged.map((batch) => ({
			nodes: Math.max(...batch.nodeCount),
			characters: batch.characterIds.length,
			words: batch.wordIds.length,
			distances: batch.distances.count,
		})),
	);
});
