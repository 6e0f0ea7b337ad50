import { expect, test } from 'vitest';
import { samplePoints } from '../testing/space-samples';
import { pointsOfSet, readTokenSets, tokenSetOf } from './space-sets';

test('a set made in one run is the same tokens in another that holds some of them', () => {
	const first = samplePoints([
		['王芳', 'B-PER I-PER'],
		['武大', 'B-ORG I-ORG'],
	]);
	const set = tokenSetOf('odd', first, [1, 2]);
	expect(pointsOfSet(set, first)).toEqual([1, 2]);
	expect(pointsOfSet(set, samplePoints([['王芳', 'B-PER I-PER']]))).toEqual([1]);
	expect(readTokenSets(JSON.parse(JSON.stringify([set])))).toEqual([set]);
});

test('anything that is not a list of sets is read as none', () => {
	expect(readTokenSets(null)).toEqual([]);
	expect(readTokenSets([{ name: 'x' }, { name: 'y', tokens: [[1]] }])).toEqual([]);
});
