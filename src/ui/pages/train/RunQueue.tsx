// Runs one after another: what runs, what waits, in which order, what came of those that are done.

import { MoreHorizontal, Play } from 'lucide-react';
import type { QueueEntry } from '../../../state/queue';
import { bestDevF1, isActive, type RunState, statusOfKind } from '../../../state/run-progress';
import { storedRunState } from '../../../state/stored-run';
import { useWorkspace } from '../../context/data-context';
import { useLiveRun, useQueue } from '../../context/train-context';
import { ActionMenu } from '../../kit/controls/ActionMenu';
import { Dot, type Tone } from '../../kit/controls/Badge';
import { Button, IconButton } from '../../kit/controls/Button';
import { routeHref } from '../../navigation/navigation';
import { stateTones } from '../../parts/run-state-display';
import { runTitle } from '../../parts/run-title';
import { useRunItem } from '../../parts/use-run-item';
import { commonWords } from '../../words/common-words';
import { points, roundedDuration } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { trainWords } from './train-words';

const tones: Record<QueueEntry['state'], Tone | 'running'> = {
	waiting: 'plain',
	running: 'running',
	finished: 'ok',
	paused: 'warn',
	stopped: 'plain',
	failed: 'bad',
};

/** Waiting runs that are listed. */
const shownWaiting = 5;

export function RunQueue() {
	const t = useWords(trainWords);
	const entries = useQueue((state) => state.entries);
	const isHeld = useQueue((state) => state.isHeld);
	const goOn = useQueue((state) => state.goOn);
	const clear = useQueue((state) => state.clear);
	const canStart = useLiveRun((state) => state.device !== null && !isActive(state.run));
	const waiting = entries.filter(({ state }) => state === 'waiting');
	// One run alone is no queue.
	if (entries.length < 2 && waiting.length === 0) return null;
	const isOver = waiting.length === 0 && entries.every(({ state }) => state !== 'running');
	const hidden = new Set(waiting.slice(shownWaiting));
	return (
		<section className="section" aria-label={t('queue')}>
			<div className="row section-head">
				<h3>{t('queue')}</h3>
				<span className="spacer" />
				<QueueSum entries={entries} />
			</div>
			<ol className="train-rows">
				{entries
					.filter((entry) => !hidden.has(entry))
					.map((entry) => (
						<QueueRow key={entry.id} entry={entry} />
					))}
			</ol>
			{hidden.size > 0 && <p className="quiet-text train-queue-more">{t('moreWaiting', { count: hidden.size })}</p>}
			{isHeld && waiting.length > 0 && (
				<div className="row train-queue-held">
					<span className="quiet-text">{t('queueHeld')}</span>
					<span className="spacer" />
					<Button size="small" icon={<Play size={12} aria-hidden />} isDisabled={!canStart} onPress={goOn}>
						{t('queueGoOn')}
					</Button>
				</div>
			)}
			{isOver && (
				<Button size="small" variant="quiet" onPress={clear}>
					{t('queueClear')}
				</Button>
			)}
		</section>
	);
}

function QueueSum({ entries }: { entries: readonly QueueEntry[] }) {
	const t = useWords(trainWords);
	const language = useLanguage();
	const left = entries.filter(({ state }) => state === 'waiting' || state === 'running');
	const seconds = left.reduce<number | null>(
		(sum, entry) => (sum === null || entry.seconds === null ? null : sum + entry.seconds),
		0,
	);
	const time = seconds ? ` · ${roundedDuration(seconds, language)}` : '';
	return <span className="quiet-text num">{`${t('runCount', { count: entries.length })}${time}`}</span>;
}

function QueueRow({ entry }: { entry: QueueEntry }) {
	const t = useWords(trainWords);
	const shell = useWords(commonWords);
	const { request, state, runId } = entry;
	// A run that was cut off or has just ended is still the one in view.
	const isLive = useLiveRun((store) => state === 'running' || (runId !== null && store.runId === runId));
	const live = useLiveRun((store) => store.run.kind);
	const liveF1 = useLiveRun((store) => (isLive ? bestDevF1(store.epochs) : null));
	const devF1 = isLive ? liveF1 : entry.devF1;
	const stored = useStoredKind(runId);
	const kind = isLive ? live : state === 'waiting' ? null : stored;
	const name = request.name ?? request.preset;
	const label = runTitle(name, request.seed);
	return (
		<li className="train-row">
			<Dot tone={kind ? stateTones[kind] : tones[state]} />
			{runId ? (
				<a className="clip" href={routeHref('train', [runId])}>
					{label}
				</a>
			) : (
				<span className="clip">{label}</span>
			)}
			<span className="spacer" />
			<span className="quiet-text">{kind ? shell(statusOfKind[kind]) : t(`queue.${state}`)}</span>
			{state === 'waiting' ? (
				<QueueActions entry={entry} label={label} />
			) : (
				<span className="num train-score">{devF1 === null ? '—' : points(devF1)}</span>
			)}
		</li>
	);
}

/** What the record of a started run says that it is now; null before it has one. */
function useStoredKind(runId: string | null): RunState['kind'] | null {
	const item = useRunItem(runId);
	const isClaimed = useWorkspace((state) => state.list?.claimedRuns.includes(runId ?? '') ?? false);
	return item ? storedRunState(item, isClaimed).kind : null;
}

function QueueActions({ entry, label }: { entry: QueueEntry; label: string }) {
	const t = useWords(trainWords);
	const waiting = useQueue((state) => state.entries).filter(({ state }) => state === 'waiting');
	const move = useQueue((state) => state.move);
	const remove = useQueue((state) => state.remove);
	return (
		<ActionMenu
			label={t('queueActions', { name: label })}
			button={
				<IconButton label={t('queueActions', { name: label })} size="small">
					<MoreHorizontal size={14} aria-hidden />
				</IconButton>
			}
			actions={[
				{ id: 'up', label: t('moveUp'), isDisabled: waiting[0] === entry, run: () => move(entry.id, -1) },
				{ id: 'down', label: t('moveDown'), isDisabled: waiting.at(-1) === entry, run: () => move(entry.id, 1) },
				{ id: 'remove', label: t('removeFromQueue'), isDanger: true, run: () => remove(entry.id) },
			]}
		/>
	);
}
