// The frame that every page fills: top bar with where one is and what one can do, then panes that can be resized: a
// list on the left, the main part, a side panel that becomes a drawer in narrow windows, as the list does in small ones.

import { PanelLeft, PanelRight, X } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { layoutOf } from '../../../state/preferences';
import type { PageName } from '../../../state/route';
import { useCommands } from '../../context/commands-context';
import { usePreferenceStore, usePreferences } from '../../context/preferences-context';
import { go, routeHref, useRoute, useUnknownPage } from '../../navigation/navigation';
import { narrowQuery, smallQuery, useMediaQuery } from '../../navigation/use-media-query';
import { useWords } from '../../words/words';
import { IconButton } from '../controls/Button';
import { frameWords } from './frame-words';
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

export interface PageFrameProps {
	page: PageName;
	/** Names of what is open, outermost first; the last one is where one is. */
	crumbs?: readonly { label: string; href?: string }[];
	/** Badges behind the crumbs. */
	badges?: ReactNode;
	/** At most two buttons of the page. */
	actions?: ReactNode;
	list?: PaneContent;
	side?: PaneContent;
	children: ReactNode;
}

const minWidth = { list: 220, main: 400, side: 288 };

export function PageFrame({ page, crumbs = [], badges, actions, list, side, children }: PageFrameProps) {
	const t = useWords(frameWords);
	const layout = useLayout({
		hasList: list !== undefined,
		hasSide: side !== undefined,
		opensFor: side?.opensFor ?? '',
	});
	const { isListOpen, isSideOpen, drawer } = layout;
	const listButton = list && layout.isSmall && (
		<IconButton
			label={isListOpen ? t('hideList') : t('showList')}
			keys="["
			onPress={layout.toggleList}
			aria-expanded={isListOpen}
		>
			<PanelLeft size={16} strokeWidth={1.6} aria-hidden />
		</IconButton>
	);
	const panelButton = side && (
		<IconButton
			label={isSideOpen ? t('hidePanel') : t('showPanel')}
			keys="]"
			onPress={layout.toggleSide}
			aria-expanded={isSideOpen}
		>
			<PanelRight size={16} strokeWidth={1.6} aria-hidden />
		</IconButton>
	);
	const shown = drawer === 'list' ? list : drawer === 'side' ? side : undefined;
	return (
		<>
			<TopBar actions={actions} listButton={listButton} panelButton={panelButton}>
				<h1>{crumbs.length === 0 ? t(page) : <a href={routeHref(page)}>{t(page)}</a>}</h1>
				{crumbs.map(({ label, href }) => (
					<span className="crumb" key={label}>
						<span aria-hidden>/</span>
						{href ? <a href={href}>{label}</a> : <b className="clip">{label}</b>}
					</span>
				))}
				{badges}
			</TopBar>
			<UnknownPage shown={t(page)} />
			<Panes
				page={page}
				list={isListOpen && drawer !== 'list' ? list : undefined}
				side={isSideOpen && drawer !== 'side' ? side : undefined}
			>
				{children}
			</Panes>
			{shown && (
				<aside className="drawer" data-edge={drawer} aria-label={shown.label}>
					{shown.content}
				</aside>
			)}
		</>
	);
}

interface Layout {
	/** The list is a drawer, like the side panel. */
	isSmall: boolean;
	isListOpen: boolean;
	isSideOpen: boolean;
	/** Which of both lies over the main part. */
	drawer: 'list' | 'side' | null;
	toggleList(): void;
	toggleSide(): void;
}

