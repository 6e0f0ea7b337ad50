// One sentence a line, each token with its tag: `字|B-X 字|O`, or with a slash. Tokens stand between white space, and the
// last bar or slash of each parts the tag from it.

import { UserError } from '../../util/errors';
import { parseTag } from '../tag-scheme';
import { type FormatWriter, type LinesFormat, linesWith } from './format-definition';
import { checkSentenceLength } from './limits';
import { note, type RawCorpus, type RawSentence, type ReadingContext, shorten } from './reading';
import { unitOfTokens } from './span-records';
import { columnMark } from './split-columns';
import type { SentenceToWrite } from './writing';

type InlineMark = '|' | '/';

export const inlineBar = inline('|', 20);
export const inlineSlash = inline('/', 30);

function inline(mark: InlineMark, rank: number): LinesFormat & FormatWriter {
	return {
		kind: 'lines',
		rank,
		looksLike: (lines) => inlineShare(lines, mark) > 0.5 && columnMark(lines) !== mark,
		read: (text, context) => readInline(text, mark, context),
		write: linesWith((sentence) => writeInline(sentence, mark)),
		needsTags: true,
	};
}

/** Share of the chunks of some lines that end with this mark and a tag. */
function inlineShare(lines: readonly string[], mark: InlineMark): number {
	const chunks = lines.flatMap((line) => line.slice(0, 5000).split(/[ \t]+/)).filter((chunk) => chunk !== '');
	const tagged = chunks.filter((chunk) => {
		const at = chunk.lastIndexOf(mark);
		return at > 0 && parseTag(chunk.slice(at + 1)) !== null;
	});
	return chunks.length === 0 ? 0 : tagged.length / chunks.length;
}

/** Throws `corpus-missing-tag` with line and column for a chunk without the mark. */
function readInline(text: string, mark: InlineMark, context: ReadingContext): RawCorpus {
	const sentences = text.split(/\r\n|\r|\n/).flatMap((content, index): RawSentence[] => {
		const line = index + 1;
		checkSentenceLength(content.length, context.file, line);
		const characters: string[] = [];
		const tags: string[] = [];
		for (const match of content.matchAll(/[^ \t]+/g)) {
			const at = match[0].lastIndexOf(mark);
			if (at <= 0 && context.choices.malformed !== 'outside') throw missingTag(match, mark, context.file, line);
			if (at <= 0) note(context, 'corpus-tag-missing', line, `${shorten(match[0])} has no tag and is read as O`);
			characters.push(at <= 0 ? match[0] : match[0].slice(0, at));
			tags.push(at <= 0 ? 'O' : match[0].slice(at + 1));
		}
		return characters.length === 0 ? [] : [{ characters, tags, line }];
	});
	const unit = unitOfTokens(sentences.map(({ characters }) => characters));
	return { unit, isFromSpans: false, parts: [{ split: null, sentences }] };
}

function missingTag(match: RegExpMatchArray, mark: InlineMark, file: string, line: number): UserError {
	return new UserError({
		code: 'corpus-missing-tag',
		location: { file, line, column: [...(match.input ?? '').slice(0, match.index)].length + 1 },
		expected: `a token, '${mark}' and its tag`,
		found: shorten(match[0]),
		remedy: 'Add the tag, or choose to read such tokens as O (malformed=outside).',
	});
}

function writeInline({ tokens, tags }: SentenceToWrite, mark: InlineMark): string {
	return tokens.map((token, position) => `${token}${mark}${tags?.[position] ?? 'O'}`).join(' ');
}
