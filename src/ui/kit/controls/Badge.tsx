// Small words beside a number or a name: seeds, scorer, state, caveat. Never the only carrier of its meaning by colour.

import type { ReactNode } from 'react';
import { classNames } from './class-names';

export type Tone = 'plain' | 'accent' | 'ok' | 'warn' | 'bad' | 'dashed';

export interface BadgeProps {
	tone?: Tone;
	/** `large`: beside the title of a page. */
	size?: 'medium' | 'large';
	children: ReactNode;
}

export function Badge({ tone = 'plain', size = 'medium', children }: BadgeProps) {
	return <span className={classNames('badge', `badge-${tone}`, size === 'large' && 'badge-large')}>{children}</span>;
}

export function Dot({ tone = 'plain' }: { tone?: Tone | 'running' }) {
	return <span className={`dot dot-${tone}`} aria-hidden />;
}
