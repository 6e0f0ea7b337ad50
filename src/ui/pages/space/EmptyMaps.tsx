// Shown instead of a map while there is none: what will appear, and how to get there.

import type { RunSpace } from '../../../state/space';
import { itemsOf } from '../../../state/workspace';
import { usePresence, useWorkspace } from '../../context/data-context';
import { Button } from '../../kit/controls/Button';
import { EmptyState } from '../../kit/controls/EmptyState';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { go, routeHref } from '../../navigation/navigation';
import { runTitle } from '../../parts/run-title';
import { useWords } from '../../words/words';
import { spaceWords } from './space-words';

export function NoRuns() {
	const t = useWords(spaceWords);
	return (
		<EmptyState
			title={t('emptyTitle')}
			actions={
				<Button variant="primary" onPress={() => go('train', ['new'])}>
					{t('startTraining')}
				</Button>
			}
		>
			<MapOutline />
			<p>{t('emptyText')}</p>
		</EmptyState>
	);
}

/** Grey shapes where the map will be; nothing at first, so that a map that is ready at once does not flicker. */
export function MapWaiting() {
	return (
		<div className="map-waiting" aria-busy="true">
			<div className="map-grey" style={{ height: 28 }} />
			<div className="map-grey" />
			<div className="map-grey" style={{ height: 40 }} />
		</div>
	);
}

/** Why there is no map of this run, and what to do. */
export function NoMap({ runId, space, isLive }: { runId: string; space: RunSpace; isLive: boolean }) {
	const t = useWords(spaceWords);
	const presence = usePresence('run', runId);
	const { problem, broken } = space;
	const isWithout =
		(problem?.kind === 'user' && problem.code === 'space-no-frames') || (space.snapshots?.length === 0 && !problem);
	if (presence.kind === 'absent' && problem) return <UnknownRun />;
	if (presence.kind === 'loading') return <MapWaiting />;
	if (isWithout) {
		return (
			<EmptyState
				title={space.waiting > 0 || isLive ? t('waitingSnapshot') : t('noSnapshots')}
				actions={!isLive && <Button onPress={() => go('train', ['new'])}>{t('startTraining')}</Button>}
			>
				<MapOutline />
				<p>{t('noSnapshotsText')}</p>
				{broken && <ProblemNotice problem={broken.problem} />}
			</EmptyState>
		);
	}
	const failed = problem ?? broken?.problem;
	if (failed) {
		return (
			<div className="map-failed">
				<ProblemNotice problem={failed} />
			</div>
		);
	}
	return <MapWaiting />;
}

function UnknownRun() {
	const t = useWords(spaceWords);
	const runs = itemsOf(
		useWorkspace((state) => state.list),
		'run',
	);
	return (
		<EmptyState title={t('unknownRun')} actions={<Button onPress={() => go('data', ['import'])}>{t('import')}</Button>}>
			{runs.length > 0 && (
				<>
					<p>{t('otherRuns')}</p>
					<ul>
						{runs.slice(-8).map(({ id, name, detail }) => (
							<li key={id}>
								<a href={routeHref('space', [id])}>{runTitle(name, detail.config?.seed)}</a>
							</li>
						))}
					</ul>
				</>
			)}
		</EmptyState>
	);
}

const outline: readonly [number, number, number][] = [
	[70, 60, 1],
	[215, 52, 2],
	[250, 132, 3],
	[92, 140, 4],
];

/** The outline of a map, as a preview. */
function MapOutline() {
	return (
		<svg className="map-outline" viewBox="0 0 320 190" aria-hidden="true">
			{outline.map(([x, y, slot]) => (
				<g key={slot} data-ent={slot} stroke="var(--ent-point)" fill="none">
					{[0, 1, 2, 3, 4, 5, 6, 7].map((index) => {
						const angle = index * 2.4;
						const far = 7 + 4.4 * index;
						const centre = { cx: x + Math.cos(angle) * far, cy: y + Math.sin(angle) * far * 0.7 };
						return index % 2 ? (
							<circle key={index} {...centre} r={3} strokeWidth={1.4} />
						) : (
							<circle key={index} {...centre} r={3.4} fill="var(--ent-point)" stroke="none" />
						);
					})}
				</g>
			))}
		</svg>
	);
}
