// The page: navigation, the place that the address names, the status line, and what lies over them. Each place is
// loaded when it is first opened; one that breaks takes nothing else with it.

import { type ComponentType, useEffect, useMemo, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { formatRoute, type PlaceName, placeNames } from '../../state/route';
import { useCommands } from '../commands-context';
import { brokenDialog } from '../controls/broken-part';
import { lazyPart, type PartFailure } from '../controls/lazy-part';
import { go, useRoute } from '../navigation/navigation';
import { type Overlays, OverlaysContext, useOverlays } from '../overlays-context';
import { usePreferenceStore, usePreferences } from '../preferences-context';
import { useShortcutKeys } from '../shortcuts/use-shortcut-keys';
import { shellWords } from '../words/shell-words';
import { useWords } from '../words/words';
import { Banner } from './Banner';
import { BrokenPlace } from './BrokenPlace';
import { LateNotices } from './LateNotices';
import { Navigation, placeKeys } from './Navigation';
import { PlaceLoading } from './PlaceLoading';
import { RunToasts } from './RunToasts';
import { StatusLine } from './StatusLine';
import { StorageTrouble } from './StorageTrouble';
import { useFocusKeeper } from './use-focus-keeper';

const CommandPalette = lazyPart(() => import('../palette/CommandPalette'), { broken: brokenDialog });
const ShortcutsDialog = lazyPart(() => import('../shortcuts/ShortcutsDialog'), { broken: brokenDialog });

const partOf = (place: PlaceName) => ({
	waiting: () => <PlaceLoading place={place} />,
	broken: (failure: PartFailure) => <BrokenPlace place={place} failure={failure} />,
});

const places: Record<PlaceName, ComponentType> = {
	data: lazyPart(() => import('../data/DataPlace'), partOf('data')),
	train: lazyPart(() => import('../train/TrainPlace'), partOf('train')),
	space: lazyPart(() => import('../space/SpacePlace'), partOf('space')),
	results: lazyPart(() => import('../results/ResultsPlace'), partOf('results')),
	tag: lazyPart(() => import('../tag/TagPlace'), partOf('tag')),
	annotate: lazyPart(() => import('../annotate/AnnotatePlace'), partOf('annotate')),
	models: lazyPart(() => import('../models/ModelsPlace'), partOf('models')),
};

export function Shell() {
	const t = useWords(shellWords);
	const language = usePreferences((state) => state.language);
	const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null);
	const overlays = useMemo<Overlays>(
		() => ({ openPalette: () => setOpen('palette'), openShortcuts: () => setOpen('shortcuts') }),
		[],
	);
	const close = () => setOpen(null);
	return (
		<I18nProvider locale={language === 'zh' ? 'zh-CN' : 'en-US'}>
			<OverlaysContext value={overlays}>
				<button type="button" className="skip-link" onClick={skipToMain}>
					{t('skipToMain')}
				</button>
				<div className="app">
					<ShellCommands />
					<RunToasts />
					<Navigation />
					<StorageTrouble />
					<Banner />
					<OpenPlace />
					<StatusLine />
				</div>
				<p className="too-narrow">{t('tooNarrow')}</p>
				{open === 'palette' && <CommandPalette isOpen onClose={close} />}
				{open === 'shortcuts' && <ShortcutsDialog isOpen onClose={close} />}
				<LateNotices />
			</OverlaysContext>
		</I18nProvider>
	);
}

function OpenPlace() {
	const Place = places[useRoute().place];
	return <Place />;
}

/** What works everywhere; and the address of each place opened is remembered for the next visit. */
function ShellCommands() {
	const t = useWords(shellWords);
	const preferences = usePreferenceStore();
	const route = useRoute();
	useShortcutKeys();
	useFocusKeeper();
	useEffect(() => preferences.setState({ lastRoute: formatRoute(route) }), [preferences, route]);
	const { openPalette, openShortcuts } = useOverlays();
	const commands = useMemo(
		() => [
			{ id: 'palette', title: t('palette'), group: t('groupPage'), keys: 'mod+k', keysOnly: true, run: openPalette },
			{ id: 'shortcuts', title: t('shortcuts'), group: t('groupPage'), keys: '?', run: openShortcuts },
			...placeNames.map((place) => ({
				id: `go:${place}`,
				title: t('goTo', { place: t(place) }),
				keywords: `${shellWords[place].en} ${shellWords[place].zh}`,
				group: t('groupGo'),
				keys: `g ${placeKeys[place]}`,
				run: () => go(place),
			})),
			{
				id: 'language',
				title: t('switchLanguage'),
				keywords: 'language 语言 yuyan yy',
				group: t('groupPage'),
				run: () => preferences.setState(({ language }) => ({ language: language === 'en' ? 'zh' : 'en' })),
			},
			...(['light', 'dark', 'system'] as const).map((theme) => ({
				id: `theme:${theme}`,
				title: t(theme === 'light' ? 'themeLight' : theme === 'dark' ? 'themeDark' : 'themeSystem'),
				keywords: 'theme 主题 zhuti zt',
				group: t('groupPage'),
				run: () => preferences.setState({ theme }),
			})),
		],
		[t, preferences, openPalette, openShortcuts],
	);
	useCommands(commands);
	return null;
}

function skipToMain(): void {
	document.getElementById('main-part')?.focus();
}
