// The chosen points of a map, and what opens, chooses and clears.

import { useMemo } from 'react';
import { pointsOfSet } from '../../state/space-sets';
import { useCommands } from '../commands-context';
import { changeQuery, useQueryValue } from '../navigation/navigation';
import { useSpace, useSpaceStore } from '../space-context';
import { spaceWords } from '../words/space-words';
import { useWords } from '../words/words';
import type { ShownMap } from './use-shown-map';

/** The chosen points of a map: a kept set that the address names, else what was drawn round. */
export function useChosen(shown: ShownMap | null): readonly number[] {
	const [setName] = useQueryValue('sel');
	const sets = useSpace((state) => state.sets);
	const selection = useSpace((state) => state.selection);
	const points = shown?.points;
	return useMemo(() => {
		if (!points) return [];
		const set = sets.find(({ name }) => name === setName);
		if (set) return pointsOfSet(set, points);
		return selection?.runId === points.runId ? selection.points : [];
	}, [points, sets, setName, selection]);
}

export interface MapActions {
	open(point: number): void;
	choose(points: readonly number[], adds: boolean): void;
	clear(): void;
}

export function useMapActions(runId: string, chosen: readonly number[]): MapActions {
	const t = useWords(spaceWords);
	const store = useSpaceStore();
	const actions = useMemo<MapActions>(
		() => ({
			open: (point) => changeQuery({ point: String(point), tab: '' }),
			choose(points, adds) {
				const all = adds ? [...new Set([...chosen, ...points])] : [...points];
				store.getState().select({ runId, points: all.sort((left, right) => left - right) });
				changeQuery({ sel: '', point: '', tab: '' });
			},
			clear() {
				store.getState().select(null);
				changeQuery({ sel: '', point: '' });
			},
		}),
		[store, runId, chosen],
	);
	const commands = useMemo(
		() => [{ id: 'clear-selection', title: t('clear'), group: t('group'), keys: 'Escape', run: actions.clear }],
		[t, actions],
	);
	useCommands(commands);
	return actions;
}
