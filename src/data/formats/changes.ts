// What a reading changed, passed over or found odd, by kind: how many, in which lines, what becomes of it, and which choice
// would make it otherwise. The page's preview and `nerco corpus inspect` show these.

import type { ReadingNote } from '../corpus';
import { type CorpusReading, choiceValues, type ListedChoice } from './reading';

/** repair: the text or tags differ from the file. conversion: the same said otherwise. left-out: not in the corpus.
 *  warning: read as it stands. */
export type ChangeKind = 'repair' | 'conversion' | 'left-out' | 'warning';

export interface ReadingChange {
	/** As in the notes; words in other languages are keyed by it. */
	code: string;
	kind: ChangeKind;
	count: number;
	/** From 1, in order, one for each case. */
	lines: number[];
	/** The first case in words. */
	example: string;
	/** What becomes of it. */
	outcome: string;
	/** What can be chosen instead: the values, the one in force first named. */
	choice: { name: ListedChoice; value: string; values: readonly string[] } | null;
}

interface ChangeMeaning {
	kind: ChangeKind;
	outcome: string;
	choice?: ListedChoice;
}

const meanings: Readonly<Record<string, ChangeMeaning>> = {
	'corpus-glued-digit': { kind: 'repair', outcome: 'The number is removed from every token', choice: 'gluedDigit' },
	'corpus-broken-character': { kind: 'repair', outcome: 'Each broken character becomes one U+FFFD' },
	'corpus-comment-line': { kind: 'left-out', outcome: 'The line is skipped' },
	'corpus-document-line': { kind: 'left-out', outcome: 'The line is skipped; a sentence ends there' },
	'corpus-odd-blank-line': { kind: 'warning', outcome: 'The sentence ends there' },
	'corpus-blank-line': { kind: 'left-out', outcome: 'The line is skipped' },
	'corpus-empty-record': { kind: 'left-out', outcome: 'The record is skipped' },
	'corpus-illegal-transition': { kind: 'warning', outcome: 'An entity starts there', choice: 'strays' },
	'corpus-iob1': { kind: 'conversion', outcome: 'Every entity starts with B', choice: 'iob1' },
	'corpus-scheme-changed': { kind: 'conversion', outcome: 'The entities are the same' },
	'corpus-tag-missing': { kind: 'repair', outcome: 'The token is tagged O', choice: 'malformed' },
	'corpus-rest-left-out': { kind: 'left-out', outcome: 'The rest of the file is left out', choice: 'malformed' },
	'corpus-unlabelled': { kind: 'warning', outcome: 'The sentence has no tags' },
	'corpus-utf16-offsets': { kind: 'conversion', outcome: 'Positions count code points', choice: 'offsets' },
	'corpus-bad-span': { kind: 'left-out', outcome: 'The entity is left out', choice: 'badSpans' },
	'corpus-span-twice': { kind: 'repair', outcome: 'The entity counts once' },
	'corpus-overlap-dropped': { kind: 'left-out', outcome: 'Only the longest entity is kept', choice: 'overlaps' },
	'corpus-entity-in-pieces': { kind: 'repair', outcome: 'It is left out or joined', choice: 'discontinuous' },
	'corpus-entity-over-lines': { kind: 'conversion', outcome: 'The lines become one sentence' },
	'corpus-other-annotation': { kind: 'left-out', outcome: 'The annotation is skipped' },
	'corpus-several-annotations': { kind: 'left-out', outcome: 'Only the first annotation is read' },
	'corpus-rejected': { kind: 'warning', outcome: 'The text has no tags' },
	'corpus-tokens-split': { kind: 'conversion', outcome: 'Each character is a token', choice: 'tokens' },
};

/** The changes of a reading in the order in which they were first met. */
export function changesOf(
	{ notes }: Pick<CorpusReading, 'notes'>,
	choices: Partial<Record<string, unknown>> = {},
): ReadingChange[] {
	const byCode = new Map<string, ReadingNote[]>();
	for (const note of notes) {
		const list = byCode.get(note.code);
		if (list) list.push(note);
		else byCode.set(note.code, [note]);
	}
	return [...byCode].map(([code, list]) => {
		const { kind, outcome, choice } = meanings[code] ?? { kind: 'warning', outcome: 'It is read as it is' };
		const lines = list.map(({ line }) => line);
		return {
			code,
			kind,
			count: list.length,
			lines,
			example: list[0].message,
			outcome,
			choice: choice
				? { name: choice, value: String(choices[choice] ?? choiceValues[choice][0]), values: choiceValues[choice] }
				: null,
		};
	});
}

/** Which choices settle an error of reading, by its code: what the page offers beside the message. */
export const answersToErrors: Readonly<Record<string, readonly ListedChoice[]>> = {
	'corpus-missing-column': ['malformed'],
	'corpus-column-count': ['malformed'],
	'corpus-missing-tag': ['malformed'],
	'corpus-overlapping-spans': ['overlaps'],
	'corpus-span-outside': ['badSpans', 'offsets'],
	'corpus-span-text': ['badSpans', 'offsets'],
	'corpus-entity-in-pieces': ['discontinuous'],
};
