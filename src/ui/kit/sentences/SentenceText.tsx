// A sentence with its spans marked: the mark holds the entity only; its type and confidence stand in an attribute that
// CSS draws, so that copied text and the accessible text are the sentence itself.

import { memo, type ReactNode } from 'react';
import type { TextUnit } from '../../../data/corpus';
import { countText } from '../../words/number-words';
import { classNames } from '../controls/class-names';
import { entitySlot } from './entity-slot';
import { type ShownSpan, sentencePieces, typeLabel, visibleText } from './sentence-pieces';
import './sentences.css';

export interface SentenceTextProps {
	characters: readonly string[];
	spans: readonly ShownSpan[];
	/** All types of the corpus or model, in the order of their palette slots. */
	types: readonly string[];
	unit?: TextUnit;
	/** Language of the text. */
	lang?: string;
	/** The span with this start is shown as chosen. */
	chosenStart?: number;
	/** Makes spans buttons. */
	onChoose?(span: ShownSpan): void;
	/** A class of the page that places the sentence. */
	className?: string;
}

/** Tokens of a sentence that are drawn: one as long as a book would keep the page busy for seconds. */
const maxDrawn = 4000;

export const SentenceText = memo(function SentenceText({
	characters,
	spans,
	types,
	unit = 'character',
	lang = 'zh-Hans',
	chosenStart,
	onChoose,
	className,
}: SentenceTextProps) {
	const left = characters.length - maxDrawn;
	const pieces =
		left > 0
			? sentencePieces(
					characters.slice(0, maxDrawn),
					spans.filter(({ start }) => start < maxDrawn),
					unit,
				)
			: sentencePieces(characters, spans, unit);
	return (
		<span className={classNames('sentence', className)} lang={unit === 'word' ? undefined : lang}>
			{pieces.map(({ start, text, span }, index) => {
				const gap = unit === 'word' && index > 0 ? ' ' : '';
				if (!span) return <PlainText key={start} text={gap + text} />;
				return (
					<MarkedSpan
						key={start}
						before={gap}
						text={text}
						span={span}
						types={types}
						isChosen={span.start === chosenStart}
						onChoose={onChoose}
					/>
				);
			})}
			{left > 0 && <span className="quiet-text num">{` … +${countText(left)}`}</span>}
		</span>
	);
});

function PlainText({ text }: { text: string }): ReactNode {
	return visibleText(text).map((part, index) =>
		part.isControl ? (
			// biome-ignore lint/suspicious/noArrayIndexKey: parts have no name but their place
			<span key={index} className="sentence-control">
				{part.text}
			</span>
		) : (
			part.text
		),
	);
}

interface MarkedSpanProps {
	before: string;
	text: string;
	span: ShownSpan;
	types: readonly string[];
	isChosen: boolean;
	onChoose?(span: ShownSpan): void;
}

function MarkedSpan({ before, text, span, types, isChosen, onChoose }: MarkedSpanProps) {
	const { type, confidence } = span;
	const { slot, isRepeated } = entitySlot(type, types);
	const mark = (
		<mark
			data-type={type}
			data-label={confidence === undefined ? typeLabel(type) : `${typeLabel(type)} ${confidenceDigits(confidence)}`}
			data-ent={slot}
			data-ent-dashed={isRepeated || undefined}
			data-sure={confidence === undefined ? undefined : sureness(confidence)}
			data-chosen={isChosen || undefined}
			aria-description={confidence === undefined ? type : `${type} ${confidence.toFixed(2)}`}
		>
			{text}
		</mark>
	);
	if (!onChoose)
		return (
			<>
				{before}
				{mark}
			</>
		);
	return (
		<>
			{before}
			<button type="button" className="span-button" aria-pressed={isChosen} onClick={() => onChoose(span)}>
				{mark}
			</button>
		</>
	);
}

/** Two digits after the point, without the zero: 0.97 -> "97"; 1 is 99, because no model is certain. */
export function confidenceDigits(confidence: number): string {
	return String(Math.min(99, Math.floor(confidence * 100))).padStart(2, '0');
}

function sureness(confidence: number): 'high' | 'middle' | 'low' {
	if (confidence >= 0.9) return 'high';
	return confidence >= 0.7 ? 'middle' : 'low';
}
