// Beside the form: minutes and memory of the run, facts of its data, what its corpus warns of; the queue and earlier runs.

import { TriangleAlert } from 'lucide-react';
import type { Problem } from '../../../state/problem';
import type { RunEstimate } from '../../../wire/runs';
import { useRun } from '../../context/run-store-context';
import { useForecast, useRunForm } from '../../context/train-context';
import { Button } from '../../kit/controls/Button';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { ProgressBar, ProgressTrack } from '../../kit/controls/ProgressBar';
import { routeHref } from '../../navigation/navigation';
import { bytesText, countText, durationText, roundedDuration } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { EarlierRuns } from './EarlierRuns';
import { RunQueue } from './RunQueue';
import { trainWords } from './train-words';
import { useLeaks, useMeasure, useRunCount } from './use-form-forecast';

/** `said`: what the form tells of, so that it does not stand here again. */
export function SetupPanel({ said }: { said: Problem | null }) {
	return (
		<div className="scroll">
			<ForecastSection said={said} />
			<Leaks />
			<RunQueue />
			<EarlierRuns />
		</div>
	);
}

function ForecastSection({ said }: { said: Problem | null }) {
	const t = useWords(trainWords);
	const forecast = useForecast((state) => state.forecast);
	return (
		<section className="section train-forecast" aria-label={t('forecast')}>
			<div className="row section-head">
				<h3>{t('forecast')}</h3>
			</div>
			{forecast.kind === 'none' && <NotMeasured />}
			{forecast.kind === 'measuring' && <Measuring done={forecast.progress?.done ?? 0} />}
			{forecast.kind === 'problem' &&
				(isSame(said, forecast.problem) ? (
					<p className="quiet-text">{t('sameProblem')}</p>
				) : (
					<ProblemNotice problem={forecast.problem} />
				))}
			{forecast.kind === 'ready' && <Estimate estimate={forecast.estimate} />}
		</section>
	);
}

function isSame(left: Problem | null, right: Problem): boolean {
	return JSON.stringify(left) === JSON.stringify(right);
}

function NotMeasured() {
	const t = useWords(trainWords);
	const { measure } = useMeasure();
	return (
		<div className="train-forecast-box">
			<p className="quiet-text">{t('forecastText')}</p>
			<Button size="small" isDisabled={!measure} onPress={() => measure?.()}>
				{t('measure')}
			</Button>
		</div>
	);
}

function Measuring({ done }: { done: number }) {
	const t = useWords(trainWords);
	const cancel = useForecast((state) => state.cancel);
	return (
		<div className="train-forecast-box">
			<ProgressBar
				className="train-forecast-progress"
				label={t(done < 0.3 ? 'forecastReading' : 'forecastSteps')}
				share={done}
				detail={`${Math.round(done * 100)}%`}
				onCancel={cancel}
			/>
		</div>
	);
}

/** The most that 32-bit WASM can address. */
const wasmBytes = 4e9;

function Estimate({ estimate }: { estimate: RunEstimate }) {
	const t = useWords(trainWords);
	const language = useLanguage();
	const device = useRun((state) => state.device);
	const count = useRunCount();
	const hasNoVectors = useRunForm(
		({ form }) =>
			form.checkpointId === null && !form.characterVectorsId && !form.bigramVectorsId && !form.wordVectorsId,
	);
	const { forecast, longestNodes, parameterCount, checkpointBytes } = estimate;
	const { seconds, bytesPeak, stages } = forecast;
	const limit = device?.info.name === 'wasm' ? wasmBytes : null;
	return (
		<>
			<p className="train-forecast-figure">
				<Duration text={roundedDuration(seconds, language)} /> {t('aRun')}
			</p>
			<p className="quiet-text">{t('forecastBasis')}</p>
			<div className="row train-forecast-memory">
				<span>{t('memory')}</span>
				<span className="spacer" />
				<span className="num">
					{bytesText(bytesPeak)}
					{limit !== null && <span className="quiet-text"> {t('ofLimit', { limit: bytesText(limit) })}</span>}
				</span>
			</div>
			{limit !== null && (
				<div className="train-forecast-bar">
					<ProgressTrack share={bytesPeak / limit} isQuiet />
				</div>
			)}
			<dl className="train-facts train-forecast-facts">
				<dt>{t('longestLattice')}</dt>
				<dd>{t('nodes', { count: countText(longestNodes) })}</dd>
				<dt>{t('stepsPerEpoch')}</dt>
				<dd>{stages.map(({ stepsPerEpoch }) => countText(stepsPerEpoch)).join(' + ')}</dd>
				<dt>{t('timeOfStages')}</dt>
				<dd>{stages.map((stage) => roundedDuration(stage.seconds, language)).join(' + ')}</dd>
				{count > 1 && (
					<>
						<dt>{t('allRunsTime', { count })}</dt>
						<dd>{durationText(seconds * count, language)}</dd>
					</>
				)}
				{hasNoVectors && (
					<>
						<dt>{t('vectorRows')}</dt>
						<dd>{t('randomRows')}</dd>
					</>
				)}
				<dt>{t('parameters')}</dt>
				<dd>{countText(parameterCount)}</dd>
				<dt>{t('onDisk')}</dt>
				<dd>{bytesText(checkpointBytes * count)}</dd>
			</dl>
		</>
	);
}

/** A duration with its figures large: "1 h 5 min". */
function Duration({ text }: { text: string }) {
	return text.split(/(\d+)/).map((part, index) =>
		/^\d/.test(part) ? (
			// biome-ignore lint/suspicious/noArrayIndexKey: the parts have no other name, and their order never changes
			<span key={index} className="num train-forecast-number">
				{part}
			</span>
		) : (
			part
		),
	);
}

function Leaks() {
	const t = useWords(trainWords);
	const findings = useLeaks();
	const corpusId = useRunForm((state) => state.form.corpusId);
	if (findings.length === 0) return null;
	return (
		<section className="section" aria-label={t('corpusWarnings')}>
			<ul className="train-leaks">
				{findings.map(({ split, otherSplit, counts }) => (
					<li key={`${split} ${otherSplit}`} className="row train-leak">
						<TriangleAlert size={14} aria-hidden />
						<span>
							{t('leaked', { count: counts.sentences, split: split ?? '', other: otherSplit ?? '' })}{' '}
							<a href={routeHref('data', [corpusId])}>{t('seeChecks')}</a>
						</span>
					</li>
				))}
			</ul>
		</section>
	);
}
