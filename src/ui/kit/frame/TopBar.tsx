// The bar on top: where one is, the page's actions, the palette's field, language and theme.

import { Monitor, Moon, Search, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { type Theme, themes } from '../../../state/preferences';
import { useOverlays } from '../../context/overlays-context';
import { usePreferenceStore, usePreferences } from '../../context/preferences-context';
import { useWords } from '../../words/words';
import { Button, IconButton } from '../controls/Button';
import { Keys } from '../controls/Keys';
import { frameWords } from './frame-words';

const themeIcons: Record<Theme, ReactNode> = {
	system: <Monitor size={16} strokeWidth={1.6} aria-hidden />,
	light: <Sun size={16} strokeWidth={1.6} aria-hidden />,
	dark: <Moon size={16} strokeWidth={1.6} aria-hidden />,
};

const themeWords = { system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const;

export interface TopBarProps {
	/** Where one is. */
	children: ReactNode;
	actions?: ReactNode;
	listButton?: ReactNode;
	panelButton?: ReactNode;
}

export function TopBar({ children, actions, listButton, panelButton }: TopBarProps) {
	const t = useWords(frameWords);
	const overlays = useOverlays();
	return (
		<header className="top">
			{listButton}
			<div className="crumbs">{children}</div>
			<span className="spacer" />
			{actions}
			<AriaButton className="top-find" onPress={overlays.openPalette} aria-label={t('find')}>
				<Search size={14} aria-hidden />
				<span className="clip">{t('find')}</span>
				<Keys keys="mod+k" />
			</AriaButton>
			<LanguageButton />
			<ThemeButton />
			{panelButton}
		</header>
	);
}

function LanguageButton() {
	const t = useWords(frameWords);
	const preferences = usePreferenceStore();
	const language = usePreferences((state) => state.language);
	const other = language === 'en' ? 'zh' : 'en';
	return (
		<Button
			variant="quiet"
			size="small"
			aria-label={t('switchLanguage')}
			onPress={() => preferences.setState({ language: other })}
		>
			<span lang={other === 'zh' ? 'zh-Hans' : 'en'}>{t('otherLanguage')}</span>
		</Button>
	);
}

function ThemeButton() {
	const t = useWords(frameWords);
	const preferences = usePreferenceStore();
	const theme = usePreferences((state) => state.theme);
	const next = themes[(themes.indexOf(theme) + 1) % themes.length];
	return (
		<IconButton label={`${t('theme')}: ${t(themeWords[theme])}`} onPress={() => preferences.setState({ theme: next })}>
			{themeIcons[theme]}
		</IconButton>
	);
}
