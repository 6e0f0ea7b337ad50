// Writes sentences in any of the text formats. What is written is read again at once and compared: a format that cannot
// carry a sentence exactly (a space as a token of CoNLL, a line end in plain text) is refused with that sentence named.

import { UserError } from '../../util/errors';
import type { Sentence, TextUnit } from '../corpus';
import { spansOf } from '../spans';
import type { TagScheme } from '../tag-scheme';
import type { FormatWriter } from './format-definition';
import { formatList, type TextFormat } from './format-list';
import { formatRegistry } from './format-registry';
import { readCorpusText } from './read-corpus';
import { shorten } from './reading';
import { type SentenceToWrite, sentenceToWrite } from './writing';

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

/**
 * The files of a corpus: one, or for brat a .txt and an .ann. Reading them gives the same texts, entities and, where the
 * format has tokens, tokens. Throws `export-cannot-carry` (line: the number of the sentence, from 1).
 */
export function writeCorpus(
	format: TextFormat,
	sentences: readonly Sentence[],
	options: WritingOptions,
): WrittenFile[] {
	const writer: FormatWriter = formatRegistry[format];
	const to = writer.scheme ?? options.to ?? options.scheme;
	refuseLostTags(format, sentences, options);
	const written = sentences.map((sentence) => sentenceToWrite(sentence, options.unit, options.scheme, to));
	const files = filesOf(format, written);
	if (sentences.length > 0) verify(format, files, sentences, options);
	return files;
}

function filesOf(format: TextFormat, sentences: readonly SentenceToWrite[]): WrittenFile[] {
	const extensions: readonly string[] = formatList[format].extensions;
	return formatRegistry[format].write(sentences).map((text, index) => ({ extension: extensions[index], text }));
}

function refuseLostTags(format: TextFormat, sentences: readonly Sentence[], { withoutTags }: WritingOptions): void {
	const { losesTags, needsTags }: FormatWriter = formatRegistry[format];
	const tagged = sentences.findIndex(({ tags }) => tags !== null);
	if (losesTags && tagged >= 0 && !withoutTags)
		throw cannotCarry(format, tagged, 'a labelled sentence', 'Choose another format, or allow leaving out the labels.');
	const bare = sentences.findIndex(({ tags }) => tags === null);
	if (needsTags && bare >= 0)
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
	const { losesTags }: FormatWriter = formatRegistry[format];
	const back = readBack(format, files, unit);
	if (typeof back === 'string') throw cannotCarry(format, firstUnreadable(format, sentences, unit), back, remedy);
	const isSame = (sentence: Sentence, index: number) => {
		const other = back.sentences[index];
		if (!other) return false;
		const kept = withoutTags && losesTags ? { ...sentence, tags: null } : sentence;
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
		const choices = { unit, format };
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
		return typeof readBack(format, filesOf(format, one), unit) === 'string';
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
		location: { line: index + 1 },
		expected: `sentences that ${format} can represent (sentence ${index + 1})`,
		found,
		remedy,
	});
}
