// The tooltip of a control, and terms that explain themselves in one sentence behind a dotted underline.

import type { ReactNode } from 'react';
import { Focusable, Tooltip, TooltipTrigger } from 'react-aria-components';
import { type Term, termExplanations, termNames } from '../../words/term-words';
import { useLanguage } from '../../words/words';
import { classNames } from './class-names';
import { Keys } from './Keys';

export function Hint({ children, keys }: { children: ReactNode; keys?: string }) {
	return (
		<Tooltip className="tooltip" offset={6}>
			{children}
			{keys && <Keys keys={keys} />}
		</Tooltip>
	);
}

/** A term of the field; hover or focus shows its explanation. */
export function TermHint({ term, className, children }: { term: Term; className?: string; children?: ReactNode }) {
	const language = useLanguage();
	return (
		<TooltipTrigger delay={200}>
			<Focusable>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard */}
				<span className={classNames('term', className)} role="note" tabIndex={0}>
					{children ?? termNames[term][language]}
				</span>
			</Focusable>
			<Tooltip className="tooltip" offset={6}>
				{termExplanations[term][language]}
			</Tooltip>
		</TooltipTrigger>
	);
}
