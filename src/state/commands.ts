// What the user can do from the keyboard or the palette, wherever it is declared: pages add their commands while they
// are open. Keys and palette read the same list, so that neither can know one that the other does not.

import { createStore, type StoreApi } from 'zustand/vanilla';

export interface Command {
	/** Unique while it is listed. */
	id: string;
	/** In the user's language. */
	title: string;
	/** More words to find it by: other languages, pinyin initials. */
	keywords?: string;
	/** Heading in the palette and on the page of shortcuts. */
	group: string;
	/** `mod+k`, `g d`, `?`, `Shift+ArrowLeft`; `mod` is ⌘ on a Mac and Ctrl elsewhere. */
	keys?: string;
	/** Absent from the palette: moving a caret, for example. */
	keysOnly?: boolean;
	isEnabled?: boolean;
	run(): void;
}

export interface CommandListState {
	/** Lists in the order in which they were added; the latest comes first where keys collide. */
	lists: readonly (readonly Command[])[];
}

export type CommandStore = StoreApi<CommandListState>;

export function createCommands(): CommandStore {
	return createStore<CommandListState>(() => ({ lists: [] }));
}

/** Adds commands; the returned function takes them away. */
export function addCommands(store: CommandStore, commands: readonly Command[]): () => void {
	store.setState(({ lists }) => ({ lists: [...lists, commands] }));
	return () => store.setState(({ lists }) => ({ lists: lists.filter((list) => list !== commands) }));
}

/** All commands, the ones added last first. */
export function allCommands({ lists }: CommandListState): Command[] {
	return [...lists].reverse().flat();
}

/** The command that a sequence of strokes means, `'prefix'` when it begins one, or null. `Shift` may be `shift`. */
export function findByKeys(commands: readonly Command[], strokes: readonly string[]): Command | 'prefix' | null {
	const typed = strokes.join(' ').toLowerCase();
	const enabled = commands.filter(({ keys, isEnabled }) => keys !== undefined && isEnabled !== false);
	const exact = enabled.find(({ keys }) => keys?.toLowerCase() === typed);
	if (exact) return exact;
	return enabled.some(({ keys }) => keys?.toLowerCase().startsWith(`${typed} `)) ? 'prefix' : null;
}

/**
 * Commands whose title or keywords hold all words of a query, best first: those whose title begins with it, then those
 * whose title holds it, then the rest.
 */
export function searchCommands(commands: readonly Command[], query: string): Command[] {
	const words = query.toLowerCase().split(/\s+/).filter(Boolean);
	const rank = ({ title, keywords = '' }: Command): number => {
		const name = title.toLowerCase();
		const all = `${name} ${keywords.toLowerCase()}`;
		if (!words.every((word) => all.includes(word))) return -1;
		if (name.startsWith(words[0] ?? '')) return 0;
		return words.every((word) => name.includes(word)) ? 1 : 2;
	};
	return commands
		.filter(({ keysOnly, isEnabled }) => !keysOnly && isEnabled !== false)
		.map((command) => ({ command, rank: rank(command) }))
		.filter(({ rank }) => rank >= 0)
		.sort((left, right) => left.rank - right.rank)
		.map(({ command }) => command);
}
