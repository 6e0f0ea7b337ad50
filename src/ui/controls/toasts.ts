// What just happened, said at the edge of the page, with a way to take it back. What shows it is loaded after the first paint,
// or when there is something to say: until then notices wait.

export interface Notice {
	text: string;
	/** One button: undo, open. */
	action?: { label: string; run(): void };
}

/** Milliseconds that a notice stands; null: until it is put away. */
type Show = (notice: Notice, shownMs: number | null) => void;

const shownMs = 8000;
/** A name of any length must not fill the window; the beginning and the end say which and what. */
const longestNotice = 160;

const waiting: Parameters<Show>[] = [];
let show: Show | null = null;
let want = () => {};

export function notify({ text, action }: Notice): void {
	tell({ text: shorten(text), action }, shownMs);
}

/** Stays until it is put away. */
export function notifyProblem(text: string): void {
	tell({ text }, null);
}

/** Gives what waits, and all that comes, to what shows it; returns a function that ends it. */
export function takeNotices(next: Show): () => void {
	show = next;
	for (const notice of waiting.splice(0)) next(...notice);
	return () => {
		if (show === next) show = null;
	};
}

/** Calls back as soon as a notice waits. */
export function whenWanted(callback: () => void): void {
	want = callback;
	if (waiting.length > 0) callback();
}

function tell(...notice: Parameters<Show>): void {
	if (show) show(...notice);
	else {
		waiting.push(notice);
		want();
	}
}

function shorten(text: string): string {
	const characters = [...text];
	if (characters.length <= longestNotice) return text;
	const half = longestNotice / 2;
	return `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
}
