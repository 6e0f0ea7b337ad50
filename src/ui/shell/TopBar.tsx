// The bar on top: where one is, the place's actions, the palette's field, language and theme.

import { Monitor, Moon, Search, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { type Theme, themes } from '../../state/preferences';
import { Button, IconButton } from '../controls/Button';
import { Keys } from '../controls/Keys';
import { useOverlays } from '../overlays-context';
import { usePreferenceStore, usePreferences } from '../preferences-context';
import { shellWords } from '../words/shell-words';
import { useWords } from '../words/words';

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
	const t = useWords(shellWords);
	const overlays = useOverlays();
	return (
		<header className="top">
			{listButton}
			<div className="crumbs">{children}</div>
			<span className="spacer" />
			{actions}
			<AriaButton className="find" onPress={overlays.openPalette} aria-label={t('find')}>
				<Search size={14} aria-hidden />
				<span className="find-text clip">{t('find')}</span>
				<Keys keys="mod+k" />
			</AriaButton>
			<LanguageButton />
			<ThemeButton />
			{panelButton}
		</header>
	);
}

function LanguageButton() {
	const t = useWords(shellWords);
	const preferences = usePreferenceStore();
	const language = usePreferences((state) => state.language);
	const other = language === 'en' ? 'zh' : 'en';
	return (
		<Button
			look="quiet"
			size="small"
			aria-label={t('switchLanguage')}
			onPress={() => preferences.setState({ language: other })}
		>
			<span lang={other === 'zh' ? 'zh-Hans' : 'en'}>{t('otherLanguage')}</span>
		</Button>
	);
}

function ThemeButton() {
	const t = useWords(shellWords);
	const preferences = usePreferenceStore();
	const theme = usePreferences((state) => state.theme);
	const next = themes[(themes.indexOf(theme) + 1) % themes.length];
	return (
		<IconButton label={`${t('theme')}: ${t(themeWords[theme])}`} onPress={() => preferences.setState({ theme: next })}>
			{themeIcons[theme]}
		</IconButton>
	);
}
