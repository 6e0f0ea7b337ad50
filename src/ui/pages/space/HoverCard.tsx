// The card beside a point: its tag, its sentence, the prediction, its neighbours.

import { goldSpans, majorityType, pointFacts } from '../../../state/space-sentence';
import { Badge } from '../../kit/controls/Badge';
import { useWords } from '../../words/words';
import { Glyph } from './Glyph';
import { glyphsOf } from './map/map-layers';
import type { MapPosition, PaneSize } from './map/map-view';
import { spaceWords } from './space-words';
import { TagText } from './TagText';
import { TokenSentence } from './TokenSentence';
import { useAnswer } from './use-answer';
import type { ShownMap } from './use-shown-map';
import { useSpaceNames } from './use-space-names';

export interface HoverCardProps {
	shown: ShownMap;
	point: number;
	position: MapPosition;
	size: PaneSize;
	colour: string;
}

const cardWidth = 300;
/** Room for the card, which decides whether it is shown above or below its point. */
const cardHeight = 118;
const shownNeighbours = 15;
/** Neighbours are requested once a point has been shown for so long. */
const neighboursAfterMs = 120;

export function HoverCard({ shown, point, position, size, colour }: HoverCardProps) {
	const t = useWords(spaceWords);
	const { sentenceName } = useSpaceNames();
	const { points, data, snapshot, runId } = shown;
	const facts = pointFacts(points, data, point);
	const request = snapshot.hasVectors ? { runId, snapshot: snapshot.id, point, count: shownNeighbours } : null;
	const { reply, isWaiting } = useAnswer('space-neighbours', request, neighboursAfterMs);
	const near =
		reply && !isWaiting
			? majorityType(
					points,
					reply.neighbours.map((one) => one.point),
				)
			: null;
	const own = points.entityTypes[facts.type] ?? 'O';
	const left = Math.max(
		8,
		Math.min(size.width - cardWidth - 8, position.x > size.width / 2 ? position.x - cardWidth - 14 : position.x + 14),
	);
	const top = position.y + 14 + cardHeight > size.height ? Math.max(8, position.y - cardHeight - 10) : position.y + 12;
	const said = facts.predicted
		? t('predicted', { tag: facts.predicted, confidence: facts.confidence?.toFixed(2) ?? '—' })
		: t('noPrediction');
	return (
		<div className="hover-card" role="tooltip" aria-live="polite" style={{ left, top, width: cardWidth }}>
			<div className="row">
				<Glyph glyph={glyphsOf(points)[point]} colour={colour} />
				<TagText tag={facts.gold} types={points.entityTypes} />
				<span className="quiet-text num clip">{sentenceName(points, facts.sentence)}</span>
				<span className="spacer" />
				{near && near.type !== own && <Badge tone="warn">{t('neighboursBadge', { type: near.type })}</Badge>}
			</div>
			<TokenSentence
				characters={points.sentences[facts.sentence].characters}
				spans={goldSpans(points, facts.sentence)}
				types={points.entityTypes}
				token={facts.index}
				around={12}
			/>
			<p className="quiet-text num clip" data-wrong={facts.isWrong || undefined}>
				{said}
				{near && ` · ${t('neighboursAre', { count: near.count, all: reply?.neighbours.length ?? 0, type: near.type })}`}
			</p>
		</div>
	);
}
