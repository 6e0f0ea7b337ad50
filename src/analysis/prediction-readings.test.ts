import { expect, test } from 'vitest';
import type { PredictedSentence } from '../data/predicted-sentence';
import { countsBySentence, listErrors, readPredictions, typesOf } from './prediction-readings';
import { outcomeOf, sharedSentences } from './result-comparison';

const sentence = (text: string, gold: string, predicted: string): PredictedSentence => ({
	ref: { split: 'test', index: 0 },
	start: 0,
	characters: [...text],
	gold: gold.split(' '),
	predicted: predicted.split(' '),
	isInTrain: false,
});

const sentences = [
	sentence('白云来', 'B-PER I-PER O', 'B-LOC I-LOC O'),
	sentence('王在京', 'B-PER O B-GPE', 'B-PER O O'),
	sentence('好', 'O', 'B-LOC'),
];

test('types are named as in the tags under every rule, the most frequent first', () => {
	expect(typesOf(sentences)).toEqual(['PER', 'GPE', 'LOC']);
	for (const rule of ['published', 'strict', 'seqeval'] as const) {
		const [first] = readPredictions(sentences, rule);
		expect(first.pairs).toMatchObject([{ kind: 'type', gold: { type: 'PER' }, predicted: { type: 'LOC' } }]);
	}
});

test.each([
	[{}, 3, { missed: 1, spurious: 1, type: 1 }],
	[{ kind: 'missed' as const }, 1, { missed: 1, spurious: 1, type: 1 }],
	[{ gold: 'PER', predicted: 'LOC' }, 1, { missed: 0, spurious: 0, type: 1 }],
	[{ gold: 'O' }, 1, { missed: 0, spurious: 1, type: 0 }],
	[{ text: '云' }, 1, { missed: 0, spurious: 0, type: 1 }],
	[{ text: '云', kind: 'missed' as const }, 0, { type: 1 }],
])('errors filtered by %j', (filter, count, kinds) => {
	const found = listErrors(sentences, readPredictions(sentences, 'strict'), filter);
	expect(found.errors).toHaveLength(count);
	expect(found.kinds).toMatchObject(kinds);
});

test('counts of single sentences add up to those of all', () => {
	const counts = countsBySentence(sentences, 'strict');
	expect(
		counts.map(({ truePositives, falsePositives, falseNegatives }) => [truePositives, falsePositives, falseNegatives]),
	).toEqual([
		[0, 1, 1],
		[1, 0, 1],
		[0, 1, 0],
	]);
});

test('only sentences of the same text and annotation are compared, each once', () => {
	const twice = [sentences[2], sentences[0], sentences[0]];
	expect(sharedSentences([sentences, twice])).toEqual([
		[0, 1],
		[2, 0],
	]);
	const relabelled = [sentence('白云来', 'O O O', 'O O O')];
	expect(sharedSentences([sentences, relabelled])).toEqual([]);
});

test('a sentence is fixed when the second run alone is right in it', () => {
	const [wrong] = readPredictions([sentences[0]], 'strict');
	const [right] = readPredictions([sentence('白云来', 'B-PER I-PER O', 'B-PER I-PER O')], 'strict');
	expect([outcomeOf(wrong, right), outcomeOf(right, wrong), outcomeOf(wrong, wrong), outcomeOf(right, right)]).toEqual([
		'fixed',
		'broken',
		'bothWrong',
		'bothRight',
	]);
});
