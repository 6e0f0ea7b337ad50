// What the contrastive loss sees in a batch: each class's share, classes without signal, the hardest negatives, and how the temperature weighs
// the negatives.

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ContrastClass, ContrastReport, TemperatureEffect } from '../../../analysis/contrast-report';
import type { ContrastReply, ContrastSource } from '../../../wire/space';
import { IconButton } from '../../kit/controls/Button';
import { Segments } from '../../kit/controls/Choice';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { numeric, TableHead } from '../../kit/controls/TableHead';
import { entitySlot } from '../../kit/sentences/entity-slot';
import { countText, lossText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { ratioText } from './measure-list';
import { spaceWords } from './space-words';
import { TagText } from './TagText';
import { TokenSentence } from './TokenSentence';
import { useAnswer } from './use-answer';
import type { ShownMap } from './use-shown-map';

export interface ContrastPanelProps {
	shown: ShownMap;
	chosen: readonly number[];
	/** Whether this run is active. */
	isLive: boolean;
	/** Of the run itself. */
	temperature: number;
}

type SourceKind = ContrastSource['kind'];

/** The slider counts in powers of ten: from 0.01 to 1. */
const sliderRange = { min: -2, max: 0, step: 0.02 };
const askAfterMs = 150;
/** Sentences of a selection that make a batch. */
const maxSentences = 40;
const shownHardest = 12;

export function ContrastPanel({ shown, chosen, isLive, temperature: own }: ContrastPanelProps) {
	const t = useWords(spaceWords);
	const [kind, setKind] = useState<SourceKind>(isLive ? 'current-batch' : 'batch');
	const [index, setIndex] = useState(0);
	const [power, setPower] = useState<number | null>(null);
	const temperature = power === null ? own : Number((10 ** power).toPrecision(2));
	const sentences = useMemo(
		() => [...new Set(chosen.map((point) => shown.points.sentence[point]))].slice(0, maxSentences),
		[chosen, shown.points],
	);
	const isThere = { 'current-batch': isLive, batch: true, sentences: sentences.length > 0 };
	const shownKind = isThere[kind] ? kind : 'batch';
	const source: ContrastSource =
		shownKind === 'batch'
			? { kind: 'batch', index }
			: shownKind === 'sentences'
				? { kind: 'sentences', sentences }
				: { kind: 'current-batch' };
	const { reply, problem, isWaiting } = useAnswer(
		'space-contrast',
		{ runId: shown.runId, source, temperature },
		askAfterMs,
	);
	const batches = reply?.batches ?? 1;
	return (
		<div className="space-panel scroll">
			<div className="section space-contrast-source">
				{(isLive || sentences.length > 0) && (
					<Segments
						label={t('batch')}
						options={[
							...(isLive ? [{ id: 'current-batch' as const, label: t('currentBatch') }] : []),
							{ id: 'batch' as const, label: t('sampleBatch') },
							...(sentences.length > 0 ? [{ id: 'sentences' as const, label: t('selectedSentences') }] : []),
						]}
						value={shownKind}
						onChange={setKind}
					/>
				)}
				{shownKind === 'batch' && (
					<div className="row">
						<IconButton
							label={t('previousBatch')}
							size="small"
							isDisabled={index === 0}
							onPress={() => setIndex(index - 1)}
						>
							<ChevronLeft size={14} aria-hidden />
						</IconButton>
						<span className="num">{t('batchNumber', { number: index + 1, of: batches })}</span>
						<IconButton
							label={t('nextBatch')}
							size="small"
							isDisabled={index + 1 >= batches}
							onPress={() => setIndex(index + 1)}
						>
							<ChevronRight size={14} aria-hidden />
						</IconButton>
					</div>
				)}
				{sentences.length === 0 && <p className="quiet-text">{t('contrastPairHint')}</p>}
				<label className="space-temperature">
					<span className="row">
						<span className="medium">{t('temperature')}</span>
						<span className="spacer" />
						<b className="num">{temperature}</b>
					</span>
					<input
						type="range"
						min={sliderRange.min}
						max={sliderRange.max}
						step={sliderRange.step}
						value={power ?? Math.log10(own)}
						aria-valuetext={String(temperature)}
						onChange={(event) => setPower(Number(event.target.value))}
					/>
				</label>
				<p className="quiet-text">{t('temperatureHint')}</p>
			</div>
			{problem && !isWaiting && (
				<div className="section">
					<ProblemNotice problem={problem} />
				</div>
			)}
			{reply && !problem && <Report reply={reply} types={shown.points.entityTypes} isStale={isWaiting} />}
			{!reply && !problem && <div className="section map-grey" style={{ height: 180 }} />}
		</div>
	);
}

function Report({ reply, types, isStale }: { reply: ContrastReply; types: readonly string[]; isStale: boolean }) {
	const t = useWords(spaceWords);
	const { report } = reply;
	const heard = report.classes
		.filter(({ silence }) => silence === null)
		.sort((left, right) => right.share - left.share);
	const silent = report.classes.filter(({ silence }) => silence !== null);
	return (
		<div data-stale={isStale || undefined} className="space-contrast-report">
			<div className="section">
				<p className="quiet-text num">
					{t('contrastFacts', { tokens: countText(report.tokens), loss: lossText(report.loss) })} ·{' '}
					{reply.parameters === 'running' ? t('parametersCurrent') : t('parametersBest')}
				</p>
				<ClassTable classes={heard} types={types} />
			</div>
			{silent.length > 0 && (
				<div className="section">
					<h2 className="space-heading">{t('noSignal')}</h2>
					<ul className="space-silent">
						{silent.map((one) => (
							<li key={one.name} className="quiet-text">
								<TagText tag={one.name} types={types} /> · {countText(one.tokens)} ·{' '}
								{t(silences[one.silence ?? 'outside'])}
							</li>
						))}
					</ul>
				</div>
			)}
			<div className="section">
				<h2 className="space-heading">{t('weightCurve')}</h2>
				<WeightCurve report={report} />
			</div>
			<div className="section">
				<h2 className="space-heading">{t('hardest')}</h2>
				<p className="quiet-text">{t('hardestHint')}</p>
				<HardestList reply={reply} types={types} />
			</div>
		</div>
	);
}

const silences = { outside: 'silenceOutside', single: 'silenceSingle', alone: 'silenceAlone' } as const;

function ClassTable({ classes, types }: { classes: readonly ContrastClass[]; types: readonly string[] }) {
	const t = useWords(spaceWords);
	return (
		<table className="space-measure-table space-contrast-table">
			<TableHead
				columns={[
					t('class'),
					numeric(t('positives')),
					numeric(t('negatives')),
					numeric('cos +/−', t('similarities')),
					t('lossShare'),
				]}
			/>
			<tbody>
				{classes.map(({ name, tokens, negatives, share, positiveSimilarity, negativeSimilarity }) => (
					<tr key={name}>
						<th scope="row">
							<TagText tag={name} types={types} />
						</th>
						<td className="num">{countText(tokens)}</td>
						<td className="num">{countText(negatives)}</td>
						<td className="num">
							{ratioText(positiveSimilarity)} / {ratioText(negativeSimilarity)}
						</td>
						<td>
							<span className="space-share" data-ent={types.includes(name) ? entitySlot(name, types).slot : undefined}>
								<i style={{ width: `${share * 100}%` }} />
								<span className="num">{(share * 100).toFixed(0)}</span>
							</span>
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

const curveWidth = 288;
const curveHeight = 96;

/** Share of an anchor's weight on its hardest negatives, over temperatures; the chosen one marked. */
function WeightCurve({ report }: { report: ContrastReport }) {
	const t = useWords(spaceWords);
	const { temperatures, temperature } = report;
	const positionOf = (value: number, share: number) => {
		const x = ((Math.log10(value) - sliderRange.min) / (sliderRange.max - sliderRange.min)) * curveWidth;
		return `${Math.max(0, Math.min(curveWidth, x)).toFixed(1)} ${((1 - share) * (curveHeight - 8) + 4).toFixed(1)}`;
	};
	const path = (read: (effect: TemperatureEffect) => number) =>
		temperatures
			.map((effect, index) => `${index === 0 ? 'M' : 'L'}${positionOf(effect.temperature, read(effect))}`)
			.join('');
	const here = temperatures.find((effect) => effect.temperature === temperature);
	const [x] = positionOf(temperature, 0).split(' ');
	const gist = here
		? `${t('hardestHundredth')} ${(here.hardestHundredth * 100).toFixed(0)}%, ${t('hardestTenth')} ${(here.hardestTenth * 100).toFixed(0)}%`
		: '';
	return (
		<>
			<svg
				className="space-weight-curve"
				viewBox={`0 0 ${curveWidth} ${curveHeight}`}
				role="img"
				aria-label={`${t('weightCurve')}: ${gist}`}
			>
				<line x1={x} x2={x} y1={0} y2={curveHeight} stroke="var(--line-control)" />
				<path d={path((effect) => effect.hardestTenth)} fill="none" stroke="var(--chart-2)" strokeWidth={1.75} />
				<path d={path((effect) => effect.hardestHundredth)} fill="none" stroke="var(--chart-1)" strokeWidth={1.75} />
			</svg>
			{here && (
				<p className="quiet-text num space-curve-words">
					<span style={{ color: 'var(--chart-1)' }}>
						{t('hardestHundredth')} {(here.hardestHundredth * 100).toFixed(0)}
					</span>
					<span style={{ color: 'var(--chart-2)' }}>
						{t('hardestTenth')} {(here.hardestTenth * 100).toFixed(0)}
					</span>
					<span>{t('effective', { count: here.effectiveNegatives.toFixed(0) })}</span>
				</p>
			)}
		</>
	);
}

function HardestList({ reply, types }: { reply: ContrastReply; types: readonly string[] }) {
	const hardest = reply.report.classes
		.flatMap(({ hardest: list }) => list)
		.sort((left, right) => right.weight - left.weight)
		.slice(0, shownHardest);
	return (
		<ul className="space-hardest">
			{hardest.map(({ anchor, negative, similarity, weight }) => (
				<li key={`${anchor} ${negative}`}>
					<span className="num">
						{ratioText(similarity)} · {(weight * 100).toFixed(1)}%
					</span>
					<BatchToken reply={reply} token={anchor} types={types} />
					<BatchToken reply={reply} token={negative} types={types} />
				</li>
			))}
		</ul>
	);
}

function BatchToken({ reply, token, types }: { reply: ContrastReply; token: number; types: readonly string[] }) {
	const { sentence, character, tag } = reply.tokens[token];
	const { characters, gold } = reply.sentences[sentence];
	return (
		<span className="row">
			<TagText tag={tag} types={types} />
			<TokenSentence isLine characters={characters} spans={gold} types={types} token={character} around={5} />
		</span>
	);
}
