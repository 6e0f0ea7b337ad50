// What is chosen on the map: what it is made of, what can be done with it, its tokens from the least like their neighbours on; or one opened token.

import { PenLine, X } from 'lucide-react';
import { useMemo } from 'react';
import { byLikeness, compositionOf, type Likeness, refsText, sentencesOf } from '../../../state/space-selection';
import { goldSpans, pointFacts } from '../../../state/space-sentence';
import { pointsOfSet } from '../../../state/space-sets';
import { useSpace } from '../../context/space-context';
import { Button, IconButton } from '../../kit/controls/Button';
import { VirtualRows } from '../../kit/controls/VirtualRows';
import { entitySlot } from '../../kit/sentences/entity-slot';
import { changeQuery, go } from '../../navigation/navigation';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { KeepSet } from './KeepSet';
import { RelabelMenu } from './RelabelMenu';
import { SelectionMeasures } from './SelectionMeasures';
import { spaceWords } from './space-words';
import { TagText } from './TagText';
import { TokenSentence } from './TokenSentence';
import { useAnswer } from './use-answer';
import type { ShownMap } from './use-shown-map';

const rowHeight = 56;
/** Sentences that one address can name. */
const maxSentences = 400;

export interface SelectionPanelProps {
	shown: ShownMap;
	chosen: readonly number[];
	likeness: readonly Likeness[];
	onOpen(point: number): void;
}

export function SelectionPanel({ shown, chosen, likeness, onOpen }: SelectionPanelProps) {
	const t = useWords(spaceWords);
	const { points } = shown;
	const ordered = useMemo(() => byLikeness(chosen, likeness), [chosen, likeness]);
	if (chosen.length === 0) return <NothingSelected shown={shown} />;
	return (
		<div className="space-panel">
			<div className="section">
				<Composition shown={shown} chosen={chosen} />
				<div className="row wrap space-actions">
					<AnnotateButton shown={shown} chosen={chosen} />
					<RelabelMenu points={points} chosen={chosen} />
					<KeepSet points={points} chosen={chosen} />
				</div>
				{points.corpusId === null && <p className="quiet-text space-no-corpus">{t('noCorpus')}</p>}
				<SelectionMeasures shown={shown} chosen={chosen} />
			</div>
			<div className="space-caption quiet-text">
				{t('sortedBy')} <b>{t('leastLike')}</b>
			</div>
			<VirtualRows
				className="space-rows"
				label={t('selectedTokens')}
				count={ordered.length}
				rowHeight={rowHeight}
				row={(index) => <TokenRow shown={shown} point={ordered[index]} likeness={likeness} onOpen={onOpen} />}
			/>
		</div>
	);
}

function NothingSelected({ shown }: { shown: ShownMap }) {
	const t = useWords(spaceWords);
	const sets = useSpace((state) => state.sets);
	const deleteSet = useSpace((state) => state.deleteSet);
	const { points } = shown;
	return (
		<div className="space-panel scroll">
			<div className="section space-panel-empty">
				<h2>{t('nothingSelected')}</h2>
				<p className="quiet-text">{t('nothingSelectedHint')}</p>
			</div>
			{sets.length > 0 && (
				<div className="section">
					<h3>{t('sets')}</h3>
					<ul className="space-sets">
						{sets.map((set) => (
							<li key={set.name} className="row">
								<button type="button" className="space-link clip" onClick={() => changeQuery({ sel: set.name })}>
									{set.name}
								</button>
								<span className="spacer" />
								<span className="num quiet-text">{countText(pointsOfSet(set, points).length)}</span>
								<IconButton
									label={t('deleteSet', { name: set.name })}
									size="small"
									onPress={() => void deleteSet(set.name, points.corpusId)}
								>
									<X size={14} aria-hidden />
								</IconButton>
							</li>
						))}
					</ul>
				</div>
			)}
		</div>
	);
}

