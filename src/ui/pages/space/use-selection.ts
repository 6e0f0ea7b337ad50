// The chosen points of a map, and what opens, chooses and clears.

import { useMemo } from 'react';
import { followLink, linkPoints } from '../../../state/space-link';
import { pointsOfSet } from '../../../state/space-sets';
import { ownValue } from '../../../util/own-value';
import { useCommands } from '../../context/commands-context';
import { useSpace, useSpaceStore } from '../../context/space-context';
import { changeQuery, useQueryValue } from '../../navigation/navigation';
import { useWords } from '../../words/words';
import { spaceWords } from './space-words';
import type { ShownMap } from './use-shown-map';

/** The chosen points of a map: a saved set that the address names, else the circled ones; where those are of another run, the same tokens. */
export function useChosen(shown: ShownMap | null): readonly number[] {
	const [setName] = useQueryValue('sel');
	const sets = useSpace((state) => state.sets);
	const selection = useSpace((state) => state.selection);
	const points = shown?.points;
	const from = useSpace((state) =>
		state.selection ? (ownValue(state.runs, state.selection.runId)?.points ?? null) : null,
	);
	const link = useMemo(
		() => (points && from && from.runId !== points.runId ? linkPoints(from, points) : null),
		[points, from],
	);
	return useMemo(() => {
		if (!points) return [];
		const set = sets.find(({ name }) => name === setName);
		if (set) return pointsOfSet(set, points);
		if (!selection) return [];
		if (selection.runId === points.runId) return selection.points;
		return link ? followLink(link, selection.points).sort((left, right) => left - right) : [];
	}, [points, sets, setName, selection, link]);
}

export interface MapActions {
	open(point: number): void;
	choose(points: readonly number[], adds: boolean): void;
	clear(): void;
}

/** `pane` names the map where two are shown side by side: the address holds it with what is opened. */
export function useMapActions(runId: string, chosen: readonly number[], pane = ''): MapActions {
	const t = useWords(spaceWords);
	const store = useSpaceStore();
	const actions = useMemo<MapActions>(
		() => ({
			open: (point) => changeQuery({ point: String(point), pane, tab: '' }),
			choose(points, adds) {
				const all = adds ? [...new Set([...chosen, ...points])] : [...points];
				store.getState().select({ runId, points: all.sort((left, right) => left - right) });
				changeQuery({ sel: '', point: '', pane, tab: '' });
			},
			clear() {
				store.getState().select(null);
				changeQuery({ sel: '', point: '' });
			},
		}),
		[store, runId, chosen, pane],
	);
	const commands = useMemo(
		() => [{ id: 'clear-selection', title: t('clear'), group: t('group'), keys: 'Escape', run: actions.clear }],
		[t, actions],
	);
	useCommands(commands);
	return actions;
}
