import { expect, test } from 'vitest';
import type { PredictedSentence } from '../data/predicted-sentence';
import type { Evaluation, TrainingEvent } from '../experiment/events';
import { resultsOfEvents, splitResults } from './run-results';
import { scoreByAllRules } from './span-scores';

const sentence = (gold: string, predicted: string, isInTrain = false): PredictedSentence => ({
	ref: { split: 'test', index: 0 },
	start: 0,
	characters: gold.split(' ').map(() => '字'),
	gold: gold.split(' '),
	predicted: predicted.split(' '),
	isInTrain,
});

test('sentences that train has too are left out of one of the figures', () => {
	const results = splitResults([
		sentence('B-PER O', 'B-PER O', true),
		sentence('B-PER O', 'O O'),
		sentence('B-LOC O', 'B-LOC O'),
	]);
	expect(results).toMatchObject({ sentences: 3, leaked: 1 });
	expect(results.scores.strict.micro.f1).toBeCloseTo(0.8, 12);
	expect(results.withoutLeaks?.strict.f1).toBeCloseTo(2 / 3, 12);
});

test('without predictions the last best epoch with span scores speaks', () => {
	const evaluation = (predicted: string): Evaluation => ({
		loss: 1,
		scores: scoreByAllRules([{ gold: ['B-PER'], predicted: [predicted] }]),
	});
	const epoch = (number: number, isBest: boolean, dev: Evaluation): TrainingEvent => ({
		kind: 'epoch-finished',
		stage: 'full',
		epoch: number,
		step: number,
		trainLoss: 1,
		learningRate: 1,
		dev,
		test: null,
		isBest,
		trainSeconds: 0,
		evaluationSeconds: 0,
	});
	const events = [epoch(1, true, { loss: 3 }), epoch(2, true, evaluation('B-PER')), epoch(3, false, evaluation('O'))];
	expect(resultsOfEvents(events)).toMatchObject({ stage: 'full', epoch: 2, test: null });
	expect(resultsOfEvents(events)?.dev?.scores.strict.micro.f1).toBe(1);
	expect(resultsOfEvents([events[0]])).toBeNull();
});
