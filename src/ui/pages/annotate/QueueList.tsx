// The sentences to label, in the order of choice, with how sure the model is of each; what was done of them.

import { Check, Flag, X } from 'lucide-react';
import { Focusable, TooltipTrigger } from 'react-aria-components';
import type { SplitName } from '../../../data/corpus';
import { countDone, refName } from '../../../state/annotation-history';
import { countQueue, queueLength, refAt } from '../../../state/annotation-queue';
import { type QueueOrder, queueOrders } from '../../../wire/annotation';
import { Button } from '../../kit/controls/Button';
import { Dropdown } from '../../kit/controls/Choice';
import { Hint } from '../../kit/controls/Hint';
import { ProgressBar, ProgressTrack } from '../../kit/controls/ProgressBar';
import { VirtualRows } from '../../kit/controls/VirtualRows';
import { AddressNotice } from '../../kit/frame/AddressNotice';
import { changeQuery, useRoute } from '../../navigation/navigation';
import { bytesText, countText, roundedDuration } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { annotateWords } from './annotate-words';
import { useSession } from './session-context';
import { type AnnotationModel, noModelKey } from './use-annotation-model';

export interface QueueListProps {
	order: QueueOrder;
	model: AnnotationModel;
	onOpen(index: number): void;
}

export function QueueList({ order, model, onOpen }: QueueListProps) {
	const t = useWords(annotateWords);
	const { query } = useRoute();
	const queue = useSession((state) => state.queue);
	const refs = useSession((state) => state.request?.refs);
	const split = (query.split ?? '') as SplitName | '';
	return (
		<>
			<div className="annotate-choices">
				<div className="row">
					<Dropdown
						label={t('order')}
						value={order}
						onChange={(next) => changeQuery({ order: next, s: '' })}
						options={queueOrders.map((id) => ({ id, label: t(id) }))}
					/>
					<span className="spacer" />
					<span className="num quiet-text">{queue && countText(queueLength(queue))}</span>
				</div>
				<div className="row">
					<Dropdown
						label={t('split')}
						value={split === '' ? 'all' : split}
						onChange={(next) => changeQuery({ split: next === 'all' ? '' : next, s: '' })}
						options={(['all', 'train', 'dev', 'test'] as const).map((id) => ({
							id,
							label: t(id === 'all' ? 'allSplits' : id),
						}))}
					/>
					<Dropdown
						label={t('model')}
						value={model.chosen?.key ?? noModelKey}
						onChange={(next) => changeQuery({ model: next })}
						options={[
							...model.listed.map(({ key, name }) => ({ id: key, label: name })),
							{ id: noModelKey, label: t('noModel') },
						]}
					/>
				</div>
				<AddressNotice
					asked={model.unknown === '' ? [] : [{ kind: 'model', name: model.unknown }]}
					shown={model.chosen?.name ?? t('noModel')}
					onDismiss={() => changeQuery({ model: '' })}
				/>
				{refs && (
					<div className="row">
						<span className="quiet-text">{t('chosenOnly', { count: refs.length })}</span>
						<span className="spacer" />
						<Button
							size="small"
							variant="quiet"
							icon={<X size={12} aria-hidden />}
							onPress={() => changeQuery({ refs: '', s: '' })}
						>
							{t('showAll')}
						</Button>
					</div>
				)}
				<Scoring />
			</div>
			<Rows onOpen={onOpen} />
			<Done />
		</>
	);
}

/** Progress of asking the model, or the offer to ask it. */
function Scoring() {
	const t = useWords(annotateWords);
	const language = useLanguage();
	const scoring = useSession((state) => state.scoring);
	const cancel = useSession((state) => state.cancelScoring);
	const score = useSession((state) => state.score);
	const model = useSession((state) => state.request?.model ?? null);
	const order = useSession((state) => state.request?.order);
	const queue = useSession((state) => state.queue);
	if (scoring) {
		const { done, total, unit, secondsLeft } = scoring;
		const left = done > 0 && secondsLeft > 0 ? roundedDuration(secondsLeft, language) : '—';
		const detail =
			unit === 'bytes'
				? bytesText(done)
				: total === null
					? undefined
					: t('askedOf', { done: countText(done), total: countText(total), left });
		return (
			<ProgressBar
				label={t(unit === 'bytes' ? 'readingModel' : 'asking')}
				share={total ? done / total : null}
				detail={detail}
				onCancel={cancel}
			/>
		);
	}
	const unscored = queue ? countQueue(queue).unscored : 0;
	if (!model || order !== 'uncertain' || unscored === 0) return null;
	return (
		<Button size="small" onPress={() => void score()}>
			{t('askModel', { count: countText(unscored) })}
		</Button>
	);
}

