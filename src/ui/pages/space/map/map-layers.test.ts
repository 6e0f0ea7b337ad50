import { expect, test } from 'vitest';
import { groupPoints } from '../../../../state/space-groups';
import { samplePoints, sampleSnapshot, sampleSnapshotData } from '../../../../testing/space-samples';
import { minMembers } from './cluster-labels';
import { mapPointsOf, typeContours, typeLabels } from './map-layers';
import { glyphs, pointFlags } from './map-points';

const sentence = ['王芳在武大', 'B-PER I-PER O B-ORG I-ORG'] as const;
const points = samplePoints(Array.from({ length: minMembers }, () => sentence));
const data = sampleSnapshotData(points, sampleSnapshot(2, 1), [0]);
const grouped = groupPoints(points, data, 'type');
const noFilter = { hidden: new Set<string>(), split: '', chosen: null };

test('glyphs show the position in the mention, flags what is wrong, chosen or filtered', () => {
	const filter = { ...noFilter, hidden: new Set(['ORG']), chosen: new Set([1]) };
	const { glyphs: shapes, flags } = mapPointsOf(points, data, data.map, grouped, filter, 0);
	expect([...shapes.slice(0, 5)]).toEqual([glyphs.begin, glyphs.inside, glyphs.outside, glyphs.begin, glyphs.inside]);
	expect([...flags.slice(0, 5)]).toEqual([
		pointFlags.wrong,
		pointFlags.chosen,
		0,
		pointFlags.hidden,
		pointFlags.hidden,
	]);
});

test('a split that has no tokens leaves nothing', () => {
	const { flags } = mapPointsOf(points, data, data.map, grouped, { ...noFilter, split: 'train' }, 0);
	expect(flags.every((flag) => flag & pointFlags.hidden)).toBe(true);
});

test('a split type has a name for its first and one for its later tokens', () => {
	const shown = mapPointsOf(points, data, data.map, grouped, noFilter, 0);
	expect(typeLabels(points, shown, [0.3, 1.1]).map(({ text }) => text)).toEqual(['PER', 'B-ORG', 'I-ORG']);
	expect(typeLabels(points, shown, [null, null]).map(({ text }) => text)).toEqual(['PER', 'ORG']);
	const filtered = mapPointsOf(points, data, data.map, grouped, { ...noFilter, hidden: new Set(['PER', 'ORG']) }, 0);
	expect(typeLabels(points, filtered, [null, null])).toEqual([]);
	expect(typeContours(points, filtered)).toEqual([]);
});

test('each type has contours in its colour', () => {
	const shown = mapPointsOf(points, data, data.map, grouped, noFilter, 0);
	expect(typeContours(points, shown).map(({ colour }) => colour)).toEqual([0, 1]);
});
