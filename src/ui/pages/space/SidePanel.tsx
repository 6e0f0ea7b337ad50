// The panel beside the map: what is chosen, the measures, doubtful labels, the contrastive loss.

import { useMemo } from 'react';
import { likenessOf } from '../../../state/space-selection';
import { Badge } from '../../kit/controls/Badge';
import { TabStrip } from '../../kit/controls/TabStrip';
import { changeQuery, useQueryValue } from '../../navigation/navigation';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { ContrastPanel } from './ContrastPanel';
import { MeasuresPanel } from './MeasuresPanel';
import { MiniMeasures } from './MiniMeasures';
import { SelectionPanel, useLikeness } from './SelectionPanel';
import { doubtFrom, SuspiciousPanel } from './SuspiciousPanel';
import { spaceWords } from './space-words';
import { TokenPanel } from './TokenPanel';
import type { MapActions } from './use-selection';
import type { ShownMap } from './use-shown-map';

export interface SidePanelProps {
	shown: ShownMap;
	actions: MapActions;
	chosen: readonly number[];
	openPoint: number;
	isLive: boolean;
	temperature: number;
}

export function SidePanel({ shown, actions, chosen, openPoint, isLive, temperature }: SidePanelProps) {
	const t = useWords(spaceWords);
	const [tab, setTab] = useQueryValue('tab');
	const { reply: doubts, problem: doubtProblem } = useLikeness(shown);
	const likeness = useMemo(() => likenessOf(shown.points.count, doubts?.mentions ?? []), [shown.points.count, doubts]);
	const doubted = (doubts?.mentions ?? []).filter(({ score }) => score >= doubtFrom).length;
	const openTab = tab === 'measures' || tab === 'suspicious' || tab === 'contrast' ? tab : 'selection';
	const selection =
		openPoint >= 0 ? (
			<TokenPanel
				shown={shown}
				point={openPoint}
				likeness={likeness}
				onOpen={actions.open}
				onClose={() => changeQuery({ point: '' })}
				onChoose={(points) => actions.choose(points, false)}
			/>
		) : (
			<SelectionPanel shown={shown} chosen={chosen} likeness={likeness} onOpen={actions.open} />
		);
	return (
		<div className="space-tabs">
			<TabStrip
				isTight
				label={t('panel')}
				open={openTab}
				onOpen={(id) => setTab(id === 'selection' ? '' : id)}
				tabs={[
					{
						id: 'selection',
						title: t('selection'),
						badge: chosen.length > 0 && <Badge>{countText(chosen.length)}</Badge>,
						content: (
							<>
								{selection}
								<MiniMeasures shown={shown} />
							</>
						),
					},
					{ id: 'measures', title: t('measures'), content: <MeasuresPanel shown={shown} /> },
					{
						id: 'suspicious',
						title: t('suspicious'),
						badge: doubted > 0 && <Badge>{countText(doubted)}</Badge>,
						content: (
							<SuspiciousPanel
								shown={shown}
								mentions={doubts?.mentions ?? null}
								of={doubts?.of ?? 0}
								neighbours={doubts?.neighbours ?? 0}
								problem={doubtProblem}
								onOpen={actions.open}
								onChoose={(points) => actions.choose(points, false)}
							/>
						),
					},
					{
						id: 'contrast',
						title: t('contrast'),
						content: <ContrastPanel shown={shown} chosen={chosen} isLive={isLive} temperature={temperature} />,
					},
				]}
			/>
		</div>
	);
}
