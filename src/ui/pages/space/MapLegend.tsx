// The legend: what colours and shapes mean, how many points each has; clicking an entry hides its points.

import type { PointGroup } from '../../../state/space-groups';
import { changeQuery } from '../../navigation/navigation';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { Glyph } from './Glyph';
import { glyphs, type MapPalette } from './map/map-points';
import { groupColour } from './map/use-map-palette';
import { spaceWords } from './space-words';
import { useGroupNames } from './use-group-names';

export interface MapLegendProps {
	groups: readonly PointGroup[];
	types: readonly string[];
	palette: MapPalette;
	hidden: ReadonlySet<string>;
	hasWrong: boolean;
	runIndex?: number;
}

function setHidden(hidden: ReadonlySet<string>): void {
	changeQuery({ hide: [...hidden].join(',') });
}

export function MapLegend({ groups, types, palette, hidden, hasWrong, runIndex = 0 }: MapLegendProps) {
	const t = useWords(spaceWords);
	const nameOf = useGroupNames();
	const toggle = (id: string) => {
		const next = new Set(hidden);
		if (!next.delete(id)) next.add(id);
		setHidden(next);
	};
	const showOnly = (id: string) => setHidden(new Set(groups.map((group) => group.id).filter((other) => other !== id)));
	return (
		<fieldset className="map-float map-legend" aria-label={t('legend')}>
			<div className="map-legend-rows">
				{groups.map((group) => {
					const colour = palette.colours[groupColour(group, types, runIndex)];
					return (
						<button
							key={group.id}
							type="button"
							className="legend-row"
							title={t('onlyThis')}
							aria-pressed={!hidden.has(group.id)}
							onClick={() => toggle(group.id)}
							onDoubleClick={() => showOnly(group.id)}
						>
							<GroupGlyphs group={group} colour={colour} />
							<span className="clip medium">{nameOf(group.id)}</span>
							<span className="num quiet-text">{countText(group.count)}</span>
						</button>
					);
				})}
			</div>
			<div className="legend-shapes quiet-text">
				<span className="row">
					<Glyph glyph={glyphs.begin} colour="var(--text-3)" /> B-
				</span>
				<span className="row">
					<Glyph glyph={glyphs.inside} colour="var(--text-3)" /> I-
				</span>
				{hasWrong && (
					<span className="row">
						<i className="glyph-halo" aria-hidden />
						{t('wrongKey')}
					</span>
				)}
			</div>
		</fieldset>
	);
}

function GroupGlyphs({ group, colour }: { group: PointGroup; colour: string }) {
	if (group.type < 0) {
		return (
			<span className="legend-glyphs">
				<Glyph glyph={group.id === 'O' || group.id.startsWith('<') ? glyphs.outside : glyphs.begin} colour={colour} />
			</span>
		);
	}
	return (
		<span className="legend-glyphs">
			{group.hasBegin && <Glyph glyph={glyphs.begin} colour={colour} />}
			{group.hasInside && <Glyph glyph={glyphs.inside} colour={colour} />}
		</span>
	);
}
