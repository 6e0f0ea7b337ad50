// Opens what late work made, only where the user still is where it began and has done nothing else there; otherwise a
// notice with a link says that it is done. `go` after an await is for this file alone (checked by a test).

import { useCallback } from 'react';
import type { PageName, Route } from '../../state/route';
import { notify } from '../kit/controls/toasts';
import { commonWords } from '../words/common-words';
import { useWords } from '../words/words';
import { currentRoute, go } from './navigation';

export interface Target {
	page: PageName;
	path?: readonly string[];
	query?: Route['query'];
}

export interface Opener {
	/** Opens what the work made, or offers to: `text` says that it is done, either way; null says it only in the offer. */
	open(target: Target, text: string | null, offer?: string): void;
	/** Whether the user has neither gone elsewhere nor typed or opened something since. */
	isStillHere(): boolean;
}

/** Grows with everything that the user does beside watching: typing, opening another object. */
let doings = 0;
let watched = false;
let lastObject = '';

function watch(): void {
	if (watched) return;
	watched = true;
	lastObject = objectOf();
	const moved = () => {
		if (objectOf() !== lastObject) doings++;
		lastObject = objectOf();
	};
	window.addEventListener('hashchange', moved);
	window.addEventListener('popstate', moved);
	window.addEventListener('input', () => doings++, true);
}

/** What the address opens, without what is filtered and selected in it. */
function objectOf(): string {
	const { page, path } = currentRoute();
	return [page, ...path].join('/');
}

function isDialogOpen(): boolean {
	return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
}

/** To be called where the work begins, before anything is awaited. */
export function beginHere(openWord: string): Opener {
	watch();
	const [object, before] = [objectOf(), doings];
	const isStillHere = () => objectOf() === object && doings === before && !isDialogOpen();
	return {
		isStillHere,
		open({ page, path, query }, text, offer = text ?? '') {
			const run = () => go(page, path, query);
			if (isStillHere()) {
				if (text !== null) notify({ text });
				run();
			} else notify({ text: offer, action: { label: openWord, run } });
		},
	};
}

export function useBeginHere(): () => Opener {
	const t = useWords(commonWords);
	return useCallback(() => beginHere(t('open')), [t]);
}
