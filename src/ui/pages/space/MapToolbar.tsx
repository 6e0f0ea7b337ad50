// The bar over the map: which tokens, how they are projected and coloured, search, one map or two, the table view, export.

import { Spline, Table2, Waypoints } from 'lucide-react';
import { useRef } from 'react';
import { colourings } from '../../../state/space-groups';
import type { MapSettings, SpacePoints } from '../../../wire/space';
import { Button, IconButton } from '../../kit/controls/Button';
import { Dropdown, Segments } from '../../kit/controls/Choice';
import { SearchField } from '../../kit/controls/Field';
import { changeQuery } from '../../navigation/navigation';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { MethodPopover } from './MethodPopover';
import { spaceWords } from './space-words';
import type { MapControls } from './use-map-controls';

export interface MapToolbarProps {
	controls: MapControls;
	points: SpacePoints;
	base: MapSettings;
	/** Of the search; null for none. */
	found: ReadonlySet<number> | null;
	onChooseFound(): void;
	isTwo: boolean;
	onTwo(isTwo: boolean): void;
	exportMenu: React.ReactNode;
}

const colourNames = {
	type: 'byType',
	tag: 'byTag',
	split: 'bySplit',
	right: 'byRight',
	run: 'byRun',
	confidence: 'byConfidence',
} as const;

export function MapToolbar({
	controls,
	points,
	base,
	found,
	onChooseFound,
	isTwo,
	onTwo,
	exportMenu,
}: MapToolbarProps) {
	const t = useWords(spaceWords);
	const searchField = useRef<HTMLInputElement>(null);
	const { colouring, split, hasContours, search, setSearch, isTable, settings } = controls;
	return (
		<div className="bar map-bar">
			<Dropdown
				className="map-choice"
				label={t('split')}
				options={splitOptions(points, t('allSplits'))}
				value={split === '' ? 'all' : split}
				onChange={(id) => changeQuery({ split: id === 'all' ? '' : id })}
			/>
			<MethodPopover settings={settings ?? base} base={base} isOwn={settings !== null} />
			<Dropdown
				className="map-choice"
				label={t('colour')}
				options={colourings.map((id) => ({ id, label: t(colourNames[id]) }))}
				value={colouring}
				onChange={(id) => changeQuery({ colour: id === 'type' ? '' : id, hide: '' })}
			/>
			<SearchField
				className="map-search"
				label={t('find')}
				value={search}
				onChange={setSearch}
				inputRef={searchField}
			/>
			{found && (
				<span className="row map-found">
					<span className="quiet-text num">{t('found', { count: countText(found.size) })}</span>
					<Button size="small" variant="quiet" isDisabled={found.size === 0} onPress={onChooseFound}>
						{t('selectFound')}
					</Button>
				</span>
			)}
			<span className="spacer" />
			<IconButton
				label={t('contours')}
				aria-pressed={hasContours}
				onPress={() => changeQuery({ contours: hasContours ? '' : '1' })}
			>
				<Spline size={16} strokeWidth={1.6} aria-hidden />
			</IconButton>
			<Segments
				label={t('views')}
				options={[
					{ id: 'one', label: t('one') },
					{ id: 'two', label: t('two') },
				]}
				value={isTwo ? 'two' : 'one'}
				onChange={(id) => onTwo(id === 'two')}
			/>
			<IconButton
				label={isTable ? t('showMap') : t('showTable')}
				isDisabled={isTwo}
				onPress={() => changeQuery({ table: isTable ? '' : '1' })}
			>
				{isTable ? (
					<Waypoints size={16} strokeWidth={1.6} aria-hidden />
				) : (
					<Table2 size={16} strokeWidth={1.6} aria-hidden />
				)}
			</IconButton>
			{exportMenu}
		</div>
	);
}

function splitOptions(points: SpacePoints, all: string) {
	const counts = new Map<string, number>();
	for (const sentence of points.sentence) {
		const { split } = points.sentences[sentence];
		counts.set(split, (counts.get(split) ?? 0) + 1);
	}
	const splits = [...counts].map(([id, count]) => ({ id, label: id, detail: countText(count) }));
	return [
		{ id: 'all', label: splits.length > 1 ? all : (splits[0]?.label ?? all), detail: countText(points.count) },
		...(splits.length > 1 ? splits : []),
	];
}