function Rows({ onOpen }: { onOpen(index: number): void }) {
	const t = useWords(annotateWords);
	const queue = useSession((state) => state.queue);
	const openIndex = useSession((state) => state.openIndex);
	const rows = useSession((state) => state.rows);
	const need = useSession((state) => state.need);
	const history = useSession((state) => state.history);
	const opened = useSession((state) => state.opened);
	if (!queue) return <GreyRows />;
	const length = queueLength(queue);
	if (length === 0) return <div className="annotate-no-rows" />;
	const done = new Set(history.steps.map(({ ref }) => refName(ref)));
	const confirmed = new Set(history.review.confirmed.map(refName));
	const isWords = opened?.item.detail.unit === 'word';
	return (
		<VirtualRows
			label={t('sentencesToLabel')}
			count={length}
			rowHeight={40}
			active={openIndex}
			onRange={need}
			row={(index) => {
				const name = refName(refAt(queue, index));
				const row = rows.get(name);
				const probability = queue.probabilities[index];
				return (
					// biome-ignore lint/a11y/useKeyWithClickEvents: rows are opened by J and K or the arrows
					// biome-ignore lint/a11y/noStaticElementInteractions: as above
					<div
						className="annotate-row"
						data-open={index === openIndex || undefined}
						aria-current={index === openIndex || undefined}
						onClick={() => onOpen(index)}
					>
						<Sureness probability={probability} />
						<span className="clip annotate-row-text" lang={isWords ? undefined : 'zh-Hans'}>
							{row?.characters.slice(0, 60).join(isWords ? ' ' : '')}
						</span>
						<span className="spacer" />
						{row?.isMarkedForRelabel && <Flag size={12} aria-label={t('isMarked')} />}
						{done.has(name) ? (
							<Check size={13} aria-label={t('doneVisit')} />
						) : (
							confirmed.has(name) && <Check size={13} aria-label={t('isConfirmed')} data-earlier />
						)}
					</div>
				);
			}}
		/>
	);
}

function Sureness({ probability }: { probability: number }) {
	const t = useWords(annotateWords);
	if (Number.isNaN(probability)) {
		return (
			<span className="num annotate-sure" aria-label={t('notAsked')} role="img">
				—
			</span>
		);
	}
	return <span className="num annotate-sure">{probability.toFixed(2)}</span>;
}

function GreyRows() {
	return (
		<div className="annotate-grey" aria-hidden>
			{Array.from({ length: 12 }, (_, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
				<span key={index} />
			))}
		</div>
	);
}

function Done() {
	const t = useWords(annotateWords);
	const history = useSession((state) => state.history);
	const queue = useSession((state) => state.queue);
	const order = useSession((state) => state.request?.order);
	const total = queue ? queueLength(queue) : 0;
	const done = countDone(history);
	return (
		<div className="annotate-done">
			<div className="row">
				<span>{t('doneVisit')}</span>
				<span className="spacer" />
				<span className="num">
					{countText(done)} <span className="quiet-text">/ {countText(total)}</span>
				</span>
			</div>
			<ProgressTrack share={total > 0 ? done / total : 0} isQuiet />
			{order === 'uncertain' && <ConfirmedEarlier />}
			{order === 'uncertain' && (
				<TooltipTrigger delay={200}>
					<Focusable>
						{/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard */}
						<span className="term annotate-certainty" role="note" tabIndex={0}>
							{t('certaintyTerm')}
						</span>
					</Focusable>
					<Hint>{t('certainty')}</Hint>
				</TooltipTrigger>
			)}
		</div>
	);
}

/** Sentences that are not asked again, and where they are. */
function ConfirmedEarlier() {
	const t = useWords(annotateWords);
	const confirmed = useSession((state) => state.history.review.confirmed);
	const steps = useSession((state) => state.history.steps);
	const now = new Set(steps.map(({ ref }) => refName(ref)));
	const count = confirmed.filter((ref) => !now.has(refName(ref))).length;
	if (count === 0) return null;
	return (
		<div className="row quiet-text">
			<span>{t('confirmedEarlier', { count })}</span>
			<span className="spacer" />
			<button type="button" className="annotate-link" onClick={() => changeQuery({ order: 'corpus' })}>
				{t('showThem')}
			</button>
		</div>
	);
}
