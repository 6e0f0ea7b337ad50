// What just happened, said at the edge of the page, with a way to take it back.

import { toast } from 'sonner';

export interface Notice {
	text: string;
	/** One button: undo, open. */
	action?: { label: string; run(): void };
}

const shownMs = 8000;

export function notify({ text, action }: Notice): void {
	toast(text, { duration: shownMs, action: action && { label: action.label, onClick: () => action.run() } });
}

/** Stays until it is put away. */
export function notifyProblem(text: string): void {
	toast.error(text, { duration: Number.POSITIVE_INFINITY, closeButton: true });
}
