// From the page's request to what a run needs: settings checked, files read, vectors streamed, lattices built.
// Everything that can be wrong with the user's files is found here, before the first step.

import type { ReadingNote, Sentence, Split, SplitName } from '../data/corpus';
import { readSplit } from '../data/formats/read-split';
import { prepareData, wantedWords } from '../data/prepare';
import type { PreparedData } from '../data/prepared';
import { type KeptVectors, readVectors, readWordList } from '../data/vector-file';
import { checkConfig, withSetting } from '../experiment/check-config';
import type { ExperimentConfig } from '../experiment/config';
import type { TrainingEvent } from '../experiment/events';
import { presetConfig } from '../experiment/presets';
import type { CorpusFiles, RunRequest, SourceFile } from './protocol';

export interface ReadRun {
	config: ExperimentConfig;
	data: PreparedData;
	/** What it was read from; new text looks its unknown words up there. */
	files: CorpusFiles;
	/** Words of the whole lexicon, for text that is tagged later; null without one. */
	lexiconWords: readonly string[] | null;
	/** What was changed, dropped or found odd, one warning for each kind. */
	warnings: TrainingEvent[];
}

/**
 * Throws UserError for a setting, a file or a combination of them that no run can begin with. `saved` gives the settings
 * of a run that goes on; otherwise they come from the request.
 */
export async function readRun(request: RunRequest, saved: ExperimentConfig | null): Promise<ReadRun> {
	const draft = saved ?? configOf(request);
	const corpora = await readCorpora(request.files, draft);
	const available = corpora.train.sentences.length;
	const { limitTrain } = draft.data;
	const config = saved ?? configOf(request, limitTrain > 0 ? Math.min(limitTrain, available) : available);
	const vectors = await readAllVectors(request.files, [corpora.train, corpora.dev, corpora.test]);
	const { data, report } = prepareData({ ...corpora, ...vectors, config, seed: config.seed });
	const lexiconWords = vectors.lexiconWords ?? vectors.wordVectors?.words ?? null;
	const warnings = warningsOf(report.notes);
	if (!request.files.test) warnings.push(testIsDevWarning);
	return { config, data, files: request.files, lexiconWords, warnings };
}

/** The preset with the request's changes, checked. Presets that fit their epochs do so once the size is known. */
function configOf(request: RunRequest, trainSentences?: number): ExperimentConfig {
	let config = presetConfig(request.preset, trainSentences);
	if (request.seed !== null) config = withSetting(config, 'seed', String(request.seed));
	for (const [path, value] of Object.entries(request.settings)) config = withSetting(config, path, value);
	checkConfig(config);
	return config;
}

async function readCorpora(files: CorpusFiles, config: ExperimentConfig) {
	const read = async ({ name, content }: SourceFile, split: SplitName): Promise<Split> =>
		readSplit(new Uint8Array(await content.arrayBuffer()), { file: name, quirks: config.quirks, split });
	const train = await read(files.train, 'train');
	const dev = await read(files.dev, 'dev');
	const test = files.test ? await read(files.test, 'test') : { sentences: dev.sentences, notes: [] };
	return { train, dev, test };
}

/** Rows of the vector files that some sentences can use. Streams every file once. */
export async function readVectorFiles(files: CorpusFiles, sentences: readonly Sentence[]) {
	const wanted = wantedWords([{ sentences: [...sentences], notes: [] }]);
	const read = (file: SourceFile | null, wants: (word: string) => boolean): Promise<KeptVectors> | null =>
		file && readVectors(file.content.stream(), { file: file.name, wants });
	return {
		characterVectors: await read(files.characterVectors, wanted.character),
		bigramVectors: await read(files.bigramVectors, wanted.bigram),
		wordVectors: await read(files.wordVectors, wanted.word),
	};
}

async function readAllVectors(files: CorpusFiles, splits: readonly Split[]) {
	const { lexicon } = files;
	return {
		...(await readVectorFiles(
			files,
			splits.flatMap((split) => split.sentences),
		)),
		lexiconWords: lexicon && (await readWordList(lexicon.content.stream(), { file: lexicon.name })),
	};
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
