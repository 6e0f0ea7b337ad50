// The frame that every place fills: top bar with where one is and what one can do, then panes that can be resized: a
// list on the left, the main part, a side panel that becomes a drawer in narrow windows.

import { PanelRight } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { PlaceName } from '../../state/route';
import { useCommands } from '../commands-context';
import { IconButton } from '../controls/Button';
import { routeHref } from '../navigation/navigation';
import { narrowQuery, useMediaQuery } from '../navigation/use-media-query';
import { usePreferenceStore, usePreferences } from '../preferences-context';
import { shellWords } from '../words/shell-words';
import { useWords } from '../words/words';
import { TopBar } from './TopBar';

export interface PaneContent {
	/** Name of the region, for screen readers. */
	label: string;
	content: ReactNode;
	/** Width in pixels before the user changes it. */
	width?: number;
	/** What the user asked to see in it; where it is a drawer, that opens when this changes to something. */
	opensFor?: string;
}

export interface PlaceFrameProps {
	place: PlaceName;
	/** Names of what is open, outermost first; the last one is where one is. */
	crumbs?: readonly { label: string; href?: string }[];
	/** Badges behind the crumbs. */
	badges?: ReactNode;
	/** At most two buttons of the place. */
	actions?: ReactNode;
	list?: PaneContent;
	side?: PaneContent;
	children: ReactNode;
}

const leastWidth = { list: 220, main: 400, side: 288 };

export function PlaceFrame({ place, crumbs = [], badges, actions, list, side, children }: PlaceFrameProps) {
	const t = useWords(shellWords);
	const isNarrow = useMediaQuery(narrowQuery);
	const [isSideShown, setSideShown] = useState(true);
	const [isDrawerOpen, setDrawerOpen] = useState(false);
	const [isListShown, setListShown] = useState(true);
	const isSideOpen = side !== undefined && (isNarrow ? isDrawerOpen : isSideShown);
	const hasSide = side !== undefined;
	const hasList = list !== undefined;

	useEffect(() => {
		if (!isNarrow) setDrawerOpen(false);
	}, [isNarrow]);
	const opensFor = side?.opensFor ?? '';
	useEffect(() => {
		if (opensFor !== '') setDrawerOpen(true);
	}, [opensFor]);
	const commands = useMemo(
		() => [
			...(hasSide
				? [
						{
							id: 'toggle-side',
							title: isSideOpen ? t('hidePanel') : t('showPanel'),
							group: t('groupPage'),
							keys: ']',
							run: () => (isNarrow ? setDrawerOpen((open) => !open) : setSideShown((shown) => !shown)),
						},
					]
				: []),
			...(hasList
				? [
						{
							id: 'toggle-list',
							title: t('showList'),
							group: t('groupPage'),
							keys: '[',
							run: () => setListShown((shown) => !shown),
						},
					]
				: []),
			...(isDrawerOpen
				? [
						{
							id: 'close-drawer',
							title: t('hidePanel'),
							group: t('groupPage'),
							keys: 'Escape',
							keysOnly: true,
							run: () => setDrawerOpen(false),
						},
					]
				: []),
		],
		[t, hasSide, hasList, isSideOpen, isNarrow, isDrawerOpen],
	);
	useCommands(commands);

	const panelButton = side && (
		<IconButton
			label={isSideOpen ? t('hidePanel') : t('showPanel')}
			keys="]"
			onPress={() => (isNarrow ? setDrawerOpen(!isDrawerOpen) : setSideShown(!isSideShown))}
			aria-expanded={isSideOpen}
		>
			<PanelRight size={16} strokeWidth={1.6} aria-hidden />
		</IconButton>
	);
	return (
		<>
			<TopBar actions={actions} panelButton={panelButton}>
				<h1>{crumbs.length === 0 ? t(place) : <a href={routeHref(place)}>{t(place)}</a>}</h1>
				{crumbs.map(({ label, href }) => (
					<span className="crumb" key={label}>
						<span aria-hidden>/</span>
						{href ? <a href={href}>{label}</a> : <b className="clip">{label}</b>}
					</span>
				))}
				{badges}
			</TopBar>
			<Panes place={place} list={isListShown ? list : undefined} side={isSideOpen && !isNarrow ? side : undefined}>
				{children}
			</Panes>
			{isSideOpen && isNarrow && (
				<aside className="drawer" aria-label={side.label}>
					{side.content}
				</aside>
			)}
		</>
	);
}

interface PanesProps {
	place: PlaceName;
	list: PaneContent | undefined;
	side: PaneContent | undefined;
	children: ReactNode;
}

function Panes({ place, list, side, children }: PanesProps) {
	const preferences = usePreferenceStore();
	// Every set of panes has sizes of its own.
	const name = `${place}${list ? '+list' : ''}${side ? '+side' : ''}`;
	const saved = usePreferences((state) => state.panes[name]);
	if (!list && !side) {
		return (
			<main className="main" id="main-part" tabIndex={-1}>
				<div className="pane">{children}</div>
			</main>
		);
	}
	return (
		<main className="main" id="main-part" tabIndex={-1}>
			<Group
				key={name}
				className="panes"
				defaultLayout={saved && { ...saved }}
				onLayoutChanged={(layout, { isUserInteraction }) => {
					if (isUserInteraction) preferences.setState(({ panes }) => ({ panes: { ...panes, [name]: layout } }));
				}}
			>
				{list && (
					<>
						<Panel
							id="list"
							defaultSize={list.width ?? 256}
							minSize={leastWidth.list}
							maxSize={440}
							groupResizeBehavior="preserve-pixel-size"
						>
							<section className="pane pane-list" aria-label={list.label}>
								{list.content}
							</section>
						</Panel>
						<PaneSeparator />
					</>
				)}
				<Panel id="main" minSize={leastWidth.main}>
					<div className="pane">{children}</div>
				</Panel>
				{side && (
					<>
						<PaneSeparator />
						<Panel
							id="side"
							defaultSize={side.width ?? 328}
							minSize={leastWidth.side}
							maxSize={560}
							groupResizeBehavior="preserve-pixel-size"
						>
							<aside className="pane" aria-label={side.label}>
								{side.content}
							</aside>
						</Panel>
					</>
				)}
			</Group>
		</main>
	);
}

function PaneSeparator() {
	const t = useWords(shellWords);
	return <Separator className="separator" aria-label={t('resizePane')} />;
}
