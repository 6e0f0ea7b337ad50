// The table view of a map: the shown points in rows.

import { useMemo } from 'react';
import { goldSpans, pointFacts } from '../../../state/space-sentence';
import { VirtualRows } from '../../kit/controls/VirtualRows';
import { useWords } from '../../words/words';
import { type MapPoints, pointFlags } from './map/map-points';
import { ratioText } from './measure-list';
import { spaceWords } from './space-words';
import { TagText } from './TagText';
import { TokenSentence } from './TokenSentence';
import type { ShownMap } from './use-shown-map';
import { useSpaceNames } from './use-space-names';

const rowHeight = 36;

export interface PointTableProps {
	shown: ShownMap;
	drawn: MapPoints;
	onOpen(point: number): void;
}

export function PointTable({ shown, drawn, onOpen }: PointTableProps) {
	const t = useWords(spaceWords);
	const { sentenceName } = useSpaceNames();
	const { points, data, map } = shown;
	const listed = useMemo(
		() => [...drawn.flags.keys()].filter((point) => (drawn.flags[point] & pointFlags.hidden) === 0),
		[drawn.flags],
	);
	const row = (index: number) => {
		const point = listed[index];
		const facts = pointFacts(points, data, point);
		return (
			<button type="button" className="point-row" onClick={() => onOpen(point)}>
				<TokenSentence
					isLine
					characters={points.sentences[facts.sentence].characters}
					spans={goldSpans(points, facts.sentence)}
					types={points.entityTypes}
					token={facts.index}
					around={8}
				/>
				<TagText tag={facts.gold} types={points.entityTypes} />
				<span data-wrong={facts.isWrong || undefined}>
					{facts.predicted ? <TagText tag={facts.predicted} types={points.entityTypes} /> : '—'}
				</span>
				<span className="num">{facts.confidence?.toFixed(2) ?? '—'}</span>
				<span className="num quiet-text">
					{ratioText(map[2 * point])}, {ratioText(map[2 * point + 1])}
				</span>
				<span className="quiet-text clip">{sentenceName(points, facts.sentence)}</span>
			</button>
		);
	};
	return (
		<div className="point-table">
			<div className="point-row point-head quiet-text" aria-hidden>
				<span>{t('character')}</span>
				<span>{t('tag')}</span>
				<span>{t('predictedTag')}</span>
				<span className="num">{t('confidence')}</span>
				<span className="num">x, y</span>
				<span>{t('position')}</span>
			</div>
			<VirtualRows label={t('tableOf')} count={listed.length} rowHeight={rowHeight} row={row} />
		</div>
	);
}
