// The numbers beside the picture: each measure with its explanation and its course over the epochs, a chart of the chosen one, and values by type.

import { useMemo, useState } from 'react';
import { axisPlace, axisStages } from '../../../state/space-moments';
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
	const { measures } = shown.frame;
	const open = measureList.find((measure) => measure.id === id) ?? measureList[0];
	const typeCount = measures.purity.byType.filter((value) => value !== null).length;
	return (
		<div className="space-panel scroll">
			{shown.frame.isOnWay && <p className="space-hint quiet-text">{t('notMeasuredYet')}</p>}
			{typeCount < 2 && !shown.frame.isOnWay && <p className="space-hint quiet-text">{t('oneType')}</p>}
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
					frames={shown.space.frames}
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
	const { frame, space } = shown;
	const series = useSeries(measure, shown);
	const { measures } = frame;
	return (
		<button type="button" className="space-measure-row" aria-pressed={isOpen} onClick={onOpen}>
			<span className="space-measure-name">{t(measure.name)}</span>
			<span className="row">
				<b className="num">{measure.write(measure.overall(measures))}</b>
				<Sparkline
					points={series}
					marked={space.frames ? series.findIndex(({ x }) => x === placeOf(shown, frame.id)) : -1}
				/>
			</span>
			<span className="quiet-text space-measure-hint">{t(measure.hint, measure.hintValues(measures))}</span>
		</button>
	);
}

function useSeries(measure: Measure, shown: ShownMap) {
	const { frames } = shown.space;
	return useMemo(() => {
		const stages = axisStages(frames ?? [], [], false);
		return measureSeries(measure, frames ?? [], (frame) => axisPlace(stages, frame));
	}, [measure, frames]);
}

function placeOf({ space }: ShownMap, id: number): number {
	const frame = space.frames?.find((one) => one.id === id);
	return frame ? axisPlace(axisStages(space.frames ?? [], [], false), frame) : -1;
}

function TypeTable({ shown }: { shown: ShownMap }) {
	const t = useWords(spaceWords);
	const { measures } = shown.frame;
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
