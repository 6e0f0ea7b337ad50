// The sentences of a run, chosen once: which of a corpus count, in BIO, long ones cut. Lattices, places on the
// map, batches, predictions and counts all follow this list, entry by entry; nothing else decides what counts.

import type { DataConfig } from '../experiment/config';
import { UserError } from '../util/errors';
import { clipSentence } from './clip-sentence';
import { type ReadingNote, type Sentence, type SentenceRef, type Split, type SplitName, splitNames } from './corpus';
import { detectScheme, type TagScheme, toBio } from './tag-scheme';

/** Where a sentence is in the corpus as imported, or in its file. */
export interface SentenceOrigin {
	ref: SentenceRef;
	/** Its first character in the sentence as imported; above 0 for later pieces of one that was cut. */
	start: number;
}

export type RunSentence = Sentence & SentenceOrigin;

export interface RunSentences {
	/** Dev is test where the settings say so. */
	splits: Record<SplitName, readonly RunSentence[]>;
	/** Sentences of train before long ones were cut: what presets fit their epochs to. */
	trainCount: number;
	/** Texts of those sentences (`textOf`), and of their pieces where test is cut as well. */
	trainTexts: ReadonlySet<string>;
	scheme: TagScheme;
	/** Training sentences that were cut into pieces. */
	clippedSentences: number;
	/** Everything that the readers and the choice changed or found odd. */
	notes: ReadingNote[];
}

export interface SentenceChoice extends Record<SplitName, Split> {
	data: DataConfig;
	/** Absent: each sentence is from its file, in order. */
	origins?: Record<SplitName, readonly SentenceOrigin[]>;
	/** False where dev stands in for test. Absent: true. */
	hasTest?: boolean;
	/** What becomes of sentences that nobody has labelled: an error, or they are left out, with a note. Absent: an error. */
	unlabelled?: 'refuse' | 'leave-out';
	/** True: the first `data.limitTrain` sentences are taken before empty and unlabelled ones are left out, as in version 0.1.0. */
	isLimitedFirst?: boolean;
}

type Chosen = Record<SplitName, RunSentence[]>;

/**
 * Throws UserError `split-empty` and `split-without-tags` (where unlabelled sentences are left out: only when train has no
 * others), `sentence-too-long`.
 */
export function chooseSentences(choice: SentenceChoice): RunSentences {
	const { data } = choice;
	const notes = splitNames.flatMap((name) => choice[name].notes);
	const all = placed(choice);
	const given = withoutEmpty(choice.isLimitedFirst ? limitedTrain(all, data) : all, notes);
	const leavesOut = choice.unlabelled === 'leave-out';
	const usable = leavesOut ? labelledOnly(given, notes) : given;
	const limited = limitedTrain(usable, data);
	const chosen = { ...limited, dev: data.devIsTest ? limited.test : limited.dev };
	if (!leavesOut) requireTagged(chosen);
	const { scheme, splits: inBio } = allInBio(chosen, notes);
	const { splits, clippedSentences } = clipped(inBio, data, notes);
	for (const name of splitNames) requireLengths(splits[name], `in the ${name} split`);
	const trainTexts = new Set([...chosen.train, ...(data.clipTest ? splits.train : [])].map(textOf));
	return { splits, trainCount: chosen.train.length, trainTexts, scheme, clippedSentences, notes };
}

export function textOf({ characters }: Pick<Sentence, 'characters'>): string {
	return characters.join('\u0000');
}

export function mapSplits<T>(make: (name: SplitName) => T): Record<SplitName, T> {
	return { train: make('train'), dev: make('dev'), test: make('test') };
}

function placed({ origins, hasTest = true, ...splits }: SentenceChoice): Chosen {
	const fileOf = (name: SplitName): SplitName => (name === 'test' && !hasTest ? 'dev' : name);
	return mapSplits((name) =>
		splits[name].sentences.map((sentence, index) => {
			const { ref, start } = origins?.[name][index] ?? { ref: { split: fileOf(name), index }, start: 0 };
			return { ...sentence, ref, start };
		}),
	);
}

function withoutEmpty(given: Chosen, notes: ReadingNote[]): Chosen {
	const full = mapSplits((name) => given[name].filter(({ characters }) => characters.length > 0));
	noteLeftOut(given, full, notes, 'empty-left-out', 'Empty sentences left out');
	return full;
}

/** Sentences that nobody has labelled yet teach nothing. */
function labelledOnly(given: Chosen, notes: ReadingNote[]): Chosen {
	const labelled = mapSplits((name) => given[name].filter(({ tags }) => tags !== null));
	if (labelled.train.length === 0) {
		throw new UserError({
			code: 'split-without-tags',
			expected: 'labelled sentences in the train split',
			found: given.train.length === 0 ? 'no sentences' : `${given.train.length} sentences, none of them labelled`,
			remedy: 'Label some sentences in train first, or re-split the corpus in Data.',
		});
	}
	noteLeftOut(given, labelled, notes, 'unlabelled-left-out', 'Unlabelled sentences left out');
	return labelled;
}

