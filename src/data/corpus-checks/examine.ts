// All checks over a view of a corpus, one after another and in slices, so that whoever runs it can answer,
// show progress or stop in between.

import type { CorpusView } from '../corpus-changes';
import type { Lexicon } from '../lexicon';
import { atOnce, type Slices } from '../slices';
import { type CorpusNumbers, countCorpus } from './corpus-numbers';
import { findLexiconCoverage, findWithoutVector } from './coverage';
import { findDuplicates } from './duplicates';
import { type ExaminedCorpus, examineSentences } from './examined';
import { type Finding, findingCodes, severities } from './finding';
import { findFewMentions, findSeveralTypes, findUnseen } from './mentions';
import { findIllegalTransitions, findLongSentences } from './sentences';
import { type ContrastiveBatches, findSingleTokenClasses } from './single-token-classes';

export interface CheckOptions {
	/** Whether the character vectors have this one; without it that check is left out. */
	hasCharacterVector?: (character: string) => boolean;
	/** Without it that check is left out. */
	lexicon?: Lexicon;
	/** 40 sentences, seed 1, five epochs in uniform order when not given. */
	batches?: Partial<ContrastiveBatches>;
	/** Sentences above are long: 200, as the published program clips. */
	clipLength?: number;
	/** Types below are rare: 20 mentions in train. */
	fewMentions?: number;
}

export interface CheckReport {
	/** The gravest first, then in the order of findingCodes. */
	findings: Finding[];
	numbers: CorpusNumbers;
}

export interface CheckProgress {
	/** Share of the work that is done, from 0 to 1; never falls. */
	done: number;
}

/** Yields after every thousand sentences of every check; what it returns is a pure function of its arguments. */
export function* examineCorpus(
	view: CorpusView,
	options: CheckOptions = {},
): Generator<CheckProgress, CheckReport, void> {
	const checks = chooseChecks(options);
	const steps = checks.length + 2;
	const corpus = yield* reported(examineSentences(view), 0, steps, sentencesOf(view));
	const findings: Finding[] = [];
	for (const [index, check] of checks.entries())
		findings.push(...(yield* reported(check(corpus), index + 1, steps, sentencesOf(view))));
	const numbers = yield* reported(countCorpus(corpus), steps - 1, steps, sentencesOf(view));
	return { findings: sortFindings(findings), numbers };
}

/** The same without a pause. */
export function examineAtOnce(view: CorpusView, options: CheckOptions = {}): CheckReport {
	return atOnce(examineCorpus(view, options));
}

type Check = (corpus: ExaminedCorpus) => Slices<Finding[]>;

const defaultBatches: ContrastiveBatches = {
	batchSize: 40,
	seed: 1,
	stage: 'contrastive',
	epochs: 5,
	batching: 'uniform',
};

function chooseChecks(options: CheckOptions): Check[] {
	const { hasCharacterVector, lexicon, clipLength = 200, fewMentions = 20 } = options;
	const batches = { ...defaultBatches, ...options.batches };
	return [
		findDuplicates,
		findIllegalTransitions,
		(corpus) => findFewMentions(corpus, fewMentions),
		findSeveralTypes,
		findUnseen,
		(corpus) => findLongSentences(corpus, clipLength),
		(corpus) => findSingleTokenClasses(corpus, batches),
		...(hasCharacterVector ? [(corpus: ExaminedCorpus) => findWithoutVector(corpus, hasCharacterVector)] : []),
		...(lexicon ? [(corpus: ExaminedCorpus) => findLexiconCoverage(corpus, lexicon)] : []),
	];
}

/** Runs one of several equal steps and turns the sentences it has seen into a share of the whole. */
function* reported<Result>(work: Slices<Result>, step: number, steps: number, sentences: number) {
	let seen = 0;
	for (let slice = work.next(); ; slice = work.next()) {
		if (slice.done) return slice.value;
		seen += slice.value;
		// A check may go over the sentences more than once: it nears its end without passing it.
		yield { done: (step + seen / (seen + sentences)) / steps };
	}
}

function sentencesOf({ splits }: CorpusView): number {
	return splits.train.length + splits.dev.length + splits.test.length;
}

function sortFindings(findings: readonly Finding[]): Finding[] {
	const rank = ({ severity, code }: Finding) => severities.indexOf(severity) * 100 + findingCodes.indexOf(code);
	return [...findings].sort((left, right) => rank(left) - rank(right));
}
