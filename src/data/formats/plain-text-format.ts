// Plain text as a corpus format: a sentence in each line, nothing labelled. What no other format fits.

import { plainLines } from '../plain-text';
import { type FormatWriter, type LinesFormat, linesWith } from './format-definition';
import { note, type RawCorpus, type ReadingContext } from './reading';
import { corpusOfRecords, type SpanRecord } from './span-records';

export const plainText: LinesFormat & FormatWriter = {
	kind: 'lines',
	rank: 100,
	looksLike: () => true,
	read: readPlain,
	write: linesWith(({ text }) => text),
	losesTags: true,
};

function readPlain(text: string, context: ReadingContext): RawCorpus {
	const blank = (line: number) => note(context, 'corpus-blank-line', line, 'A line with only white space, skipped');
	const records = plainLines(text, blank).map((line): SpanRecord => ({ ...line, spans: null }));
	return corpusOfRecords([{ split: null, records }], context);
}
