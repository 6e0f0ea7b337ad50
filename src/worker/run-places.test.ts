import { expect, test } from 'vitest';
import { placesOfPieces } from './run-places';

const sentence = (index: number, text: string, start = 0) => ({
	ref: { split: 'train' as const, index },
	start,
	characters: [...text],
});

test('pieces find their sentence and their first character in it', () => {
	const sentences = [sentence(3, '𠮷田来了'), sentence(5, '他去北京', 10), sentence(6, '好')];
	const pieces = placesOfPieces([4, 1, 3, 1], sentences);
	expect(pieces.map(({ ref, start, characters }) => [ref.index, start, characters.join('')])).toEqual([
		[3, 0, '𠮷田来了'],
		[5, 10, '他'],
		[5, 11, '去北京'],
		[6, 0, '好'],
	]);
});

test('sentences beyond a limit are not asked for', () => {
	expect(placesOfPieces([2], [sentence(0, '北京'), sentence(1, '上海')])).toHaveLength(1);
});
