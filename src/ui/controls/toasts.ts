// What just happened, said at the edge of the page, with a way to take it back.

import { toast } from 'sonner';

export interface Notice {
	text: string;
	/** One button: undo, open. */
	action?: { label: string; run(): void };
}

const shownMs = 8000;
/** A name of any length must not fill the window; the beginning and the end say which and what. */
const longestNotice = 160;

export function notify({ text, action }: Notice): void {
	toast(shorten(text), { duration: shownMs, action: action && { label: action.label, onClick: () => action.run() } });
}

/** Stays until it is put away. */
export function notifyProblem(text: string): void {
	toast.error(text, { duration: Number.POSITIVE_INFINITY, closeButton: true });
}

function shorten(text: string): string {
	const characters = [...text];
	if (characters.length <= longestNotice) return text;
	const half = longestNotice / 2;
	return `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
}