function noteLeftOut(before: Chosen, after: Chosen, notes: ReadingNote[], code: string, words: string): void {
	const count = splitNames.reduce((sum, name) => sum + before[name].length - after[name].length, 0);
	if (count > 0) notes.push({ code, file: '', line: 0, message: `${words}: ${count}` });
}

function limitedTrain(splits: Chosen, { limitTrain }: DataConfig): Chosen {
	return limitTrain > 0 ? { ...splits, train: splits.train.slice(0, limitTrain) } : splits;
}

function requireTagged(splits: Chosen): void {
	for (const name of splitNames) {
		const sentence = splits[name].find((one) => one.tags === null);
		if (splits[name].length === 0) throw unusableSplit('split-empty', name, 'none');
		if (sentence) throw unusableSplit('split-without-tags', name, `an unlabelled sentence (line ${sentence.line})`);
	}
}

function unusableSplit(code: string, name: SplitName, found: string): UserError {
	return new UserError({
		code,
		expected: `labelled sentences in the ${name} split`,
		found,
		remedy: name === 'dev' ? 'Add a dev split, or use test as dev.' : `Add a labelled ${name} split.`,
	});
}

function allInBio(chosen: Chosen, notes: ReadingNote[]): { scheme: TagScheme; splits: Chosen } {
	const scheme = commonScheme(chosen, notes);
	const splits = mapSplits((name) => {
		const own = scheme ?? schemeOf(chosen[name]) ?? 'BIO';
		return chosen[name].map((sentence) => ({ ...sentence, tags: sentence.tags && toBio(sentence.tags, own) }));
	});
	return { scheme: scheme ?? schemeOf(chosen.train) ?? 'BIO', splits };
}

/** The scheme of all splits together; null, with a note, when they differ. */
function commonScheme(splits: Chosen, notes: ReadingNote[]): TagScheme | null {
	const scheme = schemeOf(splitNames.flatMap((name) => splits[name]));
	const own = splitNames.map((name) => schemeOf(splits[name]));
	// BIO and IOB1 have the same letters: together they look like BIO with many slips.
	if (scheme !== null && (scheme !== 'BIO' || !own.includes('IOB1'))) return scheme;
	const schemes = splitNames.map((name, index) => `${name} ${own[index]}`).join(', ');
	notes.push({ code: 'split-schemes-differ', file: '', line: 0, message: `Tag schemes differ: ${schemes}` });
	return null;
}

function schemeOf(sentences: readonly Sentence[]): TagScheme | null {
	return detectScheme(sentences.map((sentence) => sentence.tags ?? []));
}

function clipped(splits: Chosen, data: DataConfig, notes: ReadingNote[]) {
	const { clipLength: length, clipTest, devIsTest } = data;
	if (length === 0) return { splits, clippedSentences: 0 };
	const train = allPieces(splits.train, length);
	if (train.cut > 0) {
		const message = `Training sentences split near ${length} characters: ${train.cut}`;
		notes.push({ code: 'train-clipped', file: '', line: 0, message });
	}
	const trainClipped = { ...splits, train: train.pieces };
	if (!clipTest) return { splits: trainClipped, clippedSentences: train.cut };
	const test = allPieces(splits.test, length);
	if (test.cut > 0) {
		const message = `Test sentences split near ${length} characters: ${test.cut}`;
		notes.push({ code: 'test-clipped', file: '', line: 0, message });
	}
	const dev = devIsTest ? test.pieces : splits.dev;
	return { splits: { ...trainClipped, dev, test: test.pieces }, clippedSentences: train.cut };
}

function allPieces(sentences: RunSentence[], length: number): { pieces: RunSentence[]; cut: number } {
	const lists = sentences.map((sentence) => piecesOf(sentence, length));
	return { pieces: lists.flat(), cut: lists.filter((list) => list.length > 1).length };
}

function piecesOf(sentence: RunSentence, length: number): RunSentence[] {
	let { start } = sentence;
	return clipSentence(sentence, length).map((piece) => {
		const own = { ...piece, ref: sentence.ref, start };
		start += piece.characters.length;
		return own;
	});
}

/** Attention compares all pairs of characters: a longer sentence takes gigabytes, and is hardly a sentence. */
const longestSentence = 5000;

/** Throws UserError `sentence-too-long` with the line where the sentence begins; `where` ends "at most … characters …". */
export function requireLengths(sentences: readonly Sentence[], where: string, file?: string): void {
	const long = sentences.find(({ characters }) => characters.length > longestSentence);
	if (!long) return;
	throw new UserError({
		code: 'sentence-too-long',
		location: { file, line: long.line > 0 ? long.line : undefined },
		expected: `sentences of at most ${longestSentence} characters ${where}`,
		found: `a sentence of ${long.characters.length}`,
		remedy:
			'Put an empty line after each sentence, or split long training sentences with the setting Maximum sentence length (data.clipLength).',
	});
}
