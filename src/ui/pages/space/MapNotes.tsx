// Notes over a map: a projection that runs or was stopped, how it differs from what was asked, a snapshot that could not be made.

import type { ProjectionNote } from '../../../projection/projection-settings';
import type { Problem } from '../../../state/problem';
import type { MapSettings } from '../../../wire/space';
import { useSpace } from '../../context/space-context';
import { Badge } from '../../kit/controls/Badge';
import { Button } from '../../kit/controls/Button';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { type Translate, useWords } from '../../words/words';
import { spaceWords } from './space-words';
import type { ShownMap } from './use-shown-map';
import { methodNames, useSpaceNames } from './use-space-names';

export function MapNotes({ shown, settings }: { shown: ShownMap; settings: MapSettings | null }) {
	const t = useWords(spaceWords);
	const { epochName } = useSpaceNames();
	const { snapshot, data, own, space } = shown;
	const notes = own ? own.notes : snapshot.notes;
	const { broken } = space;
	const hideProblem = useSpace((state) => state.hideProblem);
	return (
		<div className="map-notes">
			{settings && own && own.state !== 'done' && <OwnState shown={shown} settings={settings} />}
			{settings && !own && !snapshot.hasVectors && <Badge tone="warn">{t('vectorsGone')}</Badge>}
			{!settings && data.snapshot.isOnWay && <Badge>{t(data.method === 'pca' ? 'pcaFirst' : 'mapOnWay')}</Badge>}
			{space.waiting > 0 && snapshot.isLatest && <Badge>{t('moreWaiting', { count: space.waiting })}</Badge>}
			{notes.map((note) => (
				<Badge key={note.kind} tone="warn">
					{noteText(t, note)}
				</Badge>
			))}
			{broken && (
				<div className="map-problem">
					<Badge tone="warn">
						{broken.key
							? t('keptSnapshotBefore', { snapshot: epochName(snapshot), broken: epochName(broken.key) })
							: t('keptSnapshot', { snapshot: epochName(snapshot) })}
					</Badge>
					<ProblemNotice problem={withoutLocation(broken.problem)}>
						<Button size="small" onPress={() => hideProblem(shown.runId)}>
							{t('hideProblem')}
						</Button>
					</ProblemNotice>
				</div>
			)}
		</div>
	);
}

/** The location of such a problem is a point and one of its numbers, which means nothing to people. */
function withoutLocation(problem: Problem): Problem {
	return problem.kind === 'user' ? { ...problem, location: '' } : problem;
}

function OwnState({ shown, settings }: { shown: ShownMap; settings: MapSettings }) {
	const t = useWords(spaceWords);
	const stop = useSpace((state) => state.stopProjection);
	const project = useSpace((state) => state.project);
	const { own, runId, snapshot, map } = shown;
	if (!own) return null;
	const method = methodNames[settings.method];
	if (own.state === 'stopped') {
		return (
			<span className="map-float row">
				<span className="quiet-text num">{t('stoppedMap', { method, iteration: own.iteration })}</span>
				<Button size="small" variant="quiet" onPress={() => void project(runId, snapshot.id, settings, map)}>
					{t('restart')}
				</Button>
			</span>
		);
	}
	const { iteration } = own;
	return (
		<span className="map-float row">
			<span className="quiet-text num">
				{iteration > 0
					? t('projecting', { method, iteration, iterations: settings.iterations })
					: t('preparingMap', { method })}
			</span>
			<span className="map-progress" aria-hidden>
				<i style={{ width: `${own.share * 100}%` }} />
			</span>
			<Button size="small" variant="quiet" onPress={stop}>
				{t('stopMap')}
			</Button>
		</span>
	);
}

function noteText(t: Translate<typeof spaceWords>, note: ProjectionNote): string {
	switch (note.kind) {
		case 'perplexity-lowered':
			return t('loweredPerplexity', { asked: note.asked, used: note.used.toFixed(1) });
		case 'too-few-points':
			return t('tooFewPoints', { count: note.count });
		case 'gpu-lost':
			return t('gpuLost');
		case 'not-measured':
			return t('neverMeasured');
		default:
			return note satisfies never;
	}
}
