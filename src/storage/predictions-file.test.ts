import { expect, test } from 'vitest';
import { errorCodeOf } from '../testing/error-code';
import { decodePredictions, encodePredictions, type SplitPredictions } from './predictions-file';

const predictions: SplitPredictions = {
	split: 'test',
	stage: 'full',
	epoch: 3,
	sentences: [
		{
			ref: { split: 'test', index: 4 },
			start: 0,
			characters: ['𠮷', '田', 'New York'],
			gold: ['B-PER', 'I-PER', 'O'],
			predicted: ['B-PER', '<pad>', 'O'],
			isInTrain: false,
		},
		{
			ref: { split: 'dev', index: 0 },
			start: 7,
			characters: ['\n'],
			gold: ['O'],
			predicted: ['O'],
			isInTrain: true,
		},
	],
};

test('predictions come back as they were kept', () => {
	expect(decodePredictions(encodePredictions(predictions))).toEqual(predictions);
	const none = { ...predictions, sentences: [] };
	expect(decodePredictions(encodePredictions(none))).toEqual(none);
});

test('damaged bytes and other files are refused with a reason', () => {
	const bytes = encodePredictions(predictions);
	expect(errorCodeOf(() => decodePredictions(bytes.subarray(0, bytes.length - 4)))).toMatch(/^safetensors/);
	expect(errorCodeOf(() => decodePredictions(new Uint8Array(20)))).toMatch(/^safetensors/);
	const wrongTag = new Uint8Array(bytes);
	wrongTag.fill(9, bytes.length - 8);
	expect(errorCodeOf(() => decodePredictions(wrongTag))).toBe('workbench-file-damaged');
});
