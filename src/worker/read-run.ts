// From the page's request and the input it names to what a run needs: settings checked, texts and vectors read, lattices
// built. Everything that can be wrong with the user's input is found here, before the first step.

import type { ReadingNote, SplitName } from '../data/corpus';
import { prepareData } from '../data/prepare';
import type { PreparedData } from '../data/prepared';
import { checkConfig, withSetting } from '../experiment/check-config';
import type { ExperimentConfig } from '../experiment/config';
import type { TrainingEvent } from '../experiment/events';
import { presetConfig } from '../experiment/presets';
import type { RunRequest } from './protocol';
import type { PlacedSentence, RunPlaces } from './run-places';
import type { RunCorpora, RunSource } from './run-source';

export interface ReadRun {
	config: ExperimentConfig;
	data: PreparedData;
	/** What it was read from; new text looks its unknown words up there. */
	source: RunSource;
	/** Words of the whole lexicon, for text that is tagged later; null without one. */
	lexiconWords: readonly string[] | null;
	/** Texts and origins of its sentences. */
	places: RunPlaces;
	/** What was changed, dropped or found odd, one warning for each kind. */
	warnings: TrainingEvent[];
}

/**
 * Throws UserError for a setting, a file or a combination of them that no run can begin with. `saved` gives the settings
 * of a run that goes on; otherwise they come from the request.
 */
export async function readRun(
	request: RunRequest,
	source: RunSource,
	saved: ExperimentConfig | null,
): Promise<ReadRun> {
	const draft = saved ?? configOf(request);
	const { hasTest, origins, unit, ...corpora } = await source.readCorpora(draft);
	const available = corpora.train.sentences.length;
	const { limitTrain } = draft.data;
	const config = saved ?? configOf(request, limitTrain > 0 ? Math.min(limitTrain, available) : available);
	const sentences = [corpora.train, corpora.dev, corpora.test].flatMap((split) => split.sentences);
	const vectors = await source.readVectors(sentences);
	const ownWords = await source.readLexicon();
	const { data, report } = prepareData({ ...corpora, ...vectors, lexiconWords: ownWords, config, seed: config.seed });
	const lexiconWords = ownWords ?? vectors.wordVectors?.words ?? null;
	const warnings = warningsOf(report.notes);
	if (!hasTest) warnings.push(testIsDevWarning);
	const places = placesOf(corpora, {
		origins,
		unit,
		corpusId: source.input.corpusId,
		devIsTest: config.data.devIsTest,
	});
	return { config, data, source, lexiconWords, places, warnings };
}

function placesOf(
	corpora: Pick<RunCorpora, SplitName>,
	from: Pick<RunCorpora, 'origins' | 'unit'> & { corpusId: string | null; devIsTest: boolean },
): RunPlaces {
	const { origins, unit, corpusId, devIsTest } = from;
	const placed = (split: SplitName): PlacedSentence[] =>
		corpora[split].sentences.map(({ characters }, index) => {
			const { ref, start } = origins?.[split][index] ?? { ref: { split, index }, start: 0 };
			return { ref, start, characters };
		});
	const test = placed('test');
	const splits = { train: placed('train'), dev: devIsTest ? test : placed('dev'), test };
	return { corpusId, unit: unit ?? 'character', splits };
}

/** The preset with the request's changes, checked. Presets that fit their epochs do so once the size is known. */
function configOf(request: RunRequest, trainSentences?: number): ExperimentConfig {
	let config = presetConfig(request.preset, trainSentences);
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
	message: 'No test file was given: test scores are those of dev, on which the best epoch is chosen.',
};
