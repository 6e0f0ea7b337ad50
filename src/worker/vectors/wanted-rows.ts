// What a stored corpus wants of vectors, and how much of it some vectors have.

import { type Corpus, type Sentence, splitNames } from '../../data/corpus';
import { buildLexicon, type Lexicon } from '../../data/lexicon';
import { wantedWords } from '../../data/prepare';
import { type PackedVectors, type WantedRows, wantedKey } from '../../data/vectors/packed-vectors';
import { measureCoverage, type UnitCoverage } from '../../data/vectors/unit-coverage';
import type { VectorUnits } from '../../data/vectors/unit-text';
import type { Workspace } from '../../storage/workspace/workspace';
import { readChangedCorpus, readWords } from '../corpora/corpus-handlers';

export interface Want {
	rows: WantedRows;
	units: VectorUnits;
	sentences: Sentence[];
	lexicon: Lexicon | null;
}

export interface WantRequest {
	corpusId: string;
	units: VectorUnits;
	lexiconId: string | null;
}

/** What a corpus as its changes left it wants of a file. */
export async function readWant(workspace: Workspace, { corpusId, units, lexiconId }: WantRequest): Promise<Want> {
	const { splits }: Corpus = await readChangedCorpus(workspace, corpusId);
	const sentences = splitNames.flatMap((name) => splits[name]);
	const wanted = wantedWords([{ sentences, notes: [] }]);
	const wants = { characters: wanted.character, bigrams: wanted.bigram, words: wanted.word }[units];
	const key = wantedKey(
		units,
		splitNames.map((name) => splits[name]),
	);
	const lexicon = lexiconId === null ? null : buildLexicon(await readWords(workspace, lexiconId));
	return { rows: { key, wants }, units, sentences, lexicon };
}

/** Without a lexicon the words of the file are the ones to look for. */
export function coverageOf(record: PackedVectors, { units, sentences, lexicon }: Want): UnitCoverage {
	const words = new Set(record.words);
	const sought = lexicon ?? (units === 'words' ? buildLexicon(record.words) : null);
	return measureCoverage({ units, sentences, lexicon: sought, hasVector: (word) => words.has(word) });
}
