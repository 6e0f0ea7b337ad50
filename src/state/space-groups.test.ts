import { expect, test } from 'vitest';
import { samplePoints, sampleSnapshot, sampleSnapshotData } from '../testing/space-samples';
import { findPoints, groupPoints } from './space-groups';

const points = samplePoints([
	['王芳在', 'B-PER I-PER O'],
	['在武大', 'O B-ORG I-ORG'],
]);
const data = sampleSnapshotData(points, sampleSnapshot(2, 1), [1]);
const counts = (by: Parameters<typeof groupPoints>[2]) =>
	groupPoints(points, data, by).groups.map(({ id, count }) => [id, count]);

test('points are counted by type, tag, split and by whether the prediction is right', () => {
	expect(counts('type')).toEqual([
		['PER', 2],
		['ORG', 2],
		['O', 2],
	]);
	expect(counts('tag')).toEqual([
		['O', 2],
		['B-PER', 1],
		['I-PER', 1],
		['B-ORG', 1],
		['I-ORG', 1],
	]);
	expect(counts('split')).toEqual([['dev', 6]]);
	expect(counts('right')).toEqual([
		['right', 5],
		['wrong', 1],
	]);
	expect(counts('confidence')).toEqual([['0.9', 6]]);
});

test('without predictions nothing is right or wrong', () => {
	const bare = { ...data, predicted: null, confidence: null, isRight: null };
	expect(groupPoints(points, bare, 'right').groups.map(({ id }) => id)).toEqual(['unknown']);
	expect(groupPoints(points, bare, 'confidence').groups.map(({ id }) => id)).toEqual(['unknown']);
});

test('the group of each point is its index among the groups that have points', () => {
	const { groups, of } = groupPoints(points, data, 'tag');
	expect([...of].map((group) => groups[group].id)).toEqual(['B-PER', 'I-PER', 'O', 'O', 'B-ORG', 'I-ORG']);
	expect(groups[1]).toMatchObject({ type: 0, hasBegin: true, hasInside: false });
});

test('a search finds tokens within the text, and all of a type or tag', () => {
	expect([...(findPoints(points, '武大') ?? [])]).toEqual([4, 5]);
	expect([...(findPoints(points, '在') ?? [])]).toEqual([2, 3]);
	expect([...(findPoints(points, ' per ') ?? [])]).toEqual([0, 1]);
	expect([...(findPoints(points, 'b-org') ?? [])]).toEqual([4]);
	expect(findPoints(points, ' ')).toBe(null);
	expect(findPoints(points, '上海')?.size).toBe(0);
});
