// A sentence with its mentions, in which one token has a frame; far parts of a long one are left out.

import { memo } from 'react';
import type { Span } from '../../data/corpus';
import { entitySlot } from '../sentences/entity-slot';
import { type SentencePiece, sentencePieces } from '../sentences/sentence-pieces';
import '../sentences/sentences.css';

export interface TokenSentenceProps {
	characters: readonly string[];
	spans: readonly Span[];
	types: readonly string[];
	/** The token, by its place. */
	token: number;
	/** Characters shown before and after the token; absent: all. */
	around?: number;
}

export const TokenSentence = memo(function TokenSentence({
	characters,
	spans,
	types,
	token,
	around,
}: TokenSentenceProps) {
	const from = around === undefined ? 0 : Math.max(0, token - around);
	const to = around === undefined ? characters.length : Math.min(characters.length, token + around + 1);
	const inside = spans
		.filter(({ start, end }) => end > from && start < to)
		.map(({ start, end, type }) => ({ type, start: Math.max(start, from) - from, end: Math.min(end, to) - from }));
	return (
		<span className="sentence token-sentence" lang="zh-Hans">
			{from > 0 && '…'}
			{sentencePieces(characters.slice(from, to), inside).map((piece) => (
				<Piece key={piece.start} piece={piece} token={token - from} types={types} />
			))}
			{to < characters.length && '…'}
		</span>
	);
});

function Piece({ piece, token, types }: { piece: SentencePiece; token: number; types: readonly string[] }) {
	const characters = [...piece.text];
	const at = token - piece.start;
	const content =
		at >= 0 && at < characters.length ? (
			<>
				{characters.slice(0, at).join('')}
				<b className="token-frame">{characters[at]}</b>
				{characters.slice(at + 1).join('')}
			</>
		) : (
			piece.text
		);
	if (!piece.span) return content;
	const { type } = piece.span;
	const { slot, isRepeated } = entitySlot(type, types);
	return (
		<mark
			data-type={type}
			data-label={type}
			data-ent={slot}
			data-ent-dashed={isRepeated || undefined}
			aria-description={type}
		>
			{content}
		</mark>
	);
}
