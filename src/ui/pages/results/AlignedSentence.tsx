// A sentence with rows of mentions under it: gold first, what runs found below it. Long ones show what matters first.

import { useState } from 'react';
import { compareModels, differingCharacters } from '../../../analysis/model-comparison';
import type { Mention } from '../../../analysis/span-readings';
import { CharacterGrid } from '../../kit/sentences/CharacterGrid';
import { SentenceText } from '../../kit/sentences/SentenceText';
import { useWords } from '../../words/words';
import { extentOf, spansWithin, windowAround } from './error-window';
import { resultsWords } from './results-words';

export interface NamedRow {
	name: string;
	mentions: readonly Mention[];
}

export interface AlignedSentenceProps {
	characters: readonly string[];
	/** The first is what the others are compared with. */
	rows: readonly NamedRow[];
	types: readonly string[];
	/** What is to be seen, in characters; it is shaded. Null: where the rows differ. */
	seen: { start: number; end: number } | null;
}

/** Sentences of words, not of characters: their words are longer than a cell. */
function isOfWords(characters: readonly string[]): boolean {
	return characters.reduce((sum, character) => sum + [...character].length, 0) > characters.length * 1.8;
}

export function AlignedSentence({ characters, rows, types, seen }: AlignedSentenceProps) {
	const t = useWords(resultsWords);
	const [isWhole, setWhole] = useState(false);
	if (isOfWords(characters)) return <WordRows characters={characters} rows={rows} types={types} seen={seen} />;
	const shaded = seen
		? new Set(Array.from({ length: seen.end - seen.start }, (_, index) => seen.start + index))
		: differingCharacters(rows.map(({ mentions }) => mentions));
	const shown = windowAround(characters.length, extentOf(shaded), isWhole);
	const states = compareModels(rows.map(({ mentions }) => mentions));
	const drawn = rows.map(({ name }, row) => ({ name, spans: spansWithin(states[row], shown) }));
	const differing = new Set([...shaded].map((position) => position - shown.start));
	const more = (
		<button type="button" className="results-more" aria-label={t('showAll')} onClick={() => setWhole(true)}>
			…
		</button>
	);
	return (
		<div className="results-aligned">
			{shown.start > 0 && more}
			<CharacterGrid
				characters={characters.slice(shown.start, shown.end)}
				lanes={drawn}
				types={types}
				differing={differing}
			/>
			{shown.end < characters.length && more}
		</div>
	);
}

function WordRows({ characters, rows, types, seen }: AlignedSentenceProps) {
	const seenStart = (mentions: readonly Mention[]) =>
		mentions.find(({ start, end }) => seen && start >= seen.start && end <= seen.end)?.start;
	return (
		<dl className="results-word-lanes">
			{rows.map(({ name, mentions }) => (
				<div key={name}>
					<dt className="quiet-text">{name}</dt>
					<dd>
						<SentenceText
							characters={characters}
							spans={mentions}
							types={types}
							unit="word"
							chosenStart={seenStart(mentions)}
						/>
					</dd>
				</div>
			))}
		</dl>
	);
}
