// The numbers beside the picture: each measure with its explanation and its course over the epochs, a chart of the chosen one, and values by type.

import { useMemo, useState } from 'react';
import { axisPosition, axisStages } from '../../../state/space-snapshots';
import { numeric, TableHead } from '../../kit/controls/TableHead';
import { entitySlot } from '../../kit/sentences/entity-slot';
import { countText, points as pointsText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { MeasureChart } from './MeasureChart';
import { type Measure, measureList, measureSeries, ratioText } from './measure-list';
import { Sparkline } from './Sparkline';
import { spaceWords } from './space-words';
import type { ShownMap } from './use-shown-map';

export function MeasuresPanel({ shown }: { shown: ShownMap }) {
	const t = useWords(spaceWords);
	const [id, setId] = useState('segmentation');
	const { measures } = shown.snapshot;
	const open = measureList.find((measure) => measure.id === id) ?? measureList[0];
	const typeCount = measures.purity.byType.filter((value) => value !== null).length;
	return (
		<div className="space-panel scroll">
			{shown.snapshot.isOnWay && <p className="space-hint quiet-text">{t('notMeasuredYet')}</p>}
			{typeCount < 2 && !shown.snapshot.isOnWay && <p className="space-hint quiet-text">{t('oneType')}</p>}
			<div className="space-measure-list">
				{measureList.map((measure) => (
					<MeasureRow
						key={measure.id}
						measure={measure}
						shown={shown}
						isOpen={measure === open}
						onOpen={() => setId(measure.id)}
					/>
				))}
			</div>
			<p className="space-hint quiet-text">{t('inOriginalSpace', { count: countText(measures.points) })}</p>
			<div className="section">
				<MeasureChart
					measure={open}
					label={t('curves')}
					syncId="space"
					snapshots={shown.space.snapshots}
					entityTypes={shown.points.entityTypes}
				/>
			</div>
			<TypeTable shown={shown} />
		</div>
	);
}

interface MeasureRowProps {
	measure: Measure;
	shown: ShownMap;
	isOpen: boolean;
	onOpen(): void;
}

function MeasureRow({ measure, shown, isOpen, onOpen }: MeasureRowProps) {
	const t = useWords(spaceWords);
	const { snapshot, space } = shown;
	const series = useSeries(measure, shown);
	const { measures } = snapshot;
	return (
		<button type="button" className="space-measure-row" aria-pressed={isOpen} onClick={onOpen}>
			<span className="space-measure-name">{t(measure.name)}</span>
			<span className="row">
				<b className="num">{measure.write(measure.overall(measures))}</b>
				<Sparkline
					points={series}
					marked={space.snapshots ? series.findIndex(({ x }) => x === positionOf(shown, snapshot.id)) : -1}
				/>
			</span>
			<span className="quiet-text space-measure-hint">{t(measure.hint, measure.hintValues(measures))}</span>
		</button>
	);
}

function useSeries(measure: Measure, shown: ShownMap) {
	const { snapshots } = shown.space;
	return useMemo(() => {
		const stages = axisStages(snapshots ?? [], [], false);
		return measureSeries(measure, snapshots ?? [], (snapshot) => axisPosition(stages, snapshot));
	}, [measure, snapshots]);
}

function positionOf({ space }: ShownMap, id: number): number {
	const snapshot = space.snapshots?.find((one) => one.id === id);
	return snapshot ? axisPosition(axisStages(space.snapshots ?? [], [], false), snapshot) : -1;
}

function TypeTable({ shown }: { shown: ShownMap }) {
	const t = useWords(spaceWords);
	const { measures } = shown.snapshot;
	const { entityTypes } = shown.points;
	return (
		<div className="section">
			<h2 className="space-heading">{t('byTypes')}</h2>
			<table className="space-measure-table">
				<TableHead
					columns={[t('type'), numeric(t('segmentationShort')), numeric(t('purityShort')), numeric(t('silhouette'))]}
				/>
				<tbody>
					{entityTypes.map((type, index) => (
						<tr key={type}>
							<th scope="row">
								<span className="token-tag" data-ent={entitySlot(type, entityTypes).slot}>
									{type}
								</span>
							</th>
							<td className="num">{ratioText(measures.segmentation.byType[index])}</td>
							<td className="num">{pointsText(measures.purity.byType[index] ?? undefined)}</td>
							<td className="num">{ratioText(measures.silhouette.byType[index])}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
