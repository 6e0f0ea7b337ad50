// Mentions whose label the space and the training doubt, the most doubtful first.

import { useMemo } from 'react';
import type { Problem } from '../../../state/problem';
import { goldSpans } from '../../../state/space-sentence';
import type { SuspiciousMention } from '../../../wire/space';
import { Button } from '../../kit/controls/Button';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { VirtualRows } from '../../kit/controls/VirtualRows';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { RelabelMenu } from './RelabelMenu';
import { AnnotateButton } from './SelectionPanel';
import { spaceWords } from './space-words';
import { TokenSentence } from './TokenSentence';
import type { ShownMap } from './use-shown-map';

/** Mentions below this are not doubted. */
export const doubtFrom = 0.5;

export interface SuspiciousPanelProps {
	shown: ShownMap;
	mentions: readonly SuspiciousMention[] | null;
	of: number;
	neighbours: number;
	problem: Problem | null;
	onOpen(point: number): void;
	onChoose(points: readonly number[]): void;
}

export function SuspiciousPanel({ shown, mentions, of, neighbours, problem, onOpen, onChoose }: SuspiciousPanelProps) {
	const t = useWords(spaceWords);
	const doubted = useMemo(() => (mentions ?? []).filter(({ score }) => score >= doubtFrom), [mentions]);
	const all = doubted.flatMap(({ points }) => points);
	if (shown.snapshot.isOnWay) return <p className="space-hint quiet-text">{t('notMeasuredYet')}</p>;
	if (!shown.snapshot.hasVectors) return <p className="space-hint quiet-text">{t('vectorsGone')}</p>;
	return (
		<div className="space-panel">
			<div className="section">
				<p className="quiet-text">{t('suspiciousHint', { k: neighbours, of: countText(of) })}</p>
				{doubted.length > 0 && (
					<div className="row wrap space-actions">
						<AnnotateButton shown={shown} chosen={all} />
						<Button className="space-action" onPress={() => onChoose(all)}>
							{t('selectAll')}
						</Button>
					</div>
				)}
			</div>
			{problem && <ProblemNotice problem={problem} />}
			{mentions !== null && doubted.length === 0 && <p className="space-hint quiet-text">{t('noSuspicious')}</p>}
			<VirtualRows
				className="space-rows"
				label={t('suspicious')}
				count={doubted.length}
				rowHeight={74}
				row={(index) => <DoubtRow shown={shown} mention={doubted[index]} onOpen={onOpen} />}
			/>
		</div>
	);
}

function DoubtRow({
	shown,
	mention,
	onOpen,
}: {
	shown: ShownMap;
	mention: SuspiciousMention;
	onOpen(point: number): void;
}) {
	const t = useWords(spaceWords);
	const { points } = shown;
	const { sentence, start, type, neighbourType, dynamics, score } = mention;
	return (
		<div className="space-doubt-row">
			<button type="button" className="space-token-row" onClick={() => onOpen(mention.points[0])}>
				<TokenSentence
					isLine
					characters={points.sentences[sentence].characters}
					spans={goldSpans(points, sentence)}
					types={points.entityTypes}
					token={start}
					around={8}
				/>
				<span className="num space-token-figure" data-wrong>
					{score.toFixed(2)}
				</span>
				<span className="quiet-text clip space-token-note">
					{type} · {neighbourType === null ? t('neighboursSayOutside') : t('neighboursSay', { type: neighbourType })}
				</span>
				<span className="quiet-text num clip space-token-note">{dynamics && dynamicsText()}</span>
			</button>
			<RelabelMenu points={points} chosen={mention.points.slice(0, 1)} />
		</div>
	);
	function dynamicsText() {
		if (!dynamics) return '';
		if (!dynamics.wasLearned) return t('neverLearned');
		return t('dynamics', {
			confidence: dynamics.confidence.toFixed(2),
			variability: dynamics.variability.toFixed(2),
			forgetting: dynamics.forgetting,
		});
	}
}
