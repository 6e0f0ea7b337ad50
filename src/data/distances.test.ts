import { expect, test } from 'vitest';
import { RandomStream } from '../util/random';
import { type DistanceKind, distinctDistances, padDistances } from './distances';

/** Characters 0..length-1, then words at random positions. */
function randomNodes(lengths: number[], words: number, longest: number) {
	const stream = new RandomStream(7);
	const start: number[] = [];
	const last: number[] = [];
	for (const length of lengths) {
		for (let position = 0; position < length; position++) {
			start.push(position);
			last.push(position);
		}
		for (let word = 0; word < words; word++) {
			const first = stream.below(length);
			start.push(first);
			last.push(Math.min(length - 1, first + 1 + stream.below(longest)));
		}
	}
	const nodeCount = Int32Array.from(lengths, (length) => length + words);
	return { start: Int32Array.from(start), last: Int32Array.from(last), nodeCount };
}

function eachPair(nodeCount: Int32Array, visit: (query: number, key: number, pair: number) => void) {
	let first = 0;
	let pair = 0;
	for (const count of nodeCount) {
		for (let query = first; query < first + count; query++) {
			for (let key = first; key < first + count; key++) visit(query, key, pair++);
		}
		first += count;
	}
}

test.each<DistanceKind>(['pair', 'triple'])('every pair of nodes finds its own distances (%s)', (kind) => {
	const nodes = randomNodes([12, 1, 30], 9, 4);
	const { start, last } = nodes;
	const distances = distinctDistances({ kind, ...nodes });
	eachPair(nodes.nodeCount, (query, key, pair) => {
		const number = distances.index[pair];
		expect(distances.ss[number]).toBe(start[query] - start[key]);
		expect(distances.ee[number]).toBe(last[query] - last[key]);
		if (kind === 'pair') return;
		expect(distances.se[number]).toBe(start[query] - last[key]);
		expect(distances.es[number]).toBe(last[query] - start[key]);
	});
});

test.each<DistanceKind>(['pair', 'triple'])('no combination of distances is listed twice (%s)', (kind) => {
	const nodes = randomNodes([20, 14], 12, 6);
	const { start, last } = nodes;
	const expected = new Set<string>();
	eachPair(nodes.nodeCount, (query, key) => {
		const outer = [start[query] - start[key], last[query] - last[key]];
		const crossed = kind === 'triple' ? [start[query] - last[key], last[query] - start[key]] : [];
		expected.add([...outer, ...crossed].join());
	});
	expect(distinctDistances({ kind, ...nodes }).count).toBe(expected.size);
});

test('reach is the largest distance of the batch', () => {
	const nodes = randomNodes([5, 17], 3, 3);
	const { reach, ss, se, es, ee } = distinctDistances({ kind: 'triple', ...nodes });
	expect(reach).toBe(16);
	expect(Math.max(...[...ss, ...se, ...es, ...ee].map(Math.abs))).toBe(16);
});

test('padding keeps every pair and fills up with 0', () => {
	const nodes = randomNodes([4, 6], 2, 2);
	const ragged = distinctDistances({ kind: 'triple', ...nodes });
	const padded = padDistances(ragged, nodes.nodeCount, 10, ragged.count + 5);
	let pair = 0;
	for (let sentence = 0; sentence < 2; sentence++) {
		const count = nodes.nodeCount[sentence];
		for (let query = 0; query < 10; query++) {
			for (let key = 0; key < 10; key++) {
				const expected = query < count && key < count ? ragged.index[pair++] : 0;
				expect(padded.index[(sentence * 10 + query) * 10 + key]).toBe(expected);
			}
		}
	}
	expect(padded.realCount).toBe(ragged.count);
	for (const name of ['ss', 'se', 'es', 'ee'] as const) {
		expect([...padded[name]]).toEqual([...ragged[name], 0, 0, 0, 0, 0]);
	}
});

test('a padded batch lists the real pairs of each distance, in order', () => {
	const nodes = randomNodes([4, 6], 2, 2);
	const padded = padDistances(distinctDistances({ kind: 'pair', ...nodes }), nodes.nodeCount, 10, 90);
	expect(padded.pairs).toHaveLength(91 + 2 * 10 * 10);
	const found: number[] = [];
	for (let number = 0; number < 90; number++) {
		const members = padded.pairs.subarray(91 + padded.pairs[number], 91 + padded.pairs[number + 1]);
		for (const member of members) {
			const position = (member >>> 16) * 10 + (member & 0xffff);
			expect(padded.index[position]).toBe(number);
			found.push(position);
		}
	}
	const real: number[] = [];
	nodes.nodeCount.forEach((count, sentence) => {
		for (let query = 0; query < count; query++)
			for (let key = 0; key < count; key++) real.push((sentence * 10 + query) * 10 + key);
	});
	expect(found.sort((left, right) => left - right)).toEqual(real);
});
