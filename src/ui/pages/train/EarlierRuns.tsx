// The latest runs of this browser: each opens in the same view.

import { useMemo } from 'react';
import { bestDevF1, statusOfKind } from '../../../state/run-progress';
import { storedRunState } from '../../../state/stored-run';
import { itemsOf } from '../../../state/workspace';
import type { ItemOf } from '../../../storage/workspace/item-kinds';
import { useCommands } from '../../context/commands-context';
import { useWorkspace } from '../../context/data-context';
import { useRun } from '../../context/run-store-context';
import { useLiveRun } from '../../context/train-context';
import { Dot } from '../../kit/controls/Badge';
import { go, routeHref, useRoute } from '../../navigation/navigation';
import { stateTones } from '../../parts/run-state-display';
import { runTitle } from '../../parts/run-title';
import { commonWords } from '../../words/common-words';
import { points } from '../../words/number-words';
import { useWords } from '../../words/words';
import { trainWords } from './train-words';

/** Runs shown; Results lists all. */
const shownRuns = 8;

export function EarlierRuns() {
	const t = useWords(trainWords);
	const list = useWorkspace((state) => state.list);
	const runs = useMemo(() => itemsOf(list, 'run').sort((left, right) => right.createdAtMs - left.createdAtMs), [list]);
	useRunCommands(runs);
	if (runs.length === 0) return null;
	return (
		<section className="section" aria-label={t('runs')}>
			<div className="row section-head">
				<h3>{t('runs')}</h3>
				<span className="spacer" />
				{runs.length > shownRuns && <a href={routeHref('results')}>{t('allRuns', { count: runs.length })}</a>}
			</div>
			<ul className="train-rows">
				{runs.slice(0, shownRuns).map((item) => (
					<RunRow key={item.id} item={item} isClaimed={list?.claimedRuns.includes(item.id) ?? false} />
				))}
			</ul>
		</section>
	);
}

/** Runs that the palette knows. */
const foundRuns = 50;

function useRunCommands(runs: readonly ItemOf<'run'>[]): void {
	const t = useWords(trainWords);
	const commands = useMemo(
		() =>
			runs.slice(0, foundRuns).map((item) => ({
				id: `run:${item.id}`,
				title: t('openRun', { name: runTitle(item.name, item.detail.config?.seed) }),
				keywords: 'run 运行 yunxing',
				group: t('runs'),
				run: () => go('train', [item.id]),
			})),
		[t, runs],
	);
	useCommands(commands);
}

function RunRow({ item, isClaimed }: { item: ItemOf<'run'>; isClaimed: boolean }) {
	const shell = useWords(commonWords);
	const { path } = useRoute();
	const shownId = useRun((state) => state.runId);
	const isHere = useLiveRun((state) => state.runId === item.id);
	const here = useLiveRun((state) => state.run);
	const liveF1 = useLiveRun((state) => (isHere ? bestDevF1(state.epochs) : null));
	const devF1 = liveF1 ?? item.detail.devF1;
	const { kind } = isHere ? here : storedRunState(item, isClaimed);
	const isOpen = path[0] === item.id || (path.length === 0 && shownId === item.id);
	return (
		<li>
			<a className="train-row" href={routeHref('train', [item.id])} aria-current={isOpen ? 'page' : undefined}>
				<Dot tone={stateTones[kind]} />
				<span className="clip">{runTitle(item.name, item.detail.config?.seed)}</span>
				<span className="spacer" />
				<span className="quiet-text">{shell(statusOfKind[kind])}</span>
				<span className="num train-score">{devF1 === null ? '—' : points(devF1)}</span>
			</a>
		</li>
	);
}
