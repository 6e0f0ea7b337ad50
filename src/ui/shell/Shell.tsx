// The page: navigation, the page that the address names, the status line, and what lies over them. Each page is
// loaded when it is first opened; one that breaks takes nothing else with it.

import { type ComponentType, useEffect, useMemo, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { formatRoute, type PageName, pageNames } from '../../state/route';
import { useCommands } from '../context/commands-context';
import { type Overlays, OverlaysContext, useOverlays } from '../context/overlays-context';
import { usePreferenceStore, usePreferences } from '../context/preferences-context';
import { brokenDialog } from '../kit/controls/broken-part';
import { lazyPart, type PartFailure } from '../kit/controls/lazy-part';
import { BrokenPage } from '../kit/frame/BrokenPage';
import { PageLoading } from '../kit/frame/PageLoading';
import { go, useRoute } from '../navigation/navigation';
import { useWords } from '../words/words';
import { Banner } from './Banner';
import { EarlyKeys } from './early-keys';
import { LateNotices } from './LateNotices';
import { Navigation, pageKeys } from './Navigation';
import { RunToasts } from './RunToasts';
import { StatusLine } from './StatusLine';
import { StorageTrouble } from './StorageTrouble';
import { shellWords } from './shell-words';
import { useDropGuard } from './use-drop-guard';
import { useFocusKeeper } from './use-focus-keeper';
import { useShortcutKeys } from './use-shortcut-keys';

const CommandPalette = lazyPart(() => import('./CommandPalette'), { broken: brokenDialog });
const ShortcutsDialog = lazyPart(() => import('./ShortcutsDialog'), { broken: brokenDialog });

const partOf = (page: PageName) => ({
	waiting: () => <PageLoading page={page} />,
	broken: (failure: PartFailure) => <BrokenPage page={page} failure={failure} />,
});

const pages: Record<PageName, ComponentType> = {
	data: lazyPart(() => import('../pages/data/DataPage'), partOf('data')),
	train: lazyPart(() => import('../pages/train/TrainPage'), partOf('train')),
	space: lazyPart(() => import('../pages/space/SpacePage'), partOf('space')),
	results: lazyPart(() => import('../pages/results/ResultsPage'), partOf('results')),
	tag: lazyPart(() => import('../pages/tag/TagPage'), partOf('tag')),
	annotate: lazyPart(() => import('../pages/annotate/AnnotatePage'), partOf('annotate')),
	models: lazyPart(() => import('../pages/models/ModelsPage'), partOf('models')),
};

export function Shell() {
	const t = useWords(shellWords);
	const language = usePreferences((state) => state.language);
	const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null);
	const early = useMemo(() => new EarlyKeys(() => setOpen(null)), []);
	const overlays = useMemo<Overlays>(
		() => ({
			openPalette() {
				early.begin();
				setOpen('palette');
			},
			openShortcuts: () => setOpen('shortcuts'),
		}),
		[early],
	);
	const close = () => {
		early.take();
		setOpen(null);
	};
	return (
		<I18nProvider locale={language === 'zh' ? 'zh-CN' : 'en-US'}>
			<OverlaysContext value={overlays}>
				<button type="button" className="skip-link" onClick={skipToMain}>
					{t('skipToMain')}
				</button>
				<div className="app">
					<ShellCommands early={early} />
					<RunToasts />
					<Navigation />
					<StorageTrouble />
					<Banner />
					<OpenPage />
					<StatusLine />
				</div>
				<p className="app-too-narrow">{t('tooNarrow')}</p>
				{open === 'palette' && <CommandPalette isOpen onClose={close} takeEarly={() => early.take()} />}
				{open === 'shortcuts' && <ShortcutsDialog isOpen onClose={close} />}
				<LateNotices />
			</OverlaysContext>
		</I18nProvider>
	);
}

function OpenPage() {
	const Page = pages[useRoute().page];
	return <Page />;
}

/** What works everywhere; and the address of each page opened is remembered for the next visit. */
function ShellCommands({ early }: { early: EarlyKeys }) {
	const t = useWords(shellWords);
	const preferences = usePreferenceStore();
	const route = useRoute();
	useShortcutKeys(early);
	useFocusKeeper();
	useDropGuard();
	useEffect(() => preferences.setState({ lastRoute: formatRoute(route) }), [preferences, route]);
	const { openPalette, openShortcuts } = useOverlays();
	const commands = useMemo(
		() => [
			{ id: 'palette', title: t('palette'), group: t('groupPage'), keys: 'mod+k', keysOnly: true, run: openPalette },
			{ id: 'shortcuts', title: t('shortcuts'), group: t('groupPage'), keys: '?', run: openShortcuts },
			...pageNames.map((page) => ({
				id: `go:${page}`,
				title: t('goTo', { page: t(page) }),
				keywords: `${shellWords[page].en} ${shellWords[page].zh}`,
				group: t('groupGo'),
				keys: `g ${pageKeys[page]}`,
				run: () => go(page),
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
