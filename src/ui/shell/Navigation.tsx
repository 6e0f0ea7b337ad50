// The places, the brand above them and the run below; a rail of icons in narrow windows.

import { Activity, Box, Database, Highlighter, Orbit, Table2, TextCursorInput } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { TooltipTrigger } from 'react-aria-components';
import { type PlaceName, placeNames } from '../../state/route';
import { isActive } from '../../state/run-progress';
import { itemsOf } from '../../state/workspace';
import type { ItemKind } from '../../storage/workspace/item-record';
import { Dot } from '../controls/Badge';
import { Hint } from '../controls/Hint';
import { useWorkspace } from '../data-context';
import { routeHref, useRoute } from '../navigation/navigation';
import { countText } from '../number-words';
import { useRun } from '../run-store-context';
import { shellWords } from '../words/shell-words';
import { useWords } from '../words/words';
import { NavigationLink } from './NavigationLink';
import { RunDock } from './RunDock';

const icons: Record<PlaceName, ReactNode> = {
	data: <Database size={16} strokeWidth={1.6} aria-hidden />,
	train: <Activity size={16} strokeWidth={1.6} aria-hidden />,
	space: <Orbit size={16} strokeWidth={1.6} aria-hidden />,
	results: <Table2 size={16} strokeWidth={1.6} aria-hidden />,
	tag: <TextCursorInput size={16} strokeWidth={1.6} aria-hidden />,
	annotate: <Highlighter size={16} strokeWidth={1.6} aria-hidden />,
	models: <Box size={16} strokeWidth={1.6} aria-hidden />,
};

/** The second stroke after `g`. */
export const placeKeys: Record<PlaceName, string> = {
	data: 'd',
	train: 't',
	space: 's',
	results: 'r',
	tag: 'g',
	annotate: 'a',
	models: 'm',
};

/** How many things of the reader's a place holds. */
function usePlaceCounts(): Partial<Record<PlaceName, number>> {
	const list = useWorkspace((state) => state.list);
	return useMemo(() => {
		const countOf = (kind: ItemKind) => itemsOf(list, kind).length;
		return { data: countOf('corpus'), results: countOf('run'), models: countOf('checkpoint') };
	}, [list]);
}

export function Navigation() {
	const t = useWords(shellWords);
	const { place } = useRoute();
	const counts = usePlaceCounts();
	const isTraining = useRun((state) => isActive(state.run));
	return (
		<nav className="nav" aria-label={t('places')}>
			<div className="brand">
				<span className="seal" lang="zh-Hans" aria-hidden>
					名
				</span>
				<span className="nav-text">NerCo</span>
			</div>
			{placeNames.map((name) => (
				<TooltipTrigger key={name} delay={700}>
					<NavigationLink href={routeHref(name)} isCurrent={name === place} label={t(name)}>
						{icons[name]}
						<span className="nav-text" aria-hidden>
							{t(name)}
						</span>
						{name === 'train' && isTraining && (
							<span className="count" aria-hidden>
								<Dot tone="running" />
							</span>
						)}
						{counts[name] ? (
							<span className="count" aria-hidden>
								{countText(counts[name])}
							</span>
						) : null}
					</NavigationLink>
					<Hint keys={`g ${placeKeys[name]}`}>{t(name)}</Hint>
				</TooltipTrigger>
			))}
			<RunDock />
		</nav>
	);
}
