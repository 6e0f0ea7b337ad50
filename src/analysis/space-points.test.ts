import { expect, test } from 'vitest';
import { defaultPointChoice } from '../experiment/space-snapshot';
import { tinyData, tinyTags } from '../testing/tiny-data';
import { choosePoints } from './space-points';

const data = tinyData({ train: 30, dev: 12, test: 0 });
const choose = (change: Partial<typeof defaultPointChoice> = {}) =>
	choosePoints(data.splits, data.labels, { ...defaultPointChoice, ...change });

test('all mentions of the chosen sentences are points, with the tags that the sentences have there', () => {
	const points = choose({ maxTrainSentences: 5 });
	expect(points.sentences.map(({ split }) => split)).toEqual([...Array(12).fill('dev'), ...Array(5).fill('train')]);
	const wanted = points.sentences.reduce(
		(sum, { split, index }) => sum + data.splits[split][index].tags.filter((tag) => tag > 2).length,
		0,
	);
	expect(points.type.filter((type) => type >= 0)).toHaveLength(wanted);
	for (const [point, gold] of points.gold.entries()) {
		const { split, index, offset } = points.sentences[points.sentence[point]];
		expect(data.splits[split][index].tags[points.character[point]]).toBe(gold);
		expect(points.goldOfCharacters[offset + points.character[point]]).toBe(gold);
		const type = points.entityTypes[points.type[point]] ?? 'O';
		expect(tinyTags[gold].endsWith(type)).toBe(true);
		expect(points.isBegin[point] === 1).toBe(tinyTags[gold].startsWith('B-'));
	}
});

test('tokens outside mentions fill what is left, by the seed', () => {
	const all = choose();
	const mentions = all.type.filter((type) => type >= 0).length;
	const some = choose({ maxPoints: mentions + 7, outsideShare: 0 });
	expect(some.type.filter((type) => type < 0)).toHaveLength(7);
	expect(choose({ maxPoints: mentions + 7, outsideShare: 0 }).characterIndex).toEqual(some.characterIndex);
	expect(choose({ maxPoints: mentions + 7, outsideShare: 0, seed: 2 }).characterIndex).not.toEqual(some.characterIndex);
	expect(some.chosenFrom.dev.mentionTokens + some.chosenFrom.train.mentionTokens).toBe(mentions);
});

test('where mentions are too many, whole sentences give theirs up', () => {
	const points = choose({ maxPoints: 20 });
	expect(points.characterIndex).toHaveLength(20);
	expect(points.type.filter((type) => type < 0).length).toBeGreaterThanOrEqual(4); // a fifth
	for (const [number, { split, index }] of points.sentences.entries()) {
		const here = points.sentence.filter((sentence, point) => sentence === number && points.type[point] >= 0).length;
		const there = data.splits[split][index].tags.filter((tag) => tag > 2).length;
		expect([0, there]).toContain(here);
	}
});
