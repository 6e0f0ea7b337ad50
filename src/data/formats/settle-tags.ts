// What all readers end with: tags are checked for their form and for one scheme, brought into another where that is
// chosen, and every position where they break their scheme is noted.

import { UserError } from '../../util/errors';
import type { ReadingNote, Sentence } from '../corpus';
import { strictSpansOf, tagsOf } from '../spans';
import { detectScheme, illegalTransitions, parseTag, schemeOfPrefixes, type TagScheme, toBio } from '../tag-scheme';
import { note, type RawCorpus, type RawSentence, type ReadingContext, shorten } from './reading';
import { convertTags } from './writing';

export interface SettledTags {
	/** Of the tags now; null when no sentence has any. */
	scheme: TagScheme | null;
	/** Of the tags in the file; null for spans, and when no sentence has any. */
	fileScheme: TagScheme | null;
	parts: { split: RawCorpus['parts'][number]['split']; sentences: Sentence[] }[];
}

/** Throws `corpus-unknown-tag`, `corpus-scheme-mix`. */
export function settleTags(raw: RawCorpus, context: ReadingContext): SettledTags {
	const { choices } = context;
	const all = raw.parts.flatMap(({ sentences }) => sentences);
	if (!raw.isFromSpans) checkTags(all, raw, context.file);
	const tagged = all.filter(({ tags }) => tags !== null);
	if (tagged.length === 0) return { scheme: null, fileScheme: null, parts: plainParts(raw, (sentence) => sentence) };
	for (const { tags, line } of all)
		if (tags === null) note(context, 'corpus-unlabelled', line, 'An unlabelled sentence among labelled ones');
	const found = raw.isFromSpans ? 'BIO' : (detectScheme(tagged.map(({ tags }) => tags ?? [])) as TagScheme);
	if (!raw.isFromSpans) noteIllegalTransitions(tagged, found, context);
	const isPlainIob1 = found === 'IOB1' && choices.iob1 !== 'keep' && choices.scheme === undefined;
	const scheme = choices.scheme ?? (isPlainIob1 ? 'BIO' : found);
	const parts = plainParts(raw, (sentence) => {
		if (sentence.tags === null) return sentence;
		const tags =
			choices.strays === 'outside'
				? tagsOf(strictSpansOf(sentence.tags, found), sentence.tags.length, found)
				: sentence.tags;
		return { ...sentence, tags: convertTags(tags, found, scheme) };
	});
	if (scheme !== found && !raw.isFromSpans) {
		const code = isPlainIob1 ? 'corpus-iob1' : 'corpus-scheme-changed';
		note(context, code, tagged[0].line, `${found} tags are converted to ${scheme}; the entities stay the same`);
	}
	return { scheme, fileScheme: raw.isFromSpans ? null : found, parts };
}

/** The parts with the fields of a sentence only. */
function plainParts(raw: RawCorpus, change: (sentence: RawSentence) => RawSentence): SettledTags['parts'] {
	return raw.parts.map(({ split, sentences }) => ({
		split,
		sentences: sentences.map((sentence) => {
			const { characters, tags, line } = change(sentence);
			return { characters, tags, line };
		}),
	}));
}

interface SeenTag {
	tag: string;
	line: number;
	sentence: RawSentence;
}

/** Checks every tag's form, and that the letters before the types belong to one scheme. */
export function checkTags(sentences: readonly RawSentence[], raw: Pick<RawCorpus, 'tagColumnOf'>, file: string): void {
	const seen = new Map<string, SeenTag>();
	for (const sentence of sentences) {
		sentence.tags?.forEach((tag, position) => {
			const prefix = parseTag(tag)?.prefix;
			if (prefix !== undefined && seen.has(prefix)) return;
			const line = sentence.tokenLines?.[position] ?? sentence.line;
			const at = { file, line, column: raw.tagColumnOf?.(line) };
			if (prefix === undefined) throw unknownTag(tag, at);
			seen.set(prefix, { tag, line, sentence });
			if (schemeOfPrefixes(seen.keys()) === null) throw schemeMix(tag, at, seen);
		});
	}
}

export function noteIllegalTransitions(
	sentences: readonly RawSentence[],
	scheme: TagScheme,
	context: { file: string; notes: ReadingNote[]; choices?: ReadingContext['choices'] },
): void {
	for (const { tags, tokenLines, line } of sentences) {
		if (tags === null) continue;
		const positions = illegalTransitions(tags, scheme);
		if (positions.length === 0) continue;
		const bio = toBio(tags, scheme);
		for (const position of positions) {
			const before = position === 0 ? 'the start of the sentence' : tags[position - 1];
			const outcome =
				context.choices?.strays === 'outside' ? 'only valid entities are kept' : `it counts as ${bio[position]}`;
			const message = `In ${scheme}, ${tags[position]} is not allowed here (after ${before}); ${outcome}`;
			const code = 'corpus-illegal-transition';
			context.notes.push({ code, file: context.file, line: tokenLines?.[position] ?? line, message });
		}
	}
}

function unknownTag(tag: string, location: UserError['location']): UserError {
	return new UserError({
		code: 'corpus-unknown-tag',
		location,
		expected: 'the tag O, or B- I- M- E- L- S- U- W- with a type, such as B-PER',
		found: shorten(tag),
		remedy: 'Fix the tag, or check that the character is in the first column and the tag in the last.',
	});
}

function schemeMix(tag: string, location: UserError['location'], seen: ReadonlyMap<string, SeenTag>): UserError {
	const earlier = [...seen].filter(([prefix, other]) => other.tag !== tag && prefix !== 'O');
	const seenTags = earlier.map(([prefix, other]) => `${prefix} (line ${other.line})`).join(', ');
	return new UserError({
		code: 'corpus-scheme-mix',
		location,
		expected: `tags of the same scheme as ${seenTags}`,
		found: shorten(tag),
		remedy: 'Use one scheme for all tags: BIO, IOB1, BIOES, BMES, BILOU or BMEWO.',
	});
}
