// What just happened, said at the edge of the page, with a way to take it back. What shows it is loaded after the first
// paint; what is said before that waits for it.

export interface Notice {
	text: string;
	/** One button: undo, open. */
	action?: { label: string; run(): void };
	/** Stays until it is put away. */
	isProblem?: boolean;
}

/** A name of any length must not fill the window; the beginning and the end say which and what. */
const longestNotice = 160;

let show: ((notice: Notice) => void) | null = null;
const waiting: Notice[] = [];
/** A new list with each notice, the same one in between. */
let waitingTexts: readonly string[] = [];
const onWaiting = new Set<() => void>();

export function notify(notice: Notice): void {
	const shortened = { ...notice, text: shorten(notice.text) };
	if (show) {
		show(shortened);
		return;
	}
	waiting.push(shortened);
	waitingTexts = [...waitingTexts, shortened.text];
	for (const tell of onWaiting) tell();
}

export function notifyProblem(text: string): void {
	notify({ text, isProblem: true });
}

/** Takes the notices that wait and all later ones, until the returned function is called. */
export function showNotices(take: (notice: Notice) => void): () => void {
	show = take;
	for (const notice of waiting.splice(0)) take(notice);
	waitingTexts = [];
	return () => {
		show = null;
	};
}

/** For `useSyncExternalStore`: whether a notice waits to be shown. */
export const waitingNotices = {
	subscribe(listener: () => void): () => void {
		onWaiting.add(listener);
		return () => onWaiting.delete(listener);
	},
	has: () => waiting.length > 0,
	texts: () => waitingTexts,
};

function shorten(text: string): string {
	const characters = [...text];
	if (characters.length <= longestNotice) return text;
	const half = longestNotice / 2;
	return `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
}
