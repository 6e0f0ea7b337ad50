// Writes sentences in any of the text formats. What is written is read again at once and compared: a format that cannot
// carry a sentence exactly (a space as a token of CoNLL, a line end in plain text) is refused with that sentence named.

import { UserError } from '../../util/errors';
import type { Sentence, TextUnit } from '../corpus';
import { spansOf } from '../spans';
import type { TagScheme } from '../tag-scheme';
import { writeBrat } from './brat';
import { writeCluener } from './cluener';
import { writeColumns } from './columns';
import { writeDoccano } from './doccano';
import { writeRow } from './hugging-face';
import { writeInline } from './inline';
import { writeLabelStudio, writeLabelStudioMin } from './label-studio';
import { readCorpusText } from './read-corpus';
import type { CorpusFormat } from './reading';
import { shorten } from './reading';
import { writeSpacy, writeSpacyDocument } from './spacy';
import { writeW2ner } from './w2ner';
import { type SentenceToWrite, sentenceToWrite } from './writing';

/** The formats that can be written: all but Parquet. */
export type TextFormat = Exclude<CorpusFormat, 'hugging-face-parquet'>;

export interface WritingOptions {
	/** Of the sentences' tags. */
	scheme: TagScheme;
	/** Words are joined by a space, characters by nothing. */
	unit: TextUnit;
	/** The scheme to write, where the format has tags; as it is when missing. spaCy v2 is always BILOU. */
	to?: TagScheme;
	/** Plain text only: the tags may be lost. */
	withoutTags?: boolean;
}

export interface WrittenFile {
	/** What its name should end in, such as `.jsonl`. */
	extension: string;
	text: string;
}

interface TextWriter {
	extension: string;
	/** The whole file. */
	write(sentences: readonly SentenceToWrite[]): string;
}

const lines =
	(write: (sentence: SentenceToWrite, index: number) => string) => (sentences: readonly SentenceToWrite[]) =>
		sentences.map((sentence, index) => `${write(sentence, index)}\n`).join('');
const array =
	(write: (sentence: SentenceToWrite, index: number) => string) => (sentences: readonly SentenceToWrite[]) =>
		`[\n${sentences.map(write).join(',\n')}\n]\n`;

const writers: Readonly<Record<Exclude<TextFormat, 'brat'>, TextWriter>> = {
	conll: { extension: '.conll', write: (sentences) => sentences.map((one) => writeColumns(one, 2)).join('') },
	'conll-2003': {
		extension: '.conll',
		write: (sentences) => `-DOCSTART- -X- O O\n\n${sentences.map((one) => writeColumns(one, 4)).join('')}`,
	},
	'inline-bar': { extension: '.txt', write: lines((sentence) => writeInline(sentence, '|')) },
	'inline-slash': { extension: '.txt', write: lines((sentence) => writeInline(sentence, '/')) },
	doccano: { extension: '.jsonl', write: lines(writeDoccano) },
	'label-studio': { extension: '.json', write: array(writeLabelStudio) },
	'label-studio-min': { extension: '.json', write: array(writeLabelStudioMin) },
	cluener: { extension: '.json', write: lines(writeCluener) },
	w2ner: { extension: '.json', write: array(writeW2ner) },
	'hugging-face': { extension: '.jsonl', write: lines(writeRow) },
	'hugging-face-json': { extension: '.json', write: array(writeRow) },
	'spacy-jsonl': { extension: '.jsonl', write: lines(writeSpacy) },
	'spacy-v2': { extension: '.json', write: array(writeSpacyDocument) },
	'plain-text': { extension: '.txt', write: lines(({ text }) => text) },
};

export const textFormats = [...Object.keys(writers), 'brat'] as TextFormat[];

/**
 * The files of a corpus: one, or for brat a .txt and an .ann. Reading them gives the same texts, entities and, where the
 * format has tokens, tokens. Throws `export-cannot-carry` (line: the number of the sentence, from 1).
 */
export function writeCorpus(
	format: TextFormat,
	sentences: readonly Sentence[],
	options: WritingOptions,
): WrittenFile[] {
	const to = format === 'spacy-v2' ? 'BILOU' : (options.to ?? options.scheme);
	refuseLostTags(format, sentences, options);
	const written = sentences.map((sentence) => sentenceToWrite(sentence, options.unit, options.scheme, to));
	const files = format === 'brat' ? bratFiles(written) : [textFile(writers[format], written)];
	if (sentences.length > 0) verify(format, files, sentences, options);
	return files;
}

