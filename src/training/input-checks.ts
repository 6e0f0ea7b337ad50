// What a run says of its input before it begins: an error where it cannot train, warnings where scores mean less.

import type { PreparedData } from '../data/prepared';
import { cachesFeatures, type ExperimentConfig } from '../experiment/config';
import type { TrainingEvent } from '../experiment/events';
import { UserError } from '../util/errors';

export function* inputWarnings(config: ExperimentConfig, data: PreparedData): Generator<TrainingEvent> {
	if (config.data.devIsTest) {
		yield {
			kind: 'warning',
			code: 'dev-is-test',
			message: 'The test split is also used as dev: the best epoch is chosen on it, so test scores are inflated.',
		};
	}
	if (cachesFeatures(config)) {
		yield {
			kind: 'warning',
			code: 'features-cached',
			message:
				"Features cached: BERT's dropout and word dropout are off in training; scores are not of the published form.",
		};
	}
	if (data.splits.dev.length === 0) {
		yield {
			kind: 'warning',
			code: 'no-dev',
			message: 'There is no dev split to choose the best epoch on: each stage keeps the parameters of its last epoch.',
		};
	}
}

/** Throws `no-training-sentences`. */
export function checkTrainingData(data: PreparedData): void {
	if (data.splits.train.length > 0) return;
	throw new UserError({
		code: 'no-training-sentences',
		expected: 'at least one training sentence',
		found: 'none',
		remedy: 'Choose a training file that contains sentences.',
	});
}
