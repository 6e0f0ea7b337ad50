// Which models text is tagged with: those that the address names, else the last run's, else the first that is shipped.

import { useEffect, useMemo } from 'react';
import { type ListedModel, runModel } from '../../../state/models';
import { useAbsent } from '../../context/data-context';
import { useModels } from '../../context/models-context';
import { useRun } from '../../context/run-store-context';
import { useQueryValue } from '../../navigation/navigation';
import { useWords } from '../../words/words';
import { tagWords } from './tag-words';

export interface ChosenModels {
	isListed: boolean;
	listed: readonly ListedModel[];
	chosen: readonly ListedModel[];
	/** Asked for in the address and not here. */
	unknown: readonly string[];
}

export function useChosenModels(): ChosenModels {
	const t = useWords(tagWords);
	const models = useModels((state) => state.models);
	const isListed = useModels((state) => state.isListed);
	const refresh = useModels((state) => state.refresh);
	const canTag = useRun((state) => state.canTag);
	const [asked] = useQueryValue('models');
	useEffect(() => {
		if (!isListed) void refresh();
	}, [isListed, refresh]);
	const keys = useMemo(() => asked.split(',').filter((key) => key !== ''), [asked]);
	const absent = useAbsent('checkpoint', keys).join(',');
	return useMemo(() => {
		const listed = canTag ? [runModel(t('lastRun'), t('lastRunShort')), ...models] : models;
		const named = listed.filter(({ key }) => keys.includes(key));
		const missing = absent.split(',').filter((key) => key !== '');
		const unknown = isListed ? missing.filter((key) => !listed.some((model) => model.key === key)) : [];
		return { isListed, listed, chosen: named.length > 0 ? named : listed.slice(0, 1), unknown };
	}, [t, models, isListed, canTag, keys, absent]);
}
