// One opened token: its sentence with gold above prediction, and its nearest neighbours in the original space.

import { ArrowLeft } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import type { Span } from '../../../data/span';
import type { Likeness } from '../../../state/space-selection';
import { pointFacts } from '../../../state/space-sentence';
import { Button } from '../../kit/controls/Button';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { VirtualRows } from '../../kit/controls/VirtualRows';
import { CharacterGrid, type Lane, type LaneSpan } from '../../kit/sentences/CharacterGrid';
import { useWords } from '../../words/words';
import { RelabelMenu } from './RelabelMenu';
import { AnnotateButton, TokenRow } from './SelectionPanel';
import { spaceWords } from './space-words';
import { useAnswer } from './use-answer';
import type { ShownMap } from './use-shown-map';
import { useSpaceNames } from './use-space-names';

export interface TokenPanelProps {
	shown: ShownMap;
	point: number;
	likeness: readonly Likeness[];
	onOpen(point: number): void;
	onClose(): void;
	onChoose(points: readonly number[]): void;
}

const neighbourCount = 30;
/** Characters on each side of the token. */
const around = 12;

export function TokenPanel({ shown, point, likeness, onOpen, onClose, onChoose }: TokenPanelProps) {
	const t = useWords(spaceWords);
	const { sentenceName } = useSpaceNames();
	const { points, data, snapshot, runId } = shown;
	const facts = pointFacts(points, data, point);
	const sentence = useAnswer('space-sentence', { runId, snapshot: snapshot.id, sentence: facts.sentence });
	const request = snapshot.hasVectors ? { runId, snapshot: snapshot.id, point, count: neighbourCount } : null;
	const near = useAnswer('space-neighbours', request);
	const neighbours = near.reply?.neighbours ?? [];
	return (
		<div className="space-panel">
			<div className="section">
				<div className="row section-head">
					<Button size="small" variant="quiet" icon={<ArrowLeft size={14} aria-hidden />} onPress={onClose}>
						{t('backToSelection')}
					</Button>
				</div>
				<p className="row">
					<strong lang="zh-Hans" className="space-opened-token">
						{facts.character}
					</strong>
					<span className="quiet-text num clip">{sentenceName(points, facts.sentence)}</span>
				</p>
				{sentence.reply && !sentence.isWaiting ? (
					<SentenceLanes
						characters={points.sentences[facts.sentence].characters}
						gold={sentence.reply.gold}
						predicted={sentence.reply.predicted}
						types={points.entityTypes}
						token={facts.index}
					/>
				) : (
					<div className="map-grey" style={{ height: 74 }} />
				)}
				<p className="quiet-text num" data-wrong={facts.isWrong || undefined}>
					{facts.gold}
					{' · '}
					{facts.predicted
						? t('predicted', { tag: facts.predicted, confidence: facts.confidence?.toFixed(2) ?? '—' })
						: t('noPrediction')}
				</p>
				<div className="row wrap space-actions">
					<AnnotateButton shown={shown} chosen={[point]} isQuiet />
					<RelabelMenu points={points} chosen={[point]} />
				</div>
			</div>
			<div className="space-caption row">
				<h2 className="space-heading">{t('neighbours')}</h2>
				<span className="spacer" />
				<Button
					size="small"
					variant="quiet"
					isDisabled={neighbours.length === 0}
					onPress={() => onChoose([point, ...neighbours.map((one) => one.point)])}
				>
					{t('selectNeighbours')}
				</Button>
			</div>
			<p className="space-hint quiet-text">{snapshot.hasVectors ? t('neighboursHint') : t('vectorsGone')}</p>
			{near.problem && <ProblemNotice problem={near.problem} />}
			<VirtualRows
				className="space-rows"
				label={t('neighbours')}
				count={neighbours.length}
				rowHeight={56}
				row={(index) => (
					<TokenRow
						shown={shown}
						point={neighbours[index].point}
						likeness={likeness}
						figure={neighbours[index].distance.toFixed(2)}
						onOpen={onOpen}
					/>
				)}
			/>
		</div>
	);
}

interface SentenceLanesProps {
	characters: readonly string[];
	gold: readonly Span[];
	predicted: readonly Span[] | null;
	types: readonly string[];
	token: number;
}

function SentenceLanes({ characters, gold, predicted, types, token }: SentenceLanesProps) {
	const t = useWords(spaceWords);
	const scroller = useRef<HTMLElement>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another sentence or token is another position to scroll to
	useLayoutEffect(() => {
		const { current: element } = scroller;
		const cell = element?.querySelector('[data-differs]');
		if (!element || !cell) return;
		const [lanes, own] = [element.getBoundingClientRect(), cell.getBoundingClientRect()];
		element.scrollLeft += own.left - lanes.left - (lanes.width - own.width) / 2;
	}, [characters, token]);
	const from = Math.max(0, token - around);
	const to = Math.min(characters.length, token + around + 1);
	const window = (spans: readonly LaneSpan[]) =>
		spans
			.filter(({ start, end }) => end > from && start < to)
			.map((span) => ({ ...span, start: Math.max(span.start, from) - from, end: Math.min(span.end, to) - from }));
	const isSame = (left: Span, right: Span) =>
		left.start === right.start && left.end === right.end && left.type === right.type;
	const lanes: Lane[] = [{ name: t('gold'), spans: window(gold.map((span) => ({ ...span, state: 'equal' }))) }];
	if (predicted) {
		const spans: LaneSpan[] = predicted.map((span) => ({
			...span,
			state: gold.some((one) => isSame(one, span)) ? 'equal' : 'wrong',
		}));
		const missing = gold
			.filter((span) => !predicted.some((one) => one.start < span.end && span.start < one.end))
			.map((span): LaneSpan => ({ ...span, state: 'missing' }));
		lanes.push({ name: t('prediction'), spans: window([...spans, ...missing]) });
	}
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section ref={scroller} className="space-lanes" tabIndex={0} aria-label={t('token')}>
			<CharacterGrid
				characters={characters.slice(from, to)}
				lanes={lanes}
				types={types}
				differing={new Set([token - from])}
			/>
		</section>
	);
}
