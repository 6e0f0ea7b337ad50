// The pages, the brand above them and the run below; a rail of icons in narrow windows.

import { Activity, Box, Database, Highlighter, Orbit, Table2, TextCursorInput } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { TooltipTrigger } from 'react-aria-components';
import { type PageName, pageNames } from '../../state/route';
import { isActive } from '../../state/run-progress';
import { itemsOf } from '../../state/workspace';
import type { ItemKind } from '../../storage/workspace/item-record';
import { useWorkspace } from '../context/data-context';
import { useRun } from '../context/run-store-context';
import { Dot } from '../kit/controls/Badge';
import { Hint } from '../kit/controls/Hint';
import { routeHref, useRoute } from '../navigation/navigation';
import { countText } from '../words/number-words';
import { useWords } from '../words/words';
import { NavigationLink } from './NavigationLink';
import { RunDock } from './RunDock';
import { shellWords } from './shell-words';

const icons: Record<PageName, ReactNode> = {
	data: <Database size={16} strokeWidth={1.6} aria-hidden />,
	train: <Activity size={16} strokeWidth={1.6} aria-hidden />,
	space: <Orbit size={16} strokeWidth={1.6} aria-hidden />,
	results: <Table2 size={16} strokeWidth={1.6} aria-hidden />,
	tag: <TextCursorInput size={16} strokeWidth={1.6} aria-hidden />,
	annotate: <Highlighter size={16} strokeWidth={1.6} aria-hidden />,
	models: <Box size={16} strokeWidth={1.6} aria-hidden />,
};

/** The second stroke after `g`. */
export const pageKeys: Record<PageName, string> = {
	data: 'd',
	train: 't',
	space: 's',
	results: 'r',
	tag: 'g',
	annotate: 'a',
	models: 'm',
};

/** How many things of the reader's a page holds. */
function usePlaceCounts(): Partial<Record<PageName, number>> {
	const list = useWorkspace((state) => state.list);
	return useMemo(() => {
		const countOf = (kind: ItemKind) => itemsOf(list, kind).length;
		return { data: countOf('corpus'), results: countOf('run'), models: countOf('checkpoint') };
	}, [list]);
}

export function Navigation() {
	const t = useWords(shellWords);
	const { page } = useRoute();
	const counts = usePlaceCounts();
	const isTraining = useRun((state) => isActive(state.run));
	return (
		<nav className="nav" aria-label={t('pages')}>
			<div className="nav-brand">
				<span className="nav-seal" lang="zh-Hans" aria-hidden>
					名
				</span>
				<span className="nav-text">NerCo</span>
			</div>
			{pageNames.map((name) => (
				<TooltipTrigger key={name} delay={700}>
					<NavigationLink href={routeHref(name)} isCurrent={name === page} label={t(name)}>
						{icons[name]}
						<span className="nav-text" aria-hidden>
							{t(name)}
						</span>
						{name === 'train' && isTraining && (
							<span className="nav-count" aria-hidden>
								<Dot tone="running" />
							</span>
						)}
						{counts[name] ? (
							<span className="nav-count" aria-hidden>
								{countText(counts[name])}
							</span>
						) : null}
					</NavigationLink>
					<Hint keys={`g ${pageKeys[name]}`}>{t(name)}</Hint>
				</TooltipTrigger>
			))}
			<RunDock />
		</nav>
	);
}