function Composition({ shown, chosen }: { shown: ShownMap; chosen: readonly number[] }) {
	const t = useWords(spaceWords);
	const { points, data } = shown;
	const { tags, wrong } = useMemo(() => compositionOf(points, data, chosen), [points, data, chosen]);
	return (
		<>
			<div className="space-composition" aria-hidden>
				{tags.map(({ tag, type, count }) => (
					<i
						key={tag}
						data-ent={type >= 0 ? entitySlot(points.entityTypes[type], points.entityTypes).slot : undefined}
						style={{ flexGrow: count }}
					/>
				))}
			</div>
			<p className="quiet-text num space-composition-text">
				{tags.map(({ tag, count }) => `${tag} ${countText(count)}`).join(' · ')}
				{wrong !== null && wrong > 0 && (
					<>
						{' · '}
						<span data-wrong>{t('wrongCount', { count: countText(wrong) })}</span>
					</>
				)}
			</p>
		</>
	);
}

/** Opens the sentences of the selection in Annotate. */
export function AnnotateButton({
	shown,
	chosen,
	isQuiet,
}: {
	shown: ShownMap;
	chosen: readonly number[];
	isQuiet?: boolean;
}) {
	const t = useWords(spaceWords);
	const { points } = shown;
	const { corpusId } = points;
	const open = () => {
		const refs = sentencesOf(points, chosen).slice(0, maxSentences);
		if (corpusId) go('annotate', [corpusId], { refs: refsText(refs) });
	};
	return (
		<Button
			variant={isQuiet ? 'bordered' : 'primary'}
			className="space-action"
			icon={<PenLine size={14} aria-hidden />}
			isDisabled={!corpusId}
			onPress={open}
		>
			{isQuiet ? t('annotateSentence') : t('annotateThese')}
		</Button>
	);
}

export interface TokenRowProps {
	shown: ShownMap;
	point: number;
	likeness: readonly Likeness[];
	/** At the right end; absent: the share of neighbours of its type. */
	figure?: string;
	onOpen(point: number): void;
}

/** Below this a token is rather unlike its neighbours. */
const unlike = 0.6;

export function TokenRow({ shown, point, likeness, figure, onOpen }: TokenRowProps) {
	const t = useWords(spaceWords);
	const { points, data } = shown;
	const facts = pointFacts(points, data, point);
	const { share, neighbourType } = likeness[point] ?? { share: null, neighbourType: null };
	const own = points.entityTypes[facts.type] ?? 'O';
	return (
		<button type="button" className="space-token-row" onClick={() => onOpen(point)}>
			<TokenSentence
				isLine
				characters={points.sentences[facts.sentence].characters}
				spans={goldSpans(points, facts.sentence)}
				types={points.entityTypes}
				token={facts.index}
				around={7}
			/>
			<span
				className="num space-token-figure"
				data-wrong={(figure === undefined && share !== null && share < unlike) || undefined}
			>
				{figure ?? share?.toFixed(2) ?? '—'}
			</span>
			<span className="quiet-text clip space-token-note">
				<TagText tag={facts.gold} types={points.entityTypes} />
				{figure === undefined && share !== null && share < 0.5 && neighbourType !== own && (
					<> · {neighbourType === null ? t('neighboursSayOutside') : t('neighboursSay', { type: neighbourType })}</>
				)}
			</span>
		</button>
	);
}

/** How like its neighbours each point is in the shown snapshot; all unknown until the worker answers. */
export function useLikeness(shown: ShownMap) {
	const request =
		shown.snapshot.hasVectors && !shown.snapshot.isOnWay && shown.data.snapshot.id === shown.snapshot.id
			? { runId: shown.runId, snapshot: shown.snapshot.id, limit: allMentions }
			: null;
	return useAnswer('space-suspicious', request, likenessAfterMs);
}

const allMentions = 100_000;
/** Nothing is requested while snapshots play. */
const likenessAfterMs = 400;
