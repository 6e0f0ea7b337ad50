// Beside the sentence: the keys, what was done, and how the corpus is labelled so far.

import { useEffect, useState } from 'react';
import type { AnnotationStep } from '../../../state/annotation-history';
import { itemsOf } from '../../../state/workspace';
import type { AnnotationCommands } from '../../../wire/annotation';
import { useDataStores, useWorkspace } from '../../context/data-context';
import { Button } from '../../kit/controls/Button';
import { Keys } from '../../kit/controls/Keys';
import { TabStrip } from '../../kit/controls/TabStrip';
import { routeHref } from '../../navigation/navigation';
import { countText, points } from '../../words/number-words';
import { useWords } from '../../words/words';
import { annotateWords } from './annotate-words';
import { TypeName } from './SuggestionCard';
import { useSession } from './session-context';
import type { AnnotationModel } from './use-annotation-model';

export interface SidePanelProps {
	types: readonly string[];
	model: AnnotationModel;
}

export function SidePanel({ types, model }: SidePanelProps) {
	const t = useWords(annotateWords);
	const [open, setOpen] = useState('keys');
	const tabs = [
		{
			id: 'keys',
			title: t('keys'),
			content: (
				<>
					<KeyList />
					<BeforeAfter model={model} />
					<JustNow types={types} most={5} />
				</>
			),
		},
		{
			id: 'history',
			title: t('history'),
			content: (
				<>
					<JustNow types={types} most={200} />
					<Rejected />
				</>
			),
		},
		{ id: 'guide', title: t('guide'), content: <Guide types={types} /> },
	];
	return <TabStrip label={t('panel')} tabs={tabs} open={open} onOpen={setOpen} />;
}

function KeyList() {
	const t = useWords(annotateWords);
	const rows: [string, string[]][] = [
		[t('moveCaret'), ['ArrowLeft', 'ArrowRight']],
		[t('extend'), ['shift+ArrowRight']],
		[t('wholeWord'), ['alt+ArrowRight']],
		[t('giveType'), ['1', '…', '9']],
		[t('removeSpan'), ['0']],
		[t('nextTarget'), ['Tab']],
		[t('acceptOrNext'), ['Enter']],
		[t('rejectOrRemove'), ['Backspace']],
		[t('nextPrevious'), ['j', 'k']],
		[t('nextUnsure'), ['u']],
		[t('markLater'), ['m']],
		[t('findType'), ['/']],
		[t('undoEndless'), ['mod+z']],
	];
	return (
		<section className="section" aria-label={t('keys')}>
			<dl className="annotate-keys">
				{rows.map(([what, keys]) => (
					<div className="row annotate-keys-row" key={what}>
						<dt>{what}</dt>
						<dd className="row annotate-keys-caps">
							{keys.map((key) => (
								<Keys key={key} keys={key} />
							))}
						</dd>
					</div>
				))}
			</dl>
		</section>
	);
}

/** Of a model that was trained on from another: the scores of both. */
function BeforeAfter({ model }: { model: AnnotationModel }) {
	const t = useWords(annotateWords);
	const list = useWorkspace((state) => state.list);
	const run = itemsOf(list, 'run').find(({ id }) => id === model.chosen?.key);
	const parentId = run?.detail.parentCheckpointId;
	const parent = itemsOf(list, 'checkpoint').find(({ id }) => id === parentId);
	if (!run || !parent) return null;
	const score = (f1: number | null) => points(f1 ?? undefined);
	return (
		<section className="section" aria-label={t('trainedFrom', { model: parent.name })}>
			<div className="row section-head">
				<h2>{t('trainedFrom', { model: parent.name })}</h2>
			</div>
			<p className="num">{t('devBefore', { before: score(parent.detail.devF1), after: score(run.detail.devF1) })}</p>
			<p className="row wrap">
				<a href={routeHref('results', [run.id])}>{t('seeErrors')}</a>
				<a href={routeHref('space', [run.id], parent.detail.runId ? { with: parent.detail.runId } : {})}>
					{t('seeMap')}
				</a>
			</p>
		</section>
	);
}

function JustNow({ types, most }: { types: readonly string[]; most: number }) {
	const t = useWords(annotateWords);
	const { steps, changes } = useSession((state) => state.history);
	const id = useSession((state) => state.id);
	const rows = useSession((state) => state.rows);
	const opened = useSession((state) => state.opened);
	const glue = opened?.item.detail.unit === 'word' ? ' ' : '';
	const latest = steps
		.map((step, at) => ({ step, at }))
		.reverse()
		.slice(0, most);
	const earlier = changes.done.length - steps.filter(({ change }) => change !== null).length;
	return (
		<section className="section" aria-label={t('justNow')}>
			<div className="row section-head">
				<h2>{t('justNow')}</h2>
			</div>
			{latest.length === 0 && <p className="quiet-text">{t('nothingYet')}</p>}
			<ol className="annotate-steps">
				{latest.map(({ step, at }) => (
					<StepRow
						key={at}
						step={step}
						types={types}
						glue={glue}
						characters={rows.get(`${step.ref.split}:${step.ref.index}`)?.characters ?? []}
					/>
				))}
			</ol>
			{earlier > 0 && id !== null && (
				<p className="quiet-text">
					{t('earlier', { count: earlier })} · <a href={routeHref('data', [id])}>{t('seeHistory')}</a>
				</p>
			)}
		</section>
	);
}

