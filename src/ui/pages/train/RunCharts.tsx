// The charts of a run over its epochs, with one scorer and one range for all of them.

import { memo, useCallback, useState } from 'react';
import { type ScoringRule, scoringRules, scoringRuleTitles } from '../../../experiment/events';
import { useRun, useRunStore } from '../../context/run-store-context';
import { chartWords } from '../../kit/charts/chart-words';
import { brokenBlock } from '../../kit/controls/broken-part';
import { Segments } from '../../kit/controls/Choice';
import { Field } from '../../kit/controls/Field';
import { lazyPart } from '../../kit/controls/lazy-part';
import { useLanguage, useWords } from '../../words/words';
import { DevLossChart, ScoreChart, TypeChart } from './EpochCharts';
import { type ChartRange, endOf, epochText } from './run-chart-parts';
import { LossChart, PaceChart, RateChart } from './StepCharts';
import { trainWords } from './train-words';

const SpaceCharts = lazyPart(() => import('./SpaceCharts'), { broken: brokenBlock });

export const RunCharts = memo(function RunCharts() {
	const [range, setRange] = useState<ChartRange>({ kind: 'all' });
	const [rule, setRule] = useState<ScoringRule>('published');
	const onZoom = useCallback((part: readonly [number, number] | null) => {
		setRange(part ? { kind: 'part', from: part[0], to: part[1] } : { kind: 'all' });
	}, []);
	const runId = useRun((state) => state.runId);
	const shared = { range, onZoom };
	return (
		<>
			<div className="row train-chart-tools">
				<ScorerChoice rule={rule} onChange={setRule} />
				<span className="spacer" />
				<RangeChoice range={range} onChange={setRange} />
			</div>
			<div className="train-charts">
				<LossChart {...shared} />
				<ScoreChart {...shared} rule={rule} />
				<TypeChart {...shared} rule={rule} />
				<DevLossChart {...shared} />
				{runId && <SpaceCharts key={runId} runId={runId} />}
				<RateChart {...shared} />
				<PaceChart {...shared} />
			</div>
		</>
	);
});

function ScorerChoice({ rule, onChange }: { rule: ScoringRule; onChange(rule: ScoringRule): void }) {
	const t = useWords(trainWords);
	const language = useLanguage();
	return (
		<Segments
			label={t('scorer')}
			options={scoringRules.map((id) => ({ id, label: scoringRuleTitles[id][language], detail: id }))}
			value={rule}
			onChange={onChange}
		/>
	);
}

/** What dragging over a chart does, for the keyboard: all, the latest, or from one epoch to another. */
function RangeChoice({ range, onChange }: { range: ChartRange; onChange(range: ChartRange): void }) {
	const words = useWords(chartWords);
	const store = useRunStore();
	const choose = (kind: ChartRange['kind']) =>
		onChange(kind === 'part' ? { kind, from: 0, to: Math.ceil(endOf(store.getState())) } : { kind });
	return (
		<div className="row" title={words('zoomHint')}>
			{range.kind === 'part' && <PartFields part={range} onChange={onChange} />}
			<Segments
				label={words('zoom')}
				options={[
					{ id: 'all', label: words('zoomAll') },
					{ id: 'last', label: words('zoomLast') },
					{ id: 'part', label: words('zoomPart') },
				]}
				value={range.kind}
				onChange={choose}
			/>
		</div>
	);
}

type Part = Extract<ChartRange, { kind: 'part' }>;

const partText = ({ from, to }: Part) => ({ from: epochText(from), to: epochText(to) });

/** A part counts once both fields say one, from a lower epoch to a higher one, and the focus has left them. */
function PartFields({ part, onChange }: { part: Part; onChange(part: Part): void }) {
	const words = useWords(chartWords);
	const [shown, setShown] = useState(part);
	const [typed, setTyped] = useState(partText(part));
	if (shown !== part) {
		setShown(part);
		setTyped(partText(part));
	}
	const take = () => {
		const kept = partText(part);
		// What a drag chose is shown rounded; it stays as it is until something else is typed.
		const endTyped = (end: 'from' | 'to') => (typed[end] === kept[end] ? part[end] : Number(typed[end]));
		const [from, to] = [endTyped('from'), endTyped('to')];
		const isPart = typed.from.trim() !== '' && from >= 0 && to > from && Number.isFinite(to);
		if (!isPart) setTyped(kept);
		else if (from !== part.from || to !== part.to) onChange({ kind: 'part', from, to });
	};
	return (
		<form
			className="row train-chart-part"
			onBlur={({ currentTarget, relatedTarget }) => {
				if (!currentTarget.contains(relatedTarget)) take();
			}}
			onSubmit={(event) => {
				event.preventDefault();
				take();
			}}
		>
			{(['from', 'to'] as const).map((end) => (
				<Field
					key={end}
					className="train-chart-end"
					label={words(end === 'from' ? 'zoomFrom' : 'zoomTo')}
					showsLabel={false}
					inputMode="decimal"
					value={typed[end]}
					onChange={(text) => setTyped({ ...typed, [end]: text })}
				/>
			))}
			{/* Without it Enter would send no form of two fields. */}
			<button type="submit" hidden />
		</form>
	);
}
