// The run in figures, what differs from its preset, and what the data made the run say.

import { useMemo } from 'react';
import { presetConfig } from '../../../experiment/presets';
import { settingDifferences } from '../../../experiment/setting-differences';
import { useRun } from '../../context/run-store-context';
import { stageName } from '../../parts/stage-name';
import { useSavedSeconds } from '../../parts/use-run-item';
import { bytesText, countText, lossText, rateText, roundedDuration } from '../../words/number-words';
import { deviceText, warningText } from '../../words/run-message-words';
import { useLanguage, useWords } from '../../words/words';
import { trainWords } from './train-words';

export function RunFacts() {
	const t = useWords(trainWords);
	const device = useRun((state) => state.device);
	const language = useLanguage();
	const backend = device ? deviceText(device.info.label, language) : '—';
	const parameterCount = useRun((state) => state.parameterCount);
	const lastStep = useRun((state) => state.lastStep);
	const pace = useRun((state) => state.pace);
	const stages = useRun((state) => state.stages);
	const savedSeconds = useSavedSeconds();
	const memoryBytes = useRun((state) => state.memoryBytes);
	const stage = stages.at(-1);
	const steps = stage ? stage.firstStep + stage.step : 0;
	const perSecond =
		pace && pace.secondsPerStep > 0 ? t('stepsPerSecond', { rate: (1 / pace.secondsPerStep).toFixed(1) }) : '';
	return (
		<section className="section" aria-label={t('steps')}>
			<dl className="train-facts">
				<dt>{t('steps')}</dt>
				<dd data-testid="steps" data-value={steps}>
					{countText(steps)}
					{perSecond && ` · ${perSecond}`}
				</dd>
				<dt>{t('tokens')}</dt>
				<dd>{pace ? t('stepsPerSecond', { rate: countText(Math.round(pace.charactersPerSecond)) }) : '—'}</dd>
				<dt>{t('loss')}</dt>
				<dd data-testid="last-loss" data-value={lastStep?.loss}>
					{lossText(lastStep?.loss)}
				</dd>
				<dt>{t('learningRate')}</dt>
				<dd>{lastStep ? rateText(lastStep.learningRate) : '—'}</dd>
				<dt>{t('timePerStep')}</dt>
				<dd>{pace ? `${Math.round(pace.secondsPerStep * 1000)} ms` : '—'}</dd>
				<dt>{t('parameters')}</dt>
				<dd>{parameterCount ? countText(parameterCount) : '—'}</dd>
				<dt title={t('memoryHint')}>{t('memory')}</dt>
				<dd data-testid="memory">{memoryBytes ? bytesText(memoryBytes) : '—'}</dd>
				{savedSeconds !== null && (
					<>
						<dt>{t('lastSaved')}</dt>
						<dd>{t('ago', { time: roundedDuration(savedSeconds, language) })}</dd>
					</>
				)}
				<dt>{t('backend')}</dt>
				<dd className="clip" title={backend}>
					{backend}
				</dd>
			</dl>
		</section>
	);
}

/** What reading its data made the run say. */
export function RunWarnings() {
	const t = useWords(trainWords);
	const language = useLanguage();
	const warnings = useRun((state) => state.warnings);
	if (warnings.length === 0) return null;
	return (
		<section className="section" aria-label={t('warnings')}>
			<div className="row section-head">
				<h3>{t('warnings')}</h3>
			</div>
			<ul className="train-warnings">
				{warnings.map(({ code, message }) => (
					<li key={`${code} ${message}`}>{warningText({ code, message }, language)}</li>
				))}
			</ul>
		</section>
	);
}

/** Its settings beside those of the preset that it began as. */
export function RunDifferences() {
	const t = useWords(trainWords);
	const language = useLanguage();
	const config = useRun((state) => state.config);
	const sentences = useRun((state) => state.trainSentences);
	const differences = useMemo(
		() => config && settingDifferences(config, presetConfig(config.preset, sentences)),
		[config, sentences],
	);
	if (!config || !differences) return null;
	return (
		<section className="section" aria-label={t('differs')}>
			<div className="row section-head">
				<h3>{t('differs')}</h3>
			</div>
			{differences.length === 0 ? (
				<p className="quiet-text">{t('noDifference', { preset: config.preset })}</p>
			) : (
				<dl className="train-facts">
					{differences.map(({ path, label, stage, from, to }) => (
						<div key={path}>
							<dt className="clip" title={path}>
								{stage ? `${stageName(t, stage)}: ` : ''}
								{label[language]}
							</dt>
							<dd>
								<s className="quiet-text">{from}</s> {to}
							</dd>
						</div>
					))}
				</dl>
			)}
		</section>
	);
}
