// From the page's request and the input it names to what a run needs: settings checked, texts and vectors read, lattices
// built. Everything that can be wrong with the user's input is found here, before the first step.

import { type ReadingNote, splitNames } from '../../data/corpus';
import { type EvaluatedSentence, type EvaluatedSplit, evaluatedSentences } from '../../data/predicted-sentence';
import { prepareData } from '../../data/prepare';
import { prepareContinued } from '../../data/prepare-continued';
import type { PreparedData } from '../../data/prepared';
import { chooseSentences } from '../../data/run-sentences';
import { checkConfig, withSetting } from '../../experiment/check-config';
import type { ExperimentConfig } from '../../experiment/config';
import type { TrainingEvent } from '../../experiment/events';
import { presetConfig } from '../../experiment/presets';
import { continuedConfig, continuedParameters, trainedTables } from '../../model/continued-model';
import type { Checkpoint } from '../../storage/checkpoint';
import type { CheckpointRunRequest, NewRunRequest, PresetRunRequest } from '../../wire/runs';
import type { RunPlaces } from './run-places';
import type { RunSource } from './run-source';

/** What the settings of a run follow from, and its first parameters. */
export type RunBasis =
	| { kind: 'new'; request: PresetRunRequest }
	| { kind: 'from-checkpoint'; request: CheckpointRunRequest; checkpoint: Checkpoint }
	/** `checkpoint`: the one that it once started from. */
	| {
			kind: 'resumed';
			config: ExperimentConfig;
			checkpoint: Checkpoint | null;
			/** As the run's record says. */
			isLimitedFirst?: boolean;
	  };

export interface ReadRun {
	config: ExperimentConfig;
	data: PreparedData;
	/** What it was read from; new text looks its unknown words up there. */
	source: RunSource;
	/** Words of the whole lexicon, for text that is tagged later; null without one. */
	lexiconWords: readonly string[] | null;
	/** Of the checkpoint that the run begins from, in the layout of its network; absent when they are to be drawn. */
	initialParameters?: Float32Array;
	/** Texts and origins of its sentences. */
	places: RunPlaces;
	/** What was changed, dropped or found odd, one warning for each kind. */
	warnings: TrainingEvent[];
	/** Sentences of dev and test in the order of evaluation. */
	evaluated: Record<EvaluatedSplit, EvaluatedSentence[]>;
}

/** Parts of the time after which corpora, and then vectors and lexicon, are read, about; lattices take the rest. */
const readShares = { corpora: 0.1, vectors: 0.4 };

/**
 * `reportShare` reports how far it is, and throws when it is to end. Throws UserError for a setting, a file or a combination
 * of them that no run can begin with.
 */
export async function readRun(
	basis: RunBasis,
	source: RunSource,
	reportShare: (share: number) => Promise<void> = async () => {},
): Promise<ReadRun> {
	const initial = basis.kind === 'new' ? null : basis.checkpoint;
	const draft = configOf(basis);
	const { unit, ...corpora } = await source.readCorpora(draft);
	const { hasTest } = corpora;
	await reportShare(readShares.corpora);
	const sentences = chooseSentences({
		...corpora,
		data: draft.data,
		unlabelled: initial ? 'leave-out' : 'refuse',
		isLimitedFirst: basis.kind === 'resumed' ? basis.isLimitedFirst : undefined,
	});
	const config = configOf(basis, sentences.trainCount);
	// Of all sentences, so that the rows, and with them the table, do not depend on which of them count.
	const vectors = await source.readVectors(splitNames.flatMap((name) => corpora[name].sentences));
	const ownWords = await source.readLexicon();
	await reportShare(readShares.vectors);
	const input = { sentences, ...vectors, lexiconWords: ownWords, config, seed: config.seed };
	const { data, report } = initial ? prepareContinued(input, trainedTables(initial)) : prepareData(input);
	await reportShare(1);
	const words = ownWords ?? vectors.wordVectors?.words ?? null;
	const trainedWords = initial?.lexiconWords ?? null;
	const warnings = warningsOf(report.notes);
	if (!hasTest && data.splits.test.length > 0) warnings.push(testIsDevWarning);
	return {
		config,
		data,
		source,
		lexiconWords: trainedWords ? [...new Set([...trainedWords, ...(words ?? [])])] : words,
		...(initial ? { initialParameters: continuedParameters(initial, config, data) } : {}),
		places: { corpusId: source.input.corpusId, unit: unit ?? 'character', splits: sentences.splits },
		warnings,
		evaluated: evaluatedSentences(sentences),
	};
}

/** Of a new run with the request's changes, checked. Presets that fit their epochs do so once the size is known. */
function configOf(basis: RunBasis, trainSentences?: number): ExperimentConfig {
	switch (basis.kind) {
		case 'new':
			return withRequested(presetConfig(basis.request.preset, trainSentences), basis.request);
		case 'from-checkpoint':
			return withRequested(continuedConfig(basis.checkpoint), basis.request);
		case 'resumed':
			return basis.config;
		default:
			throw basis satisfies never;
	}
}

function withRequested(given: ExperimentConfig, request: NewRunRequest): ExperimentConfig {
	let config = given;
	if (request.seed !== null) config = withSetting(config, 'seed', String(request.seed));
	for (const [path, value] of Object.entries(request.settings)) config = withSetting(config, path, value);
	checkConfig(config);
	return config;
}

/** The first note of each kind, and how many more there are. */
function warningsOf(notes: readonly ReadingNote[]): TrainingEvent[] {
	const counts = new Map<string, number>();
	for (const { code } of notes) counts.set(code, (counts.get(code) ?? 0) + 1);
	return [...counts].map(([code, count]) => {
		const { file, line, message } = notes.find((note) => note.code === code) as ReadingNote;
		const place = [file, line || ''].filter((part) => part !== '').join(':');
		const more = count > 1 ? ` (and ${count - 1} more)` : '';
		return { kind: 'warning', code, message: `${place ? `${place}: ` : ''}${message}${more}` };
	});
}

const testIsDevWarning: TrainingEvent = {
	kind: 'warning',
	code: 'test-is-dev',
	message: 'There is no test split: test scores are the dev scores, on which the best epoch is chosen.',
};
