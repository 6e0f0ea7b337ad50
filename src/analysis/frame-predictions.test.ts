import { expect, test } from 'vitest';
import { resultOf } from '../testing/labelled-points';
import { framePredictions } from './frame-predictions';
import { mentionsOfPoints } from './space-mentions';

const tags = ['<pad>', '<unk>', 'O', 'B-PER', 'I-PER'];
// Two sentences: O B I, and B O; all tokens are points but the last.
const positions = {
	sentences: [
		{ offset: 0, characters: 3 },
		{ offset: 3, characters: 2 },
	],
	sentence: Int32Array.of(0, 0, 1, 0),
	character: Int32Array.of(1, 2, 0, 0),
	goldOfCharacters: Uint8Array.of(2, 3, 4, 3, 2),
	tags,
};

test('mentions are found with their points', () => {
	expect(mentionsOfPoints(positions)).toEqual([
		{ sentence: 0, start: 1, end: 3, type: 'PER', points: [0, 1] },
		{ sentence: 1, start: 0, end: 1, type: 'PER', points: [2] },
	]);
	const without = { ...positions, sentence: Int32Array.of(0, 1, 0), character: Int32Array.of(1, 0, 0) };
	expect(mentionsOfPoints(without).map(({ sentence }) => sentence)).toEqual([1]);
});

test('probabilities are those of all tag sequences', () => {
	const crf = { transitions: Float32Array.of(0.1, 0.2, -2, 0.3, -0.5, 1, 0, 0.4, 0.2), tags: tags.slice(2) };
	const emissions = Float32Array.from({ length: 15 }, (_, k) => Math.sin(3 * k));
	const predicted = Uint8Array.of(2, 3, 4, 2, 2);
	const { confidence, gold, isRight } = resultOf(
		framePredictions({ tags: predicted, emissions, crf, tagOffset: 2 }, positions, mentionsOfPoints(positions)),
	);
	const paths = Array.from({ length: 27 }, (_, code) => [Math.floor(code / 9), Math.floor(code / 3) % 3, code % 3]);
	const weight = (path: number[]) =>
		Math.exp(
			path.reduce((sum, tag, position) => {
				const moved = position === 0 ? 0 : crf.transitions[3 * path[position - 1] + tag];
				return sum + emissions[3 * position + tag] + moved;
			}, 0),
		);
	const total = paths.reduce((sum, path) => sum + weight(path), 0);
	const probability = (position: number, tag: number) =>
		paths.filter((path) => path[position] === tag).reduce((sum, path) => sum + weight(path), 0) / total;
	for (const position of [0, 1, 2]) {
		expect(confidence[position]).toBe(Math.round(255 * probability(position, predicted[position] - 2)));
	}
	expect(gold[0]).toBe(Math.round((255 * (probability(1, 1) + probability(2, 2))) / 2));
	expect([...isRight]).toEqual([1, 0]);
});
