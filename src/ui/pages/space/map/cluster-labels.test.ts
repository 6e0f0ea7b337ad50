import { expect, test } from 'vitest';
import { clusterLabels, minMembers, spreadOnScreen } from './cluster-labels';

test('a name is in the middle of its points, whatever an outlier does, and few points have none', () => {
	const positions = new Float32Array(2 * minMembers).map((_, index) => (index < 2 ? 50 : 0.1 * Math.floor(index / 2)));
	const members = Array.from({ length: minMembers }, (_, point) => point);
	const [label] = clusterLabels(positions, [{ text: 'PER', members }]);
	expect(label.x).toBeCloseTo(0.5);
	expect(clusterLabels(positions, [{ text: 'PER', members: members.slice(1) }])).toEqual([]);
	positions[3] = Number.NaN;
	positions[2] = Number.NaN;
	expect(clusterLabels(positions, [{ text: 'PER', members }])).toEqual([]);
});

test('names are above their clusters, and below each other where they would overlap', () => {
	const labels = [
		{ text: 'PER', x: 10, y: 10 },
		{ text: 'ORG', x: 14, y: 12 },
		{ text: 'LOC', x: 90, y: 11 },
	];
	const spread = spreadOnScreen(labels, () => 30, 16);
	expect(spread.map(({ text, y }) => [text, y])).toEqual([
		['PER', -4],
		['LOC', -3],
		['ORG', 12],
	]);
});
