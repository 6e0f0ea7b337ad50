// A sentence as a grid, one cell a code point (a word in corpora of words), with lanes of spans under it in the same columns: gold above prediction,
// or one lane a model. What is wrong has a red frame, what is missing a dashed grey one.

import type { CSSProperties } from 'react';
import { unitOfTokens } from '../../../data/words-of-text';
import { entitySlot } from './entity-slot';
import { confidenceDigits } from './SentenceText';
import { type ShownSpan, typeLabel } from './sentence-pieces';
import './sentences.css';

export interface LaneSpan extends ShownSpan {
	/** `missing` stands where another lane has a span and this one none. */
	state: 'equal' | 'wrong' | 'missing';
}

export interface Lane {
	name: string;
	spans: readonly LaneSpan[];
}

/** A dictionary word of the sentence: [start, end) in characters. */
export interface LatticeWord {
	start: number;
	end: number;
	text: string;
	/** `used`: among the words that got most attention; `off`: switched off by the user. */
	state: 'plain' | 'used' | 'off';
}

export interface CharacterGridProps {
	characters: readonly string[];
	lanes: readonly Lane[];
	types: readonly string[];
	words?: readonly LatticeWord[];
	/** Heading of the words' rows. */
	wordsName?: string;
	/** Characters that differ between lanes. */
	differing?: ReadonlySet<number>;
	/** Width of a cell in pixels: 24 in lists, 34 in Tag. */
	cell?: number;
	lang?: string;
	onWord?(word: LatticeWord): void;
}

/** Most rows of words. */
const wordRows = 6;

export function CharacterGrid({
	characters,
	lanes,
	types,
	words = [],
	wordsName = '',
	differing,
	cell = 24,
	lang,
	onWord,
}: CharacterGridProps) {
	const isOfWords = unitOfTokens(characters) === 'word';
	const textLanguage = lang ?? (isOfWords ? undefined : 'zh-Hans');
	const { placed, hidden } = packWords(words, wordRows);
	const firstWordRow = lanes.length + 2;
	const style = { '--cell': `${cell}px`, '--length': characters.length } as CSSProperties;
	return (
		<div className="character-grid" data-words={isOfWords || undefined} style={style}>
			{characters.map((character, index) => (
				<span
					// biome-ignore lint/suspicious/noArrayIndexKey: a character has no name but its place
					key={index}
					lang={textLanguage}
					className="cell"
					data-differs={differing?.has(index) || undefined}
					style={{ gridColumn: index + 2, gridRow: 1 }}
				>
					{character}
				</span>
			))}
			{lanes.map(({ name, spans }, lane) => (
				<LaneRow key={name} name={name} spans={spans} types={types} row={lane + 2} />
			))}
			{placed.length > 0 && (
				<span className="lane-name" style={{ gridRow: firstWordRow, gridColumn: 1 }}>
					{wordsName}
				</span>
			)}
			{placed.map(({ word, row }) => (
				<button
					key={`${word.start} ${word.end}`}
					type="button"
					className="lattice-word"
					lang={textLanguage}
					data-state={word.state}
					aria-pressed={word.state === 'off'}
					disabled={!onWord}
					onClick={() => onWord?.(word)}
					style={{ gridRow: firstWordRow + row, gridColumn: `${word.start + 2} / ${word.end + 2}` }}
				>
					{word.text}
				</button>
			))}
			{hidden > 0 && (
				<span className="lane-name" style={{ gridRow: firstWordRow + wordRows, gridColumn: '2 / -1' }}>
					+{hidden}
				</span>
			)}
		</div>
	);
}

function LaneRow({ name, spans, types, row }: Lane & { types: readonly string[]; row: number }) {
	return (
		<>
			<span className="lane-name" title={name} style={{ gridRow: row, gridColumn: 1 }}>
				{name}
			</span>
			{spans.map(({ start, end, type, state, confidence }) => {
				const { slot, isRepeated } = entitySlot(type, types);
				return (
					<span
						key={`${start} ${end} ${state}`}
						className="lane-span"
						data-state={state}
						data-ent={slot}
						data-ent-dashed={isRepeated || undefined}
						data-narrow={end - start === 1 || undefined}
						title={confidence === undefined ? type : `${type} ${confidenceDigits(confidence)}`}
						style={{ gridRow: row, gridColumn: `${start + 2} / ${end + 2}` }}
					>
						{state === 'missing' ? '—' : typeLabel(type)}
						{confidence !== undefined && <span className="num lane-sure">{confidenceDigits(confidence)}</span>}
					</span>
				);
			})}
		</>
	);
}

/** Rows for words, filled greedily by start; `hidden` counts those for which no row is left. */
export function packWords(
	words: readonly LatticeWord[],
	rowLimit: number,
): { placed: { word: LatticeWord; row: number }[]; hidden: number } {
	const ends: number[] = [];
	const placed: { word: LatticeWord; row: number }[] = [];
	let hidden = 0;
	for (const word of [...words].sort((left, right) => left.start - right.start || right.end - left.end)) {
		let row = ends.findIndex((end) => end <= word.start);
		if (row < 0) row = ends.length;
		if (row >= rowLimit) {
			hidden++;
			continue;
		}
		ends[row] = word.end;
		placed.push({ word, row });
	}
	return { placed, hidden };
}
