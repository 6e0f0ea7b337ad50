// A sentence with its mentions, in which one token is framed; far parts of a long one are left out.

import { Fragment, memo } from 'react';
import type { Span } from '../../../data/span';
import { unitOfTokens } from '../../../data/words-of-text';
import { entitySlot } from '../../kit/sentences/entity-slot';
import { type SentencePiece, sentencePieces } from '../../kit/sentences/sentence-pieces';
import '../../kit/sentences/sentences.css';

export interface TokenSentenceProps {
	characters: readonly string[];
	spans: readonly Span[];
	types: readonly string[];
	/** The token, by its index. */
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
	const unit = unitOfTokens(characters);
	const glue = unit === 'word' ? ' ' : '';
	return (
		<span className="sentence token-sentence" lang={unit === 'word' ? undefined : 'zh-Hans'}>
			{from > 0 && `…${glue}`}
			{sentencePieces(characters.slice(from, to), inside, unit).map((piece) => (
				<Fragment key={piece.start}>
					{piece.start > 0 && glue}
					<Piece piece={piece} token={token - from} types={types} glue={glue} />
				</Fragment>
			))}
			{to < characters.length && `${glue}…`}
		</span>
	);
});

interface PieceProps {
	piece: SentencePiece;
	token: number;
	types: readonly string[];
	/** The text between tokens. */
	glue: string;
}

function Piece({ piece, token, types, glue }: PieceProps) {
	const tokens = glue === '' ? [...piece.text] : piece.text.split(glue);
	const at = token - piece.start;
	const content =
		at >= 0 && at < tokens.length ? (
			<>
				{tokens.slice(0, at).map((one) => one + glue)}
				<b className="token-frame">{tokens[at]}</b>
				{tokens.slice(at + 1).map((one) => glue + one)}
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
