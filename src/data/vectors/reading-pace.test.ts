import { expect, test } from 'vitest';
import { readingPace } from './reading-pace';

const at = (bytes: number) => ({ bytes, entries: 0, kept: 0 });

test('a quarter read in two seconds leaves six', () => {
	expect(readingPace(at(50e6), 200e6, 2000)).toEqual({ share: 0.25, megabytesPerSecond: 25, secondsLeft: 6 });
});

test('what cannot be known yet is null', () => {
	expect(readingPace(at(0), 200e6, 0)).toEqual({ share: 0, megabytesPerSecond: 0, secondsLeft: null });
	expect(readingPace(at(5e6), null, 1000)).toEqual({ share: null, megabytesPerSecond: 5, secondsLeft: null });
});
