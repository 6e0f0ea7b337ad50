import { expect, test } from 'vitest';
import { sampleSnapshot } from '../testing/space-samples';
import { axisPosition, axisStages, findSnapshot, snapshotAt, snapshotBeside, snapshotKeyText } from './space-snapshots';

const snapshots = [
	sampleSnapshot(0, 0),
	sampleSnapshot(0, 1),
	sampleSnapshot(0, 2, { hasMap: false }),
	sampleSnapshot(1, 1),
	sampleSnapshot(2, 1),
];
const plan = [
	{ name: 'contrastive', epochs: 20 },
	{ name: 'head', epochs: 12 },
	{ name: 'full', epochs: 30 },
];

test('the snapshot of an address is found again, one whose map was removed gives the one before it', () => {
	expect(findSnapshot(snapshots, snapshotKeyText(snapshots[1]))).toBe(snapshots[1]);
	expect(findSnapshot(snapshots, '0.2')).toBe(snapshots[1]);
	expect(findSnapshot(snapshots, '')).toBe(snapshots[4]);
	expect(findSnapshot(snapshots, 'x')).toBe(snapshots[4]);
	expect(findSnapshot(snapshots.slice(3), '0.0')).toBe(snapshots[3]);
	expect(findSnapshot([], '1.1')).toBe(null);
});

test('finished stages are as long as they were, the others as long as planned', () => {
	expect(axisStages(snapshots.slice(0, 4), plan, true)).toEqual([
		{ name: 'contrastive', start: 0, done: 2, planned: 2 },
		{ name: 'head', start: 2, done: 1, planned: 12 },
		{ name: 'full', start: 14, done: 0, planned: 30 },
	]);
	expect(axisStages(snapshots.slice(0, 4), plan, false).map(({ planned }) => planned)).toEqual([2, 1]);
});

test('the snapshot nearest to a position on the axis is shown', () => {
	const stages = axisStages(snapshots, plan, false);
	expect(axisPosition(stages, snapshots[4])).toBe(4);
	expect(snapshotAt(snapshots, stages, 1.9)).toBe(snapshots[1]);
	expect(snapshotAt(snapshots, stages, 2.2)).toBe(snapshots[3]);
	expect(snapshotAt(snapshots, stages, 99)).toBe(snapshots[4]);
});

test('stepping by one skips snapshots without a map and stops at the ends', () => {
	expect(snapshotBeside(snapshots, snapshots[1], 1)).toBe(snapshots[3]);
	expect(snapshotBeside(snapshots, snapshots[0], -1)).toBe(null);
	expect(snapshotBeside(snapshots, snapshots[4], 1)).toBe(null);
});
