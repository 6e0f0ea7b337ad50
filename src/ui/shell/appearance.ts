// Theme and language on the document itself, so that style sheets, screen readers and the browser know them.

import type { PreferenceStore, Theme } from '../../state/preferences';
import { languageTags } from '../words/words';

/** Keeps `data-theme` and `lang` of the document as the preferences say; the system's theme where they leave it. */
export function followAppearance(store: PreferenceStore): void {
	const dark = window.matchMedia('(prefers-color-scheme: dark)');
	const apply = () => {
		const { theme, language } = store.getState();
		document.documentElement.dataset.theme = shownTheme(theme);
		document.documentElement.lang = languageTags[language];
	};
	apply();
	store.subscribe(apply);
	dark.addEventListener('change', apply);
}

function shownTheme(theme: Theme): 'light' | 'dark' {
	if (theme !== 'system') return theme;
	return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** The browser's language where it is Chinese, else English. */
export function browserLanguage(): 'en' | 'zh' {
	return window.navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
