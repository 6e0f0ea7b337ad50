import { expect, test } from 'vitest';
import { bioConstraints } from './decoding-constraints';

const labels = { tags: ['<pad>', '<unk>', 'O', 'B-PER', 'I-PER', 'B-LOC'] };

function isForbidden(from: string, to: string): boolean {
	const names = [...labels.tags, 'start', 'end'];
	return bioConstraints(labels, 0)[names.indexOf(from) * names.length + names.indexOf(to)] < 0;
}

test('I-X may follow B-X and I-X only', () => {
	expect(['start', 'O', 'B-LOC', '<pad>'].map((from) => isForbidden(from, 'I-PER'))).toEqual([true, true, true, true]);
	expect(['B-PER', 'I-PER'].map((from) => isForbidden(from, 'I-PER'))).toEqual([false, false]);
});

test('the reserved tags are never decoded', () => {
	expect(isForbidden('O', '<pad>')).toBe(true);
	expect(isForbidden('start', '<unk>')).toBe(true);
});

test('without the reserved tags the matrix covers the others', () => {
	expect(bioConstraints(labels, 2)).toHaveLength(6 * 6);
});

test('types that end alike after a hyphen are different types', () => {
	const hyphenated = { tags: ['<pad>', '<unk>', 'B-GPE-NAM', 'I-GPE-NAM', 'I-PER-NAM'] };
	const scores = bioConstraints(hyphenated, 0);
	const size = hyphenated.tags.length + 2;
	expect(scores[2 * size + 3]).toBe(0);
	expect(scores[2 * size + 4]).toBeLessThan(0);
});
