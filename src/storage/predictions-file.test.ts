import { expect, test } from 'vitest';
import { errorCodeOf } from '../testing/error-code';
import { decodePredictions, encodePredictions, type SplitPredictions } from './predictions-file';
import { readSafetensors, writeSafetensors } from './safetensors';
import { type StoredTensor, storeNumbers } from './stored-tensor';

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

test('columns that do not fit each other are refused', () => {
	const { tensors, metadata } = readSafetensors(encodePredictions(predictions));
	const changed = (name: string, tensor: StoredTensor | null) => {
		const others = [...tensors].filter(([each]) => each !== name);
		const bytes = writeSafetensors(tensor ? [...others, [name, tensor]] : others, metadata);
		return () => decodePredictions(bytes, 'a.safetensors');
	};
	const column = (...values: number[]) => storeNumbers(Int32Array.from(values), [values.length]);
	const cases: [string, StoredTensor | null][] = [
		['lengths', null],
		['gold', column(0, 1)],
		['start', { ...column(0, 7), shape: [2, 1] }],
		['characters', column(0, 1, 2, 99)],
		['predicted', column(-1, 0, 0, 0)],
		['refSplit', column(0, 3)],
	];
	for (const [name, tensor] of cases) expect(errorCodeOf(changed(name, tensor)), name).toBe('workbench-file-damaged');
});
