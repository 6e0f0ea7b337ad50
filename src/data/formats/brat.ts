// brat standoff: a text file, and an .ann file of `T1 TAB TYPE START END TAB text` beside it. Positions count code points
// of the whole text, line ends too; every line of the text is a sentence. Other annotations are passed over and noted.

import { UserError } from '../../util/errors';
import type { FormatWriter, LinesFormat } from './format-definition';
import { note, type RawCorpus, type ReadingContext, shorten } from './reading';
import { corpusOfRecords, type RawSpan, standsAt } from './span-records';
import { inPieces } from './w2ner';
import type { SentenceToWrite } from './writing';

export const brat: LinesFormat & FormatWriter = {
	kind: 'lines',
	rank: 10,
	looksLike: (lines) => lines.length > 0 && looksLikeAnnotations(lines),
	read(text, context, annotations) {
		if (!annotations && context.choices.format !== 'brat') throw textMissing(context.file);
		return readBrat(text, annotations, context);
	},
	write(sentences) {
		const { text, annotations } = writeBrat(sentences);
		// Without a label on any sentence there is no .ann file.
		return sentences.some(({ tags }) => tags !== null) ? [text, annotations] : [text];
	},
};

/** Whether all of some lines are lines of an .ann file, an entity among them. */
function looksLikeAnnotations(lines: readonly string[]): boolean {
	return lines.every((line) => /^(?:[TREAMN]\d+|#\d*|\*)\t/.test(line)) && lines.some((line) => /^T\d+\t/.test(line));
}

/** A text with its annotations; without any (null) nobody has labelled it. Throws `corpus-annotation-line` and what spans throw. */
function readBrat(
	text: string,
	annotations: { file: string; text: string } | null,
	context: ReadingContext,
): RawCorpus {
	const inAnnotations = { ...context, file: annotations?.file ?? context.file };
	const spans = annotations && readAnnotations(annotations.text, inAnnotations);
	const linesContext = { ...context, choices: { ...context.choices, sentences: 'lines' as const } };
	const unix = text.replace(/\r\n/g, '\n');
	const hasOwnFits = unix === text || fits(spans, [...text]) || !fits(spans, [...unix]);
	return corpusOfRecords([{ split: null, records: [{ text: hasOwnFits ? text : unix, spans, line: 1 }] }], {
		...linesContext,
		// Errors of spans name the .ann file, in which their lines stand.
		file: spans && spans.length > 0 ? inAnnotations.file : context.file,
	});
}

function fits(spans: readonly RawSpan[] | null, characters: readonly string[]): boolean {
	return (spans ?? []).every(({ start, end, text }) => text === undefined || standsAt(characters, start, end, text));
}

function readAnnotations(text: string, context: ReadingContext): RawSpan[] {
	return text.split(/\r\n|\r|\n/).flatMap((content, index): RawSpan[] => {
		const line = index + 1;
		if (content.trim() === '') return [];
		if (!content.startsWith('T')) {
			note(context, 'corpus-other-annotation', line, `Not an entity, skipped: ${shorten(content)}`);
			return [];
		}
		const match = /^T\d+\t(\S+) (\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*)(?:\t(.*))?$/.exec(content);
		if (!match) throw annotationLine(content, context.file, line);
		const [, type, offsets, there] = match;
		const pieces = offsets.split(';').map((piece) => piece.split(' ').map(Number));
		if (pieces.length === 1) return [{ start: pieces[0][0], end: pieces[0][1], type, text: there, line }];
		const { discontinuous = 'refuse' } = context.choices;
		if (discontinuous === 'refuse') throw inPieces(`${type} ${offsets}`, context.file, line);
		const outcome = discontinuous === 'skip' ? 'left out' : 'read from its first to its last character';
		note(context, 'corpus-entity-in-pieces', line, `${type} ${offsets} is discontinuous: ${outcome}`);
		const start = Math.min(...pieces.map(([from]) => from));
		return discontinuous === 'skip' ? [] : [{ start, end: Math.max(...pieces.map(([, to]) => to)), type, line }];
	});
}

function annotationLine(content: string, file: string, line: number): UserError {
	return new UserError({
		code: 'corpus-annotation-line',
		location: { file, line, column: 1 },
		expected: "an entity in brat format: 'T1', a tab, 'TYPE START END', a tab, its text",
		found: shorten(content),
		remedy: 'Fix the line, or delete it from the .ann file.',
	});
}

/** The text file and the .ann file of sentences, one a line. */
function writeBrat(sentences: readonly SentenceToWrite[]): { text: string; annotations: string } {
	const lines: string[] = [];
	let offset = 0;
	let number = 0;
	for (const { points, spans } of sentences) {
		for (const { start, end, type } of spans ?? []) {
			number++;
			lines.push(`T${number}\t${type} ${offset + start} ${offset + end}\t${points.slice(start, end).join('')}\n`);
		}
		offset += points.length + 1;
	}
	return { text: sentences.map(({ text }) => `${text}\n`).join(''), annotations: lines.join('') };
}

function textMissing(file: string): UserError {
	return new UserError({
		code: 'corpus-brat-text-missing',
		location: { file },
		expected: 'the .txt file that these brat annotations belong to',
		found: 'only the .ann file',
		remedy: 'Choose both files together; their names differ only in the extension.',
	});
}