/** Suggestions of the corpus that were rejected, in any visit, and the way to get them again. */
function Rejected() {
	const t = useWords(annotateWords);
	const rejected = useSession((state) => state.history.review.rejected);
	const offerAgain = useSession((state) => state.offerAgain);
	if (rejected.length === 0) return null;
	return (
		<section className="section" aria-label={t('rejectedHere', { count: rejected.length })}>
			<p className="quiet-text">{t('rejectedInCorpus', { count: rejected.length })}</p>
			<Button size="small" onPress={() => offerAgain(rejected)}>
				{t('offerAll')}
			</Button>
		</section>
	);
}

interface StepRowProps {
	step: AnnotationStep;
	types: readonly string[];
	characters: readonly string[];
	glue: string;
}

function StepRow({ step, types, characters, glue }: StepRowProps) {
	const t = useWords(annotateWords);
	const textOf = ({ start, end }: { start: number; end: number }) => characters.slice(start, end).join(glue);
	const name = <span className="num quiet-text annotate-step-number">#{step.ref.index + 1}</span>;
	if (step.kind === 'mark') {
		return (
			<li className="row annotate-step">
				{name}
				<span className="quiet-text">{t('isMarked')}</span>
			</li>
		);
	}
	if (step.kind === 'reject') {
		return (
			<li className="row annotate-step">
				{name}
				<s lang="zh-Hans">{textOf(step.suggestion)}</s>
				<TypeName type={step.suggestion.type} types={types} />
				<span className="quiet-text">{t('rejected')}</span>
			</li>
		);
	}
	if (step.kind === 'confirm' || step.kind === 'offer-again') {
		const done = step.kind === 'confirm' ? t('confirmed') : t('offeredAgain', { count: step.suggestions.length });
		return (
			<li className="row annotate-step">
				{name}
				<span className="quiet-text">{done}</span>
			</li>
		);
	}
	const keyOf = ({ start, end, type }: { start: number; end: number; type: string }) => `${start} ${end} ${type}`;
	const before = new Set(step.before.spans.map(keyOf));
	const after = new Set(step.after.spans.map(keyOf));
	const added = step.after.spans.filter((span) => !before.has(keyOf(span)));
	const gone = step.before.spans.filter((span) => !after.has(keyOf(span)));
	return (
		<li className="row annotate-step">
			{name}
			{added.map((span) => (
				<span className="row annotate-step" key={keyOf(span)}>
					<span lang="zh-Hans">{textOf(span)}</span>
					<TypeName type={span.type} types={types} />
				</span>
			))}
			{added.length === 0 &&
				gone.map((span) => (
					<span className="row annotate-step" key={keyOf(span)}>
						<s lang="zh-Hans">{textOf(span)}</s>
						<span className="quiet-text">{t('removed')}</span>
					</span>
				))}
			{added.length === 0 && gone.length === 0 && <span className="quiet-text">{t('confirmed')}</span>}
		</li>
	);
}

type Examples = AnnotationCommands['mention-examples']['reply']['types'];

function Guide({ types }: { types: readonly string[] }) {
	const t = useWords(annotateWords);
	const { client } = useDataStores();
	const id = useSession((state) => state.id);
	const [examples, setExamples] = useState<Examples | null>(null);
	useEffect(() => {
		if (id === null) return;
		let isGone = false;
		client.ask('mention-examples', { id }).then(
			(answer) => isGone || setExamples(answer.types),
			// A corpus that cannot be read is told where the sentence would stand.
			() => undefined,
		);
		return () => {
			isGone = true;
		};
	}, [client, id]);
	return (
		<section className="section" aria-label={t('guide')}>
			<p className="quiet-text">{examples?.length === 0 ? t('guideEmpty') : t('guideText')}</p>
			<dl className="annotate-guide">
				{examples?.map(({ type, mentions, examples: texts }) => (
					<div key={type}>
						<dt className="row">
							<TypeName type={type} types={types} />
							<span className="spacer" />
							<span className="num quiet-text">{countText(mentions)}</span>
						</dt>
						<dd lang="zh-Hans">{texts.map(({ text }) => text).join('、')}</dd>
					</div>
				))}
			</dl>
		</section>
	);
}
