// `nerco vectors pack`: the rows of a vector file that corpora can use, as a small file of their own, and how much of the
// corpora they cover.

import { gzipSync } from 'node:zlib';
import type { Sentence } from '../data/corpus';
import { buildLexicon } from '../data/lexicon';
import { wantedWords } from '../data/prepare';
import { type KeptVectors, readVectors } from '../data/vector-file';
import { measureCoverage, type UnitCoverage } from '../data/vectors/unit-coverage';
import { type VectorUnits, vectorUnits } from '../data/vectors/unit-text';
import { vectorFormatOfName } from '../data/vectors/vector-formats';
import { vectorRegistry } from '../data/vectors/vector-registry';
import { openHashedStream } from '../storage/node/files';
import { requireOutputs, writeOutput } from '../storage/node/output-files';
import { joinBytes } from '../util/join-bytes';
import { readFilesAndOptions, required, UsageError } from './command-line';
import { readCorpusPaths } from './corpus-command';
import { continueUnread, printJson, printLines } from './terminal';

export const vectorsPackUsage = `nerco vectors pack FILE --corpus FILE... --out FILE   keep only the vectors that a corpus uses
  --corpus FILE          a corpus in any format; repeat the option for each file
  --units KIND,...       units in the vector file: characters, bigrams, words (default: all three)
  --out FILE             .vec or .txt: text; .bin: word2vec binary; add .gz to compress with gzip
  --force                overwrite --out, but never an input file
  --json                 print one JSON object with the coverage`;

const optionTable = {
	corpus: { type: 'string', multiple: true },
	units: { type: 'string', default: vectorUnits.join(',') },
	out: { type: 'string' },
	force: { type: 'boolean', default: false },
	json: { type: 'boolean' },
} as const;

export async function vectorsPack(args: readonly string[]): Promise<boolean> {
	const { options, files } = readFilesAndOptions(args, optionTable);
	const out = required(options.out, 'out', 'the output file');
	if (!options.corpus) throw new UsageError('--corpus is required: the corpus whose vectors are kept');
	if (files.length !== 1) throw new UsageError(`give one vector file to pack, not ${files.length}`);
	const units = options.units.split(',').map(unitOf);
	await requireOutputs({ outputs: [out], inputs: [...files, ...options.corpus], force: options.force });
	continueUnread();
	const readings = await readCorpusPaths(options.corpus, {});
	const sentences = readings.flatMap((reading) => reading.parts.flatMap((part) => part.sentences));
	const wanted = wantedWords([{ sentences, notes: [] }]);
	const tests = { characters: wanted.character, bigrams: wanted.bigram, words: wanted.word };
	const stream = await openHashedStream(files[0]);
	const wants = (word: string) => units.some((unit) => tests[unit](word));
	const vectors = await readVectors(stream.chunks, { file: files[0], wants });
	await stream.sha256(); // closes the file
	await writeOutput(out, encode(vectors, out), options.force);
	const coverage = units.map((unit) => coverageOf(unit, vectors, sentences));
	if (options.json) printJson({ out, kept: vectors.words.length, entries: vectors.entryCount, coverage });
	else printLines(`kept ${vectors.words.length} of ${vectors.entryCount} vectors: ${out}`, ...coverage.map(describe));
	return true;
}

function unitOf(text: string): VectorUnits {
	const unit = vectorUnits.find((name) => name === text);
	if (unit === undefined) throw new UsageError(`--units must be one of ${vectorUnits.join(', ')}, not '${text}'`);
	return unit;
}

function encode(vectors: KeptVectors, out: string): Uint8Array {
	const encoder = new TextEncoder();
	const pieces = vectorRegistry[vectorFormatOfName(out)].encode(vectors);
	const content = joinBytes(pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece)));
	return out.endsWith('.gz') ? gzipSync(content) : content;
}

/** Words are looked for in the file's own words: what is missing there nobody knows. */
function coverageOf(units: VectorUnits, vectors: KeptVectors, sentences: readonly Sentence[]): UnitCoverage {
	const known = new Set(vectors.words);
	const lexicon = units === 'words' ? buildLexicon(vectors.words.filter((word) => [...word].length > 1)) : null;
	return measureCoverage({ units, sentences, lexicon, hasVector: (word) => known.has(word), listed: 10 });
}

function describe({ units, wanted, found, occurrences, foundOccurrences, missing }: UnitCoverage): string {
	if (units === 'words') return `words: ${wanted} different words occur, ${occurrences} times in total`;
	const share = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)}%`;
	const rest =
		missing.length > 0 ? `; most frequent without a vector: ${missing.map(({ word }) => word).join(' ')}` : '';
	return `${units}: ${found} of ${wanted} (${share(found, wanted)}), ${share(foundOccurrences, occurrences)} of all occurrences${rest}`;
}
