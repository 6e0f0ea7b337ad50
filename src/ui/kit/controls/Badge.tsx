// Small words beside a number or a name: seeds, scorer, state, caveat. Never the only carrier of its meaning by colour.

import type { ReactNode } from 'react';

export type Tone = 'plain' | 'accent' | 'ok' | 'warn' | 'bad' | 'dashed';

export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
	return <span className={`badge badge-${tone}`}>{children}</span>;
}

export function Dot({ tone = 'plain' }: { tone?: Tone | 'running' }) {
	return <span className={`dot dot-${tone}`} aria-hidden />;
}
