import { expect, test } from 'vitest';
import { sampleFrame } from '../testing/space-samples';
import { axisPlace, axisStages, findFrame, frameAt, frameBeside, momentKey } from './space-moments';

const frames = [
	sampleFrame(0, 0),
	sampleFrame(0, 1),
	sampleFrame(0, 2, { hasMap: false }),
	sampleFrame(1, 1),
	sampleFrame(2, 1),
];
const plan = [
	{ name: 'contrastive', epochs: 20 },
	{ name: 'head', epochs: 12 },
	{ name: 'full', epochs: 30 },
];

test('a moment of the address is found again, one that was thinned out gives the one before it', () => {
	expect(findFrame(frames, momentKey(frames[1]))).toBe(frames[1]);
	expect(findFrame(frames, '0.2')).toBe(frames[1]);
	expect(findFrame(frames, '')).toBe(frames[4]);
	expect(findFrame(frames, 'x')).toBe(frames[4]);
	expect(findFrame(frames.slice(3), '0.0')).toBe(frames[3]);
	expect(findFrame([], '1.1')).toBe(null);
});

test('stages that are over are as long as they were, the others as long as planned', () => {
	expect(axisStages(frames.slice(0, 4), plan, true)).toEqual([
		{ name: 'contrastive', start: 0, done: 2, planned: 2 },
		{ name: 'head', start: 2, done: 1, planned: 12 },
		{ name: 'full', start: 14, done: 0, planned: 30 },
	]);
	expect(axisStages(frames.slice(0, 4), plan, false).map(({ planned }) => planned)).toEqual([2, 1]);
});

test('the frame nearest to a place on the axis is shown', () => {
	const stages = axisStages(frames, plan, false);
	expect(axisPlace(stages, frames[4])).toBe(4);
	expect(frameAt(frames, stages, 1.9)).toBe(frames[1]);
	expect(frameAt(frames, stages, 2.2)).toBe(frames[3]);
	expect(frameAt(frames, stages, 99)).toBe(frames[4]);
});

test('going on by one skips frames without a map and ends at the ends', () => {
	expect(frameBeside(frames, frames[1], 1)).toBe(frames[3]);
	expect(frameBeside(frames, frames[0], -1)).toBe(null);
	expect(frameBeside(frames, frames[4], 1)).toBe(null);
});