/** Which panes stand beside the main part and which lies over it, by the window's width and the user's wish; with their keys. */
function useLayout({ hasList, hasSide, opensFor }: { hasList: boolean; hasSide: boolean; opensFor: string }): Layout {
	const t = useWords(frameWords);
	const isNarrow = useMediaQuery(narrowQuery);
	const isSmall = useMediaQuery(smallQuery);
	const { path } = useRoute();
	const [isSideShown, setSideShown] = useState(true);
	const [isListShown, setListShown] = useState(true);
	const [asked, setDrawer] = useState<'list' | 'side' | null>(null);
	const isDrawer = (asked === 'list' && isSmall && hasList) || (asked === 'side' && isNarrow && hasSide);
	const drawer = isDrawer ? asked : null;
	const isListOpen = hasList && (isSmall ? drawer === 'list' : isListShown);
	const isSideOpen = hasSide && (isNarrow ? drawer === 'side' : isSideShown);
	const toggle = useCallback((which: 'list' | 'side') => setDrawer((open) => (open === which ? null : which)), []);
	const toggleList = useCallback(
		() => (isSmall ? toggle('list') : setListShown((isShown) => !isShown)),
		[isSmall, toggle],
	);
	const toggleSide = useCallback(
		() => (isNarrow ? toggle('side') : setSideShown((isShown) => !isShown)),
		[isNarrow, toggle],
	);
	useEffect(() => {
		if (!isNarrow) setDrawer(null);
	}, [isNarrow]);
	useEffect(() => {
		if (opensFor !== '') setDrawer('side');
	}, [opensFor]);
	const opened = path.join('/');
	// What was chosen in the list is to be seen.
	// biome-ignore lint/correctness/useExhaustiveDependencies: another object alone closes it
	useEffect(() => setDrawer((open) => (open === 'list' ? null : open)), [opened]);
	useCommands(
		useMemo(() => {
			const group = t('groupPage');
			const side = { id: 'toggle-side', title: isSideOpen ? t('hidePanel') : t('showPanel'), group, keys: ']' };
			const list = { id: 'toggle-list', title: isListOpen ? t('hideList') : t('showList'), group, keys: '[' };
			const close = { id: 'close-drawer', title: t('hidePanel'), group, keys: 'Escape', keysOnly: true };
			return [
				...(hasSide ? [{ ...side, run: toggleSide }] : []),
				...(hasList ? [{ ...list, run: toggleList }] : []),
				...(drawer ? [{ ...close, run: () => setDrawer(null) }] : []),
			];
		}, [t, hasSide, hasList, isSideOpen, isListOpen, drawer, toggleSide, toggleList]),
	);
	return { isSmall, isListOpen, isSideOpen, drawer, toggleList, toggleSide };
}

/** An address of no page opens the first one, and says so. */
function UnknownPage({ shown }: { shown: string }) {
	const t = useWords(frameWords);
	const name = useUnknownPage();
	const { page, path } = useRoute();
	if (name === null) return null;
	return (
		<div className="notice notice-warn row address-notice address-notice-page" role="note">
			<p>
				{t('askedPage', { name: name.slice(0, 60) })} {t('shownInstead', { shown })}
			</p>
			<span className="spacer" />
			<IconButton label={t('dismiss')} size="small" onPress={() => go(page, path)}>
				<X size={14} aria-hidden />
			</IconButton>
		</div>
	);
}

interface PanesProps {
	page: PageName;
	list: PaneContent | undefined;
	side: PaneContent | undefined;
	children: ReactNode;
}

function Panes({ page, list, side, children }: PanesProps) {
	const preferences = usePreferenceStore();
	// Every set of panes has sizes of its own.
	const name = `${page}${list ? '+list' : ''}${side ? '+side' : ''}`;
	const saved = usePreferences(({ panes }) => (Object.hasOwn(panes, name) ? panes[name] : undefined));
	if (!list && !side) {
		return (
			<main className="main" id="main-part" tabIndex={-1}>
				<div className="pane" data-middle>
					{children}
				</div>
			</main>
		);
	}
	return (
		<main className="main" id="main-part" tabIndex={-1}>
			<Group
				key={name}
				className="panes"
				defaultLayout={layoutOf(saved, [...(list ? ['list'] : []), 'main', ...(side ? ['side'] : [])])}
				onLayoutChanged={(layout, { isUserInteraction }) => {
					if (isUserInteraction) preferences.setState(({ panes }) => ({ panes: { ...panes, [name]: layout } }));
				}}
			>
				{list && (
					<>
						<Panel
							id="list"
							defaultSize={list.width ?? 256}
							minSize={minWidth.list}
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
				<Panel id="main" minSize={minWidth.main}>
					<div className="pane" data-middle>
						{children}
					</div>
				</Panel>
				{side && (
					<>
						<PaneSeparator />
						<Panel
							id="side"
							defaultSize={side.width ?? 328}
							minSize={minWidth.side}
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
	const t = useWords(frameWords);
	return <Separator className="pane-separator" aria-label={t('resizePane')} />;
}
