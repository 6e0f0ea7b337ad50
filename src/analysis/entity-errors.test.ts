import { expect, test } from 'vitest';
import { confusionOf, countKinds, pairMentions } from './entity-errors';
import type { Mention } from './span-readings';

const mention = (start: number, end: number, type: string): Mention => ({ start, end, type });
const kinds = (gold: Mention[], predicted: Mention[]) => pairMentions(gold, predicted).map(({ kind }) => kind);

test('each kind of error is told from the others', () => {
	expect(kinds([mention(0, 2, 'PER')], [mention(0, 2, 'PER')])).toEqual(['correct']);
	expect(kinds([mention(0, 2, 'PER')], [mention(0, 2, 'ORG')])).toEqual(['type']);
	expect(kinds([mention(0, 3, 'PER')], [mention(0, 2, 'PER')])).toEqual(['boundary']);
	expect(kinds([mention(0, 3, 'PER')], [mention(1, 4, 'ORG')])).toEqual(['both']);
	expect(kinds([mention(0, 2, 'PER')], [mention(2, 4, 'PER')])).toEqual(['missed', 'spurious']);
});

test('an exact match is never given away to a nearer overlap', () => {
	const pairs = pairMentions(
		[mention(0, 4, 'ORG'), mention(4, 6, 'LOC')],
		[mention(0, 6, 'ORG'), mention(4, 6, 'LOC')],
	);
	expect(pairs.map(({ kind }) => kind)).toEqual(['boundary', 'correct']);
});

test('a gold mention that was cut in two is one boundary error and one spurious mention', () => {
	expect(kinds([mention(0, 6, 'ORG')], [mention(0, 4, 'ORG'), mention(4, 6, 'ORG')])).toEqual(['boundary', 'spurious']);
});

test('every mention is in exactly one pair, and the confusion counts them all', () => {
	const gold = [mention(0, 2, 'PER'), mention(3, 5, 'ORG'), mention(6, 8, 'LOC')];
	const predicted = [mention(0, 2, 'ORG'), mention(3, 5, 'ORG'), mention(9, 10, 'PER')];
	const pairs = pairMentions(gold, predicted);
	expect(confusionOf(pairs, ['PER', 'ORG', 'LOC']).counts).toEqual([
		[0, 1, 0, 0],
		[0, 1, 0, 0],
		[0, 0, 0, 1],
		[1, 0, 0, 0],
	]);
	expect(countKinds(pairs)).toEqual({ correct: 1, type: 1, boundary: 0, both: 0, missed: 1, spurious: 1 });
});
