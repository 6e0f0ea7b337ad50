// A sentence with its spans marked: the mark holds the entity only, its type stands in an attribute drawn by CSS.

import { Fragment, type ReactNode } from 'react';
import type { TaggedSentence as Tagged } from '../../worker/protocol';
import { entitySlot } from './entity-slot';

export function TaggedSentence({ sentence, types }: { sentence: Tagged; types: readonly string[] }) {
	const pieces: ReactNode[] = [];
	const text = (start: number, end: number) => sentence.characters.slice(start, end).join('');
	let position = 0;
	for (const { start, end, type } of sentence.spans) {
		pieces.push(<Fragment key={`text ${position}`}>{text(position, start)}</Fragment>);
		pieces.push(
			<mark
				key={`span ${start}`}
				data-type={type}
				data-label={type}
				data-ent={entitySlot(type, types)}
				aria-description={type}
			>
				{text(start, end)}
			</mark>,
		);
		position = end;
	}
	pieces.push(<Fragment key="rest">{text(position, sentence.characters.length)}</Fragment>);
	return <>{pieces}</>;
}
