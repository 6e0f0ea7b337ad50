// What the run said, one line an event, with the time when the page heard it.

import { Copy } from 'lucide-react';
import { memo, useEffect, useRef, useState } from 'react';
import type { Language } from '../../../state/preferences';
import type { LogEntry, RunStoreState } from '../../../state/run-progress';
import { useSlowRun } from '../../context/run-store-context';
import { Button, IconButton } from '../../kit/controls/Button';
import { stageName } from '../../parts/stage-name';
import { countText, durationText, lossText, points } from '../../words/number-words';
import { reasonText, warningText } from '../../words/run-message-words';
import { type Translate, useLanguage, useWords } from '../../words/words';
import { trainWords } from './train-words';

/** Lines shown: the latest ones; copying takes all that are kept. */
const lineLimit = 100;
const redrawMs = 500;
const selectLog = (state: RunStoreState) => state.log;

export const RunLog = memo(function RunLog() {
	const t = useWords(trainWords);
	const language = useLanguage();
	const log = useSlowRun(selectLog, redrawMs);
	const [follows, setFollows] = useState(true);
	const end = useRef<HTMLDivElement>(null);
	const count = log.length;
	useEffect(() => {
		if (follows && count > 0) end.current?.scrollTo({ top: end.current.scrollHeight });
	}, [follows, count]);
	const copy = () =>
		void navigator.clipboard.writeText(
			log.map((entry) => `${timeOf(entry)}  ${lineOf(t, language, entry)}`).join('\n'),
		);
	return (
		<section className="card" aria-label={t('log')}>
			<header>
				<h2>{t('log')}</h2>
				<span className="spacer" />
				<Button
					size="small"
					variant={follows ? 'bordered' : 'quiet'}
					aria-pressed={follows}
					onPress={() => setFollows(!follows)}
				>
					{t('follow')}
				</Button>
				<IconButton label={t('copyLog')} size="small" isDisabled={count === 0} onPress={copy}>
					<Copy size={14} aria-hidden />
				</IconButton>
			</header>
			<div
				className="card-body scroll train-log"
				ref={end}
				role="log"
				aria-label={t('log')}
				aria-live="off"
				// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
				tabIndex={0}
			>
				{count === 0 && <p className="quiet-text">{t('logEmpty')}</p>}
				{log.slice(-lineLimit).map((entry) => (
					<LogLine key={entry.id} t={t} language={language} entry={entry} />
				))}
			</div>
		</section>
	);
});

interface LogLineProps {
	t: Translate<typeof trainWords>;
	language: Language;
	entry: LogEntry;
}

const LogLine = memo(function LogLine({ t, language, entry }: LogLineProps) {
	return (
		<div>
			<time>{timeOf(entry)}</time> {lineOf(t, language, entry)}
		</div>
	);
});

/** The clock of what the page heard itself; of what was stored, how much work stood behind it. */
function timeOf({ atMs, workSeconds }: LogEntry): string {
	return atMs === null ? `+${durationText(workSeconds)}`.padEnd(8) : clockText(atMs);
}

function clockText(atMs: number): string {
	return new Date(atMs).toTimeString().slice(0, 8);
}

function lineOf(t: Translate<typeof trainWords>, language: Language, { event }: LogEntry): string {
	switch (event.kind) {
		case 'run-started': {
			const started = t('logStarted', {
				parameters: countText(event.parameterCount),
				train: countText(event.sentences.train),
			});
			return event.resumed ? `${started} · ${t('logResumed')}` : started;
		}
		case 'stage-started':
			return t('logStage', { stage: stageName(t, event.stage), epochs: event.epochs, steps: event.stepsPerEpoch });
		case 'epoch-finished': {
			const dev = event.dev?.scores?.published.micro;
			const test = event.test?.scores?.published.micro;
			return [
				`${stageName(t, event.stage)} ${event.epoch}`.padEnd(16),
				dev && `${t('devShort')} F1 ${points(dev.f1)} (P ${points(dev.precision)} R ${points(dev.recall)})`,
				test && `${t('testShort')} ${points(test.f1)}`,
				`${t('lossShort')} ${lossText(event.trainLoss)}`,
				event.dev && `${t('devLossShort')} ${lossText(event.dev.loss)}`,
				event.isBest && t('newBest'),
			]
				.filter(Boolean)
				.join('   ');
		}
		case 'stage-finished':
			return t('logStageEnd', {
				stage: stageName(t, event.summary.stage),
				reason: reasonText(event.summary.reason, language),
				best: event.summary.bestEpoch,
			});
		case 'warning':
			return warningText(event, language);
		case 'finished': {
			const ended = t('logFinished', { reason: reasonText(event.reason, language) });
			const isPlain = event.reason === 'completed' || event.reason === 'stopped';
			return isPlain ? ended : `${ended} ${event.message}`.trim();
		}
		default:
			return event satisfies never;
	}
}
