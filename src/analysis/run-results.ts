// Scores of predictions under all rules, with and without the sentences that the training split has too; and the scores
// that a run told at its best epoch, where its predictions are not at hand.

import type { PredictedSentence } from '../data/predicted-sentence';
import type { PrecisionRecallF1, ScoringRule, TrainingEvent } from '../experiment/events';
import { scoringRules } from '../experiment/events';
import type { RunResults, SplitResults } from '../experiment/run-results';
import { scoreByAllRules, scoreSpans } from './span-scores';

/** From 0 to 1, under every rule; `withoutLeaks` over the sentences that train does not have. */
export function splitResults(sentences: readonly PredictedSentence[]): SplitResults {
	const fresh = sentences.filter(({ isInTrain }) => !isInTrain);
	const scores = scoreByAllRules([...sentences]);
	const micro = (rule: ScoringRule): PrecisionRecallF1 =>
		fresh.length === sentences.length ? scores[rule].micro : scoreSpans(fresh, rule).micro;
	return {
		sentences: sentences.length,
		leaked: sentences.length - fresh.length,
		scores,
		withoutLeaks: Object.fromEntries(scoringRules.map((rule) => [rule, micro(rule)])) as SplitResults['withoutLeaks'],
	};
}

/** What the last best epoch with span scores said; null when there was none. Leaks are not known then. */
export function resultsOfEvents(events: readonly TrainingEvent[]): RunResults | null {
	const best = events.findLast((event) => event.kind === 'epoch-finished' && event.isBest && event.dev?.scores);
	if (best?.kind !== 'epoch-finished') return null;
	const started = events.findLast((event) => event.kind === 'run-started');
	const ofSplit = (split: 'dev' | 'test'): SplitResults | null => {
		const scores = best[split]?.scores;
		if (!scores) return null;
		const sentences = started?.kind === 'run-started' ? started.sentences[split] : 0;
		return { sentences, leaked: 0, scores, withoutLeaks: null };
	};
	return { stage: best.stage, epoch: best.epoch, dev: ofSplit('dev'), test: ofSplit('test') };
}