function textFile({ extension, write }: TextWriter, sentences: readonly SentenceToWrite[]): WrittenFile {
	return { extension, text: write(sentences) };
}

/** Without a label on any sentence there is no .ann file. */
function bratFiles(sentences: readonly SentenceToWrite[]): WrittenFile[] {
	const { text, annotations } = writeBrat(sentences);
	const file = { extension: '.txt', text };
	const isLabelled = sentences.some(({ tags }) => tags !== null);
	return isLabelled ? [file, { extension: '.ann', text: annotations }] : [file];
}

const needsTags: ReadonlySet<TextFormat> = new Set(['conll', 'conll-2003', 'inline-bar', 'inline-slash'] as const);

function refuseLostTags(format: TextFormat, sentences: readonly Sentence[], { withoutTags }: WritingOptions): void {
	const tagged = sentences.findIndex(({ tags }) => tags !== null);
	if (format === 'plain-text' && tagged >= 0 && !withoutTags)
		throw cannotCarry(format, tagged, 'a labelled sentence', 'Choose another format, or allow leaving out the labels.');
	const bare = sentences.findIndex(({ tags }) => tags === null);
	if (needsTags.has(format) && bare >= 0)
		throw cannotCarry(format, bare, 'an unlabelled sentence', 'Label it first, or choose a JSON format.');
}

/** Reads what was written and compares; a difference names the first sentence that does not come back. */
function verify(
	format: TextFormat,
	files: readonly WrittenFile[],
	sentences: readonly Sentence[],
	{ scheme, unit, withoutTags }: WritingOptions,
): void {
	const remedy = 'Change this sentence, or choose a JSON format: doccano, Label Studio or Hugging Face.';
	const back = readBack(format, files, unit);
	if (typeof back === 'string') throw cannotCarry(format, firstUnreadable(format, sentences, unit), back, remedy);
	const isSame = (sentence: Sentence, index: number) => {
		const other = back.sentences[index];
		if (!other) return false;
		const kept = withoutTags && format === 'plain-text' ? { ...sentence, tags: null } : sentence;
		return view(kept, scheme, unit) === view(other, back.scheme ?? scheme, unit);
	};
	const lost = sentences.findIndex((sentence, index) => !isSame(sentence, index));
	if (lost >= 0) throw cannotCarry(format, lost, shorten(sentences[lost].characters.join('')), remedy);
	if (back.sentences.length !== sentences.length)
		throw cannotCarry(format, sentences.length - 1, 'sentences that would be split', remedy);
}

function readBack(format: TextFormat, files: readonly WrittenFile[], unit: TextUnit) {
	// JSON writes halves of characters as escapes, but a file of UTF-8 cannot hold them elsewhere.
	if (files.some(({ text }) => /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)))
		return 'a broken character (half of a surrogate pair)';
	const annotations = files[1] && { file: 'written.ann', text: files[1].text };
	try {
		const choices = format === 'brat' && annotations ? { unit } : { unit, format };
		const reading = readCorpusText(files[0].text, { file: 'written.txt', choices, annotations });
		return { scheme: reading.scheme, sentences: reading.parts.flatMap((part) => part.sentences) };
	} catch (error) {
		if (error instanceof UserError) return error.found;
		throw error;
	}
}

/** The first sentence that cannot be read again even alone. */
function firstUnreadable(format: TextFormat, sentences: readonly Sentence[], unit: TextUnit): number {
	const isUnreadable = (sentence: Sentence) => {
		const one = [sentenceToWrite({ ...sentence, tags: sentence.tags?.map(() => 'O') ?? null }, unit, 'BIO', 'BIO')];
		return (
			typeof readBack(format, format === 'brat' ? bratFiles(one) : [textFile(writers[format], one)], unit) === 'string'
		);
	};
	return Math.max(0, sentences.findIndex(isUnreadable));
}

/** Text and entities, as characters for the character and as words for the word, to compare. */
function view(sentence: Sentence, scheme: TagScheme, unit: TextUnit): string {
	const { text, spans } = sentenceToWrite(sentence, unit, scheme, scheme);
	const tokens = unit === 'word' ? sentence.characters : null;
	return JSON.stringify([text, tokens, sentence.tags && (spans ?? spansOf(sentence.tags, scheme))]);
}

function cannotCarry(format: TextFormat, index: number, found: string, remedy: string): UserError {
	return new UserError({
		code: 'export-cannot-carry',
		place: { line: index + 1 },
		expected: `sentences that ${format} can represent (sentence ${index + 1})`,
		found,
		remedy,
	});
}
