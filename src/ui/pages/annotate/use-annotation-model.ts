// The model that suggests: the one that the address names, else the latest that was trained on this corpus, else the
// first that comes with the page. Its types are known once its card is read.

import { useEffect, useMemo } from 'react';
import type { ExperimentConfig } from '../../../experiment/config';
import type { ListedModel } from '../../../state/models';
import { itemsOf } from '../../../state/workspace';
import { ownValue } from '../../../util/own-value';
import { useAbsent, useWorkspace } from '../../context/data-context';
import { useModels } from '../../context/models-context';
import { useQueryValue } from '../../navigation/navigation';

export interface AnnotationModel {
	isListed: boolean;
	listed: readonly ListedModel[];
	/** Null where there is none, or none is wanted. */
	chosen: ListedModel | null;
	/** Asked for in the address and not here; empty for none. */
	unknown: string;
	/** Types that it has labels for; null until its card is read. */
	entityTypes: readonly string[] | null;
	/** Its settings; null until its card is read. */
	config: ExperimentConfig | null;
}

/** In the address, for no suggestions. */
export const noModelKey = 'none';

export function useAnnotationModel(corpusId: string): AnnotationModel {
	const listed = useModels((state) => state.models);
	const isListed = useModels((state) => state.isListed);
	const refresh = useModels((state) => state.refresh);
	const loadCard = useModels((state) => state.loadCard);
	const cards = useModels((state) => state.cards);
	const list = useWorkspace((state) => state.list);
	const [asked] = useQueryValue('model');
	useEffect(() => {
		if (!isListed) void refresh();
	}, [isListed, refresh]);
	const chosen = useMemo(() => {
		if (asked === noModelKey || list === null) return null;
		const onThis = new Set(
			itemsOf(list, 'run').flatMap(({ id, detail }) => (detail.input.corpusId === corpusId ? [id] : [])),
		);
		const own = listed.filter(({ key, from }) => from === 'yours' && onThis.has(key));
		const latest = own.toSorted((left, right) => (right.changedAtMs ?? 0) - (left.changedAtMs ?? 0))[0];
		return listed.find(({ key }) => key === asked) ?? latest ?? listed[0] ?? null;
	}, [asked, list, listed, corpusId]);
	const isAbsent = useAbsent('checkpoint', [asked]).length > 0;
	const isKnown =
		!isListed || !isAbsent || ['', noModelKey].includes(asked) || listed.some((model) => model.key === asked);
	const key = chosen?.key;
	useEffect(() => {
		if (key !== undefined) void loadCard(key);
	}, [key, loadCard]);
	const card = key === undefined ? undefined : ownValue(cards, key);
	return {
		isListed: isListed && list !== null,
		listed,
		chosen,
		unknown: isKnown ? '' : asked,
		entityTypes: card?.entityTypes ?? null,
		config: card?.config ?? null,
	};
}
