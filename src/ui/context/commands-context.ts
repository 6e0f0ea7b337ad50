// The list of commands for all components below `CommandsContext`; a component's commands are listed while it is shown.

import { createContext, useContext, useEffect } from 'react';
import { useStore } from 'zustand';
import { addCommands, allCommands, type Command, type CommandStore } from '../../state/commands';
import { invariant } from '../../util/errors';

export const CommandsContext = createContext<CommandStore | null>(null);

export function useCommandStore(): CommandStore {
	const store = useContext(CommandsContext);
	invariant(store, 'a component stands outside CommandsContext');
	return store;
}

/** Lists commands while the component is shown. The caller memoises the list. */
export function useCommands(commands: readonly Command[]): void {
	const store = useCommandStore();
	useEffect(() => addCommands(store, commands), [store, commands]);
}

export function useAllCommands(): Command[] {
	const lists = useStore(useCommandStore(), (state) => state.lists);
	return allCommands({ lists });
}
